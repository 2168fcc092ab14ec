"""Decides how bounds are written for a cone solver, and how that solver is run."""

from dataclasses import dataclass

import clarabel
import numpy as np
from scipy import sparse

from core.portfolio.bounds import Bounds
from core.portfolio.grid import WHOLE, Start
from core.portfolio.view import View
from core.signals.trailing import Matrix

Block = tuple[Matrix, Matrix]
"""Rows over x, and what they may come to."""

TOLERANCES = (1e-11, 1e-8)
"""Relative gap and residual asked of the solver, and what will do where it cannot reach them."""

SOLVED = frozenset({"Solved", "AlmostSolved"})
IMPOSSIBLE = frozenset({"PrimalInfeasible", "AlmostPrimalInfeasible"})


@dataclass(frozen=True, slots=True)
class Cones:
    """A solver's constraints on right - rows @ x.

    It is zero in the first `equal` rows, in a second-order cone in the last `cone` rows, and not
    negative between. x holds the weights of sectors and cash, their absolute trades, then slacks.
    """

    rows: Matrix
    right: Matrix
    equal: int
    cone: int

    def solved(self, quadratic: Matrix, linear: Matrix) -> Matrix | None:
        """Return x with the least x'Px/2 + q'x, None where the solver finds none.

        P and q may be given for the first columns only.
        """
        size = self.rows.shape[1]
        p, q = np.zeros((size, size)), np.zeros(size)
        p[: len(quadratic), : len(quadratic)] = np.triu(quadratic)
        q[: len(linear)] = linear
        between = len(self.rows) - self.equal - self.cone
        kinds = [clarabel.ZeroConeT(self.equal), clarabel.NonnegativeConeT(between)]
        if self.cone:
            kinds.append(clarabel.SecondOrderConeT(self.cone))
        upper, rows = _sparse(p), _sparse(self.rows)
        for tolerance in TOLERANCES:
            solver = clarabel.DefaultSolver(upper, q, rows, self.right, kinds, _settings(tolerance))
            solution = solver.solve()
            if str(solution.status) in SOLVED:
                return np.array(solution.x, dtype=np.float64)
            if str(solution.status) in IMPOSSIBLE:
                return None
        return None


def cones_of(
    view: View, start: Start, bounds: Bounds, *, slack: bool = False, ease: float = 0.0
) -> Cones:
    """Return the bounds as cones, weights as fractions.

    Args:
        view: its covariance is that of the tracking error.
        start: what trades and the tracking error are counted from.
        bounds: low within high.
        slack: let one last x ease look-through and tracking error; else there is none.
        ease: fraction of the portfolio by which they are eased anyway.
    """
    low, high = bounds.low / WHOLE, bounds.high / WHOLE
    size, held = len(low), low == high
    unit = np.eye(size)
    blocks = [
        (np.ones((1, size)), np.array([start.total / WHOLE])),
        (unit[held], low[held]),
        (unit[~held], high[~held]),
        (-unit[~held], -low[~held]),
        *trade_rows(start, bounds.turnover),
        (bounds.rows, bounds.most / WHOLE + ease),
    ]
    eased = [len(bounds.rows)]
    cone = 0
    if bounds.tracking is not None:
        blocks.append(tracking_rows(view, start, bounds.tracking + ease))
        cone = len(blocks[-1][1])
        eased.append(1)
    rows, right = stacked(blocks, 2 * size + slack)
    if slack:
        first = len(rows) - cone - len(bounds.rows)
        rows[first : first + sum(eased), -1] = -1.0
    return Cones(rows, right, 1 + int(held.sum()), cone)


def stacked(blocks: list[Block], width: int) -> Block:
    """Return blocks below each other, columns they leave out as zeros."""
    rows = np.zeros((sum(len(right) for _, right in blocks), width))
    first = 0
    for block, right in blocks:
        rows[first : first + len(right), : block.shape[1]] = block
        first += len(right)
    return rows, np.concatenate([right for _, right in blocks])


def trade_rows(start: Start, turnover: int | None) -> list[Block]:
    """Return trades as at least each distance from the reference, within one-way units."""
    reference = start.reference / WHOLE
    unit = np.eye(len(reference))
    rows = [(np.hstack([unit, -unit]), reference), (np.hstack([-unit, -unit]), -reference)]
    if turnover is not None:
        rows.append((one_way(len(reference)), np.array([turnover / WHOLE])))
    return rows


def one_way(size: int) -> Matrix:
    """Return the row that is half the sum of trades."""
    return np.concatenate([np.zeros(size), np.full(size, 0.5)])[None]


def tracking_rows(view: View, start: Start, budget: float) -> Block:
    """Return the tracking error within a budget, as the rows of one cone."""
    values, vectors = np.linalg.eigh(view.covariance)
    root = np.sqrt(np.maximum(values, 0.0))[:, None] * vectors.T
    rows = np.zeros((len(root) + 1, len(root) + 1))
    rows[1:, :-1] = -root
    return rows, np.concatenate([[budget], -root @ (start.benchmark[:-1] / WHOLE)])


def _sparse(dense: Matrix) -> sparse.csc_matrix:
    columns, rows = np.nonzero(dense.T)
    starts = np.searchsorted(columns, np.arange(dense.shape[1] + 1))
    return sparse.csc_matrix((dense[rows, columns], rows, starts), shape=dense.shape)


def _settings(tolerance: float) -> clarabel.DefaultSettings:
    settings = clarabel.DefaultSettings()
    settings.verbose = False
    settings.max_threads = 1
    settings.direct_solve_method = "qdldl"
    settings.tol_gap_abs = tolerance
    settings.tol_gap_rel = tolerance
    settings.tol_feas = tolerance
    return settings
