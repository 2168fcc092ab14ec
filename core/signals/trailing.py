"""Decides what a trailing window holds: rows up to its own, never a later one.

Arrays are sessions x columns, ascending; NaN means not known.
"""

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from core.windows import window_sums

Matrix = NDArray[np.float64]
Mask = NDArray[np.bool_]

CARRY_SESSIONS = 5
"""Sessions a missing close is carried: a week's halt is a gap in trading, not in value."""

MAX_AGE_DAYS = 15
"""Calendar days a session may lie back and still speak for a date: longer than any Tet."""

MONDAY_SHIFT_DAYS = 3
"""1970-01-01 was a Thursday: days since then plus 3, in sevens, count ISO weeks."""


def matrix(frame: pd.DataFrame) -> Matrix:
    """Return the frame's cells, laid out by row."""
    return np.ascontiguousarray(frame.to_numpy(dtype=np.float64))


def carried(closes: pd.DataFrame) -> Matrix:
    """Return closes with a gap filled by the last close for at most five sessions."""
    return matrix(closes.ffill(limit=CARRY_SESSIONS))


def lagged(values: Matrix, rows: int) -> Matrix:
    """Return the values `rows` sessions earlier, NaN before the first."""
    moved = np.full(values.shape, np.nan)
    moved[rows:] = values[: max(len(values) - rows, 0)]
    return moved


def trailing_sum(values: Matrix, window: int) -> Matrix:
    """Return each row's sum over its last `window` rows; a NaN inside makes NaN."""
    sums = np.full(values.shape, np.nan)
    sums[window - 1 :] = window_sums(np.ascontiguousarray(values.T), window).T
    return sums


def known_sum(values: Matrix, window: int, least: int) -> Matrix:
    """Return each row's sum over the known of its last rows, NaN with fewer than `least`.

    Rows before the first are not known, so a young series may have a value before `window` rows.
    """
    head = np.full((window - 1, values.shape[1]), np.nan)
    longer = np.vstack([head, values])
    known = ~np.isnan(longer)
    sums = trailing_sum(np.where(known, longer, 0.0), window)
    counts = trailing_sum(known.astype(np.float64), window)
    return np.where(counts >= least, sums, np.nan)[window - 1 :]


def ratio(above: Matrix, below: Matrix) -> Matrix:
    """Return above / below, NaN where the denominator is not positive."""
    positive = below > 0.0
    return np.where(positive, above / np.where(positive, below, 1.0), np.nan)


def at(values: Matrix, index: pd.DatetimeIndex, dates: pd.DatetimeIndex) -> Matrix:
    """Return the row of the last session at or before each date, NaN if none within 15 days."""
    rows = index.searchsorted(dates, side="right") - 1
    found = np.full((len(dates), values.shape[1]), np.nan)
    usable = rows >= 0
    ages = dates[usable] - index[rows[usable]]
    usable[usable] = ages <= pd.Timedelta(days=MAX_AGE_DAYS)
    found[usable] = values[rows[usable]]
    return found


def week_numbers(index: pd.DatetimeIndex) -> NDArray[np.int64]:
    """Return each session's ISO week, counted from 1970."""
    days = index.to_numpy().astype("datetime64[D]").astype(np.int64)
    weeks: NDArray[np.int64] = (days + MONDAY_SHIFT_DAYS) // 7
    return weeks


def week_ends(index: pd.DatetimeIndex) -> NDArray[np.int64]:
    """Return the row of each ISO week's last session; the last week may still be running."""
    if len(index) == 0:
        return np.empty(0, dtype=np.int64)
    changes = np.flatnonzero(np.diff(week_numbers(index)))
    return np.append(changes, len(index) - 1)
