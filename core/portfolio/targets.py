"""Decides the targets step by step: the best within the limits, whole, and no trade too small.

It refuses limits that cannot all hold.
"""

from dataclasses import dataclass, replace

import numpy as np

from core.errors import MandateError
from core.portfolio.bounds import Bounds
from core.portfolio.conflicts import refused
from core.portfolio.grid import WHOLE, Mask, Units, within_band
from core.portfolio.optimiser import best_weights, feasible, nearest_weights
from core.portfolio.problem import Problem
from core.portfolio.rounding import whole_targets
from core.signals.trailing import Matrix

NEAR = 1e-4
"""Units from a whole number taken as solver noise where a weight is kept near its reference."""


@dataclass(frozen=True, slots=True)
class Targets:
    """The answer: exact weights as fractions, whole units, and the bounds both keep.

    Places are sectors in id order, then cash. `wished`: units that sectors kept at their reference
    by the no-trade band would have got, by place.
    """

    exact: Matrix
    units: Units
    bounds: Bounds
    wished: dict[int, int]


def targets_of(problem: Problem) -> Targets:
    """Return the targets.

    A sector without a view keeps its reference weight, or the nearest weight the limits allow. A
    sector whose target would lie within the no-trade band of its reference weight keeps it as far
    as the limits allow, the smallest trades first, and the rest is solved again.

    Raises:
        MandateError: the limits cannot all hold, or only between whole tenths of a percent.
    """
    found = _answered(problem, _quiet(problem))
    if found is None:
        found = _answered(problem, problem.bounds)
    if found is None:
        raise MandateError(
            f"mandate {problem.mandate.id}: its limits leave no weights in whole tenths of a "
            "percent; loosen one of them a little"
        )
    while True:
        inside = _too_small(problem, found)
        tighter = _held(problem, found, inside)
        if tighter is None:
            return found
        found = tighter


def _quiet(problem: Problem) -> Bounds:
    """Return the bounds with sectors that have no view kept at, or nearest to, their reference."""
    start, bounds, still = problem.start, problem.bounds, problem.still
    kept = bounds.fixed(still, np.clip(start.reference, bounds.low, bounds.high))
    if feasible(problem.view, start, kept):
        return kept
    near = nearest_weights(problem.view, start, bounds, still)
    if near is None:
        raise refused(problem)
    low = np.floor(WHOLE * near + NEAR).astype(np.int64)
    high = np.ceil(WHOLE * near - NEAR).astype(np.int64)
    return replace(
        bounds,
        low=np.where(still, np.maximum(low, bounds.low), bounds.low),
        high=np.where(still, np.minimum(high, bounds.high), bounds.high),
    )


def _answered(problem: Problem, bounds: Bounds) -> Targets | None:
    exact = best_weights(problem.view, problem.start, bounds)
    if exact is None:
        return None
    units = whole_targets(exact, problem.start, bounds, problem.view)
    return None if units is None else Targets(exact, units, bounds, {})


def _too_small(problem: Problem, found: Targets) -> list[int]:
    """Return places traded within the no-trade band that may stay, smallest trades first."""
    trades, reference = found.units - problem.start.reference, problem.start.reference
    may: Mask = (found.bounds.low <= reference) & (reference <= found.bounds.high) & (trades != 0)
    may[-1] = False
    inside = [
        place
        for place in np.flatnonzero(may).tolist()
        if within_band(int(trades[place]), problem.mandate)
    ]
    return sorted(inside, key=lambda place: (abs(int(trades[place])), place))


def _held(problem: Problem, found: Targets, inside: list[int]) -> Targets | None:
    """Return the answer with the most of these places kept, in their order; None if none can be."""
    best: Targets | None = None
    low, high = 0, len(inside)
    count = high
    while low < high:
        kept = np.zeros(len(found.units), dtype=np.bool_)
        kept[inside[:count]] = True
        answer = _answered(problem, found.bounds.fixed(kept, problem.start.reference))
        if answer is None:
            high = count - 1
        else:
            low = count
            wished = {place: int(found.units[place]) for place in inside[:count]}
            best = replace(answer, wished=found.wished | wished)
        count = (low + high + 1) // 2
    return best
