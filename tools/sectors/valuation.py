"""Decides what get_sector_valuation prints: a sector's P/E beside its own last five years."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Final

import numpy as np
import pandas as pd

from core.panel import MarketPanels
from core.records.result import Flag, GapReason, MissingCell
from core.records.sector_readings import ValuationResult, ValuationRow
from core.signals import valuation
from tools.context import ToolContext
from tools.measures.common import number, sector_of_member
from tools.scope import Scope

TOOL: Final = "get_sector_valuation"
FACTOR: Final = "pe_percentile_5y"


def sector_valuation(
    context: ToolContext,
    *,
    sector: str | None = None,
    region: str | None = None,
    as_of: date | None = None,
) -> ValuationResult:
    """Return a row a sector with a P/E, cheapest against its own past first.

    Raises:
        CallerError: the universe has no such sector.
    """
    scope = context.scope(region, as_of)
    wanted = [row.id for row in scope.sectors(sector)]
    if scope.panels is None:
        return ValuationResult(**scope.envelope(TOOL))
    panels = scope.panels
    if panels.fundamentals is None or panels.fundamentals.rows.empty:
        return ValuationResult(**scope.absent(TOOL, "no_data", "fundamentals"))
    rows = _rows(scope, panels, wanted)
    missing = _missing(panels, wanted, rows)
    if not rows:
        reason: GapReason = "stale" if _any_stale(missing) else "not_covered"
        return ValuationResult(**scope.absent(TOOL, reason, "fundamentals"), missing=missing)
    return ValuationResult(
        **scope.envelope(TOOL, ("prices", "fundamentals", "members"), known_at=panels.last),
        rows=rows,
        missing=missing,
    )


def _rows(scope: Scope, panels: MarketPanels, wanted: list[str]) -> tuple[ValuationRow, ...]:
    steps = _steps(panels)
    if steps is None:
        return ()
    today = pd.DatetimeIndex([pd.Timestamp(panels.last)])
    ranks = valuation.history(panels, today)[FACTOR].iloc[0] + valuation.MIDDLE_PCT
    reports = _reports(panels)
    rows = [
        _row(scope, panels.last, sector, known=steps[sector], rank=ranks[sector], report=report)
        for sector in wanted
        if (report := reports.get(sector)) is not None and not np.isnan(steps[sector].iloc[-1])
    ]
    rows.sort(key=lambda row: (row.pe_percentile_pct is None, row.pe_percentile_pct or 0.0))
    return tuple(rows)


def _steps(panels: MarketPanels) -> pd.DataFrame | None:
    """Return the P/E of the 260 five-session steps to the last session; steps x sectors."""
    if panels.stocks is None:
        return None
    last = len(panels.stocks.closes) - 1
    back = last - valuation.STRIDE_SESSIONS * np.arange(valuation.WINDOW_WEEKS)
    return valuation.sector_pe(panels, rows=np.sort(back[back >= 0]).astype(np.int64))


@dataclass(frozen=True, slots=True)
class _Report:
    """The newest P/E reports of a sector's members."""

    period: date
    released: date
    assumed: bool


def _reports(panels: MarketPanels) -> dict[str, _Report]:
    if panels.fundamentals is None:
        return {}
    rows = panels.fundamentals.rows
    rows = rows[(rows["line"] == "pe") & (rows["kind"] == "Q") & rows["value"].notna()]
    sectors = rows["symbol"].map(sector_of_member(panels))
    return {
        str(sector): _Report(
            part["period"].max().date(), part["known_at"].max().date(), bool(part["assumed"].any())
        )
        for sector, part in rows.groupby(sectors)
    }


def _row(
    scope: Scope, last: date, sector: str, *, known: pd.Series, rank: float, report: _Report
) -> ValuationRow:
    told = known.dropna()
    enough = len(told) >= valuation.LEAST_WEEKS
    flags: list[Flag] = ["assumed_known_at"] if report.assumed else []
    if scope.as_of - report.period > timedelta(days=valuation.STALE_DAYS):
        flags.append("stale")
    return ValuationRow(
        sector=sector,
        period=last,
        reported=report.period,
        released=report.released,
        pe_x=number(known.iloc[-1]),
        pe_percentile_pct=number(rank),
        pe_median_x=number(told.median()) if enough else None,
        pe_low_x=number(told.min()) if enough else None,
        pe_high_x=number(told.max()) if enough else None,
        steps_count=len(told),
        flags=tuple(flags),
    )


def _missing(
    panels: MarketPanels, wanted: list[str], rows: tuple[ValuationRow, ...]
) -> tuple[MissingCell, ...]:
    return tuple(_cells(valuation.absence(panels, FACTOR), wanted, rows))


def _cells(
    reasons: dict[str, GapReason], wanted: list[str], rows: tuple[ValuationRow, ...]
) -> Iterator[MissingCell]:
    row_of = {row.sector: row for row in rows}
    for sector in wanted:
        for measure in ("pe_x", "pe_percentile_pct"):
            if getattr(row_of.get(sector), measure, None) is None:
                yield MissingCell(subject=sector, measure=measure, reason=reasons[sector])


def _any_stale(missing: tuple[MissingCell, ...]) -> bool:
    return any(cell.reason == "stale" for cell in missing)
