"""Decides the active weights a view is worth, by one quadratic programme."""

from dataclasses import dataclass

import clarabel
import numpy as np
from scipy import sparse

from core.errors import MandateError
from core.portfolio.limits import WHOLE, Bounds
from core.signals.trailing import Matrix

SOLVED = ("Solved", "AlmostSolved")


@dataclass(frozen=True, slots=True)
class View:
    """Annual expected excess by sector, annual covariance, risk aversion; sectors in id order."""

    alpha: Matrix
    covariance: Matrix
    risk_aversion: float

    def variance(self, active: Matrix) -> float:
        """Return the annual variance of active weights."""
        return float(active @ self.covariance @ active)


def best_active(view: View, limits: Bounds) -> Matrix:
    """Return the best active weights a within the limits, as fractions.

        maximise alpha'a - gamma/2 a'Va
        subject to sum a = 0, bounds, sum |a| <= 2 * turnover

    Raises:
        MandateError: the solver finds no point within the limits.
    """
    n = len(view.alpha)
    identity, none = sparse.identity(n), sparse.csc_matrix((n, n))
    low, high = ((bound - limits.benchmark) / WHOLE for bound in (limits.low, limits.high))
    ones, zeros = np.ones((1, n)), np.zeros((1, n))
    rows = sparse.bmat(
        [
            [ones, zeros],
            [identity, none],
            [-identity, none],
            [identity, -identity],
            [-identity, -identity],
            [zeros, ones],
        ],
        format="csc",
    )
    turnover = 2.0 * limits.turnover / WHOLE
    right = np.concatenate([[0.0], high, -low, np.zeros(2 * n), [turnover]])
    quadratic = sparse.block_diag([view.risk_aversion * view.covariance, none])
    linear = np.concatenate([-view.alpha, np.zeros(n)])
    cones = [clarabel.ZeroConeT(1), clarabel.NonnegativeConeT(4 * n + 1)]
    solver = clarabel.DefaultSolver(
        sparse.triu(quadratic, format="csc"), linear, rows, right, cones, _settings()
    )
    solution = solver.solve()
    if str(solution.status) not in SOLVED:
        raise MandateError(
            "mandate: its limits meet in a point the solver cannot reach "
            f"({solution.status}); loosen sector_cap, active_cap or turnover"
        )
    return np.array(solution.x[:n], dtype=np.float64)


def unlimited_active(view: View, movable: Matrix) -> Matrix:
    """Return the active weights without any limit but the sum, in closed form.

    Args:
        view: alpha and covariance, sectors in id order.
        movable: 1.0 for sectors a view is taken on, 0.0 for the others, which stay at 0.
    """
    chosen = movable > 0.0
    active = np.zeros(len(view.alpha))
    if not chosen.any():
        return active
    covariance = view.risk_aversion * view.covariance[np.ix_(chosen, chosen)]
    sides = np.column_stack([view.alpha[chosen], np.ones(int(chosen.sum()))])
    by_alpha, by_one = np.linalg.solve(covariance, sides).T
    active[chosen] = by_alpha - by_one * (by_alpha.sum() / by_one.sum())
    return active


def _settings() -> clarabel.DefaultSettings:
    settings = clarabel.DefaultSettings()
    settings.verbose = False
    settings.max_threads = 1
    settings.direct_solve_method = "qdldl"
    return settings
