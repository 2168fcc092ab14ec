"""Decides how far a turnover limit that nobody stated gives way to limits that somebody did."""

from core.portfolio.optimiser import feasible
from core.portfolio.problem import Problem
from core.portfolio.relaxing import relaxation, relaxed


def given_way(problem: Problem) -> Problem:
    """Return the problem with as much turnover as its stated limits need, and no more.

    A stated turnover, and a problem whose limits can all hold, stay as they are; so does one that
    no turnover is enough for, to be refused by name.
    """
    if "turnover" not in problem.mandate.assumed:
        return problem
    if feasible(problem.view, problem.start, problem.bounds):
        return problem
    limit = next(limit for limit in problem.limits if limit.field == "turnover")
    needed = relaxation(problem, limit).after
    return problem if needed is None else relaxed(problem, limit, needed)
