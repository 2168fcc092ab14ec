"""Decides which queued calls fit the servers' quotas, most valuable first; not what they are.

The calls a score rests on come before all others, in the order the score needs them; then what was
queued first. A call whose answer is known costs nothing.
"""

import asyncio
from collections.abc import Mapping, Sequence

from agents.toolbox.quota import Way
from agents.toolbox.toolbox import Toolbox
from core.records.evidence import Gap
from core.records.plan import PlanStep


async def left_out(steps: Sequence[PlanStep], toolbox: Toolbox, *, run: str) -> dict[str, Gap]:
    """Return the gaps of the steps there is no quota for, by step id; each is recorded.

    The others are allotted the servers whose calls were counted for them.
    """
    left = await asyncio.to_thread(toolbox.calls_left)
    if not left:
        return {}
    ways = {step.id: await asyncio.to_thread(toolbox.ways, step, run=run) for step in steps}
    kept = fitting(steps, ways, left)
    toolbox.allot({step: servers for step, servers in kept.items() if servers}, run=run)
    return {
        step.id: await toolbox.failed(step, "quota_spent", run=run)
        for step in steps
        if step.id not in kept
    }


def fitting(
    steps: Sequence[PlanStep], ways: Mapping[str, tuple[Way, ...]], left: Mapping[str, int]
) -> dict[str, tuple[str, ...]]:
    """Return the steps that may be called, by id: which servers each may ask, in order.

    The calls of the first are counted. One behind it is for when that one fails: a step of the
    score may always ask it, another what every step's own calls leave over.

    Args:
        steps: in the order they are queued.
        ways: by step id, who would be asked; a step nobody serves spends nothing and is kept.
        left: calls still to be had, by server; a server that is not named has no limit.
    """
    ordered = sorted(steps, key=lambda step: not step.scored)
    remaining, chosen = dict(left), dict[str, tuple[Way, ...]]()
    for step in ordered:
        tried = ways.get(step.id, ())
        place = next((place for place, way in enumerate(tried) if _taken(remaining, way)), None)
        if place is not None or not tried:
            chosen[step.id] = tried[place:]
    kept = dict[str, tuple[str, ...]]()
    for step in ordered:
        if step.id in chosen:
            first, later = chosen[step.id][:1], chosen[step.id][1:]
            spare = [way for way in later if _taken(remaining, way) or step.scored]
            kept[step.id] = tuple(way.server for way in (*first, *spare))
    return kept


def _taken(remaining: dict[str, int], way: Way) -> bool:
    """Take the way's calls, and tell whether there were as many."""
    if way.server not in remaining:
        return True
    if way.calls > remaining[way.server]:
        return False
    remaining[way.server] -= way.calls
    return True
