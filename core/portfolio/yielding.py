"""Decides how far limits that nobody stated give way to limits that somebody did."""

from typing import Final

from core.portfolio.optimiser import feasible
from core.portfolio.problem import Problem
from core.portfolio.relaxing import MOST, relaxation, relaxed
from core.records.mandate import General

KEPT_FIRST: Final[tuple[General, ...]] = ("sector_cap", "active_cap", "turnover")
"""Limits by how long they are kept: turnover gives way first, then the active cap."""


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


def _with(problem: Problem, name: General, value: float) -> Problem:
    limit = next(limit for limit in problem.limits if limit.name == name)
    return relaxed(problem, limit, value)


def _holds(problem: Problem) -> bool:
    return feasible(problem.view, problem.start, problem.bounds)
