"""Decides the figures of one basket of stocks' foreign flow over its last sessions.

Which baskets are asked for, and what is said of them, is the tools' business.
"""

from dataclasses import dataclass, replace
from datetime import date, timedelta

import numpy as np
import pandas as pd

from core.panel import FlowPanel, MarketPanels
from core.records.payloads import FlowRow, FlowState, NameFlow
from core.records.result import Flag
from core.records.universe import Sector
from core.signals.foreign_flow import room_hides_flow
from tools.measures.blocks import block_sessions
from tools.measures.common import exact_total, sector_of_member, thin_flags
from tools.measures.flow_readings import (
    known_total,
    matched_and_negotiated,
    share_pct,
    streak,
    winsorised_pct,
)

TOP_NAMES = 5
FLAT_INTENSITY_PCT = 1.0
"""Net flow under one percent of traded value has no direction."""

STALE = timedelta(days=7)
"""How far the flows may end before the prices: over a week is a missed delivery."""


@dataclass(frozen=True, slots=True)
class FlowView:
    """What every row is read from. eventful: a dated event lies within the sessions shown."""

    panels: MarketPanels
    flows: FlowPanel
    n_sessions: int
    eventful: bool

    def recent(self, frame: pd.DataFrame, names: list[str]) -> pd.DataFrame:
        """Return the sessions shown."""
        return frame.iloc[-self.n_sessions :][names]


@dataclass(frozen=True, slots=True)
class Basket:
    """Stocks read together: a sector's, or the one named by `stock`."""

    sector: str
    symbols: list[str]
    stock: str | None = None


def published(panels: MarketPanels) -> FlowPanel | None:
    """Return the flows up to the last session with any; prices may reach further."""
    if panels.flows is None:
        return None
    known = panels.flows.buys.notna().any(axis=1)
    if not known.any():
        return None
    last: pd.Timestamp = known.index[known][-1]
    return panels.flows.until(last.date())


def to_last(panels: MarketPanels, flows: FlowPanel) -> MarketPanels:
    """Return the panels with stocks that end where the flows do, so both show the same sessions."""
    stocks = panels.stocks
    return replace(panels, stocks=None if stocks is None else stocks.until(last_session(flows)))


def last_session(flows: FlowPanel) -> date:
    """Return the last session's date."""
    stamp: pd.Timestamp = flows.buys.index[-1]
    return stamp.date()


def flow_row(view: FlowView, basket: Basket) -> FlowRow:
    """Return the figures of one basket."""
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
        net_bn=exact_total(window),
        buy_bn=exact_total(view.recent(flows.buys, names)),
        sell_bn=exact_total(view.recent(flows.sells, names)),
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
        state=flow_state(intensity, censored),
        top_buys=top_buys(by_name),
        top_sells=top_sells(by_name),
        flags=_flags(view, basket, censored=censored, blocks=blocks),
    )


def flow_state(intensity: float | None, censored: bool) -> FlowState:
    """Return the direction of a net flow in percent of what traded; without room there is none."""
    if intensity is None or censored:
        return "not_measurable"
    if abs(intensity) < FLAT_INTENSITY_PCT:
        return "flat"
    return "buying" if intensity > 0.0 else "selling"


def top_buys(net: pd.Series) -> tuple[NameFlow, ...]:
    """Return the largest net purchases, of a net by symbol."""
    return _named(net[net > 0.0].sort_values(ascending=False, kind="stable"))


def top_sells(net: pd.Series) -> tuple[NameFlow, ...]:
    """Return the largest net sales, of a net by symbol."""
    return _named(net[net < 0.0].sort_values(kind="stable"))


def sector_baskets(
    panels: MarketPanels, covered: set[str], sectors: tuple[Sector, ...]
) -> list[Basket]:
    """Return each sector's members among the covered symbols; none for a sector without any."""
    sector_of = sector_of_member(panels)
    by_sector: dict[str, list[str]] = {}
    for symbol in sorted(covered & set(sector_of)):
        by_sector.setdefault(sector_of[symbol], []).append(symbol)
    return [Basket(s.id, by_sector[s.id]) for s in sectors if s.id in by_sector]


def _named(net: pd.Series) -> tuple[NameFlow, ...]:
    return tuple(
        NameFlow(symbol=str(name), net_bn=float(value))
        for name, value in net.iloc[:TOP_NAMES].items()
    )


def _flags(view: FlowView, basket: Basket, *, censored: bool, blocks: int) -> tuple[Flag, ...]:
    flags: list[Flag] = []
    if basket.stock is None:
        flags += thin_flags(len(basket.symbols), view.panels.universe)
    if view.panels.last - last_session(view.flows) > STALE:
        flags.append("stale")
    if censored:
        flags.append("room_full")
    if blocks:
        flags.append("block_day")
    if view.eventful:
        flags.append("event")
    return tuple(flags)
