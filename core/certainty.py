"""Decides how sure an average is: of dependent dates, of few counts; not what it is good for."""

from math import sqrt
from statistics import NormalDist
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

Vector = NDArray[np.float64]

LEAST_T_DATES = 20
DECIMALS = 9

ROUNDING = 1e-12
"""Range relative to the largest value below which values are equal: rounding, not risk."""

SMALLEST = 1e-30
"""Range below which values are equal: the fourth power of less is no number."""


class Interval(NamedTuple):
    """A confidence interval, lower end first."""

    low: float
    high: float


def is_flat(values: Vector, scale: float | None = None) -> bool:
    """Tell whether values differ by rounding alone.

    Args:
        values: finite ones.
        scale: size of the numbers they were made of; None: their own. A difference of two nearly
            equal series is flat at the scale of those series, not at its own.
    """
    if not len(values):
        return True
    size = float(np.max(np.abs(values))) if scale is None else scale
    return float(np.ptp(values)) <= max(ROUNDING * size, SMALLEST)


def newey_west_lag(dates_count: int, overlap: int = 0) -> int:
    """Return the lag: 4 (n / 100)^(2/9) (Newey and West, 1994), and at least the overlap."""
    return max(overlap, int(4.0 * (dates_count / 100.0) ** (2.0 / 9.0)))


def newey_west_t(values: Vector, lag: int) -> float | None:
    """Return the t of the mean with Bartlett weights up to `lag` (Newey and West, 1987).

    Args:
        values: one a date, ascending.
        lag: dates over which outcomes overlap.

    Returns:
        None under 20 dates or without variance.
    """
    if len(values) < LEAST_T_DATES or is_flat(values):
        return None
    centred = values - values.mean()
    variance = float((centred * centred).mean())
    for step in range(1, min(lag, len(values) - 1) + 1):
        share = 1.0 - step / (lag + 1.0)
        variance += 2.0 * share * float((centred[step:] * centred[:-step]).sum()) / len(values)
    if variance <= 0.0:
        return None
    return round(float(values.mean()) / float(np.sqrt(variance / len(values))), DECIMALS)


def wilson(hits: int, count: int, *, level: float = 0.95) -> Interval | None:
    """Return the interval of a share (Wilson, 1927); None without a count."""
    if count == 0:
        return None
    z = NormalDist().inv_cdf(0.5 + level / 2.0)
    share, extra = hits / count, z * z / count
    middle = (share + extra / 2.0) / (1.0 + extra)
    reach = z * sqrt(share * (1.0 - share) / count + extra / (4.0 * count)) / (1.0 + extra)
    return Interval(min(max(middle - reach, 0.0), share), max(min(middle + reach, 1.0), share))
