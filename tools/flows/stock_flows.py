"""Decides what get_stock_flows prints: who traded each named stock, and what was unusual.

A stock without foreign figures keeps its unusual sessions; what is not told is named as missing.
"""

from dataclasses import dataclass
from datetime import date
from typing import Final

import pandas as pd

from core.errors import CallerError
from core.panel import FlowPanel, MarketPanels, PricePanel
from core.records.investors import StockFlowRow, StockFlowsResult
from core.records.payloads import FlowRow
from core.records.plan import Period
from core.records.result import Dataset, GapReason, MissingCell
from core.records.universe import Universe
from tools.context import ToolContext
from tools.flows.baskets import (
    Basket,
    FlowView,
    flow_row,
    published,
    to_last,
)
from tools.flows.ownership import Room, foreign_ownership, rooms
from tools.flows.whale_activity import recent_spikes
from tools.measures.blocks import block_sessions
from tools.measures.common import SESSIONS_OF_PERIOD, sector_of_member, slug
from tools.measures.flow_readings import known_total

TOOL: Final = "get_stock_flows"
MAX_SYMBOLS: Final = 20
FOREIGN: Final = {
    "foreign_net_bn": "net_bn",
    "foreign_buy_bn": "buy_bn",
    "foreign_sell_bn": "sell_bn",
    "intensity_pct": "intensity_pct",
    "matched_net_bn": "matched_net_bn",
    "streak_sessions": "streak_sessions",
    "proprietary_net_bn": "proprietary_net_bn",
    "room_full_pct": "room_full_pct",
    "state": "state",
    "flags": "flags",
}
"""Fields a stock's row takes from its foreign figures, and what they are called there."""


def stock_flows(
    context: ToolContext,
    *,
    symbols: tuple[str, ...],
    period: Period = "1M",
    region: str | None = None,
    as_of: date | None = None,
) -> StockFlowsResult:
    """Return a row a stock that has prices; the others are missing cells.

    Without a region the symbols decide when they belong to one universe only.

    Raises:
        CallerError: no symbol, or more than twenty.
    """
    named = tuple(dict.fromkeys(symbol.strip().upper() for symbol in symbols))
    if not 1 <= len(named) <= MAX_SYMBOLS:
        raise CallerError(f"{len(named)} symbols: name 1 to {MAX_SYMBOLS}")
    scope = context.scope(region or context.universe_of(named), as_of)
    if scope.panels is None:
        return StockFlowsResult(**scope.envelope(TOOL), window=period)
    stocks = scope.panels.stocks
    held = [name for name in named if stocks is not None and name in stocks.closes]
    if stocks is None or not held:
        return StockFlowsResult(**scope.absent(TOOL, "not_covered", "prices"), window=period)
    flows = published(scope.panels)
    members = sector_of_member(scope.panels)
    homes = {
        name: scope.universe.sector(members[name]) if name in members else None for name in held
    }
    room = rooms(foreign_ownership(context.store, scope), homes)
    view = _View.of(scope.panels, flows, room, held, SESSIONS_OF_PERIOD[period])
    datasets: tuple[Dataset, ...] = ("flows", "prices", "members")
    rows = tuple(view.row(name) for name in held)
    return StockFlowsResult(
        **scope.envelope(TOOL, datasets, known_at=view.last),
        window=period,
        rows=rows,
        missing=_missing(scope.universe, named, rows),
    )


@dataclass(frozen=True, slots=True)
class _View:
    """What rows are read from: all end on one session, the flows' last where there are any.

    stocks: the named ones. watched, spike, signs: of the window, sessions x symbols.
    """

    panels: MarketPanels
    flows: FlowPanel | None
    rooms: dict[str, Room]
    stocks: PricePanel
    n_sessions: int
    watched: pd.DataFrame
    spike: pd.DataFrame
    signs: pd.DataFrame

    @classmethod
    def of(
        cls,
        panels: MarketPanels,
        flows: FlowPanel | None,
        rooms: dict[str, Room],
        symbols: list[str],
        n_sessions: int,
    ) -> "_View":
        """Return the view of these stocks; all of them have prices."""
        cut = panels if flows is None else to_last(panels, flows)
        if cut.stocks is None:
            raise ValueError("stocks: absent")
        stocks = cut.stocks.only(symbols)
        watched, spike, signs, _ = recent_spikes(stocks, n_sessions)
        return cls(cut, flows, rooms, stocks, n_sessions, watched, spike, signs)

    @property
    def last(self) -> date:
        """The last session shown."""
        stamp: pd.Timestamp = self.stocks.closes.index[-1]
        return stamp.date()

    def row(self, name: str) -> StockFlowRow:
        """Return the figures of one stock."""
        sector = sector_of_member(self.panels).get(name)
        room = self.rooms[name]
        spikes = self.spike[name]
        watched = bool(self.watched[name].any())
        matched, through = (
            cells[[name]].iloc[-self.n_sessions :]
            for cells in (self.stocks.values, self.stocks.put_throughs)
        )
        both = matched.fillna(0.0) + through.fillna(0.0)
        blocks = block_sessions(self.stocks, [name], self.n_sessions)
        row = StockFlowRow(
            symbol=name,
            sector=sector,
            period=self.last,
            sessions=len(matched),
            traded_bn=known_total(both.where(matched.notna() | through.notna())),
            own_pct=room.own_pct,
            room_used_pct=room.used_pct,
            block_sessions=blocks,
            put_through_bn=known_total(through),
            whale_sessions=int(spikes.sum()) if watched else None,
            whale_up_sessions=int((spikes & (self.signs[name] > 0.0)).sum()) if watched else None,
            flags=("block_day",) if blocks else (),
        )
        foreign = self._foreign(name, sector)
        if foreign is None:
            return row
        told = {field: getattr(foreign, theirs) for field, theirs in FOREIGN.items()}
        return row.model_copy(update=told)

    def _foreign(self, name: str, sector: str | None) -> FlowRow | None:
        """Return the stock's foreign figures, None where no session of the window has one."""
        flows = self.flows
        if flows is None or name not in flows.buys:
            return None
        if bool(flows.buys[name].iloc[-self.n_sessions :].isna().all()):
            return None
        view = FlowView(self.panels, flows, self.n_sessions, eventful=False)
        return flow_row(view, Basket(sector or self.panels.universe.id, [name], name))


def _missing(
    universe: Universe, named: tuple[str, ...], rows: tuple[StockFlowRow, ...]
) -> tuple[MissingCell, ...]:
    """Return a cell for each symbol without prices, and for each stock without foreign figures."""
    shown = {row.symbol for row in rows}
    unknown: GapReason = "not_covered" if universe.foreign_flow else "not_published"
    silent = [row.symbol for row in rows if row.foreign_net_bn is None]
    return (
        *(
            MissingCell(subject=slug(name), measure="symbol", reason="not_covered")
            for name in named
            if name not in shown
        ),
        *(
            MissingCell(subject=slug(name), measure="foreign_net_bn", reason=unknown)
            for name in silent
        ),
    )
