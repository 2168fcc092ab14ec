"""Whether the limits in the words hold in every weight of every answer, floors and turnover too.

A stated limit never gives way: where it cannot hold there are no weights, and the error names it.
"""

from collections.abc import Iterator
from typing import Literal, NamedTuple

from core.records.decision import Allocation
from core.records.mandate import MandatePatch
from evals.records import Answer, Expected, Ran
from evals.scorers.checks import Check, turns

TOLERANCE = 1e-9
"""Of a weight, a fraction."""
CONFLICT = "MandateError: "
"""How an error begins that says which limits cannot all hold."""


class Limit(NamedTuple):
    """A limit in the words: on a sector, or on all trades, whose sector is empty."""

    kind: Literal["cap", "exclusion", "floor", "turnover"]
    sector: str
    value: float

    def __str__(self) -> str:
        of = f" of {self.sector}" if self.sector else ""
        return f"{self.kind}{of}" + ("" if self.kind == "exclusion" else f" {self.value:g}")


def checks(ran: Ran) -> Iterator[Check]:
    """Yield of each turn's limits, as read and as expected, whether each weight keeps to them."""
    for place, turn, answer in turns(ran):
        where = f"turn {place + 1}: " if place else ""
        patch = answer.request.patch if answer.request is not None else None
        limits = sorted({*of_patch(patch), *of(turn.expected)})
        for check in _kept(limits, answer):
            yield Check(check.right, where + check.what)


def alike(
    expected: Expected, patch: MandatePatch | None, *, earlier: MandatePatch | None = None
) -> Iterator[Check]:
    """Yield of each limit that is expected, was read, or stood before whether both agree on it.

    Where none is expected none is to be read.
    """
    wanted, found, before = (
        {(row.kind, row.sector): row for row in rows}
        for rows in (of(expected), of_patch(patch), of_patch(earlier))
    )
    for key in sorted({*wanted, *found, *before}):
        need, own = wanted.get(key), found.get(key)
        close = need is not None and own is not None and abs(need.value - own.value) <= TOLERANCE
        yield Check(close or need is own is None, f"limit {own or 'none'}, not {need or 'none'}")


def of_patch(patch: MandatePatch | None) -> tuple[Limit, ...]:
    """Return the limits of a request."""
    if patch is None:
        return ()
    return (
        *(Limit("cap", row.sector, row.cap) for row in patch.caps),
        *(Limit("floor", row.sector, row.floor) for row in patch.floors),
        *(Limit("exclusion", sector, 0.0) for sector in patch.excluded),
        *(Limit("turnover", "", most) for most in (patch.turnover,) if most is not None),
    )


def of(expected: Expected) -> tuple[Limit, ...]:
    """Return the limits a turn's words have, with those the thread keeps."""
    return (
        *(Limit("cap", sector, cap) for sector, cap in expected.caps.items()),
        *(Limit("floor", sector, floor) for sector, floor in expected.floors.items()),
        *(Limit("exclusion", sector, 0.0) for sector in expected.excluded),
        *(Limit("turnover", "", most) for most in (expected.turnover,) if most is not None),
    )


def traded(allocation: Allocation) -> float:
    """Return the one-way turnover the lines come to: half of what is bought and sold, with cash.

    Counted from what is held; without a portfolio from the benchmark, which has no cash.
    """
    moved = abs(allocation.cash_target_weight - (allocation.cash_held_weight or 0.0))
    for line in allocation.lines:
        before = line.benchmark_weight if line.held_weight is None else line.held_weight
        moved += abs(line.target_weight - before)
    return moved / 2.0


def _kept(limits: list[Limit], answer: Answer) -> Iterator[Check]:
    if answer.report is None:
        if limits and answer.error.startswith(CONFLICT):
            named = any((row.sector or row.kind) in answer.error for row in limits)
            yield Check(named, f"cannot hold, and names no limit of the words: {answer.error!r}")
        return
    allocations = answer.report.allocations
    for limit in limits:
        held = [held for row in allocations if (held := _held(limit, row)) is not None]
        if allocations and not held:
            yield Check(limit.kind != "floor", f"no weight of {limit.sector} for its {limit.kind}")
        for keeps, weight in held:
            yield Check(keeps, f"{limit} does not hold: {weight:g}")


def _held(limit: Limit, allocation: Allocation) -> tuple[bool, float] | None:
    """Return whether a limit holds, with the weight it is about; None where there is no such."""
    if limit.kind == "turnover":
        told, own = allocation.turnover, traded(allocation)
        return max(told, own) <= limit.value + TOLERANCE, max(told, own)
    for line in allocation.lines:
        if line.sector == limit.sector:
            weight = line.target_weight
            if limit.kind == "floor":
                return weight >= limit.value - TOLERANCE, weight
            return weight <= limit.value + TOLERANCE, weight
    return None
