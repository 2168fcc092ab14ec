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

SERIES_DAYS = 10**7
"""More days than any calendar has: a series' place times this, plus a day, orders both at once."""

_BY_NEARNESS = tuple(
    distance for near in range(YEAR_TOLERANCE_DAYS + 1) for distance in dict.fromkeys((-near, near))
)


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


def known_values(
    rows: pd.DataFrame,
    key: str,
    names: list[str],
    dates: pd.DatetimeIndex,
    *,
    year_ago: bool = True,
) -> Known:
    """Return what each named series said at each date.

    Args:
        rows: columns key, period, known_at, value; sorted by known_at, then period.
        key: the column that tells the series apart.
        names: the series wanted, in the order of the answer's columns.
        dates: ascending.
        year_ago: False leaves the year-earlier values NaN, for who does not need them.
    """
    releases = _releases(rows, key, names)
    days = whole_days(dates)
    row = _rows_known(releases, days, len(names))
    said = row >= 0
    cells = np.full((3, *row.shape), np.nan)
    if said.any():
        cells[0] = np.where(said, releases.newest_value[row], np.nan)
        cells[2] = np.where(said, days[:, None] - releases.newest[row], np.nan)
        if year_ago:
            asked = np.zeros(len(releases.codes), dtype=np.bool_)
            asked[row[said]] = True
            before = np.full(len(asked), np.nan)
            before[asked] = _year_ago(releases, np.flatnonzero(asked))
            cells[1] = np.where(said, before[row], np.nan)
    return Known(*cells)


def whole_days(dates: pd.DatetimeIndex) -> Days:
    """Return days since 1970, rounded up, so an hour of the day counts from the next midnight."""
    stamps = dates.to_numpy()
    days = stamps.astype("datetime64[D]")
    later = (stamps > days).astype(np.int64)
    whole: Days = days.astype(np.int64) + later
    return whole


@dataclass(frozen=True, slots=True)
class _Releases:
    """Releases by series, in the order they became known.

    codes: place of the series among the names. newest and newest_value: the newest period known
    once the release was, and what the last release of it said.
    """

    codes: Days
    known: Days
    periods: Days
    values: Matrix
    newest: Days
    newest_value: Matrix


def _releases(rows: pd.DataFrame, key: str, names: list[str]) -> _Releases:
    labels, found = pd.factorize(rows[key])
    code_of = np.append(pd.Index(names).get_indexer(pd.Index(np.asarray(found))), -1)
    codes = code_of[labels].astype(np.int64)
    values = rows["value"].to_numpy(dtype=np.float64)
    kept = np.flatnonzero((codes >= 0) & ~np.isnan(values))
    kept = kept[np.argsort(codes[kept], kind="stable")]
    chosen = rows.iloc[kept]
    codes, values = codes[kept], values[kept]
    known, periods = (whole_days(pd.DatetimeIndex(chosen[at])) for at in ("known_at", "period"))
    ranks = codes * SERIES_DAYS + periods
    highest = np.maximum.accumulate(ranks) if len(ranks) else ranks
    top = np.maximum.accumulate(np.where(ranks == highest, np.arange(len(ranks)), 0))
    return _Releases(codes, known, periods, values, periods[top], values[top])


def _rows_known(releases: _Releases, days: Days, n_names: int) -> Days:
    """Return dates x series: the last release known at each date, -1 before the first."""
    last = np.full((len(days) + 1, n_names), -1)
    first_date = np.searchsorted(days, releases.known, side="left")
    last[first_date, releases.codes] = np.arange(len(releases.codes))
    known: Days = np.maximum.accumulate(last[:-1], axis=0)
    return known


def _year_ago(releases: _Releases, asked: Days) -> Matrix:
    """Return what had been said by each of these releases of the period a year before the newest.

    The nearest counts, and of two periods as near the older.
    """
    order = np.lexsort((np.arange(len(releases.codes)), releases.periods, releases.codes))
    pairs = (releases.codes * SERIES_DAYS + releases.periods)[order]
    told, pair_of = np.unique(pairs, return_inverse=True)
    keys = pair_of * len(pairs) + order
    found = np.full(len(asked), np.nan)
    wanted = (releases.codes * SERIES_DAYS + releases.newest)[asked] - YEAR_DAYS
    for distance in _BY_NEARNESS:
        open_ = np.flatnonzero(np.isnan(found))
        pair = np.searchsorted(told, wanted[open_] + distance)
        pair = np.minimum(pair, max(len(told) - 1, 0))
        hit = told[pair] == wanted[open_] + distance
        open_, pair = open_[hit], pair[hit]
        place = np.searchsorted(keys, pair * len(pairs) + asked[open_], side="right") - 1
        known = (place >= 0) & (pair_of[np.maximum(place, 0)] == pair)
        found[open_[known]] = releases.values[order[place[known]]]
    return found
