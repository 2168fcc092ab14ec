"""Decides at which bars a strategy decides; not what.

A period's decision falls on its last bar, or so many bars later: the offsets of its tranches. The
last bar of the data is never one: nothing follows it.
"""

from typing import Final

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from core.errors import CallerError, DataError
from core.records.backtest import Rebalance

Rows = NDArray[np.int64]

BARS_A_YEAR: Final[dict[Rebalance, int]] = {
    "daily": 252, "weekly": 52, "monthly": 12, "quarterly": 4,
}  # fmt: skip
"""Bars, or periods, of a year, as desks count them."""

MEDIAN_GAP_DAYS: Final[tuple[tuple[Rebalance, int], ...]] = (
    ("daily", 4), ("weekly", 10), ("monthly", 35), ("quarterly", 100),
)  # fmt: skip
"""The largest median gap between bars of each frequency, in calendar days."""

MONDAY_SHIFT_DAYS = 3
"""1970-01-01 was a Thursday: days since then plus 3, in sevens, count ISO weeks."""

WEEK_DAYS = 7
QUARTER_MONTHS = 3


def bar_frequency(dates: pd.DatetimeIndex) -> Rebalance:
    """Return how often there is a bar, by the median gap.

    Raises:
        DataError: fewer than two bars, or bars rarer than a quarter.
    """
    if len(dates) > 1:
        gap = float(np.median(np.diff(_days(dates))))
        for name, most in MEDIAN_GAP_DAYS:
            if gap <= most:
                return name
    raise DataError(
        f"{len(dates)} dates do not tell the bars' frequency: give daily, weekly, monthly or "
        "quarterly returns"
    )


def bars_between(rebalance: Rebalance, frequency: Rebalance) -> int:
    """Return how many bars lie between decisions, which is how many offsets there are.

    Raises:
        CallerError: decisions more frequent than bars.
    """
    bars = BARS_A_YEAR[frequency] / BARS_A_YEAR[rebalance]
    if bars < 1.0:
        raise CallerError(f"--rebalance {rebalance}: the bars are {frequency}; take that or slower")
    return round(bars)


def decision_rows(
    dates: pd.DatetimeIndex, rebalance: Rebalance, *, first: int = 0, offset: int = 0
) -> Rows:
    """Return the first row, then the row `offset` bars after every period's end behind it.

    Args:
        dates: of the bars, ascending.
        rebalance: the period.
        first: the row everything is bought in at.
        offset: bars behind the period's end, from 0.
    """
    keys = _periods(dates, rebalance)
    later = np.flatnonzero(np.diff(keys)) + offset
    later = later[(later > first) & (later < len(dates) - 1)]
    return np.concatenate([np.array([first]), later]).astype(np.int64)


def _periods(dates: pd.DatetimeIndex, rebalance: Rebalance) -> Rows:
    days = _days(dates)
    if rebalance == "daily":
        return days
    if rebalance == "weekly":
        weeks: Rows = (days + MONDAY_SHIFT_DAYS) // WEEK_DAYS
        return weeks
    months = dates.to_numpy().astype("datetime64[M]").astype(np.int64)
    return months if rebalance == "monthly" else months // QUARTER_MONTHS


def _days(dates: pd.DatetimeIndex) -> Rows:
    return dates.to_numpy().astype("datetime64[D]").astype(np.int64)
