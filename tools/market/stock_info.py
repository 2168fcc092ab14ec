"""Decides what get_stock_info prints: one stock or fund at its last session; it judges nothing."""

from datetime import date, timedelta
from difflib import get_close_matches
from functools import partial
from typing import Final

import pandas as pd

from core.errors import CallerError
from core.panel import MarketPanels
from core.price_measures import (
    HALF_YEAR,
    MONTH,
    QUARTER,
    WEEK,
    YEAR,
    distance_200d_pct,
    returns_pct,
    volatility_pct,
    volume_ratio_x,
)
from core.records.instruments import RoomState, StockInfoResult, StockRow
from core.records.result import GapReason, MissingCell
from core.records.trading import TradingRow
from tools.context import ToolContext
from tools.market.trading import trading_conditions
from tools.measures.common import number, slug
from tools.measures.company_values import COLUMNS as REPORTED
from tools.measures.company_values import company_values
from tools.measures.foreign_net import foreign_net_bn
from tools.measures.instruments import (
    Listing,
    Places,
    listings,
    prices_of,
    series_places,
    stock_places,
)
from tools.scope import Scope

TOOL: Final = "get_stock_info"
LEAST_OF_YEAR: Final = YEAR - YEAR // 5
"""Known closes a year's high needs: four in five, as the catalogue's."""
NEAR_NAMES: Final = 3
NOT_LISTED: Final = Listing("", None, None, None)


def stock_info(
    context: ToolContext, *, symbol: str, region: str | None = None, as_of: date | None = None
) -> StockInfoResult:
    """Return one row; without a region a member of one universe only decides it.

    Raises:
        CallerError: nothing of that symbol is known by as_of; the message names near ones.
    """
    name = symbol.strip().upper()
    scope = context.scope(region or context.universe_of((name,)), as_of)
    if scope.panels is None:
        return StockInfoResult(**scope.envelope(TOOL))
    places = stock_places(scope.panels) | series_places(scope.panels)
    listed = listings(scope.panels)
    if name not in places and name not in listed:
        raise CallerError(_unknown(scope, name, {*places, *listed}))
    conditions = trading_conditions(
        context, region=scope.universe.id, symbols=(name,), as_of=scope.as_of
    )
    if not conditions.rows:
        return StockInfoResult(**scope.absent(TOOL, conditions.missing[0].reason, "prices"))
    row = _row(scope, scope.panels, places, listed.get(name, NOT_LISTED), conditions.rows[0])
    return StockInfoResult(
        **scope.envelope(
            TOOL, ("prices", "members", "flows", "fundamentals"), known_at=scope.panels.last
        ),
        rows=(row,),
        missing=_missing(scope.panels, row),
    )


def _unknown(scope: Scope, name: str, known: set[str]) -> str:
    near = get_close_matches(name, sorted(known), NEAR_NAMES)
    hint = f"did you mean {', '.join(near)}? " if near else ""
    return (
        f"{scope.universe.id} knows no symbol {name!r} at {scope.as_of}: {hint}"
        "search_instruments finds names"
    )


def _row(
    scope: Scope, panels: MarketPanels, places: Places, told: Listing, traded: TradingRow
) -> StockRow:
    name = traded.symbol
    prices = prices_of(places, [name])
    at = partial(_of, name)
    returns = partial(returns_pct, prices.closes)
    values = company_values(panels, [name], scope.as_of).loc[name]
    age_days = number(values["age_days"])
    return StockRow(
        symbol=name,
        name=told.name,
        sector=traded.sector,
        industry=told.industry,
        exchange=told.exchange,
        period=traded.period,
        close_level=traded.close_level,
        return_1w_pct=at(returns(WEEK)),
        return_1m_pct=at(returns(MONTH)),
        return_3m_pct=at(returns(QUARTER)),
        return_6m_pct=at(returns(HALF_YEAR)),
        return_12m_pct=at(returns(YEAR)),
        high_52w_pct=_from_high_pct(prices.closes[name]),
        distance_200d_pct=at(distance_200d_pct(prices.closes)),
        volatility_pct=at(volatility_pct(prices.closes)),
        volume_ratio_x=at(volume_ratio_x(prices.volumes)),
        traded_a_session_bn=traded.traded_20d_bn,
        weight_pct=traded.basket_weight_pct,
        limit_pct=traded.limit_pct,
        locked=traded.locked,
        foreign_room=_room(panels, name),
        foreign_net_1m_bn=at(foreign_net_bn(panels, [name])),
        reported=None if age_days is None else scope.as_of - timedelta(days=int(age_days)),
        flags=traded.flags,
        **{column: number(values[column]) for column in REPORTED},
    )


def _of(name: str, measure: pd.Series) -> float | None:
    return number(measure[name])


def _from_high_pct(closes: pd.Series) -> float | None:
    """Return the last close from the year's highest one, percent; None without either."""
    year = closes.iloc[-YEAR:]
    if year.notna().sum() < LEAST_OF_YEAR:
        return None
    return number(100.0 * (year.iloc[-1] / year.max() - 1.0))


def _room(panels: MarketPanels, name: str) -> RoomState | None:
    if panels.flows is None or name not in panels.flows.room_full:
        return None
    state = number(panels.flows.room_full[name].iloc[-1])
    if state is None:
        return None
    return "full" if state == 1.0 else "open"


def _missing(panels: MarketPanels, row: StockRow) -> tuple[MissingCell, ...]:
    """Return a cell for each measure without a value; a limit some markets have is none."""
    flows: GapReason = "not_published" if not panels.universe.foreign_flow else "no_data"
    flows = flows if panels.flows is None else "not_covered"
    reports: GapReason = "no_data" if panels.fundamentals is None else "not_covered"
    why: dict[str, GapReason] = {
        **dict.fromkeys(_OF_HISTORY, "too_short"),
        **dict.fromkeys(("foreign_room", "foreign_net_1m_bn"), flows),
        **dict.fromkeys(REPORTED, reports),
        **dict.fromkeys(("name", "sector", "industry", "exchange", "weight_pct"), "not_covered"),
        **dict.fromkeys(("volume_ratio_x", "traded_a_session_bn"), "no_data"),
    }
    return tuple(
        MissingCell(subject=slug(row.symbol), measure=measure, reason=reason)
        for measure, reason in why.items()
        if getattr(row, measure) is None
    )


_OF_HISTORY: Final = (
    "return_1w_pct",
    "return_1m_pct",
    "return_3m_pct",
    "return_6m_pct",
    "return_12m_pct",
    "high_52w_pct",
    "distance_200d_pct",
    "volatility_pct",
)
