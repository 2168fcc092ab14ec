"""Decides what is told of bonds, gold, oil, the dollar and copper beside the sectors they move.

Which of a market's series stands for each, and which sectors its move has suited, is the
catalogue's (`core.signals.intermarket`).
"""

from collections.abc import Iterator, Mapping
from datetime import date, timedelta
from typing import Final

import pandas as pd

from core.panel import MarketPanels
from core.price_measures import MONTH, QUARTER, WEEK, YEAR
from core.records.record import Record, Slug
from core.records.result import FactorValue, NamedGap
from core.signals.intermarket import ASSETS, STALE_DAYS, Asset
from tools.context import ToolContext
from tools.measures.common import number
from tools.measures.known import last_known

PATH_SESSIONS: Final = YEAR
PRICE_STALE_DAYS: Final = 7
"""A traded price may miss a week of holidays; a macro series as long as the catalogue reads it."""
WINDOWS: Final[Mapping[str, int]] = {"1w": WEEK, "1m": MONTH, "3m": QUARTER, "12m": YEAR}


class OtherMarket(Record):
    """One market at its last value known; moves are in percent, of a yield in percentage points."""

    asset: Slug
    stands_for: str
    traded: bool
    period: date
    stale: bool
    level: float
    moves_in_pp: bool
    move_1w: float | None
    move_1m: float | None
    move_3m: float | None
    move_12m: float | None
    suits: Slug | None
    burdens: Slug | None
    periods: tuple[date, ...]
    levels: tuple[float, ...]


class OtherMarkets(Record):
    """The markets with a series, in the catalogue's order, and those without one."""

    universe: Slug
    as_of: date
    gap: NamedGap | None = None
    rows: tuple[OtherMarket, ...] = ()
    absent: tuple[Slug, ...] = ()


def other_markets(
    context: ToolContext, *, region: str | None = None, as_of: date | None = None
) -> OtherMarkets:
    """Return each market's level, moves and last year, and the sector it suits and burdens most."""
    scope = context.scope(region, as_of)
    if scope.panels is None:
        return OtherMarkets(universe=scope.universe.id, as_of=scope.as_of, gap=scope.gap)
    factors = context.factors(scope, ("intermarket",))
    rows = tuple(_rows(scope.panels, factors, scope.as_of))
    found = {row.asset for row in rows}
    return OtherMarkets(
        universe=scope.universe.id,
        as_of=scope.as_of,
        rows=rows,
        absent=tuple(name for name in ASSETS if name not in found),
    )


def _rows(
    panels: MarketPanels, factors: tuple[FactorValue, ...], as_of: date
) -> Iterator[OtherMarket]:
    for name, asset in ASSETS.items():
        found = _series(panels, asset)
        if found is None:
            continue
        called, level, traded = found
        relative = traded or not asset.is_yield
        last: pd.Timestamp = level.index[-1]
        limit = PRICE_STALE_DAYS if traded else STALE_DAYS
        best, worst = _ends(factors, name)
        shown = level.loc[last - pd.Timedelta(days=366) :]
        yield OtherMarket(
            asset=name,
            stands_for=called,
            traded=traded,
            period=last.date(),
            stale=as_of - last.date() > timedelta(days=limit),
            level=float(level.iloc[-1]),
            moves_in_pp=not relative,
            **{f"move_{span}": _move(level, span, relative) for span in WINDOWS},
            suits=best,
            burdens=worst,
            periods=tuple(stamp.date() for stamp in shown.index),
            levels=tuple(float(value) for value in shown),
        )


def _series(panels: MarketPanels, asset: Asset) -> tuple[str, pd.Series, bool] | None:
    """Return what stands for a market, its level by day, and whether it is traded."""
    if panels.stocks is not None:
        for symbol in asset.symbols:
            if symbol in panels.stocks.closes.columns:
                closes = panels.stocks.closes[symbol].dropna()
                if len(closes):
                    return symbol, closes, True
    if panels.macro is not None:
        rows = panels.macro.rows[panels.macro.rows["value"].notna()]
        slugs = rows["series"].str.lower()
        for series in asset.series:
            mine = rows[slugs == series]
            if len(mine):
                known = last_known(mine, ["series"])
                return series, known.set_index("period")["value"], False
    return None


def _move(level: pd.Series, span: str, relative: bool) -> float | None:
    """Return the move since as many weekdays ago, at the last value known then.

    None where that value is older than the window by more than half of it: a monthly series has
    no move of a week.
    """
    last: pd.Timestamp = level.index[-1]
    start_of = last - pd.offsets.BDay(WINDOWS[span])
    before = level.loc[:start_of]
    if before.empty or 2 * (start_of - before.index[-1]) > last - start_of:
        return None
    start, end = float(before.iloc[-1]), float(level.iloc[-1])
    return number(100.0 * (end / start - 1.0) if relative else end - start)


def _ends(factors: tuple[FactorValue, ...], name: str) -> tuple[str | None, str | None]:
    """Return the sectors with the largest value above zero and the smallest below it."""
    known = sorted(
        (row.value, row.sector) for row in factors if row.factor == name and row.value is not None
    )
    if not known:
        return None, None
    (low, worst), (high, best) = known[0], known[-1]
    return (best if high > 0.0 else None), (worst if low < 0.0 else None)
