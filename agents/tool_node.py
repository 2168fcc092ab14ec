"""Runs one planned call as a graph node; whatever goes wrong, the outcome is evidence or a gap.

Only where nothing can be kept does the run end: it is no tool's failure, and a resume finds it.
"""

import asyncio
from collections.abc import Mapping
from contextlib import suppress
from typing import Protocol

from sqlalchemy.exc import DBAPIError

from agents.budgets import seconds_left
from agents.services import Services
from agents.state import Json, StepState, dumped
from agents.toolbox.toolbox import failed_step
from core.errors import DataError
from core.records.evidence import Evidence, Gap
from core.records.payloads import StatusResult
from core.records.plan import NodeName, PlanStep
from core.records.result import GapReason

Earlier = Mapping[str, Evidence]
Update = dict[str, dict[str, Json]]


class StepNode(Protocol):
    """A tool node's function."""

    async def __call__(self, state: StepState) -> Update:
        """Return the evidence or the gap, by step id."""
        ...


def tool_node(name: NodeName, services: Services, earlier: Earlier) -> StepNode:
    """Return the node function of that name; it refuses steps planned for another node."""

    async def node(state: StepState) -> Update:
        step = PlanStep.model_validate(state["step"])
        if step.node != name:
            return update(failed_step(step, "rejected"))
        unchanged = reusable(earlier, frozenset(state["sources"]))
        return update(await outcome(step, services, run=state["run"], earlier=unchanged))

    return node


async def outcome(
    step: PlanStep, services: Services, *, run: str, earlier: Earlier
) -> Evidence | Gap:
    """Return what the step brings: earlier evidence of the same call, else a call's outcome."""
    found = earlier_answer(step, services, earlier)
    if found is not None:
        return found
    try:
        return await _called(step, services, run)
    except (DBAPIError, DataError):  # no tool failed: nothing can be kept, and the run resumes
        raise
    except Exception:  # noqa: BLE001  # the one place: a tool must not end a run
        with suppress(Exception):  # nor must a ledger that cannot record it
            await services.toolbox.failed(step, "tool_failed", run=run)
        return failed_step(step, "tool_failed")


async def _called(step: PlanStep, services: Services, run: str) -> Evidence | Gap:
    limits, left = services.limits, await seconds_left(services, run)
    most = limits.tool_seconds + limits.pace_seconds
    ends = left is not None and left < most
    try:
        async with asyncio.timeout(left if ends else most):
            return await services.toolbox.call(step, run=run)
    except TimeoutError:
        reason: GapReason = "over_budget" if ends else "timeout"
        return await services.toolbox.failed(step, reason, run=run)


def earlier_answer(step: PlanStep, services: Services, earlier: Earlier) -> Evidence | None:
    """Return earlier evidence of the same call of the same universe as the step's."""
    found = earlier.get(call_key(step))
    universe = services.universes[step.universe]
    if found is None or found.result.universe_hash != universe.content_hash():
        return None
    return found.model_copy(update={"id": step.id})


def call_key(step: PlanStep) -> str:
    """Return what makes two calls the same; a call without a date is never the same."""
    if step.arguments.as_of is None:
        return ""
    return f"{step.tool} {step.arguments.canonical_json()}"


def stored_sources(evidence: tuple[Evidence, ...]) -> dict[str, frozenset[str]]:
    """Return the hashes of what each universe's store holds, as its status says."""
    return {
        item.result.universe: frozenset(source.sha256 for source in item.result.sources)
        for item in evidence
        if isinstance(item.result, StatusResult)
    }


def reusable(earlier: Earlier, stored: frozenset[str]) -> Earlier:
    """Return the earlier evidence made from nothing but what is still stored."""
    return {
        key: item
        for key, item in earlier.items()
        if stored.issuperset(source.sha256 for source in item.result.sources)
    }


def by_call(evidence: tuple[Evidence, ...]) -> Earlier:
    """Return earlier evidence by call key; what was asked without a date is left out."""
    return {
        f"{item.tool} {item.arguments.canonical_json()}": item
        for item in evidence
        if item.arguments.as_of is not None
    }


def update(result: Evidence | Gap) -> Update:
    """Return the state update of one outcome."""
    key = "evidence" if isinstance(result, Evidence) else "gaps"
    return {key: {result.id: dumped(result)}}
