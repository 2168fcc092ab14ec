"""Decides the nearest whole units that keep every limit, or that there are none."""

import numpy as np

from core.portfolio.bounds import Bounds
from core.portfolio.grid import WHOLE, Start, Units
from core.portfolio.view import View
from core.signals.trailing import Matrix

MOST_NODES = 20_000
"""Branches an integer programme may take, so that a hard one ends the same way on any machine."""

MOST_CUTS = 60
"""Planes put against the tracking error before the search is given up."""


def nearest_units(exact: Matrix, start: Start, bounds: Bounds, view: View) -> Units | None:
    """Return the units nearest to exact weights by the sum of distances, None if none are found.

    An integer programme; the tracking error, which is convex, is put to it as planes that touch it
    at each answer that passes it (Kelley, 1960).

    Args:
        exact: sectors and cash, fractions.
        start: of the bounds.
        bounds: any.
        view: covariance of the tracking error.
    """
    from scipy.optimize import Bounds as Boxes  # here, because few runs need it and it loads slowly
    from scipy.optimize import LinearConstraint, milp

    size = len(exact)
    rows, most = _linear(exact, start, bounds)
    still = np.concatenate([np.ones(size), np.zeros(2 * size)])
    cost = np.concatenate([np.zeros(2 * size), np.ones(size)])
    low = np.concatenate([bounds.low, np.zeros(2 * size)])
    high = np.concatenate([bounds.high, np.full(2 * size, 2.0 * WHOLE)])
    whole = np.concatenate([np.ones(size), np.zeros(2 * size)])
    for _ in range(MOST_CUTS):
        answer = milp(
            cost,
            integrality=whole,
            bounds=Boxes(low, high),
            options={"node_limit": MOST_NODES},
            constraints=[
                LinearConstraint(rows, -np.inf, most),
                LinearConstraint(still, start.total, start.total),
            ],
        )
        if answer.x is None:
            return None
        units: Units = np.rint(answer.x[:size]).astype(np.int64)
        if bounds.keep(units, start, view):
            return units
        if bounds.tracking is None:
            return None
        row, right = _plane(units, start, bounds, view)
        rows, most = np.vstack([rows, row]), np.append(most, right)
    return None


def _linear(exact: Matrix, start: Start, bounds: Bounds) -> tuple[Matrix, Matrix]:
    """Return rows and right sides over units, absolute trades and distances from exact."""
    size = len(exact)
    unit, none, wanted = np.eye(size), np.zeros((size, size)), WHOLE * exact
    reference = start.reference.astype(np.float64)
    slow = float(2 * WHOLE if bounds.turnover is None else 2 * bounds.turnover)
    look = np.zeros((len(bounds.rows), size))
    rows = np.vstack(
        [
            np.hstack([unit, -unit, none]),
            np.hstack([-unit, -unit, none]),
            np.hstack([unit, none, -unit]),
            np.hstack([-unit, none, -unit]),
            np.concatenate([np.zeros(size), np.ones(size), np.zeros(size)])[None],
            np.hstack([bounds.rows, look, look]),
        ]
    )
    most = np.concatenate([reference, -reference, wanted, -wanted, [slow], bounds.most])
    return rows, most


def _plane(units: Units, start: Start, bounds: Bounds, view: View) -> tuple[Matrix, float]:
    """Return the plane touching the tracking error at units that pass it, as row @ x <= right."""
    base = start.benchmark[:-1].astype(np.float64)
    active = units[:-1] - base
    error = np.sqrt(view.variance(active))
    slope = view.covariance @ active / max(error, np.finfo(np.float64).tiny)
    row = np.zeros(3 * len(units))
    row[: len(slope)] = slope
    budget = WHOLE * (bounds.tracking or 0.0)
    return row, float(budget + slope @ base)
