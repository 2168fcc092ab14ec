"""Decides each series' reading: its first release, made comparable and held against five years."""

from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from core.panel import Table
from core.signals.releases import YEAR_DAYS, YEAR_TOLERANCE_DAYS
from core.signals.trailing import Matrix

WINDOW_DAYS = 1826
LEAST_READINGS = 12
STALE_DAYS = ((4, 14), (20, 30), (60, 100), (200, 200))
"""Median days between periods below which a series is daily, weekly, monthly or quarterly, and the
age of its newest period beyond which it no longer speaks: a period, its lag and slack."""

STALE_DAYS_ELSE = 500
"""The same of a series with rarer periods."""

WINSOR_Z = 3.0
LEAST_CATEGORIES = 2

CATEGORY_SIGN = {
    "economic_growth": 1.0,
    "inflation": -1.0,
    "employment": 1.0,
    "rates": -1.0,
    "credit": -1.0,
    "consumer_sentiment": 1.0,
    "policy": -1.0,
}
"""Sign of a category in sentiment; rates are the cost of money, credit is its spread, policy is
what the central bank did to its rates over a year."""

POLICY_PREFIXES = (
    "fedfunds", "dfedtar", "dff", "dpcredit", "policy_rate", "refinanc", "rediscount",
    "discount_rate", "bank_rate", "ecbdfr", "ecbmrr",
)  # fmt: skip
"""Rates a central bank decides: whatever their category, they count for `policy`, each decision
from its own day, read by their difference over a year (the policy cycle of Conover, Jensen,
Johnson and Mercer, 2008)."""

OPPOSITE_PREFIXES = (
    "unrate", "unemploy", "uemp", "icsa", "initial_claims", "jobless", "t10y2y", "term_spread",
    "yield_curve", "busloans", "totbkcr", "credit_growth",
)  # fmt: skip
"""Series that rise when their category falls: joblessness, a steep curve, growing credit."""

LEVEL_PARTS = ("pmi", "sentiment", "umcsent", "confidence")
"""Indices read as they are; other indices, counts and money are read by their year's growth."""

FLAT = 1e-12


@dataclass(frozen=True, slots=True)
class MacroStates:
    """One value a date, in sd; NaN where the releases known then do not suffice."""

    growth: Matrix
    inflation: Matrix
    sentiment: Matrix


def macro_states(macro: Table, dates: pd.DatetimeIndex) -> MacroStates:
    """Return the state at each date: means of readings by category, and their signed mean."""
    by_category = category_readings(macro, dates)
    missing = np.full(len(dates), np.nan)
    signed = [
        CATEGORY_SIGN[category] * readings for category, readings in sorted(by_category.items())
    ]
    counts = np.zeros(len(dates))
    total = np.zeros(len(dates))
    for values in signed:
        counts += ~np.isnan(values)
        total += np.nan_to_num(values)
    enough = counts >= LEAST_CATEGORIES
    return MacroStates(
        growth=by_category.get("economic_growth", missing),
        inflation=by_category.get("inflation", missing),
        sentiment=np.where(enough, total / np.maximum(counts, 1.0), np.nan),
    )


def category_readings(macro: Table, dates: pd.DatetimeIndex) -> dict[str, Matrix]:
    """Return each category's mean reading at each date; up means more of what its name says."""
    total: dict[str, Matrix] = {}
    counts: dict[str, Matrix] = {}
    for (group, series), rows in macro.rows.groupby(["category", "series"], sort=True):
        if group not in CATEGORY_SIGN:
            continue
        name = str(series).lower()
        decided = name.startswith(POLICY_PREFIXES)
        category = "policy" if decided else str(group)
        sign = -1.0 if name.startswith(OPPOSITE_PREFIXES) else 1.0
        readings = sign * series_readings(rows, dates, as_change=decided)
        known = ~np.isnan(readings)
        total[category] = total.get(category, np.zeros(len(dates))) + np.where(known, readings, 0.0)
        counts[category] = counts.get(category, np.zeros(len(dates))) + known
    return {
        category: np.where(
            counts[category] > 0, total[category] / np.maximum(counts[category], 1), np.nan
        )
        for category in total
    }


def series_readings(
    rows: pd.DataFrame, dates: pd.DatetimeIndex, *, as_change: bool = False
) -> Matrix:
    """Return the z-score, within +-3, of the newest period known at each date; NaN when stale.

    Stale is told by the spacing of the periods public then, see `stale_after_days`. Only the first
    release of a period counts, from its own day on. The five years it is held against end with the
    period, and hold what was public on the date.

    Args:
        rows: one series of the macro table, sorted by known_at.
        dates: ascending.
        as_change: read the difference over a year, as a policy rate is.
    """
    first = rows[rows["value"].notna()].drop_duplicates("period", keep="first")
    periods, known = (_days(pd.DatetimeIndex(first[name])) for name in ("period", "known_at"))
    levels = first["value"].to_numpy(dtype=np.float64)
    by_level = np.zeros(len(first), dtype=np.bool_) if as_change else _read_by_level(first)
    today = _days(dates)
    counts = np.searchsorted(known, today, side="right")
    found = np.full(len(dates), np.nan)
    ascending = bool((np.diff(periods) > 0).all())
    public = _public(periods, levels, as_change=as_change)
    limits = _limits(periods) if ascending else None
    for count in np.unique(counts[counts > 0]).tolist():
        if limits is None:
            order = np.argsort(periods[:count], kind="stable")
            public = _public(periods[order], levels[order], as_change=as_change)
        newest = public.periods[count - 1]
        limit = stale_after_days(public.periods) if limits is None else limits[count - 1]
        fresh = (counts == count) & (today - newest <= limit)
        if fresh.any():
            start = int(np.searchsorted(public.periods, newest - WINDOW_DAYS, side="right"))
            values = public.levels if by_level[count - 1] else public.yearly
            found[fresh] = _z(values[start:count])
    return found


@dataclass(frozen=True, slots=True)
class _Public:
    """A series by period; what is said of a period depends on none after it.

    levels: as published. yearly: growth or difference over the nearest period a year earlier.
    """

    periods: NDArray[np.int64]
    levels: Matrix
    yearly: Matrix


def _public(periods: NDArray[np.int64], levels: Matrix, *, as_change: bool) -> _Public:
    return _Public(periods, levels, _over_a_year(periods, levels, relative=not as_change))


def stale_after_days(periods: NDArray[np.int64]) -> int:
    """Return the age in days beyond which a series with these periods no longer speaks.

    Args:
        periods: days since 1970 of its periods, ascending, none twice.
    """
    spacing = float(np.median(np.diff(periods))) if len(periods) > 1 else np.inf
    return next((days for below, days in STALE_DAYS if spacing < below), STALE_DAYS_ELSE)


def _limits(periods: NDArray[np.int64]) -> NDArray[np.int64]:
    """Return for each period `stale_after_days` of those up to it, in one pass."""
    spacing = np.full(len(periods), np.inf)
    spacing[1:] = pd.Series(np.diff(periods)).expanding().median()
    bounds: list[NDArray[np.bool_]] = [spacing < below for below, _ in STALE_DAYS]
    return np.select(bounds, [days for _, days in STALE_DAYS], STALE_DAYS_ELSE)


def _days(dates: pd.DatetimeIndex) -> NDArray[np.int64]:
    stamps = dates.to_numpy()
    days = stamps.astype("datetime64[D]")
    whole: NDArray[np.int64] = days.astype(np.int64) + (stamps > days)
    return whole


def _read_by_level(rows: pd.DataFrame) -> NDArray[np.bool_]:
    """Tell of each row whether its series is read as it is."""
    units = rows["unit"].isin(("%", "pp", "x")) | (rows["category"] == "consumer_sentiment")
    named = len(rows) > 0 and any(
        part in str(rows["series"].iloc[0]).lower() for part in LEVEL_PARTS
    )
    found: NDArray[np.bool_] = units.to_numpy(dtype=np.bool_) | named
    return found


def _over_a_year(periods: NDArray[np.int64], levels: Matrix, *, relative: bool) -> Matrix:
    """Return growth in percent, or the difference, over the nearest period a year earlier."""
    if not len(periods):
        return levels
    wanted = periods - YEAR_DAYS
    after = np.minimum(np.searchsorted(periods, wanted), len(periods) - 1)
    before = np.maximum(after - 1, 0)
    nearer = np.where(
        np.abs(periods[before] - wanted) <= np.abs(periods[after] - wanted), before, after
    )
    base = levels[nearer]
    near = np.abs(periods[nearer] - wanted) <= YEAR_TOLERANCE_DAYS
    if not relative:
        return np.where(near, levels - base, np.nan)
    usable = near & (base > 0.0)
    return np.where(usable, 100.0 * (levels / np.where(usable, base, 1.0) - 1.0), np.nan)


def _z(values: Matrix) -> float:
    """Return the last value's z-score among the values of its five years."""
    window = values[~np.isnan(values)]
    if len(window) < LEAST_READINGS or np.isnan(values[-1]):
        return float("nan")
    spread = float(window.std())
    if spread <= FLAT * float(np.abs(window).max()):
        return 0.0
    return float(np.clip((values[-1] - window.mean()) / spread, -WINSOR_Z, WINSOR_Z))
