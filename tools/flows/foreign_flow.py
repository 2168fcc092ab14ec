"""Decides what the foreign-flow tools print: what foreigners bought and sold, and what hides it.

Values include put-through, so they are held against matched plus put-through; what was matched is
told only where the source tells it. Where most of a sector's money trades in stocks without foreign
room, the flow says nothing and is not called flat.
"""

from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import Final, Literal

import numpy as np
import pandas as pd

from core.markets.events import events_between
from core.panel import FlowPanel, MarketPanels
from core.records.payloads import FlowEvent, FlowResult, FlowRow, FlowState, NameFlow
from core.records.plan import AssetType, Period
from core.records.result import Flag, MissingCell
from core.records.universe import Sector, Universe
from core.signals.foreign_flow import room_hides_flow
from tools.context import ToolContext
from tools.measures.blocks import block_sessions
from tools.measures.common import SESSIONS_OF_PERIOD, sector_of_member, thin_flags
from tools.measures.flow_readings import (
    known_total,
    matched_and_negotiated,
    share_pct,
    streak,
    winsorised_pct,
)
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
    events = _events(scope.universe, flows, n_sessions)
    view = _View(_to_last(scope.panels, flows), flows, n_sessions, eventful=bool(events))
    rows = [_row(view, basket) for basket in baskets]
    if tool == BY_STOCK and len(sectors) <= TOP_SECTORS:
        rows += _stock_rows(view, baskets)
    whole = len(sectors) == len(scope.universe.sectors)
    return FlowResult(
        **scope.envelope(tool, ("flows", "prices", "members"), known_at=_last(flows)),
        rows=tuple(rows),
        events=events,
        missing=_missing(sectors, rows),
        factors=context.factors(scope, ("foreign_flow",)) if whole else (),
    )


@dataclass(frozen=True, slots=True)
class _View:
    """What every row is read from. eventful: a dated event lies within the sessions shown."""

    panels: MarketPanels
    flows: FlowPanel
    n_sessions: int
    eventful: bool

    def recent(self, frame: pd.DataFrame, names: list[str]) -> pd.DataFrame:
        """Return the sessions shown."""
        return frame[names].iloc[-self.n_sessions :]


@dataclass(frozen=True, slots=True)
class _Basket:
    sector: str
    symbols: list[str]
    stock: str | None = None


def _events(universe: Universe, flows: FlowPanel, n_sessions: int) -> tuple[FlowEvent, ...]:
    first: pd.Timestamp = flows.buys.index[-n_sessions:][0]
    return events_between(universe, first.date(), _last(flows))


def _missing(sectors: tuple[Sector, ...], rows: list[FlowRow]) -> tuple[MissingCell, ...]:
    """Return a cell for each sector without any figure, or without its matched part."""
    found = {row.sector for row in rows}
    unsplit = {row.sector for row in rows if row.symbol is None and row.matched_net_bn is None}
    return (
        *uncovered([s.id for s in sectors if s.id not in found], "net_bn"),
        *(
            MissingCell(subject=s.id, measure="matched_net_bn", reason="not_published")
            for s in sectors
            if s.id in unsplit
        ),
    )


def _published(panels: MarketPanels) -> FlowPanel | None:
    """Return the flows up to the last session with any; prices may reach further."""
    if panels.flows is None:
        return None
    known = panels.flows.buys.notna().any(axis=1)
    if not known.any():
        return None
    last: pd.Timestamp = known.index[known][-1]
    return panels.flows.until(last.date())


def _to_last(panels: MarketPanels, flows: FlowPanel) -> MarketPanels:
    """Return the panels with stocks that end where the flows do, so both show the same sessions."""
    stocks = panels.stocks
    return replace(panels, stocks=None if stocks is None else stocks.until(_last(flows)))


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


def _stock_rows(view: _View, baskets: list[_Basket]) -> list[FlowRow]:
    net = (view.flows.buys - view.flows.sells).iloc[-view.n_sessions :].sum(min_count=1)
    rows: list[FlowRow] = []
    for basket in baskets:
        sizes = net[basket.symbols].abs().sort_values(ascending=False, kind="stable").dropna()
        stocks = [_Basket(basket.sector, [str(name)], str(name)) for name in sizes.index]
        rows += [_row(view, stock) for stock in stocks[:MAX_STOCKS]]
    return rows


def _row(view: _View, basket: _Basket) -> FlowRow:
    names, flows = basket.symbols, view.flows
    net = flows.buys[names] - flows.sells[names]
    window, traded = view.recent(net, names), view.recent(flows.traded, names)
    room = view.recent(flows.room_full, names)
    intensity = share_pct(window, traded)
    censored = room_hides_flow(room.to_numpy(np.float64), traded.to_numpy(np.float64))
    blocks = block_sessions(view.panels.stocks, names, view.n_sessions)
    by_name = window.sum(min_count=1).dropna()
    matched, negotiated = matched_and_negotiated(flows, window)
    return FlowRow(
        sector=basket.sector,
        symbol=basket.stock,
        sessions=len(window),
        net_bn=float(np.nansum(window)),
        buy_bn=float(np.nansum(view.recent(flows.buys, names))),
        sell_bn=float(np.nansum(view.recent(flows.sells, names))),
        traded_bn=known_total(traded),
        intensity_pct=intensity,
        winsorised_intensity_pct=winsorised_pct(view.panels, net, view.n_sessions),
        matched_net_bn=matched,
        put_through_net_bn=negotiated,
        known_sessions=int(window.notna().any(axis=1).sum()),
        proprietary_net_bn=known_total(view.recent(flows.proprietary_net, names)),
        streak_sessions=streak(net),
        room_full_pct=share_pct(room, room.notna().astype(np.float64)),
        block_sessions=blocks,
        state=_state(intensity, censored),
        top_buys=_top(by_name[by_name > 0.0].sort_values(ascending=False, kind="stable")),
        top_sells=_top(by_name[by_name < 0.0].sort_values(kind="stable")),
        flags=_flags(view, basket, censored=censored, blocks=blocks),
    )


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


def _flags(view: _View, basket: _Basket, *, censored: bool, blocks: int) -> tuple[Flag, ...]:
    flags: list[Flag] = []
    if basket.stock is None:
        flags += thin_flags(len(basket.symbols), view.panels.universe)
    if view.panels.last - _last(view.flows) > STALE:
        flags.append("stale")
    if censored:
        flags.append("room_full")
    if blocks:
        flags.append("block_day")
    if view.eventful:
        flags.append("event")
    return tuple(flags)
