"""Decides how sure a mean is where outcomes overlap and sectors move together; and a share.

It refuses a t on fewer than 20 dates, or than ten outcomes that do not overlap.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from core.certainty import DECIMALS, LEAST_T_DATES, wilson

Vector = NDArray[np.float64]
Matrix = NDArray[np.float64]
Mask = NDArray[np.bool_]


LEAST_SPANS = 10
"""Outcomes end to end a t needs: on fewer, an error for overlap is too small."""


@dataclass(frozen=True, slots=True)
class Share:
    """A share of trials with its 95 % interval; all None without a trial."""

    hits: int
    trials: int
    fraction: float | None
    low: float | None
    high: float | None


@dataclass(frozen=True, slots=True)
class Mean:
    """A mean of cells, its standard error and t; None where they are not defined."""

    mean: float | None
    error: float | None
    t: float | None
    n_cells: int
    n_dates: int


@dataclass(frozen=True, slots=True)
class Gap:
    """The mean of the chosen dates, of all dates, and the t of their difference."""

    chosen: float | None
    always: float | None
    t: float | None


def share(hits: int, trials: int) -> Share:
    """Return hits over trials with Wilson's interval (1927).

    Trials count as independent; where they are not, the interval is too narrow.

    Raises:
        ValueError: not 0 <= hits <= trials.
    """
    if not 0 <= hits <= trials:
        raise ValueError(f"hits: need 0 <= hits <= trials, got {hits} of {trials}")
    found = wilson(hits, trials)
    if found is None:
        return Share(0, 0, None, None, None)
    return Share(hits, trials, _rounded(hits / trials), _rounded(found.low), _rounded(found.high))


def pooled_mean(values: Matrix, *, overlap: int) -> Mean:
    """Return the mean of all known cells with an error for overlap and common movement.

    The cells of a date are one cluster; clusters are weighed by Bartlett's kernel over dates
    (Driscoll and Kraay, 1998; for one column Newey and West, 1987). It reaches twice the overlap:
    up to the overlap alone it would keep two thirds of the variance overlapping makes.

    Args:
        values: dates x columns, ascending; NaN where unknown.
        overlap: dates an outcome lasts beyond its own, 0 for none.
    """
    known = ~np.isnan(values)
    n_cells, n_dates = int(known.sum()), int(known.any(axis=1).sum())
    if n_cells == 0:
        return Mean(None, None, None, 0, 0)
    mean = float(values[known].sum()) / n_cells
    sums = np.where(known, values - mean, 0.0).sum(axis=1)
    variance = _long_run(sums, 2 * overlap) / n_cells**2
    least = max(LEAST_T_DATES, LEAST_SPANS * (overlap + 1))
    if n_dates < least or variance <= 0.0:
        return Mean(_rounded(mean), None, None, n_cells, n_dates)
    error = float(np.sqrt(variance))
    return Mean(_rounded(mean), _rounded(error), _rounded(mean / error), n_cells, n_dates)


def gap(values: Vector, chosen: Mask, *, overlap: int) -> Gap:
    """Return how the chosen dates' mean differs from that of all dates.

    The difference is (1 - p) * (mean of chosen - mean of the others), p the share chosen; its error
    adds (x - own mean) * (1 - p) / p over chosen dates and -(x - own mean) over the others, with
    Bartlett's kernel up to twice the overlap (Newey and West, 1987).

    Args:
        values: one a date, ascending; NaN dates are left out.
        chosen: dates of interest.
        overlap: dates an outcome lasts beyond its own.
    """
    known = ~np.isnan(values)
    x, picked = values[known], chosen[known]
    if len(x) == 0:
        return Gap(None, None, None)
    always = float(x.mean())
    if picked.all() or not picked.any():
        return Gap(_rounded(always) if picked.any() else None, _rounded(always), None)
    mean, other = float(x[picked].mean()), float(x[~picked].mean())
    odds = float((~picked).sum()) / float(picked.sum())
    pull = np.where(picked, odds * (x - mean), other - x)
    variance = _long_run(pull, 2 * overlap) / len(x) ** 2
    usable = int(picked.sum()) >= LEAST_T_DATES and variance > 0.0
    t = _rounded((mean - always) / float(np.sqrt(variance))) if usable else None
    return Gap(_rounded(mean), _rounded(always), t)


def _long_run(sums: Vector, lag: int) -> float:
    """Return the variance of the total of dependent dates, by Bartlett's weights."""
    total = float((sums * sums).sum())
    for step in range(1, min(lag, len(sums) - 1) + 1):
        weight = 1.0 - step / (lag + 1.0)
        total += 2.0 * weight * float((sums[step:] * sums[:-step]).sum())
    return total


def _rounded(value: float) -> float:
    return round(float(value), DECIMALS)
