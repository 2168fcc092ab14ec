"""Decides what a table of releases had said of one series by a date: the newest period known then.

A later release of the same period replaces it from its own known_at on, never before.
"""

from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import NDArray

Matrix = NDArray[np.float64]
Days = NDArray[np.int64]

YEAR_DAYS = 365

YEAR_TOLERANCE_DAYS = 20
"""How far from a year a period may lie and still be the year-earlier one: 52-week years."""


@dataclass(frozen=True, slots=True)
class Known:
    """Dates x series: the newest period's value, the same a year earlier, and its age in days."""

    value: Matrix
    year_ago: Matrix
    age_days: Matrix

    def fresh(self, limit_days: int) -> "Known":
        """Return the same with NaN where the newest period is older than the limit."""
        old = ~(self.age_days <= limit_days)
        cells = (self.value, self.year_ago, self.age_days)
        return Known(*(np.where(old, np.nan, cell) for cell in cells))


def known_values(rows: pd.DataFrame, key: str, names: list[str], dates: pd.DatetimeIndex) -> Known:
    """Return what each named series said at each date.

    Args:
        rows: columns key, period, known_at, value; sorted by known_at, then period.
        key: the column that tells the series apart.
        names: the series wanted, in the order of the answer's columns.
        dates: ascending.
    """
    shape = (len(dates), len(names))
    cells = np.full((3, *shape), np.nan)
    columns = {name: column for column, name in enumerate(names)}
    days = _days(dates)
    groups = rows[rows["value"].notna()].groupby(key, sort=False)
    for label, group in groups:
        name = str(label)
        if name in columns:
            known, steps = _steps(
                _days(pd.DatetimeIndex(group["known_at"])),
                _days(pd.DatetimeIndex(group["period"])),
                group["value"].to_numpy(dtype=np.float64),
            )
            row = np.searchsorted(known, days, side="right") - 1
            said = row >= 0
            cells[:2, said, columns[name]] = steps[row[said], :2].T
            cells[2, said, columns[name]] = days[said] - steps[row[said], 2]
    return Known(*cells)


def _days(dates: pd.DatetimeIndex) -> Days:
    """Return days since 1970, rounded up, so an hour of the day counts from the next midnight."""
    stamps = dates.to_numpy()
    days = stamps.astype("datetime64[D]")
    later = (stamps > days).astype(np.int64)
    whole: Days = days.astype(np.int64) + later
    return whole


def _steps(known: Days, periods: Days, values: Matrix) -> tuple[Days, Matrix]:
    """Return the days something became known, and newest value, year-ago value, period after it."""
    seen: dict[int, float] = {}
    steps = np.full((len(known), 3), np.nan)
    newest = -(10**9)
    for row, (period, value) in enumerate(zip(periods.tolist(), values.tolist(), strict=True)):
        seen[period] = value
        newest = max(newest, period)
        steps[row] = seen[newest], _year_ago(seen, newest), newest
    return known, steps


def _year_ago(seen: dict[int, float], period: int) -> float:
    """Return the value of the nearest period a year earlier, the older of two as near."""
    wanted = period - YEAR_DAYS
    for distance in range(YEAR_TOLERANCE_DAYS + 1):
        for day in (wanted - distance, wanted + distance):
            if day in seen:
                return seen[day]
    return np.nan
