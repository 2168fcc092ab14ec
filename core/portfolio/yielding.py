"""Decides how far limits that nobody stated give way to limits that somebody did."""

from typing import Final

from core.errors import MandateError
from core.portfolio.grid import WHOLE
from core.portfolio.optimiser import feasible
from core.portfolio.problem import Problem
from core.portfolio.relaxing import MOST, relaxation, relaxed
from core.portfolio.targets import Targets, targets_of
from core.records.mandate import General

KEPT_FIRST: Final[tuple[General, ...]] = ("sector_cap", "active_cap", "turnover")
"""Limits by how long they are kept: turnover gives way first, then the active cap."""


def settled(problem: Problem) -> tuple[Problem, Targets]:
    """Return the problem as its assumed limits give way, and its targets.

    Where limits that can all hold leave no whole tenths of a percent, the assumed ones are loosened
    together by one more tenth, then two, four and so on until they do.

    Raises:
        MandateError: the stated limits cannot all hold, or only between whole tenths of a percent.
    """
    found = given_way(problem)
    more = 1
    while True:
        try:
            return found, targets_of(found)
        except MandateError as error:
            looser = _loosened(found, more)
            if error.conflict is not None or looser is found:
                raise
            found, more = looser, 2 * more


def given_way(problem: Problem) -> Problem:
    """Return the problem with its assumed limits as loose as the stated ones need, and no looser.

    The sector cap is loosened to the least with which the other assumed limits, wide open, let the
    mandate hold; then the active cap likewise, then turnover: of any of them a tenth of a percent
    less does not. Stated limits stay as they are, as does a problem whose limits can all hold.
    Where the stated ones conflict among themselves the assumed ones are wide open, so that none of
    them is named in the refusal.
    """
    if _holds(problem):
        return problem
    assumed = [name for name in KEPT_FIRST if name in problem.mandate.assumed]
    found = problem
    for name in assumed:
        found = _with(found, name, MOST)
    if assumed and _holds(found):
        for name in assumed:
            found = _tightened(found, name, getattr(problem.mandate, name))
    return found


def _tightened(problem: Problem, name: General, wanted: float) -> Problem:
    """Return the problem with one limit as wanted, or as near to it as lets the others hold."""
    tight = _with(problem, name, wanted)
    if _holds(tight):
        return tight
    limit = next(limit for limit in tight.limits if limit.name == name)
    return relaxed(tight, limit, relaxation(tight, limit).after or MOST)


def _loosened(problem: Problem, units: int) -> Problem:
    """Return the problem with every assumed limit so many units looser; itself if all are open."""
    found = problem
    for name in KEPT_FIRST:
        before = getattr(problem.mandate, name)
        if name in problem.mandate.assumed and before < MOST:
            found = _with(found, name, min(before + units / WHOLE, MOST))
    return found


def _with(problem: Problem, name: General, value: float) -> Problem:
    limit = next(limit for limit in problem.limits if limit.name == name)
    return relaxed(problem, limit, value)


def _holds(problem: Problem) -> bool:
    return feasible(problem.view, problem.start, problem.bounds)
