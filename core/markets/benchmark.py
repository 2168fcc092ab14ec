"""Decides what sectors are held against, and that both sides treat dividends alike.

It refuses to compare a series with dividends to one without: that alone moves RS-Ratio.
"""

from dataclasses import dataclass

import numpy as np
import pandas as pd

from core.errors import CallerError
from core.markets.basket import BASE_LEVEL
from core.panel import MarketPanels
from core.records.result import GapReason
from core.records.universe import Benchmark, Universe


@dataclass(frozen=True, slots=True)
class Measured:
    """Sectors and what they are held against, both of `mark.treatment`.

    sectors: closes, sessions x sectors, NaN where unknown.
    level: the benchmark's close by session of `sectors`, NaN where unknown.
    """

    mark: Benchmark
    sectors: pd.DataFrame
    level: pd.Series


def named_benchmark(universe: Universe, benchmark: str | None) -> Benchmark:
    """Return the benchmark of that id; None is the universe's default.

    Raises:
        CallerError: the universe has no such benchmark; the message lists those it has.
    """
    if benchmark is None:
        return universe.benchmark
    for mark in universe.benchmarks:
        if mark.id == benchmark:
            return mark
    choices = ", ".join(mark.id for mark in universe.benchmarks)
    raise CallerError(f"{universe.id} has no benchmark {benchmark!r}: use one of {choices}")


def measured(panels: MarketPanels, mark: Benchmark) -> Measured | GapReason:
    """Return the sectors in the benchmark's dividend treatment beside it, or why there are none.

    `mixed_treatment`: the data have no sectors of that treatment. `not_covered`: they have no value
    of the benchmark.
    """
    sectors = _sectors(panels, mark)
    if sectors is None:
        return "mixed_treatment"
    columns = panels.benchmark.closes
    if mark.id not in columns or bool(columns[mark.id].isna().all()):
        return "not_covered"
    return Measured(mark, sectors, columns[mark.id].reindex(sectors.index))


def equal_weighted(closes: pd.DataFrame) -> pd.Series:
    """Return the level of holding every sector in equal parts each day, from 100.

        return(t) = mean over sectors of close / last known close - 1
        level(t)  = level(t-1) * (1 + return(t))

    A sector enters with its first return; a day without its close has none, and the return over
    the gap is counted on the day it trades again. A day without any return is NaN, and the chain
    goes on from the last level.

    Args:
        closes: sessions x sectors, positive, NaN where unknown.
    """
    steps = np.array(closes / closes.ffill().shift() - 1.0, dtype=np.float64, order="C")
    known = ~np.isnan(steps)
    counts = known.sum(axis=1)
    means = np.where(known, steps, 0.0).sum(axis=1) / np.maximum(counts, 1)
    level = np.where(counts > 0, BASE_LEVEL * np.cumprod(1.0 + means), np.nan)
    return pd.Series(level, index=closes.index)


def constant(sessions: pd.Index) -> pd.Series:
    """Return a level that never moves: against it, a sector is seen by its own price alone."""
    return pd.Series(BASE_LEVEL, index=sessions)


def _sectors(panels: MarketPanels, mark: Benchmark) -> pd.DataFrame | None:
    if mark.treatment == panels.universe.benchmark.treatment:
        return panels.sectors.closes
    if mark.treatment == "price" and panels.price_sectors is not None:
        return panels.price_sectors.closes
    return None
