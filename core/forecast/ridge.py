"""Decides the weights of a score from moments added up by date, and from what was expected before.

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

FACTOR_IC = 0.02
"""What all factors together are expected to add to the views: little, in development nothing."""

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


def ridge_fit(sums: Moments, row: int, *, overlap: float, claims: Matrix) -> Fit | None:
    """Return the ridge solution on decisions 0..row, None if nothing has a weight.

        w = (Z'Z + L)^-1 (Z'y + L w0)
        L  = diagonal of overlap * k / IC^2    k views with IC 0.05, k factors with IC 0.02
        w0 = claim * sd(y) / number of views   for a view, 0 for a factor

    Hoerl and Kennard (1970), shrunk toward w0 instead of 0: views are forecasts, so before evidence
    they count by what they claim, and factors count for nothing whatever their sign. With
    unit-variance z, k columns and a prior that together they correlate by IC with y, k / IC^2 is
    the ratio of noise to prior variance; `overlap`, the horizon over the decision interval,
    discounts labels that share sessions.

    Args:
        sums: of all columns.
        row: last decision that counts.
        overlap: decisions a label spans.
        claims: columns; the correlation a view with a fold claims, at most IC; 0 for factors and
            views without one. A claim needs no history.
    """
    squares, products = sums.squares[row], sums.products[row]
    seen = (sums.dates[row] >= LEAST_DATES) & (np.diagonal(squares) > 0.0)
    views = claims > 0.0
    active = seen | views
    n_active, count = int(active.sum()), int(sums.count[row])
    if n_active == 0 or count == 0:
        return None
    n_views = int(views.sum())
    penalty = np.where(
        views, overlap * n_views / PRIOR_IC**2, overlap * (n_active - n_views) / FACTOR_IC**2
    )[active]
    spread = float(np.sqrt(sums.outcomes[row] / count))
    expected = (np.minimum(claims, PRIOR_IC) * spread / max(n_views, 1))[active]
    inner, right = squares[np.ix_(active, active)], products[active]
    solution = np.linalg.solve(inner + np.diag(penalty), right + penalty * expected)
    solution = np.round(solution, COEFFICIENT_DECIMALS) + 0.0
    left = sums.outcomes[row] - 2.0 * solution @ right + solution @ inner @ solution
    coefficients = np.full(len(active), np.nan)
    coefficients[active] = solution
    residual = float(np.round(np.sqrt(max(left, 0.0) / count), COEFFICIENT_DECIMALS))
    return Fit(coefficients, residual, count)
