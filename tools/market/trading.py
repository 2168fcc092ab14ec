"""Decides what get_trading_conditions prints: price, liquidity, lot, limit and settlement.

It says what an instrument takes to trade; whether to trade it is the portfolio's business.
"""

from dataclasses import dataclass
from datetime import date
from typing import Final, Literal

import numpy as np
import pandas as pd

from core.errors import DataError
from core.markets.basket import KNOWN_SESSIONS
from core.markets.price_limits import exchanges, locked, symbol_limits
from core.markets.sessions import next_session, settlement_date, settlement_sessions
from core.panel import MarketPanels, PricePanel
from core.price_measures import TRADED_SESSIONS
from core.records.result import Flag, MissingCell
from core.records.trading import TradingResult, TradingRow
from core.records.universe import Taxonomy, Universe
from tools.context import ToolContext
from tools.measures.common import member_weights, number, sector_of_member, slug
from tools.measures.instruments import Places, prices_of, series_places, stock_places
from tools.measures.traded_prices import TradedPrice, traded_prices
from tools.scope import Scope

TOOL = "get_trading_conditions"
INDEX_TAXONOMIES: Final[tuple[Taxonomy, ...]] = ("gics_hose",)
"""Taxonomies whose sector series are indices, which nobody can buy."""
WHOLE_PCT: Final = 100.0


def trading_conditions(
    context: ToolContext,
    *,
    region: str | None = None,
    symbols: tuple[str, ...] | None = None,
    sector: str | None = None,
    as_of: date | None = None,
) -> TradingResult:
    """Return a row an instrument: the symbols asked for, or all that the sectors trade in."""
    scope = context.scope(region, as_of)
    wanted = {row.id for row in scope.sectors(sector)}
    panels = scope.panels
    if panels is None:
        return TradingResult(**scope.envelope(TOOL))
    found = _Instruments.of(panels)
    named = None if symbols is None else tuple(dict.fromkeys(name.upper() for name in symbols))
    listed = found.own() if named is None else tuple(row for row in named if row in found.places)
    chosen = [name for name in listed if sector is None or found.sectors.get(name) in wanted]
    if named is None and not chosen:
        return TradingResult(**scope.absent(TOOL, "not_covered", "prices"))
    rows = _rows(context, scope, panels, found, chosen)
    trade_on, sessions, settles = _settlement(scope.universe, scope.as_of)
    return TradingResult(
        **scope.envelope(TOOL, ("prices", "members", "flows"), known_at=panels.last),
        trade_on=trade_on,
        settlement_sessions=sessions,
        settles=settles,
        rows=rows,
        missing=_missing(scope.universe, named, chosen, rows, settles),
    )


@dataclass(frozen=True, slots=True)
class _Instruments:
    """Where each symbol's panel columns are; its sector and its share of the sector's basket."""

    universe: Universe
    places: Places
    sectors: dict[str, str]
    weights_pct: dict[str, float]

    @classmethod
    def of(cls, panels: MarketPanels) -> "_Instruments":
        """Return all symbols with prices; indices that nobody can buy are none."""
        universe = panels.universe
        if universe.taxonomy in INDEX_TAXONOMIES:
            return cls(universe, {}, {}, {})
        members = sector_of_member(panels)
        if universe.built_from_members:
            weights = 100.0 * member_weights(panels)
            shares = {str(name): float(weight) for name, weight in weights.items()}
            return cls(universe, stock_places(panels), members, shares)
        funds = {sector.ticker: sector.id for sector in universe.sectors}
        places = stock_places(panels) | series_places(panels)
        return cls(universe, places, members | funds, dict.fromkeys(funds, WHOLE_PCT))

    def own(self) -> tuple[str, ...]:
        """Return what the sectors trade in, by sector, then symbol."""
        order = {name: place for place, name in enumerate(self.universe.sector_ids)}
        own = [name for name in self.sectors if name in self.places]
        if not self.universe.built_from_members:
            own = [name for name in own if name in self.weights_pct]
        own = [name for name in own if self.sectors[name] in order]
        return tuple(sorted(own, key=lambda name: (order[self.sectors[name]], name)))

    def recent(self, names: list[str]) -> PricePanel:
        """Return the last sessions of these symbols, one more than a mean is taken over."""
        prices = prices_of(self.places, names)
        return prices.since(prices.closes.index[-TRADED_SESSIONS - 1 :][0])


def _rows(
    context: ToolContext, scope: Scope, panels: MarketPanels, found: _Instruments, names: list[str]
) -> tuple[TradingRow, ...]:
    if not names:
        return ()
    recent = found.recent(names)
    sessions = recent.closes.index[-TRADED_SESSIONS:]
    prices = traded_prices(
        context.store, scope.universe, since=sessions[0].date(), as_of=scope.as_of
    )
    limits = _limits(panels, recent.closes)
    full = _room_full(panels)
    matched, negotiated = _mean_bn(recent.values), _mean_bn(recent.put_throughs)
    last = sessions[-1].date()

    def row(name: str, price: TradedPrice, limit: _Limit) -> TradingRow:
        return TradingRow(
            symbol=name,
            sector=found.sectors.get(name),
            period=price.period,
            close_level=price.close,
            basket_weight_pct=found.weights_pct.get(name),
            traded_20d_bn=number(matched[name]),
            put_through_20d_bn=number(negotiated[name]),
            lot_count=scope.universe.lot_count,
            limit_pct=limit.limit_pct,
            locked=limit.locked,
            locked_sessions=limit.locked_sessions,
            flags=_flags(
                stale=price.period < last,
                adjusted_price=price.adjusted,
                limit_locked=limit.locked is not None,
                room_full=name in full,
            ),
        )

    return tuple(
        row(name, prices[name], limits.get(name, _NO_LIMIT)) for name in names if name in prices
    )


def _flags(
    *, stale: bool, adjusted_price: bool, limit_locked: bool, room_full: bool
) -> tuple[Flag, ...]:
    raised: dict[Flag, bool] = {
        "stale": stale,
        "adjusted_price": adjusted_price,
        "limit_locked": limit_locked,
        "room_full": room_full,
    }
    return tuple(flag for flag, is_raised in raised.items() if is_raised)


@dataclass(frozen=True, slots=True)
class _Limit:
    """A stock's daily price limit, and how often it closed there."""

    limit_pct: float | None = None
    locked: Literal["up", "down"] | None = None
    locked_sessions: int = 0


_NO_LIMIT = _Limit()


def _limits(panels: MarketPanels, closes: pd.DataFrame) -> dict[str, _Limit]:
    """Return the limits of the members whose exchange is known, at the last session."""
    listed = exchanges(panels)
    listed = listed[listed.index.isin(closes.columns)]
    if listed.empty:
        return {}
    rules = symbol_limits(panels.universe, listed, panels.last)
    rules = rules[rules["limit_pct"].notna()]
    marks = locked(closes[list(rules.index)], rules["limit_pct"], ticks=rules["tick_pct"])
    last = marks.iloc[-1].to_numpy()
    counts = (marks.iloc[-TRADED_SESSIONS:].abs() == 1.0).sum().to_numpy()
    cells = zip(rules.index, rules["limit_pct"].to_numpy(), last, counts, strict=True)
    return {
        str(name): _Limit(float(limit), _side(mark), int(count))
        for name, limit, mark, count in cells
    }


def _side(mark: float) -> Literal["up", "down"] | None:
    if mark == 1.0:
        return "up"
    return "down" if mark == -1.0 else None


def _room_full(panels: MarketPanels) -> frozenset[str]:
    if panels.flows is None or panels.flows.room_full.empty:
        return frozenset()
    last = panels.flows.room_full.iloc[-1]
    return frozenset(str(name) for name in last.index[last == 1.0])


def _mean_bn(values: pd.DataFrame) -> "pd.Series[float]":
    """Return the mean of the last 20 sessions by column, NaN with fewer than five known."""
    window = values.iloc[-TRADED_SESSIONS:]
    return window.mean().where(window.count() >= KNOWN_SESSIONS, np.nan)


def _settlement(universe: Universe, day: date) -> tuple[date | None, int | None, date | None]:
    """Return the next session, the sessions to settlement and its date; None where not covered."""
    try:
        trade_on = next_session(universe, day)
    except DataError:
        return None, None, None
    try:
        sessions = settlement_sessions(universe, trade_on)
        return trade_on, sessions, settlement_date(universe, trade_on)
    except DataError:
        return trade_on, None, None


def _missing(
    universe: Universe,
    named: tuple[str, ...] | None,
    chosen: list[str],
    rows: tuple[TradingRow, ...],
    settles: date | None,
) -> tuple[MissingCell, ...]:
    """Return a cell for each symbol without a price, each without liquidity, and settlement."""
    priced = {row.symbol for row in rows}
    strangers = [name for name in named or () if name not in chosen]
    cells = [
        MissingCell(subject=slug(name), measure="close", reason="not_covered") for name in strangers
    ]
    cells += [
        MissingCell(subject=slug(name), measure="close", reason="stale")
        for name in chosen
        if name not in priced
    ]
    cells += [
        MissingCell(subject=slug(row.symbol), measure="traded_20d", reason="no_data")
        for row in rows
        if row.traded_20d_bn is None
    ]
    if settles is None:
        cells.append(MissingCell(subject=universe.id, measure="settles", reason="not_covered"))
    return tuple(cells)
