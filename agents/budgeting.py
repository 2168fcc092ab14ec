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
    """Return the gaps of the steps there is no quota for, by step id; each is recorded."""
    left = await asyncio.to_thread(toolbox.calls_left)
    if not left:
        return {}
    ways = {step.id: await asyncio.to_thread(toolbox.ways, step, run=run) for step in steps}
    kept = fitting(steps, ways, left)
    return {
        step.id: await toolbox.failed(step, "quota_spent", run=run)
        for step in steps
        if step.id not in kept
    }


def fitting(
    steps: Sequence[PlanStep], ways: Mapping[str, tuple[Way, ...]], left: Mapping[str, int]
) -> frozenset[str]:
    """Return the ids of the steps that may be called.

    Args:
        steps: in the order they are queued.
        ways: by step id, who would be asked; a step nobody serves spends nothing and is kept.
        left: calls still to be had, by server; a server that is not named has no limit.
    """
    remaining, kept = dict(left), set[str]()
    for step in sorted(steps, key=lambda step: not step.scored):
        tried = ways.get(step.id, ())
        way = next((way for way in tried if _affords(remaining, way)), None)
        if way is not None and way.server in remaining:
            remaining[way.server] -= way.calls
        if way is not None or not tried:
            kept.add(step.id)
    return frozenset(kept)


def _affords(remaining: Mapping[str, int], way: Way) -> bool:
    return way.server not in remaining or way.calls <= remaining[way.server]
