"""Decides what the user is told of a plan before it is carried out, and what they may leave out.

It never decides on a call: what the decision rests on stays, and no argument changes.
"""

import asyncio
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import reduce

from pydantic import ValidationError

from agents import budgets
from agents import state as st
from agents.budgeting import calls_of, fitting
from agents.dates import known_dates
from agents.drilldown import SECTORS_CAP, may_follow
from agents.services import Services
from agents.spending import money, most, spent
from agents.state import State
from agents.tool_node import Earlier, earlier_answer, reusable, stored_sources
from agents.toolbox.quota import Way
from core.errors import CallerError
from core.records.approval import Approval, CallName, Consent, PlannedCall, ServerCalls
from core.records.budget import Budget
from core.records.evidence import Evidence
from core.records.plan import PLAN_CAP, PlanStep
from prompts.library import sentences


@dataclass(frozen=True, slots=True)
class _Asked:
    """Who is asked first for a step, and how many of its calls that takes; nobody, or none."""

    server: str | None
    calls: int


async def approval_of(state: State, services: Services, earlier: Earlier) -> Approval:
    """Return the queued calls, who is asked, and what they and the report may still cost.

    A second round, which the answers decide on, is in it with the calls it may take at most: each
    market's costliest sectors, within what quotas and the budget leave behind the queued calls.
    """
    request, steps = st.request_of(state), st.pending_of(state)
    left = await asyncio.to_thread(services.toolbox.calls_left)
    budget = await asyncio.to_thread(_budget, state, services)
    bounded = {**left, **calls_of(budget, services.limits.answer_bytes)}
    later = await asyncio.to_thread(_later, state, services, earlier)
    asked = await asyncio.to_thread(_asked, (*steps, *later), services, bounded, state["run"])
    used = await asyncio.to_thread(spent, services, state["run"])
    still = most(request, services)
    known = _answered(state, (*steps, *later), services, earlier)
    rows = _servers(
        [asked[step.id] for step in steps if step.id not in known],
        [asked[step.id] for step in later if step.id not in known],
        left,
    )
    return Approval(
        steps=tuple(_planned(step, asked[step.id], known=step.id in known) for step in steps),
        servers=rows,
        later_most=sum(row.later_most for row in rows),
        notice=_notice(state),
        author=st.plan_of(state).author,
        model=services.model.name if services.model else None,
        tokens_used=used.total,
        tokens_most=still.total,
        money_used=money(used, services),
        money_most=money(still, services),
        left=budget,
    )


def rests_on(step: PlanStep) -> bool:
    """Tell whether weights or trades rest on the call: no consent leaves it out."""
    return step.scored or step.tool == "get_trading_conditions"


def called(step: PlanStep) -> CallName:
    """Return what a reader knows the call by."""
    return CallName(
        tool=step.tool,
        universe=step.universe,
        sector=step.arguments.sector,
        symbols=step.arguments.symbols or (),
    )


def require_optional(consent: Consent, told: Approval) -> None:
    """Refuse a consent that leaves out what the decision rests on, or no step of the plan.

    Raises:
        CallerError: it does; the message names the steps it may leave out.
    """
    optional = sorted(row.step for row in told.steps if not row.scored)
    other = sorted(set(consent.without) - set(optional))
    if other:
        may = ", ".join(optional) or "nothing"
        raise CallerError(f"{other[0]} cannot be left out of this plan: {may} can")


def agreed(told: Approval, word: object) -> Consent | None:
    """Return what somebody answered to the plan; None where that is no answer to it."""
    try:
        consent = Consent.model_validate(word)
        require_optional(consent, told)
    except (ValidationError, CallerError):
        return None
    return consent


def _asked(
    steps: Sequence[PlanStep], services: Services, left: Mapping[str, int], run: str
) -> dict[str, _Asked]:
    ways = {step.id: services.toolbox.ways(step, run=run) for step in steps}
    kept = fitting(steps, ways, left)
    return {step: _first(kept.get(step, ())) for step in ways}


def _budget(state: State, services: Services) -> Budget:
    """Return what the run may still spend; what its queued calls take of it is still in it."""
    run, allotted = state["run"], state.get("allotted", {})
    left, size = budgets.left(services, run), services.limits.answer_bytes
    queued = (allotted[step.id] for step in st.pending_of(state) if step.id in allotted)
    return reduce(Budget.beside, (budgets.reserved(ways, size) for ways in queued), left)


def _later(state: State, services: Services, earlier: Earlier) -> tuple[PlanStep, ...]:
    """Return the calls of a second round that takes the most, as far as the plan has room."""
    request, steps, plan = st.request_of(state), st.pending_of(state), st.plan_of(state)
    answers = _answered(state, steps, services, earlier)
    planned, dates = {step.id for step in plan.steps}, known_dates(state)
    chosen: list[PlanStep] = []
    for name in request.universes:
        known = tuple(item for item in answers.values() if item.result.universe == name)
        universe, as_of = services.universes[name], dates.get(name)
        groups = may_follow(request, universe, known, planned=planned, as_of=as_of)
        new = [tuple(step for step in group if step.id not in planned) for group in groups]
        costly = sorted(new, key=lambda group: -_calls(group, state, services, earlier))
        chosen += [step for group in costly[:SECTORS_CAP] for step in group]
    return tuple(chosen[: PLAN_CAP - len(plan.steps)])


def _calls(steps: tuple[PlanStep, ...], state: State, services: Services, earlier: Earlier) -> int:
    """Return what the steps take of whoever is asked first."""
    known = _answered(state, steps, services, earlier)
    ways = [services.toolbox.ways(step, run=state["run"]) for step in steps if step.id not in known]
    return sum(tried[0].calls for tried in ways if tried)


def _notice(state: State) -> str:
    """Return why rules planned in the model's place, in the question's language."""
    said = sentences(st.request_of(state).language)
    return " ".join(said[f"notice.{key}"] for key in st.notices_of(state))


def _first(ways: tuple[Way, ...]) -> _Asked:
    return _Asked(ways[0].server, ways[0].calls) if ways else _Asked(None, 0)


def _answered(
    state: State, steps: Sequence[PlanStep], services: Services, earlier: Earlier
) -> dict[str, Evidence]:
    """Return the earlier answers that serve, by step."""
    stored = stored_sources(st.evidence_of(state))
    usable = {name: reusable(earlier, sources) for name, sources in stored.items()}
    found = (earlier_answer(step, services, usable.get(step.universe, {})) for step in steps)
    return {item.id: item for item in found if item is not None}


def _planned(step: PlanStep, asked: _Asked, *, known: bool) -> PlannedCall:
    return PlannedCall(
        **dict(called(step)),
        step=step.id,
        reason=step.reason,
        scored=rests_on(step),
        known=known or (asked.server is not None and asked.calls == 0),
        server=asked.server,
    )


def _servers(
    asked: Sequence[_Asked], later: Sequence[_Asked], left: Mapping[str, int]
) -> tuple[ServerCalls, ...]:
    made, most_later = _counted(asked), _counted(later)
    return tuple(
        ServerCalls(server=name, calls=made[name], later_most=most_later[name], left=left.get(name))
        for name in sorted({*made, *most_later})
    )


def _counted(asked: Sequence[_Asked]) -> Counter[str]:
    made: Counter[str] = Counter()
    for one in asked:
        if one.server is not None:
            made[one.server] += one.calls
    return made
