"""Decides what the core would decide at a date, and how last month's forecasts turned out.

It is the decision of a report with the rules' forecasts, within the desk's limits; no model and no
tool is asked.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Final

import numpy as np
import pandas as pd

from app.alerting.records import Alert, AlertKind
from core.errors import CallerError
from core.forecast.dataset import HORIZON_SESSIONS
from core.portfolio.allocation import allocate
from core.portfolio.holdings import valued
from core.records.decision import Allocation
from core.records.holdings import Holdings
from core.records.mandate import Mandate
from core.records.trading import TradingResult
from core.records.universe import Horizon
from core.signals.cross_section import excess
from core.signals.trailing import carried
from tools.context import ToolContext
from tools.decisions.sector_scores import scored
from tools.market.trading import trading_conditions
from tools.scope import Scope
from tools.sectors.outlook import outlook

HORIZON: Final[Horizon] = "1M"
PERCENT: Final = 100.0

Levels = Mapping[tuple[AlertKind, str], float]
"""What a rule measures, by its kind and the sector."""


@dataclass(frozen=True, slots=True)
class Decided:
    """The decision of a date.

    levels: scores, ranks, and target weights in percent. favoured: sectors above the benchmark.
    """

    levels: Levels = field(default_factory=dict)
    favoured: frozenset[str] = frozenset()


def decided(
    context: ToolContext, scope: Scope, mandate: Mandate, holdings: Holdings | None
) -> Decided:
    """Return what would be decided; nothing without data, no weights where the limits forbid all.

    Args:
        context: of the tools.
        scope: market and date.
        mandate: in force then.
        holdings: held then; None: against the benchmark alone.
    """
    if scope.panels is None:
        return Decided()
    found = scored(context, scope, scope.panels, HORIZON, benchmark=mandate.benchmark)
    levels: dict[tuple[AlertKind, str], float] = {}
    for row in found.card.sectors:
        if row.score is not None and row.rank is not None:
            levels["score_change", row.sector] = row.score
            levels["rank_change", row.sector] = float(row.rank)
    trading = conditions(context, scope) if holdings or mandate.issuer_cap is not None else None
    try:
        held = None
        if holdings is not None:
            held = valued(holdings, scope.universe, trading, as_of=scope.as_of)
        allocation = allocate(
            scope.universe, found.card, found.inputs, mandate, portfolio=held, trading=trading
        )
    except CallerError:
        return Decided(levels)
    return Decided(levels | _weights(allocation), _favoured(allocation))


def conditions(context: ToolContext, scope: Scope) -> TradingResult:
    """Return what trading the market takes at the scope's date."""
    return trading_conditions(context, region=scope.universe.id, as_of=scope.as_of)


def beyond_intervals(context: ToolContext, scope: Scope, *, threshold: float) -> Iterator[Alert]:
    """Yield the sectors whose month since a forecast ended beyond its 80 % interval.

    The forecast is what the fitted model said a month of sessions ago, the outcome its own target:
    the return less the mean of the sectors'.

    Args:
        context: of the tools.
        scope: market and date.
        threshold: halves of the interval's width beyond its end.
    """
    panels, sessions = scope.panels, HORIZON_SESSIONS[HORIZON]
    if panels is None or len(panels.sectors.closes) <= sessions:
        return
    closes = panels.sectors.closes.reindex(columns=sorted(scope.universe.sector_ids))
    start: pd.Timestamp = closes.index[-1 - sessions]
    said = outlook(context, context.scope(scope.universe.id, start.date()), HORIZON).expected
    known = carried(closes)
    came = excess(PERCENT * (known[-1:] / known[-1 - sessions : -sessions] - 1.0))[0]
    for sector, value in zip(map(str, closes.columns), came, strict=True):
        forecast = next((row for row in said.get(sector, ()) if row.horizon == HORIZON), None)
        if forecast is None or np.isnan(value):
            continue
        slack = threshold * (forecast.high_pct - forecast.low_pct) / 2.0
        if forecast.low_pct - slack <= value <= forecast.high_pct + slack:
            continue
        yield Alert(
            kind="beyond_interval",
            concern="other",
            universe=scope.universe.id,
            period=panels.last,
            sector=sector,
            horizon=HORIZON,
            excess_pct=round(float(value), 9),
            low_pct=forecast.low_pct,
            high_pct=forecast.high_pct,
        )


def _weights(allocation: Allocation) -> dict[tuple[AlertKind, str], float]:
    return {
        ("weight_change", line.sector): round(PERCENT * line.target_weight, 9)
        for line in allocation.lines
    }


def _favoured(allocation: Allocation) -> frozenset[str]:
    return frozenset(line.sector for line in allocation.lines if line.stance == "overweight")
