"""Decides what get_foreign_room prints: how much room foreigners have left, by sector and stock.

It says where a net flow is no measure; it does not say what foreigners would buy with room.
"""

from dataclasses import dataclass
from datetime import date
from typing import Final

import numpy as np
import pandas as pd

from core.panel import FlowPanel, MarketPanels
from core.records.investors import ForeignRoomResult, ForeignRoomRow
from core.records.plan import Period
from core.records.result import Flag
from core.signals.foreign_flow import room_hides_flow
from tools.context import ToolContext
from tools.flows.baskets import STALE, Basket, last_session, published, sector_baskets
from tools.flows.ownership import Room, foreign_ownership, rooms
from tools.measures.common import SESSIONS_OF_PERIOD, thin_flags
from tools.measures.flow_readings import share_pct
from tools.scope import uncovered

TOOL: Final = "get_foreign_room"
MAX_SECTORS: Final = 3
MAX_STOCKS: Final = 40
"""Stocks are listed for at most this many sectors, this many each."""
MOST: Final = 0.5


def foreign_room(
    context: ToolContext,
    *,
    sector: str | None = None,
    period: Period = "3M",
    region: str | None = None,
    as_of: date | None = None,
) -> ForeignRoomResult:
    """Return the room of each sector asked for and, for up to three of them, of its stocks.

    Raises:
        CallerError: the universe has no such sector.
    """
    scope = context.scope(region, as_of)
    sectors = scope.sectors(sector)
    if not scope.universe.foreign_flow:
        return ForeignRoomResult(**scope.absent(TOOL, "not_published", "flows"))
    if scope.panels is None:
        return ForeignRoomResult(**scope.envelope(TOOL))
    flows = published(scope.panels)
    if flows is None:
        return ForeignRoomResult(**scope.absent(TOOL, "no_data", "flows"))
    n_sessions = SESSIONS_OF_PERIOD[period]
    known = flows.room_full.iloc[-n_sessions:].notna().any()
    baskets = sector_baskets(scope.panels, set(known.index[known]), sectors)
    if not baskets:
        return ForeignRoomResult(**scope.absent(TOOL, "not_covered", "flows"))
    owned = foreign_ownership(context.store, scope).loc[: pd.Timestamp(last_session(flows))]
    homes = {
        name: scope.universe.sector(basket.sector) for basket in baskets for name in basket.symbols
    }
    view = _View(scope.panels, flows, rooms(owned, homes), n_sessions)
    rows = [view.row(basket) for basket in baskets]
    if len(sectors) <= MAX_SECTORS:
        rows += [row for basket in baskets for row in view.stocks(basket)]
    seen = {row.sector for row in rows}
    return ForeignRoomResult(
        **scope.envelope(TOOL, ("flows", "prices", "members"), known_at=last_session(flows)),
        rows=tuple(rows),
        missing=uncovered([one.id for one in sectors if one.id not in seen], "used_pct"),
    )


@dataclass(frozen=True, slots=True)
class _View:
    """What rows are read from; rooms by symbol, at the flows' last session."""

    panels: MarketPanels
    flows: FlowPanel
    rooms: dict[str, Room]
    n_sessions: int

    def stocks(self, basket: Basket) -> list[ForeignRoomRow]:
        """Return the stocks of a sector, those with the least room left first."""
        rows = [self.row(Basket(basket.sector, [name], name)) for name in basket.symbols]
        rows.sort(key=lambda row: (-(row.used_pct or 0.0), row.symbol or ""))
        return rows[:MAX_STOCKS]

    def row(self, basket: Basket) -> ForeignRoomRow:
        """Return the figures of a sector's stocks together, or of the one named."""
        names = basket.symbols
        room = self.flows.room_full[names].iloc[-self.n_sessions :]
        traded = self.flows.traded[names].iloc[-self.n_sessions :]
        own = {name: self.rooms[name].own_pct for name in names}
        used = {name: self.rooms[name].used_pct for name in names}
        hidden = room_hides_flow(room.to_numpy(np.float64), traded.to_numpy(np.float64))
        weights = traded.sum(min_count=1)
        return ForeignRoomRow(
            sector=basket.sector,
            symbol=basket.stock,
            period=last_session(self.flows),
            own_pct=_mean(own, weights),
            cap_pct=None if basket.stock is None else self.rooms[basket.stock].cap_pct,
            used_pct=_mean(used, weights),
            sessions=int(room.notna().any(axis=1).sum()),
            full_pct=share_pct(room, room.notna().astype(np.float64)),
            stocks_count=len(names),
            full_count=int((room.ffill().iloc[-1] == 1.0).sum()),
            flow_hidden=hidden,
            flags=self._flags(basket, hidden=hidden),
        )

    def _flags(self, basket: Basket, *, hidden: bool) -> tuple[Flag, ...]:
        thin = thin_flags(len(basket.symbols), self.panels.universe)
        told: tuple[tuple[Flag, bool], ...] = (
            ("stale", self.panels.last - last_session(self.flows) > STALE),
            ("room_full", hidden),
        )
        return (*(thin if basket.stock is None else ()), *(flag for flag, holds in told if holds))


def _mean(values: dict[str, float | None], weights: pd.Series) -> float | None:
    """Return the mean of the known values by weight, None unless they have most of the weight."""
    shares = weights.reindex(list(values)).fillna(0.0)
    if not shares.sum() > 0.0:
        shares[:] = 1.0
    known = {name: value for name, value in values.items() if value is not None}
    mine = shares[list(known)]
    if not mine.sum() > MOST * shares.sum():
        return None
    return float(np.average(np.array(list(known.values())), weights=mine))
