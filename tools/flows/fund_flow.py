"""Decides what get_etf_flow prints: money paid into the sectors' own funds, or taken out.

It reads the number of shares somebody imported; a sector whose series is no fund has no flow.
"""

from datetime import date, timedelta
from typing import Final, Literal

import numpy as np
import pandas as pd

from core.panel import MarketPanels
from core.records.investors import FundFlowResult, FundFlowRow
from core.records.result import Flag, GapReason, MissingCell
from core.records.universe import Sector
from tools.context import ToolContext
from tools.flows.fund_shares import FundShares, fund_shares
from tools.measures.common import SESSIONS_OF_PERIOD
from tools.measures.known import last_known
from tools.scope import Scope

TOOL: Final = "get_etf_flow"
SERIES: Final = "shares_outstanding"
"""The alternative series, one value a sector and day, in shares."""
STALE: Final = timedelta(days=14)
Window = Literal["1W", "1M", "3M"]
WINDOWS: Final[tuple[Window, ...]] = ("1W", "1M", "3M")


def etf_flow(
    context: ToolContext,
    *,
    sector: str | None = None,
    region: str | None = None,
    as_of: date | None = None,
) -> FundFlowResult:
    """Return the primary flow of each sector's fund over a week, a month and three.

    Raises:
        CallerError: the universe has no such sector.
    """
    scope = context.scope(region, as_of)
    sectors = scope.sectors(sector)
    if scope.panels is None:
        return FundFlowResult(**scope.envelope(TOOL))
    told = _told(scope.panels)
    if told.empty:
        return FundFlowResult(**scope.absent(TOOL, "no_data", "series"))
    funds = fund_shares(context.store, scope, told)
    if not funds:
        return FundFlowResult(**scope.absent(TOOL, "not_covered", "prices"))
    days = pd.DatetimeIndex(scope.panels.sectors.closes.index)
    rows = tuple(_row(one, funds[one.id], days, scope) for one in sectors if one.id in funds)
    if not rows:
        return FundFlowResult(**scope.absent(TOOL, "not_covered", "series"))
    return FundFlowResult(
        **scope.envelope(TOOL, ("series", "prices"), known_at=max(row.released for row in rows)),
        rows=rows,
        missing=tuple(_missing(sectors, rows, set(told["subject"]))),
    )


def _told(panels: MarketPanels) -> pd.DataFrame:
    """Return the last known number of shares of each subject and day, in that order."""
    if panels.series is None:
        return pd.DataFrame(columns=["subject", "period", "known_at", "assumed", "value"])
    rows = panels.series.rows
    mine = rows[(rows["series"] == SERIES) & (rows["value"] > 0.0)]
    return last_known(mine, ["subject"])


def _missing(
    sectors: tuple[Sector, ...], rows: tuple[FundFlowRow, ...], told: set[str]
) -> list[MissingCell]:
    """Return a cell for each sector without a number of shares, and for each window too early."""
    shown = {row.sector for row in rows}
    cells = [
        MissingCell(subject=one.id, measure="shares_count", reason="not_covered")
        for one in sectors
        if one.id not in shown
    ]
    short: GapReason = "too_short"
    for row in rows:
        for window in WINDOWS:
            measure = f"flow_{window.lower()}_bn"
            if getattr(row, measure) is None:
                cells.append(MissingCell(subject=row.sector, measure=measure, reason=short))
    return cells


def _row(sector: Sector, fund: FundShares, sessions: pd.DatetimeIndex, scope: Scope) -> FundFlowRow:
    last = fund.days[-1]
    until = sessions[: sessions.searchsorted(last, side="right")]
    paid = {window: _paid(fund, until, window) for window in WINDOWS}
    flow = {window: None if found is None else found[0] for window, found in paid.items()}
    share = {
        window: None if found is None else 100.0 * found[0] / found[1]
        for window, found in paid.items()
    }
    age = scope.as_of - last.date()
    told: tuple[tuple[Flag, bool], ...] = (
        ("stale", age > STALE),
        ("assumed_known_at", fund.assumed),
        ("adjusted_price", fund.adjusted),
    )
    assets = float(fund.assets_bn[-1])
    return FundFlowRow(
        sector=sector.id,
        symbol=fund.ticker,
        period=last.date(),
        released=fund.released,
        age_days=age.days,
        shares_count=float(fund.shares[-1]),
        assets_bn=None if np.isnan(assets) else assets,
        flow_1w_bn=flow["1W"],
        flow_1m_bn=flow["1M"],
        flow_3m_bn=flow["3M"],
        flow_1w_pct=share["1W"],
        flow_1m_pct=share["1M"],
        flow_3m_pct=share["3M"],
        flags=tuple(flag for flag, holds in told if holds),
    )


def _paid(
    fund: FundShares, sessions: pd.DatetimeIndex, window: Window
) -> tuple[float, float] | None:
    """Return the flow after the session a window before the last, and the assets on it."""
    back = SESSIONS_OF_PERIOD[window]
    return fund.flow_bn(sessions[-1 - back]) if len(sessions) > back else None
