"""Decides the level of each of a universe's benchmarks, each in the treatment it is declared with.

What the stored rows do not allow stays NaN: no benchmark borrows another treatment's series.
"""

from collections.abc import Mapping as Lookup
from dataclasses import dataclass, fields
from functools import partial

import numpy as np
import pandas as pd

from core.markets.benchmark import constant, equal_weighted
from core.panel import PricePanel
from core.records.universe import Benchmark, Treatment, Universe
from tools.storage.adjustment import closes_of, effective_closes, price_closes
from tools.storage.wide import Adjust, price_panel


@dataclass(frozen=True, slots=True)
class Side:
    """Sectors of one dividend treatment, and the baskets of their members where there are any."""

    sectors: PricePanel
    baskets: PricePanel | None = None


def benchmark_panel(
    universe: Universe,
    series: pd.DataFrame,
    sessions: pd.DatetimeIndex,
    sides: Lookup[Treatment, Side],
) -> PricePanel:
    """Return one column a benchmark, in the universe's order.

    Args:
        universe: names the benchmarks.
        series: the prices schema; rows of the universe's own series, by symbol, then period.
        sessions: the panel's dates, those of the sides too.
        sides: the sectors of each treatment the data allow.
    """
    columns = [_column(universe, mark, series, sessions, sides) for mark in universe.benchmarks]
    joined = {
        field.name: pd.concat([getattr(column, field.name) for column in columns], axis=1)
        for field in fields(PricePanel)
    }
    return PricePanel(**joined)


def wants_price(universe: Universe) -> bool:
    """Tell whether a benchmark leaves dividends out although the sectors hold them."""
    own = universe.benchmark.treatment
    return own == "total_return" and any(mark.treatment == "price" for mark in universe.benchmarks)


def own_closes(universe: Universe) -> Adjust:
    """Return how the closes of the universe's sectors and stocks are made."""
    return partial(closes_of, treatment=universe.benchmark.treatment)


def _column(
    universe: Universe,
    mark: Benchmark,
    series: pd.DataFrame,
    sessions: pd.DatetimeIndex,
    sides: Lookup[Treatment, Side],
) -> PricePanel:
    if mark.ticker is not None:
        rows = series[series["symbol"] == mark.ticker]
        return price_panel(rows, _closes(universe, mark), sessions, {mark.ticker: mark.id})
    side = sides.get(mark.treatment)
    if mark.kind == "constant":
        return _level_only(mark.id, constant(sessions))
    if side is not None and mark.kind == "equal_weight":
        return _level_only(mark.id, equal_weighted(side.sectors.closes))
    if side is not None and side.baskets is not None:
        return side.baskets.only([mark.id])
    return _level_only(mark.id, pd.Series(np.nan, sessions))


def _closes(universe: Universe, mark: Benchmark) -> Adjust:
    """Return how a series' closes are made; only the sectors' own treatment is taken on trust."""
    if mark.treatment == universe.benchmark.treatment:
        return own_closes(universe)
    return price_closes if mark.treatment == "price" else effective_closes


def _level_only(name: str, level: "pd.Series[float]") -> PricePanel:
    """Return a panel of a level nobody trades."""
    closes = level.to_frame(name)
    untraded = pd.DataFrame(np.nan, closes.index, closes.columns)
    return PricePanel(closes, untraded, untraded, untraded)
