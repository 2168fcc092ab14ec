"""Decides the weights a view is worth within bounds, and whether any weights keep them."""

import numpy as np

from core.errors import MandateError
from core.portfolio.bounds import Bounds
from core.portfolio.cones import cones_of
from core.portfolio.grid import WHOLE, Mask, Start
from core.portfolio.view import View
from core.signals.trailing import Matrix

TOUCH = 1e-7
"""Fraction of a portfolio, or of annual tracking error, by which limits that only just meet may
miss each other in floating point."""


def best_weights(view: View, start: Start, bounds: Bounds) -> Matrix | None:
    """Return the best weights of sectors and cash, fractions; None where none keep the bounds.

        maximise alpha'a - gamma/2 a'Va,   a = target - benchmark over sectors
        subject to the sum, low and high, look-through, one-way turnover, sqrt(a'Va) <= budget

    Raises:
        MandateError: the solver neither finds the weights nor tells that there are none.
    """
    base = start.benchmark[:-1] / WHOLE
    linear = -view.alpha - view.risk_aversion * (view.covariance @ base)
    return _least(view, start, bounds, (view.risk_aversion * view.covariance, linear))


def nearest_weights(view: View, start: Start, bounds: Bounds, places: Mask) -> Matrix | None:
    """Return weights within the bounds whose `places` are nearest their reference.

    Nearest by the sum of squares, so that no order of sectors matters; else as `best_weights`.
    """
    wanted = places[:-1].astype(np.float64)
    target = start.reference[:-1] / WHOLE
    return _least(view, start, bounds, (np.diag(wanted), -wanted * target))


def feasible(view: View, start: Start, bounds: Bounds) -> bool:
    """Tell whether some weights keep the bounds, but for 1e-7 of the portfolio."""
    if not bounds.boxes_meet(start):
        return False
    if not len(bounds.rows) and bounds.tracking is None:
        return True
    return _miss(view, start, bounds) <= TOUCH


def unlimited_weights(
    view: View, start: Start, fixed: Matrix, movable: Mask, cash: float | None
) -> Matrix:
    """Return the best weights of sectors and cash without any limit but the sum, in closed form.

    Args:
        view: alpha and covariance.
        start: benchmark and what lies outside.
        fixed: weights of the sectors no view is taken on, fractions; the others are not read.
        movable: sectors a view is taken on.
        cash: its weight; None leaves it free, even below zero.
    """
    base = start.benchmark[:-1] / WHOLE
    active = np.where(movable, 0.0, fixed - base)
    total = start.total / WHOLE
    if movable.any():
        covariance = view.risk_aversion * view.covariance
        gain = (view.alpha - covariance @ active)[movable]
        sides = np.column_stack([gain, np.ones(len(gain))])
        by_gain, by_one = np.linalg.solve(covariance[np.ix_(movable, movable)], sides).T
        over = 0.0
        if cash is not None:
            room = total - cash - float(np.where(movable, base, fixed).sum())
            over = (by_gain.sum() - room) / by_one.sum()
        active[movable] = by_gain - by_one * over
    weights = base + active
    left = total - float(weights.sum()) if cash is None else cash
    return np.append(weights, left)


def _least(
    view: View, start: Start, bounds: Bounds, objective: tuple[Matrix, Matrix]
) -> Matrix | None:
    """Return weights with the least x'Px/2 + q'x over sectors; None where there are none."""
    if not bounds.boxes_meet(start):
        return None
    found = cones_of(view, start, bounds).solved(*objective)
    if found is None:
        if _miss(view, start, bounds) > TOUCH:
            return None
        found = cones_of(view, start, bounds, ease=2.0 * TOUCH).solved(*objective)
    if found is None:
        raise MandateError(
            "mandate: its limits meet in a point the solver cannot reach; loosen one of them"
        )
    return found[: len(start.reference)]


def _miss(view: View, start: Start, bounds: Bounds) -> float:
    """Return the least by which look-through and tracking error are passed; below 0 is room.

    Args:
        view: its covariance is that of the tracking error.
        start: of the bounds.
        bounds: with some look-through or tracking error, boxes that meet.
    """
    cones = cones_of(view, start, bounds, slack=True)
    linear = np.zeros(cones.rows.shape[1])
    linear[-1] = 1.0
    found = cones.solved(np.zeros((0, 0)), linear)
    return float("inf") if found is None else float(found[-1])
