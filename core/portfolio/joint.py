"""Decides the least changes of several limits that let a mandate hold, where no single one does."""

from collections.abc import Iterator

import numpy as np

from core.portfolio.cones import Block, Cones, one_way, stacked, tracking_rows, trade_rows
from core.portfolio.grid import WHOLE
from core.portfolio.limits import LONG_ONLY, Limit
from core.portfolio.problem import Problem

LEAST = 1e-6
"""Fraction of a portfolio below which a limit need not change."""


def least_changes(problem: Problem) -> dict[str, float]:
    """Return by how much each limit gives way, fractions by `value_name`, so that the sum is least.

    An elastic programme (Chinneck, 2008): every limit may be passed by an amount of its own, and
    the sum of the amounts is minimised, which leaves most of them at nothing. A cap that overrides
    the active cap from below goes on doing so as it gives way. Empty where the solver finds none.
    """
    size = len(problem.start.reference)
    names = list(dict.fromkeys(limit.value_name for limit in problem.limits))
    names.remove(LONG_ONLY)
    column = {name: 2 * size + place for place, name in enumerate(names)}
    width = 2 * size + len(names)
    blocks: list[Block] = [
        (np.ones((1, size)), np.array([problem.start.total / WHOLE])),
        *trade_rows(problem.start, None),
        (-np.eye(width)[2 * size :], np.zeros(len(names))),
    ]
    cone = 0
    for limit in sorted(problem.limits, key=lambda limit: limit.tracking is not None):
        rows, right = stacked(_rows(problem, limit), width)
        eased = slice(0, 1) if limit.tracking is not None else slice(None)
        if limit.field != LONG_ONLY:
            rows[eased, column[limit.value_name]] = -1.0
        cone = len(right) if limit.tracking is not None else 0
        if limit.kind == "active_cap":
            for place, cap in _overridden(problem, limit):
                rows[size + place, column[limit.value_name]] = 0.0
                rows[size + place, column[cap.value_name]] = 1.0
        blocks.append((rows, right))
    rows, right = stacked(blocks, width)
    cost = np.concatenate([np.zeros(2 * size), np.ones(len(names))])
    found = Cones(rows, right, 1, cone).solved(np.zeros((0, 0)), cost)
    if found is None:
        return {}
    return {name: float(found[column[name]]) for name in names if found[column[name]] > LEAST}


def _overridden(problem: Problem, active: Limit) -> Iterator[tuple[int, Limit]]:
    """Yield the places where the active cap's low is a cap, each with that cap."""
    caps = [row for row in problem.limits if row.kind in {"sector_cap", "excluded"}]
    for place in range(len(problem.start.sectors)):
        tightest = min(caps, key=lambda row: WHOLE if row.high is None else int(row.high[place]))
        if active.low is None or tightest.high is None:
            continue
        if active.low[place] == tightest.high[place]:
            yield place, tightest


def _rows(problem: Problem, limit: Limit) -> list[Block]:
    """Return one limit's rows over weights and trades."""
    blocks: list[Block] = []
    if limit.high is not None:
        blocks.append((np.eye(len(limit.high)), limit.high / WHOLE))
    if limit.low is not None:
        blocks.append((-np.eye(len(limit.low)), -limit.low / WHOLE))
    if limit.row is not None:
        blocks.append((limit.row[None], np.array([limit.most / WHOLE])))
    if limit.turnover is not None:
        rows = one_way(len(problem.start.reference))
        blocks.append((rows, np.array([limit.turnover / WHOLE])))
    if limit.tracking is not None:
        blocks.append(tracking_rows(problem.view, problem.start, limit.tracking))
    return blocks
