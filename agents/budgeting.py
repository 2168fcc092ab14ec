"""Decides which queued calls fit servers' quotas and the run's budget, most valuable first.

The calls a score rests on come before all others, in the order the score needs them; then what was
queued first. A call whose answer is known costs nothing. It does not decide which calls there are.
"""

import asyncio
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Final

from agents.budgets import accounts, reserved, seconds_left
from agents.services import Services
from agents.toolbox.quota import Way
from core.records.budget import Budget, Cost
from core.records.evidence import Gap
from core.records.plan import PlanStep
from core.records.result import GapReason

ALL: Final = "*"
"""Stands in what is left for the calls of all servers together."""
Kept = Mapping[str, tuple[Way, ...]]


@dataclass(frozen=True, slots=True)
class Share:
    """What becomes of a queue: the gaps of what does not fit, and what the rest was allotted.

    Both by step id; nothing is allotted where a step costs nothing, or nobody counts.
    """

    gaps: Mapping[str, Gap] = field(default_factory=dict)
    allotted: Mapping[str, dict[str, int]] = field(default_factory=dict)


async def shared(steps: Sequence[PlanStep], services: Services, *, run: str) -> Share:
    """Return what of the steps may be called; what they cost at most is booked.

    Each gap is recorded. The other steps are allotted the servers whose calls were counted.
    """
    box = services.toolbox
    left = await asyncio.to_thread(box.calls_left)
    seconds = await seconds_left(services, run)
    if not left and services.purse is None and seconds is None:
        return Share()
    late = seconds is not None and seconds <= 0
    ways, kept = await asyncio.to_thread(_booked, steps, left, services, run, late=late)
    cut = {step for step in kept if ways[step] and (left or kept[step] != ways[step])}
    box.allot({step: tuple(way.server for way in kept[step]) for step in cut}, run=run)
    quota = fitting(steps, ways, left)
    gaps: dict[str, Gap] = {}
    for step in steps:
        if step.id not in kept:
            reason: GapReason = "over_budget" if step.id in quota else "quota_spent"
            gaps[step.id] = await box.failed(step, reason, run=run)
    return Share(gaps, _allotted(kept) if services.purse else {})


def fitting(steps: Sequence[PlanStep], ways: Kept, left: Mapping[str, int]) -> Kept:
    """Return the steps that may be called, by id: which servers each may ask, in order.

    The calls of the first are counted. One behind it is for when that one fails: a step of the
    score may always ask it, another what every step's own calls leave over. What all servers
    together may be asked bounds both.

    Args:
        steps: in the order they are queued.
        ways: by step id, who would be asked; a step nobody serves spends nothing and is kept.
        left: calls still to be had, by server, and of all together; who is not named has no limit.
    """
    ordered = sorted(steps, key=lambda step: not step.scored)
    remaining, chosen = dict(left), dict[str, tuple[Way, ...]]()
    for step in ordered:
        tried = ways.get(step.id, ())
        place = next((place for place, way in enumerate(tried) if _taken(remaining, way)), None)
        if place is not None or not tried:
            chosen[step.id] = tried[place:]
    kept = dict[str, tuple[Way, ...]]()
    for step in ordered:
        if step.id in chosen:
            first, later = chosen[step.id][:1], chosen[step.id][1:]
            spare = [way for way in later if _spared(remaining, way, scored=step.scored)]
            kept[step.id] = (*first, *spare)
    return kept


def calls_of(budget: Budget, answer_bytes: int) -> dict[str, int]:
    """Return how many calls a budget has left for all servers together; empty without a limit.

    Every answer may be as long as any may be.
    """
    most = () if budget.bytes_count is None else (budget.bytes_count // answer_bytes,)
    calls = () if budget.calls_count is None else (budget.calls_count,)
    found = min((*most, *calls), default=None)
    return {} if found is None else {ALL: found}


def _booked(
    steps: Sequence[PlanStep], left: Mapping[str, int], services: Services, run: str, *, late: bool
) -> tuple[Kept, Kept]:
    """Return every step's ways, and what fits of them; book what that costs at most.

    Of a run that is late, nothing fits that costs a call.
    """
    size, kept = services.limits.answer_bytes, list[Kept]()
    ways = {step.id: services.toolbox.ways(step, run=run) for step in steps}

    def choose(budget: Budget) -> dict[str, Cost]:
        calls = {ALL: 0} if late else calls_of(budget, size)
        kept.append(fitting(steps, ways, {**left, **calls}))
        return {step: reserved(told, size) for step, told in _allotted(kept[-1]).items()}

    if services.purse is None:
        choose(Budget())
    else:
        services.purse.booked(accounts(services, run), tuple(ways), choose, run=run)
    return ways, kept[-1]


def _allotted(kept: Kept) -> dict[str, dict[str, int]]:
    """Return the steps that cost anything: the calls of each server that may be asked."""
    found = {step: {way.server: way.calls for way in ways} for step, ways in kept.items()}
    return {step: servers for step, servers in found.items() if any(servers.values())}


def _taken(remaining: dict[str, int], way: Way) -> bool:
    """Take the way's calls, and tell whether there were as many."""
    bounded = [name for name in (way.server, ALL) if name in remaining]
    if any(way.calls > remaining[name] for name in bounded):
        return False
    for name in bounded:
        remaining[name] -= way.calls
    return True


def _spared(remaining: dict[str, int], way: Way, *, scored: bool) -> bool:
    """Take the calls of a server behind the first; for the score, whatever its own quota."""
    if _taken(remaining, way):
        return True
    unmetered = {name: calls for name, calls in remaining.items() if name == ALL}
    if not scored or not _taken(unmetered, way):
        return False
    remaining |= unmetered
    return True
