"""Decides the coefficients of a linear forecast from moments added up by date.

Moments of the past are prefixes of one running sum, so a fold never touches a later date.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from core.signals.trailing import Matrix

COEFFICIENT_DECIMALS = 9

PRIOR_IC = 0.05
"""Correlation all factors together are expected to have with the outcome, before seeing data: the
top of what sector studies find (docs/method). It sets the penalty and is never tuned."""

LEAST_DATES = 104
"""Decisions on which a factor must have compared sectors to get a coefficient: two years."""


@dataclass(frozen=True, slots=True)
class Moments:
    """Running sums; row i holds decisions 0..i.

    squares: factors x factors a row. products: factors. outcomes: sum of squared labels.
    dates: decisions with a comparison, by factor. count: labels, one a sector and decision.
    """

    squares: Matrix
    products: Matrix
    outcomes: Matrix
    dates: NDArray[np.int64]
    count: NDArray[np.int64]


def moments(z: Matrix, labels: Matrix) -> Moments:
    """Return the running moments; a missing z adds nothing, a missing label drops its sector.

    Args:
        z: decisions x sectors x factors, cross-sectionally centred; NaN where missing.
        labels: decisions x sectors, percent, centred; NaN where missing.
    """
    usable = ~np.isnan(labels)
    x = np.where(usable[:, :, None], np.nan_to_num(z), 0.0)
    y = np.where(usable, labels, 0.0)
    n_dates, n_sectors, n_factors = x.shape
    squares = np.zeros((n_dates, n_factors, n_factors))
    products, outcomes = np.zeros((n_dates, n_factors)), np.zeros(n_dates)
    for sector in range(n_sectors):
        row, outcome = x[:, sector], y[:, sector]
        squares += row[:, :, None] * row[:, None, :]
        products += row * outcome[:, None]
        outcomes += outcome * outcome
    compared = (~np.isnan(z) & usable[:, :, None]).any(axis=1)
    return Moments(
        squares=np.cumsum(squares, axis=0),
        products=np.cumsum(products, axis=0),
        outcomes=np.cumsum(outcomes),
        dates=np.cumsum(compared, axis=0),
        count=np.cumsum(usable.sum(axis=1)),
    )


@dataclass(frozen=True, slots=True)
class Fit:
    """Coefficients, percent a sd, NaN for a factor without one; sd of what they leave, percent."""

    coefficients: Matrix
    residual_sd: float
    count: int


def ridge_fit(sums: Moments, row: int, *, overlap: float) -> Fit | None:
    """Return the ridge solution on decisions 0..row, None if no factor has enough history.

        b = (Z'Z + lambda I)^-1 Z'y,   lambda = overlap * k / IC^2

    Hoerl and Kennard (1970). With unit-variance z, k factors and a prior that together they
    correlate by IC = 0.05 with y, k / IC^2 is the ratio of noise to prior variance; `overlap`, the
    horizon over the decision interval, discounts labels that share sessions.
    """
    squares, products = sums.squares[row], sums.products[row]
    active = (sums.dates[row] >= LEAST_DATES) & (np.diagonal(squares) > 0.0)
    n_active = int(active.sum())
    count = int(sums.count[row])
    if n_active == 0 or count == 0:
        return None
    penalty = overlap * n_active / PRIOR_IC**2
    inner, right = squares[np.ix_(active, active)], products[active]
    solution = np.linalg.solve(inner + penalty * np.eye(n_active), right)
    solution = np.round(solution, COEFFICIENT_DECIMALS) + 0.0
    left = sums.outcomes[row] - 2.0 * solution @ right + solution @ inner @ solution
    coefficients = np.full(len(active), np.nan)
    coefficients[active] = solution
    residual = float(np.round(np.sqrt(max(left, 0.0) / count), COEFFICIENT_DECIMALS))
    return Fit(coefficients, residual, count)
