"""Decides how much a run may still spend, and until when; and books what it cost.

A run's cost is borne by its own account, the day's, and those of what it is a part of.
"""

import asyncio
from collections.abc import Mapping
from typing import Final

from agents.services import Services
from agents.state import State, evidence_of, gaps_of
from core.records.budget import Budget, Cost
from core.records.evidence import Evidence, Gap
from core.records.result import GapReason

UNTOLD: Final = frozenset[GapReason](
    {"timeout", "tool_failed", "rejected", "server_down", "over_budget", "tool_changed"}
)
"""Reasons that do not tell how much had come by then."""


def accounts(services: Services, run: str) -> dict[str, Budget]:
    """Return the accounts that bear a run, each with its limits."""
    if services.purse is None:
        return {}
    return {
        f"run:{run}": services.budget,
        services.purse.day: services.day_budget,
        **services.accounts,
    }


def left(services: Services, run: str) -> Budget:
    """Return what a run may still spend; its seconds are those before this process took it up."""
    if services.purse is None:
        return services.budget
    return services.purse.left(accounts(services, run))


async def seconds_left(services: Services, run: str) -> float | None:
    """Return the seconds the run has left, None without an end; below 0 once it is late."""
    watch = services.stopwatch
    if not watch.runs(run):
        found = await asyncio.to_thread(left, services, run)
        watch.begin(run, found.seconds)
    return watch.left(run)


async def settled(state: State, services: Services) -> None:
    """Book what the run's calls and its time cost so far, in place of what they cost at most.

    Of a call under way all stands, and of a gap behind which a long answer may have been.
    """
    if services.purse is None:
        return
    run, allotted = state["run"], state.get("allotted", {})
    found: tuple[Evidence | Gap, ...] = (*evidence_of(state), *gaps_of(state))
    brought = [item for item in found if item.id in allotted]
    costs = {item.id: _cost(allotted[item.id], item) for item in brought}
    actual = {step: cost for step, cost in costs.items() if cost is not None}
    actual |= services.stopwatch.worked(run)
    await asyncio.to_thread(services.purse.settled, accounts(services, run), actual, run=run)


def reserved(ways: Mapping[str, int], answer_bytes: int) -> Cost:
    """Return what asking all the servers costs at most."""
    calls = sum(ways.values())
    return Cost(calls_count=calls, bytes_count=calls * answer_bytes)


def _cost(ways: Mapping[str, int], found: Evidence | Gap) -> Cost | None:
    """Return what an outcome cost: the calls of all that were asked, the answer's own length.

    None where nobody knows. A gap that a server states in an answer is a short one.
    """
    if isinstance(found, Gap):
        told = found.gap.reason not in UNTOLD
        return Cost(calls_count=sum(ways.values())) if told else None
    names = list(ways)
    asked = names[: names.index(found.server) + 1] if found.server in ways else names
    size = len(found.result.model_dump_json().encode())
    return Cost(calls_count=sum(ways[name] for name in asked), bytes_count=size)
