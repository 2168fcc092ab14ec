"""Decides how a sector's weekly excess return has moved with one outside series.

Slopes end with the last finished week: a running week has no return yet.
"""

from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from core.panel import MarketPanels
from core.signals.cross_section import excess
from core.signals.trailing import Matrix, at, carried, known_sum, lagged, ratio, week_ends

NOISE = 1e-12
"""Variance relative to the mean square below which the outside series did not move."""


@dataclass(frozen=True, slots=True)
class Weeks:
    """Weekly excess returns of the sectors and the sessions they end on."""

    index: pd.DatetimeIndex
    ends: NDArray[np.int64]
    returns: Matrix

    @property
    def dates(self) -> pd.DatetimeIndex:
        """The last session of each week; the last week may be running."""
        return self.index[self.ends]

    def before(self, values: Matrix, dates: pd.DatetimeIndex) -> Matrix:
        """Return the row of the week before each date's own; NaN if there is none."""
        session = self.index.searchsorted(dates, side="right") - 1
        week = np.searchsorted(self.ends, np.maximum(session, 0)) - 1
        usable = (session >= 0) & (week >= 0)
        found = np.where(usable[:, None], values[np.maximum(week, 0)], np.nan)
        spoken: Matrix = found + at(np.zeros((len(self.index), 1)), self.index, dates)
        return spoken


def sector_weeks(panels: MarketPanels) -> Weeks:
    """Return weekly returns less the sectors' equal-weighted mean, percent."""
    index = pd.DatetimeIndex(panels.sectors.closes.index)
    ends = week_ends(index)
    closes = carried(panels.sectors.closes)[ends]
    return Weeks(index, ends, excess(100.0 * (closes / lagged(closes, 1) - 1.0)))


def trailing_slopes(returns: Matrix, moves: Matrix, *, window: int, least: int) -> Matrix:
    """Return the least-squares slope of each column on the moves over trailing weeks.

    Args:
        returns: weeks x sectors.
        moves: weeks x 1, the outside series.
        window: weeks.
        least: weeks with both known a slope needs.
    """
    both = ~np.isnan(returns) & ~np.isnan(moves)
    y, x = np.where(both, returns, np.nan), np.where(both, moves, np.nan)
    count = known_sum(np.where(both, 1.0, np.nan), window, least)
    sum_x, sum_y = known_sum(x, window, least), known_sum(y, window, least)
    squares, products = known_sum(x * x, window, least), known_sum(x * y, window, least)
    variance = squares - ratio(sum_x * sum_x, count)
    covariance = products - ratio(sum_x * sum_y, count)
    return ratio(covariance, np.where(variance > NOISE * squares, variance, 0.0))
