"""The graph's functions state -> update; each calls the module that decides."""

import asyncio

from langgraph.types import interrupt

from agents import state as st
from agents.approval import agreed, approval_of
from agents.assembly import assembled, changed
from agents.budgeting import shared
from agents.budgets import settled
from agents.dates import dates_of, known_dates, told_since
from agents.drilldown import second_round
from agents.node import Node
from agents.router import fixed_steps, status_step, unpublished
from agents.scorer import decided, decided_before
from agents.services import Services
from agents.state import Json, State
from agents.tool_node import Earlier, earlier_answer, outcome, reusable, stored_sources, update
from core.records.evidence import Evidence
from core.records.plan import PLAN_CAP, Plan, PlanStep


def dates_node(services: Services) -> Node:
    """Ask each universe how far its data reach, and fetch the desk of that date.

    Every later call is pinned to the date. The answer is never an earlier one: it tells whether
    earlier answers may be used again.
    """

    async def node(state: State) -> State:
        request = st.request_of(state)
        names = () if request.intent == "off_topic" else request.universes
        steps = tuple(status_step(name, request.as_of) for name in names)
        share = await shared(steps, services, run=state["run"])
        results = await asyncio.gather(
            *(
                outcome(step, services, run=state["run"], earlier={})
                for step in steps
                if step.id not in share.gaps
            )
        )
        evidence: dict[str, Json] = {}
        gaps: dict[str, Json] = {name: st.dumped(gap) for name, gap in share.gaps.items()}
        for found in map(update, results):
            evidence |= found.get("evidence", {})
            gaps |= found.get("gaps", {})
        plan = st.dumped(Plan(author="rules", steps=steps))
        desks = await _desks(state, services, [e for e in results if isinstance(e, Evidence)])
        allotted = dict(share.allotted)
        return State(evidence=evidence, gaps=gaps, plan=plan, desks=desks, allotted=allotted)

    return node


def router_node(services: Services, earlier: Earlier) -> Node:
    """Put the fixed calls before the planner's, and queue what was not called yet and fits."""

    async def node(state: State) -> State:
        request, dates, plan = st.request_of(state), known_dates(state), st.plan_of(state)
        desks = st.desks_of(state)
        done = {*state.get("evidence", {}), *state.get("gaps", {})}
        status = tuple(step for step in plan.steps if step.id in done)
        fixed = tuple(
            step
            for name, desk in desks.items()
            for step in fixed_steps(name, desk, horizon=request.horizon, as_of=dates[name])
        )
        added = tuple(step for step in plan.steps if step.id not in done)
        queued = _queued(plan, kept=status, queue=(*fixed, *added))
        return await _affordable(queued, state, services, earlier)

    return node


def approval_node(services: Services, earlier: Earlier) -> Node:
    """Show the plan and stand still until the user agrees; pass on where nobody is to be asked.

    A word that is none, or that leaves out what it may not, is asked for again. What may be called
    is counted again then: others may have called meanwhile.
    """

    async def node(state: State) -> State:
        if not services.approve:
            return State()
        told = await approval_of(state, services, earlier)
        await settled(state, services)
        services.stopwatch.release(state["run"])
        word = None
        while (consent := agreed(told, word)) is None:
            word = interrupt(st.dumped(told))
        if consent.verdict == "cancel":
            return State(pending=[], declined=True)
        steps = st.pending_of(state)
        kept = tuple(step for step in steps if step.id not in consent.without)
        left = tuple(step for step in steps if step.id in consent.without)
        box, run = services.toolbox, state["run"]
        declined = [await box.failed(step, "declined", run=run) for step in left]
        queued = State(pending=st.dumped_all(kept))
        affordable = await _affordable(queued, state, services, earlier)
        gaps = {gap.id: st.dumped(gap) for gap in declined}
        return affordable | State(gaps={**affordable["gaps"], **gaps})

    return node


def drill_down_node(services: Services, earlier: Earlier) -> Node:
    """Queue the second round, from typed ranks."""

    async def node(state: State) -> State:
        request, plan, evidence = st.request_of(state), st.plan_of(state), st.evidence_of(state)
        planned = {step.id for step in plan.steps}
        added = [
            step
            for name in request.universes
            for step in second_round(
                request,
                services.universes[name],
                tuple(item for item in evidence if item.result.universe == name),
                planned=planned,
            )
        ]
        queued = _queued(plan, kept=plan.steps, queue=tuple(added))
        return await _affordable(queued, state, services, earlier)

    return node


async def join_node(state: State) -> State:
    """Close a round of calls."""
    return State(pending=[], rounds=state.get("rounds", 0) + 1)


def scorer_node(services: Services) -> Node:
    """Score and allocate every universe that has factors; others' runs go on meanwhile."""

    async def node(state: State) -> State:
        return await asyncio.to_thread(_scored, state, services)

    return node


def verifier_node(services: Services) -> Node:
    """Keep what is true of the drafts, and close the report."""

    async def node(state: State) -> State:
        if services.purse is not None:
            await asyncio.to_thread(services.purse.closed, state["run"])
        return State(report=st.dumped(await asyncio.to_thread(assembled, state, services)))

    return node


def _scored(state: State, services: Services) -> State:
    request, plan, evidence = st.request_of(state), st.plan_of(state), st.evidence_of(state)
    desks = st.desks_of(state)
    named = [(services.universes[name], desk) for name, desk in desks.items()]
    decisions = [
        decided(request, universe, desk, plan=plan, evidence=evidence) for universe, desk in named
    ]
    before = [
        decided_before(request, universe, desk, plan=plan, evidence=evidence)
        for universe, desk in named
    ]
    made = [decision for decision in decisions if decision is not None]
    found = State(
        scorecards=st.dumped_all(row.card for row in made),
        allocations=st.dumped_all(row.allocation for row in made),
        before=st.dumped_all(row for row in before if row is not None),
        portfolios=st.dumped_all(row.portfolio for row in made if row.portfolio),
        trades=st.dumped_all(row.trades for row in made if row.trades),
    )
    return found | State(changes=st.dumped_all(changed(state | found, services)))


async def _desks(state: State, services: Services, status: list[Evidence]) -> dict[str, Json]:
    """Return every universe's desk, as it stands on the universe's date, else on the day of asking.

    Limits hold whether or not a server says how far its data reach. Holdings stated in the question
    stand before stored ones.
    """
    request = st.request_of(state)
    dates = {} if request.intent == "off_topic" else dates_of(request, tuple(status))
    desks: dict[str, Json] = {}
    for name, known in dates.items():
        universe, day = services.universes[name], known or st.asked_on(state)
        desk = await asyncio.to_thread(services.desk, universe, day, request.horizon)
        if (since := told_since(request, day)) is not None:
            asked = (universe, day, request.horizon, since)
            earlier = await asyncio.to_thread(services.earlier, *asked)
            desk = desk.model_copy(update={"predecessor": earlier or desk.predecessor})
        if request.holdings is not None and request.holdings.universe == name:
            desk = desk.model_copy(update={"holdings": request.holdings})
        desks[name] = st.dumped(desk)
    return desks


def _queued(plan: Plan, *, kept: tuple[PlanStep, ...], queue: tuple[PlanStep, ...]) -> State:
    known = {step.id for step in kept}
    fresh = {step.id: step for step in queue if step.id not in known}
    fitting = tuple(fresh.values())[: PLAN_CAP - len(kept)]
    whole = Plan(author=plan.author, steps=(*kept, *fitting))
    return State(plan=st.dumped(whole), pending=st.dumped_all(fitting))


async def _affordable(queued: State, state: State, services: Services, earlier: Earlier) -> State:
    """Return the queue without what no quota or budget is left for, which becomes gaps.

    So does what its market does not publish.
    """
    absent = {
        step.id: gap
        for step in st.pending_of(queued)
        if (gap := unpublished(step, services.universes[step.universe]))
    }
    stored = stored_sources(st.evidence_of(state))
    steps = tuple(step for step in st.pending_of(queued) if step.id not in absent)
    asked = tuple(
        step
        for step in steps
        if earlier_answer(step, services, reusable(earlier, stored.get(step.universe, frozenset())))
        is None
    )
    if state.get("rounds"):
        await settled(state, services)
    share = await shared(asked, services, run=state["run"])
    pending = st.dumped_all(step for step in steps if step.id not in share.gaps)
    gaps = {name: st.dumped(gap) for name, gap in (absent | dict(share.gaps)).items()}
    return queued | State(pending=pending, gaps=gaps, allotted=dict(share.allotted))
