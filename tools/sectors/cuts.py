"""Decides how a forecast's out-of-sample record falls to the cuts of its walk-forward."""

from datetime import date
from math import fsum

from pydantic import Field

from core.forecast.folds import Outcome
from core.records.record import Record
from core.records.universe import Horizon
from core.signals.cross_section import DECIMALS
from tools.context import ToolContext


class CutRecord(Record):
    """What one cut's decisions were worth; means over those settled by as_of."""

    cut: date
    until: date = Field(description="the last of its settled decisions")
    dates_count: int = Field(ge=1)
    ic_mean_index: float
    hit_fraction: float
    momentum_ic_mean_index: float | None = Field(
        description="12-month momentum on the same dates; None unless it has all"
    )


def cut_records(
    context: ToolContext,
    *,
    region: str | None = None,
    horizon: Horizon = "1M",
    as_of: date | None = None,
) -> tuple[CutRecord, ...]:
    """Return each cut's share of the record, ascending; a cut without a settled decision has none.

    A decision belongs to the last cut made by its day, the one that spoke then.
    """
    scope = context.scope(region, as_of)
    model = None if scope.panels is None else context.model(scope.universe)
    if model is None:
        return ()
    settled = [row for row in model.outcomes if row.horizon == horizon and row.ended <= scope.as_of]
    spoke: dict[date, list[Outcome]] = {}
    for row in settled:
        fold = model.fold(horizon, row.decided)
        if fold is not None:
            spoke.setdefault(fold.cut, []).append(row)
    return tuple(_record(cut, spoke[cut]) for cut in sorted(spoke))


def _record(cut: date, rows: list[Outcome]) -> CutRecord:
    rivals = [row.momentum_ic for row in rows if row.momentum_ic is not None]
    return CutRecord(
        cut=cut,
        until=max(row.decided for row in rows),
        dates_count=len(rows),
        ic_mean_index=_mean([row.ic for row in rows]),
        hit_fraction=_mean([row.hit for row in rows]),
        momentum_ic_mean_index=_mean(rivals) if len(rivals) == len(rows) else None,
    )


def _mean(values: list[float]) -> float:
    return round(fsum(values) / len(values), DECIMALS)
