"""Decides three readings: how alike sectors move, how far apart they end, how many of them rise.

Each stands at every session and is held against its own past; what is much is for the warning.
"""

from bisect import bisect_left, bisect_right, insort
from dataclasses import dataclass
from itertools import combinations
from typing import Final

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from core.panel import MarketPanels
from core.records.rotation_statistics import BreadthOf
from core.signals.membership import NO_SECTOR, membership
from core.signals.trailing import Matrix, carried, lagged, trailing_sum

Vector = NDArray[np.float64]

CORRELATION_SESSIONS: Final = 63
DISPERSION_SESSIONS: Final = 21
TREND_SESSIONS: Final = 200
LEAST_SECTORS: Final = 3
LEAST_PAST: Final = 504
"""Sessions of its own past a percentile needs: two years."""

ABOVE: Final = 1.0 + 1e-9
"""A close this far over its mean is above it: rounding of a flat price is not."""
FLAT: Final = 1e-18
"""Variance of daily returns below which a series does not move."""
DECIMALS: Final = 9


@dataclass(frozen=True, slots=True)
class Readings:
    """Sessions x (correlation, dispersion, breadth), and each one's percentile in its own past.

    values: correlation in -1..1, dispersion and breadth in percent; NaN where not known.
    percentiles: 0..100 of the past up to the session; NaN under two years of it.
    breadth_of: what is counted for breadth.
    """

    values: pd.DataFrame
    percentiles: pd.DataFrame
    breadth_of: BreadthOf


def readings(panels: MarketPanels) -> Readings:
    """Return the readings at every session of the sectors.

        correlation = mean over pairs of sectors of the correlation of 63 daily returns
        dispersion  = sd over sectors of the returns of 21 sessions, in %
        breadth     = share of members (or sectors) with close > SMA200, in %

    Average correlation: Pollet and Wilson (2010). Dispersion: Solnik and Roulet (2000). Breadth is
    market practice; it counts members where the sectors are built from them, else the sectors, so
    that it reaches as far back as they do. A gap is carried at most 5 sessions.
    """
    closes = panels.sectors.closes
    prices = carried(closes)
    counted: BreadthOf = "members" if panels.universe.built_from_members else "sectors"
    shares = _member_breadth(panels) if counted == "members" else _breadth(prices)
    columns = {
        "correlation": _mean_correlation(prices),
        "dispersion": _dispersion_pct(prices),
        "breadth": shares,
    }
    rounded = {name: values.round(DECIMALS) for name, values in columns.items()}
    return Readings(
        values=pd.DataFrame(rounded, index=closes.index),
        percentiles=pd.DataFrame(
            {name: own_percentiles(values) for name, values in rounded.items()}, index=closes.index
        ),
        breadth_of=counted,
    )


def own_percentiles(values: Vector, *, least: int = LEAST_PAST) -> Vector:
    """Return each value's percentile among all known up to it, itself included; ties count half.

    Args:
        values: one a session, ascending; NaN where unknown.
        least: known values a percentile needs, itself included.

    Returns:
        100 * (below + equal / 2) / known; NaN where unknown or with fewer than `least`.
    """
    past: list[float] = []
    found = np.full(len(values), np.nan)
    for place, value in enumerate(values.tolist()):
        if np.isnan(value):
            continue
        insort(past, value)
        if len(past) >= least:
            middle = (bisect_left(past, value) + bisect_right(past, value)) / 2.0
            found[place] = round(100.0 * middle / len(past), DECIMALS)
    return found


def _mean_correlation(prices: Matrix) -> Vector:
    """Return the mean correlation over pairs known throughout the window, NaN under three pairs."""
    returns = prices / lagged(prices, 1) - 1.0
    n = CORRELATION_SESSIONS
    if len(returns) < n:
        return np.full(len(returns), np.nan)
    sums, squares = trailing_sum(returns, n), trailing_sum(returns * returns, n)
    spread = squares - sums * sums / n
    total, count = np.zeros(len(returns)), np.zeros(len(returns))
    for first, second in combinations(range(prices.shape[1]), 2):
        product = returns[:, first] * returns[:, second]
        joint = trailing_sum(product[:, None], n)[:, 0] - sums[:, first] * sums[:, second] / n
        size = spread[:, first] * spread[:, second]
        usable = size > FLAT**2
        total += np.where(usable, joint / np.sqrt(np.where(usable, size, 1.0)), 0.0)
        count += usable
    return np.where(count >= LEAST_SECTORS, total / np.maximum(count, 1.0), np.nan)


def _dispersion_pct(prices: Matrix) -> Vector:
    """Return the standard deviation over sectors (n - 1), NaN with fewer than three."""
    returns = 100.0 * (prices / lagged(prices, DISPERSION_SESSIONS) - 1.0)
    known = ~np.isnan(returns)
    count = known.sum(axis=1)
    mean = np.where(known, returns, 0.0).sum(axis=1) / np.maximum(count, 1)
    away = np.where(known, returns - mean[:, None], 0.0)
    spread = np.sqrt((away * away).sum(axis=1) / np.maximum(count - 1, 1))
    return np.where(count >= LEAST_SECTORS, spread, np.nan)


def _member_breadth(panels: MarketPanels) -> Vector:
    """Return the breadth of the members of each session, at the sectors' sessions."""
    sessions = pd.DatetimeIndex(panels.sectors.closes.index)
    if panels.stocks is None or panels.members is None:
        return np.full(len(sessions), np.nan)
    closes = panels.stocks.closes.reindex(sessions)
    sectors = [str(name) for name in panels.sectors.closes.columns]
    belong = membership(panels, sessions, [str(name) for name in closes.columns], sectors)
    prices = carried(closes)
    return _breadth(np.where(belong.codes != NO_SECTOR, prices, np.nan), prices)


def _breadth(prices: Matrix, history: Matrix | None = None) -> Vector:
    """Return the share of columns above their own 200-session mean, percent."""
    past = prices if history is None else history
    if len(past) < TREND_SESSIONS:
        return np.full(len(past), np.nan)
    mean = trailing_sum(past, TREND_SESSIONS) / TREND_SESSIONS
    known = ~np.isnan(mean) & ~np.isnan(prices)
    count = known.sum(axis=1)
    above = (known & (prices > mean * ABOVE)).sum(axis=1)
    return np.where(count >= LEAST_SECTORS, 100.0 * above / np.maximum(count, 1), np.nan)
