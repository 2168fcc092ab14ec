"""Decides what get_price_history and get_index_history print: bars of instruments and benchmarks.

Dividends and splits are put into the past, so the last close is the one traded.
"""

from collections.abc import Iterator
from datetime import date, timedelta
from functools import partial
from typing import Final

import pandas as pd

from core.markets.benchmark import named_benchmark
from core.records.instruments import (
    BarFrequency,
    IndexBar,
    IndexHistoryResult,
    PriceBar,
    PriceHistoryResult,
)
from core.records.result import GapReason, MissingCell
from tools.context import ToolContext
from tools.measures.common import number, slug
from tools.measures.instruments import prices_of, series_places, stock_places
from tools.measures.paging import page_of
from tools.measures.price_bars import PriceBars, price_bars
from tools.measures.traded_prices import TradedPrice, traded_prices

TOOL: Final = "get_price_history"
INDEX_TOOL: Final = "get_index_history"
SPAN: Final[dict[BarFrequency, timedelta]] = {
    "daily": timedelta(days=92),
    "weekly": timedelta(days=731),
}
"""What is told without `since`: a quarter of days, two years of weeks."""


def price_history(
    context: ToolContext,
    *,
    symbols: tuple[str, ...],
    frequency: BarFrequency = "daily",
    since: date | None = None,
    region: str | None = None,
    as_of: date | None = None,
    page: int = 1,
) -> PriceHistoryResult:
    """Return the bars of stocks, funds and index series, by symbol, then period.

    Raises:
        CallerError: a span that ends before it begins, or a page there is not.
    """
    named = list(dict.fromkeys(symbol.strip().upper() for symbol in symbols))
    scope = context.scope(region or context.universe_of(tuple(named)), as_of)
    start = scope.since(since, SPAN[frequency])
    answer = partial(PriceHistoryResult, frequency=frequency, since=start, page=page)
    if scope.panels is None:
        return answer(**scope.envelope(TOOL))
    places = stock_places(scope.panels) | series_places(scope.panels)
    priced = [name for name in named if name in places]
    strangers = _missing([name for name in named if name not in places], "not_covered")
    if not priced:
        return answer(**scope.absent(TOOL, "not_covered", "prices"), missing=strangers)
    prices = prices_of(places, priced)
    bars = price_bars(prices, frequency, since=start, as_of=scope.as_of, universe=scope.universe)
    traded = traded_prices(context.store, scope.universe, since=start, as_of=scope.as_of)
    rows = tuple(row for name in priced for row in _bars(bars, name, traded.get(name)))
    shown, told = page_of(rows, page), {row.symbol for row in rows}
    return answer(
        **scope.envelope(TOOL, ("prices",), known_at=scope.panels.last),
        provisional=bars.provisional,
        adjusted_only=tuple(name for name in priced if name in told and _adjusted(traded, name)),
        rows=shown.rows,
        pages_count=shown.pages_count,
        missing=strangers + _missing([name for name in priced if name not in told], "stale"),
    )


def index_history(
    context: ToolContext,
    *,
    benchmark: str | None = None,
    frequency: BarFrequency = "daily",
    since: date | None = None,
    region: str | None = None,
    as_of: date | None = None,
    page: int = 1,
) -> IndexHistoryResult:
    """Return the bars of a benchmark in its own dividend treatment.

    Raises:
        CallerError: an unknown benchmark, a span that ends before it begins, or no such page.
    """
    scope = context.scope(region, as_of)
    mark = named_benchmark(scope.universe, benchmark)
    start = scope.since(since, SPAN[frequency])
    answer = partial(
        IndexHistoryResult, benchmark=mark.id, treatment=mark.treatment, frequency=frequency,
        since=start, page=page,
    )  # fmt: skip
    if scope.panels is None:
        return answer(**scope.envelope(INDEX_TOOL))
    levels = scope.panels.benchmark
    if mark.id not in levels.closes or bool(levels.closes[mark.id].isna().all()):
        return answer(**scope.absent(INDEX_TOOL, "not_covered", "prices"))
    bars = price_bars(
        levels.only([mark.id]), frequency, since=date.min, as_of=scope.as_of,
        universe=scope.universe,
    )  # fmt: skip
    shown = page_of(_index_bars(bars.closes[mark.id], start), page)
    return answer(
        **scope.envelope(INDEX_TOOL, ("prices", "members"), known_at=scope.panels.last),
        provisional=bars.provisional,
        rows=shown.rows,
        pages_count=shown.pages_count,
    )


def _bars(bars: PriceBars, name: str, traded: TradedPrice | None) -> Iterator[PriceBar]:
    closes = bars.closes[name].dropna()
    if closes.empty:
        return
    scale = 1.0 if traded is None else traded.close / closes.iloc[-1]
    splits_x = 1.0 if traded is None else traded.splits_x
    for stamp, close in closes.items():
        volume = number(bars.volumes.at[stamp, name])
        yield PriceBar(
            symbol=name,
            period=pd.Timestamp(str(stamp)).date(),
            close_level=float(close) * scale,
            volume_count=None if volume is None else splits_x * volume,
            value_bn=number(bars.values.at[stamp, name]),
        )


def _adjusted(traded: dict[str, TradedPrice], name: str) -> bool:
    return name not in traded or traded[name].adjusted


def _index_bars(closes: pd.Series, since: date) -> list[IndexBar]:
    """Return the bars from `since` on; the first one's return is over the bar before it."""
    known = closes.dropna()
    changes = 100.0 * (known / known.shift() - 1.0)
    kept = known.index >= pd.Timestamp(since)
    return [
        IndexBar(
            period=pd.Timestamp(str(stamp)).date(),
            close_index=float(close),
            return_pct=number(change),
        )
        for (stamp, close), change in zip(known[kept].items(), changes[kept], strict=True)
    ]


def _missing(names: list[str], reason: GapReason) -> tuple[MissingCell, ...]:
    return tuple(MissingCell(subject=slug(name), measure="close", reason=reason) for name in names)
