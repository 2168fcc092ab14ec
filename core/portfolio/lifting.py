"""Decides what a limit costs: what the best weights without it would gain."""

from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np

from core.portfolio.bounds import Bounds, combined
from core.portfolio.grid import WHOLE, Mask
from core.portfolio.limits import Limit, stated
from core.portfolio.optimiser import best_weights, unlimited_weights
from core.portfolio.problem import Problem
from core.portfolio.targets import Targets
from core.signals.trailing import Matrix

COST_DECIMALS = 4
BPS = 1e4


@dataclass(frozen=True, slots=True)
class Measured:
    """What a limit counts, as it counts it: wished for, got on the grid, and the room left."""

    wanted: float
    got: float
    slack: float


@dataclass(frozen=True, slots=True)
class Case:
    """An allocation, with the weights of sectors and cash it would have without any limit."""

    problem: Problem
    found: Targets
    wanted: Matrix
    worth: float

    def cost_without(self, limit: Limit) -> float | None:
        """Return what lifting a limit gains, basis points a year.

        Sectors held by the no-trade band, or for want of a view, stay where they are.
        """
        kept = self.problem.still | _places(self.found.wished, len(self.wanted))
        return self._gain(_without(self.problem, limit).as_in(kept, self.found.bounds))

    def cost_at(self, place: int, limit: Limit) -> float | None:
        """Return what lifting a limit for one sector gains; None without a view on it."""
        if self.problem.still[place]:
            return None
        here = _places([place], len(self.wanted))
        return self._gain(self.found.bounds.as_in(here, _without(self.problem, limit)))

    def cost_of_band(self, place: int) -> float | None:
        """Return what trading one sector the band kept would gain."""
        here = _places([place], len(self.wanted))
        return self._gain(self.found.bounds.as_in(here, self.problem.bounds))

    def measured(self, limit: Limit) -> Measured | None:
        """Return what a limit of the whole portfolio counts; None for limits on single sectors."""
        if limit.turnover is not None:
            return self._turnover(limit.turnover / WHOLE)
        if limit.tracking is not None:
            return self._tracking(limit.tracking)
        if limit.row is not None:
            return self._looked_through(limit, limit.row)
        return self._cash(limit)

    def _gain(self, bounds: Bounds) -> float | None:
        weights = best_weights(self.problem.view, self.problem.start, bounds)
        if weights is None:
            return None
        return max(round(BPS * (_worth(self.problem, weights) - self.worth), COST_DECIMALS), 0.0)

    def _turnover(self, most: float) -> Measured:
        reference = self.problem.start.reference / WHOLE
        wanted, got, exact = (
            float(np.abs(weights - reference).sum()) / 2.0
            for weights in (self.wanted, self.found.units / WHOLE, self.found.exact)
        )
        return Measured(wanted, got, most - exact)

    def _tracking(self, most: float) -> Measured:
        base, view = self.problem.start.benchmark / WHOLE, self.problem.view
        wanted, got, exact = (
            view.variance((weights - base)[:-1]) ** 0.5
            for weights in (self.wanted, self.found.units / WHOLE, self.found.exact)
        )
        return Measured(wanted, got, most - exact)

    def _looked_through(self, limit: Limit, row: Matrix) -> Measured:
        beside = 0.0
        if not limit.counted:
            beside = (stated(self.problem.mandate, limit) or 0.0) - limit.most / WHOLE
        wanted, got, exact = (
            float(row @ weights)
            for weights in (self.wanted, self.found.units / WHOLE, self.found.exact)
        )
        return Measured(wanted + beside, got + beside, limit.most / WHOLE - exact)

    def _cash(self, limit: Limit) -> Measured | None:
        exact = float(self.found.exact[-1])
        if limit.kind == "cash_floor" and limit.low is not None:
            slack = exact - int(limit.low[-1]) / WHOLE
        elif limit.kind == "cash_cap" and limit.high is not None:
            slack = int(limit.high[-1]) / WHOLE - exact
        else:
            return None
        return Measured(float(self.wanted[-1]), int(self.found.units[-1]) / WHOLE, slack)


def case_of(problem: Problem, found: Targets) -> Case:
    """Return the case; sectors without a view would keep their reference weight."""
    start = problem.start
    wanted = unlimited_weights(
        problem.view,
        start,
        start.reference[:-1] / WHOLE,
        ~problem.still[:-1],
        None if start.held else int(found.units[-1]) / WHOLE,
    )
    return Case(problem, found, wanted, _worth(problem, found.exact))


def _worth(problem: Problem, weights: Matrix) -> float:
    return problem.view.utility((weights - problem.start.benchmark / WHOLE)[:-1])


def _without(problem: Problem, limit: Limit) -> Bounds:
    others = [other for other in problem.limits if other is not limit]
    return combined(others, len(problem.start.reference))


def _places(chosen: Iterable[int], size: int) -> Mask:
    mask = np.zeros(size, dtype=np.bool_)
    mask[list(chosen)] = True
    return mask
