"""Decides what the foreign-flow tools print: what foreigners bought and sold, and what hides it.

Values include put-through, so they are held against matched plus put-through. Where most of a
sector's money trades in stocks without foreign room, the flow says nothing and is not called flat.
"""

from dataclasses import dataclass
from datetime import date, timedelta
from typing import Final, Literal

import numpy as np
import pandas as pd

from core.panel import FlowPanel, MarketPanels
from core.records.payloads import FlowResult, FlowRow, FlowState, NameFlow
from core.records.plan import AssetType, Period
from core.records.result import Flag
from core.records.universe import Sector
from core.signals.foreign_flow import room_hides_flow
from tools.context import ToolContext
from tools.measures.blocks import block_sessions
from tools.measures.common import SESSIONS_OF_PERIOD, sector_of_member, thin_flags
from tools.scope import Scope, uncovered

BY_STOCK: Final = "get_foreign_flow"
BY_SECTOR: Final = "get_foreign_flow_by_sector"
TOP_NAMES = 5
MAX_STOCKS = 12
TOP_SECTORS = 3
"""Stocks are listed for at most this many sectors, this many each."""
FLAT_INTENSITY_PCT = 1.0
"""Net flow under one percent of traded value has no direction."""

STALE = timedelta(days=7)
"""How far the flows may end before the prices: over a week is a missed delivery."""

FlowTool = Literal["get_foreign_flow", "get_foreign_flow_by_sector"]


def foreign_flow(
    context: ToolContext,
    *,
    asset_type: AssetType = "equity",
    sector: str | None = None,
    period: Period = "1M",
    region: str | None = None,
    as_of: date | None = None,
) -> FlowResult:
    """Return the flow of each sector asked for and, for up to three of them, of its stocks."""
    scope = context.scope(region, as_of)
    wanted = scope.sectors(sector)
    return _answer(context, scope, BY_STOCK, wanted, period=period, asset_type=asset_type)


def foreign_flow_by_sector(
    context: ToolContext,
    *,
    period: Period = "1M",
    region: str | None = None,
    as_of: date | None = None,
) -> FlowResult:
    """Return the flow of every sector of the universe, with the foreign-flow factors."""
    scope = context.scope(region, as_of)
    return _answer(context, scope, BY_SECTOR, scope.sectors(None), period=period)


def _answer(
    context: ToolContext,
    scope: Scope,
    tool: FlowTool,
    sectors: tuple[Sector, ...],
    *,
    period: Period,
    asset_type: AssetType = "equity",
) -> FlowResult:
    if not scope.universe.foreign_flow:
        return FlowResult(**scope.absent(tool, "not_published", "flows"))
    if scope.panels is None:
        return FlowResult(**scope.envelope(tool))
    flows = _published(scope.panels)
    if flows is None:
        return FlowResult(**scope.absent(tool, "no_data", "flows"))
    n_sessions = SESSIONS_OF_PERIOD[period]
    known = flows.buys.iloc[-n_sessions:].notna().any()
    covered = set(known.index[known])
    baskets = _baskets(scope.panels, covered, sectors, asset_type)
    if not baskets:
        return FlowResult(**scope.absent(tool, "not_covered", "flows"))
    rows = [_row(scope.panels, flows, basket, n_sessions) for basket in baskets]
    if tool == BY_STOCK and len(sectors) <= TOP_SECTORS:
        rows += _stock_rows(scope.panels, flows, baskets, n_sessions)
    missing = [s.id for s in sectors if s.id not in {basket.sector for basket in baskets}]
    whole = len(sectors) == len(scope.universe.sectors)
    return FlowResult(
        **scope.envelope(tool, ("flows", "prices", "members"), known_at=_last(flows)),
        rows=tuple(rows),
        missing=uncovered(missing, "net_bn"),
        factors=context.factors(scope, ("foreign_flow",)) if whole else (),
    )


@dataclass(frozen=True, slots=True)
class _Basket:
    sector: str
    symbols: list[str]
    stock: str | None = None


def _published(panels: MarketPanels) -> FlowPanel | None:
    """Return the flows up to the last session with any; prices may reach further."""
    if panels.flows is None:
        return None
    known = panels.flows.buys.notna().any(axis=1)
    if not known.any():
        return None
    last: pd.Timestamp = known.index[known][-1]
    return panels.flows.until(last.date())


def _last(flows: FlowPanel) -> date:
    stamp: pd.Timestamp = flows.buys.index[-1]
    return stamp.date()


def _baskets(
    panels: MarketPanels, covered: set[str], sectors: tuple[Sector, ...], asset_type: AssetType
) -> list[_Basket]:
    if asset_type == "sector_ETF":
        return [_Basket(s.id, [s.ticker], s.ticker) for s in sectors if s.ticker in covered]
    sector_of = sector_of_member(panels)
    by_sector: dict[str, list[str]] = {}
    for symbol in sorted(covered & set(sector_of)):
        by_sector.setdefault(sector_of[symbol], []).append(symbol)
    return [_Basket(s.id, by_sector[s.id]) for s in sectors if s.id in by_sector]


def _stock_rows(
    panels: MarketPanels, flows: FlowPanel, baskets: list[_Basket], n_sessions: int
) -> list[FlowRow]:
    net = (flows.buys - flows.sells).iloc[-n_sessions:].sum(min_count=1)
    rows: list[FlowRow] = []
    for basket in baskets:
        sizes = net[basket.symbols].abs().sort_values(ascending=False, kind="stable").dropna()
        stocks = [_Basket(basket.sector, [str(name)], str(name)) for name in sizes.index]
        rows += [_row(panels, flows, stock, n_sessions) for stock in stocks[:MAX_STOCKS]]
    return rows


def _row(panels: MarketPanels, flows: FlowPanel, basket: _Basket, n_sessions: int) -> FlowRow:
    names = basket.symbols
    buys, sells = flows.buys[names], flows.sells[names]
    net = buys - sells
    window = net.iloc[-n_sessions:]
    traded = flows.traded[names].iloc[-n_sessions:]
    intensity = _share_pct(window, traded)
    room = flows.room_full[names].iloc[-n_sessions:]
    censored = room_hides_flow(room.to_numpy(np.float64), traded.to_numpy(np.float64))
    blocks = block_sessions(panels.stocks, names, n_sessions)
    by_name = window.sum(min_count=1).dropna()
    return FlowRow(
        sector=basket.sector,
        symbol=basket.stock,
        sessions=len(window),
        net_bn=float(np.nansum(window)),
        buy_bn=float(np.nansum(buys.iloc[-n_sessions:])),
        sell_bn=float(np.nansum(sells.iloc[-n_sessions:])),
        traded_bn=_sum(traded),
        intensity_pct=intensity,
        proprietary_net_bn=_sum(flows.proprietary_net[names].iloc[-n_sessions:]),
        streak_sessions=_streak(net.sum(axis=1, min_count=1).to_numpy()),
        room_full_pct=_share_pct(room, room.notna().astype(np.float64)),
        block_sessions=blocks,
        state=_state(intensity, censored),
        top_buys=_top(by_name[by_name > 0.0].sort_values(ascending=False, kind="stable")),
        top_sells=_top(by_name[by_name < 0.0].sort_values(kind="stable")),
        flags=_flags(panels, flows, basket, censored=censored, blocks=blocks),
    )


def _share_pct(parts: pd.DataFrame, wholes: pd.DataFrame) -> float | None:
    """Return the sum of parts over the sum of wholes, percent, over cells where both are known."""
    known = parts.notna() & wholes.notna()
    whole = float(np.nansum(wholes.where(known)))
    return 100.0 * float(np.nansum(parts.where(known))) / whole if whole > 0.0 else None


def _sum(values: pd.DataFrame) -> float | None:
    cells = values.to_numpy()
    return None if np.isnan(cells).all() else float(np.nansum(cells))


def _streak(net: np.ndarray) -> int:
    sign = np.sign(net)
    if len(sign) == 0 or np.isnan(sign[-1]) or sign[-1] == 0.0:
        return 0
    breaks = np.flatnonzero(sign != sign[-1])
    length = len(sign) - (int(breaks[-1]) + 1 if len(breaks) else 0)
    return int(sign[-1]) * length


def _state(intensity: float | None, censored: bool) -> FlowState:
    if intensity is None or censored:
        return "not_measurable"
    if abs(intensity) < FLAT_INTENSITY_PCT:
        return "flat"
    return "buying" if intensity > 0.0 else "selling"


def _top(net: pd.Series) -> tuple[NameFlow, ...]:
    return tuple(
        NameFlow(symbol=str(name), net_bn=float(value))
        for name, value in net.iloc[:TOP_NAMES].items()
    )


def _flags(
    panels: MarketPanels, flows: FlowPanel, basket: _Basket, *, censored: bool, blocks: int
) -> tuple[Flag, ...]:
    flags: list[Flag] = []
    if basket.stock is None:
        flags += thin_flags(len(basket.symbols), panels.universe)
    if panels.last - _last(flows) > STALE:
        flags.append("stale")
    if censored:
        flags.append("room_full")
    if blocks:
        flags.append("block_day")
    return tuple(flags)
