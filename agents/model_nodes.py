"""The nodes a language model may do the work of, else rules and templates: plan and draft."""

import asyncio
from functools import partial

from agents import state as st
from agents.assembly import material_of
from agents.budgets import accounts, seconds_left, settled
from agents.dates import known_dates
from agents.fallbacks import MODEL_FAILURES, unplanned, unwritten
from agents.llm.bounded import BoundedModel, Bounds
from agents.llm.protocol import LanguageModel
from agents.llm.recorded import RecordedModel
from agents.material import Material
from agents.node import Node
from agents.planner import modelled, ruled
from agents.reporter import model_draft, template_draft
from agents.services import Services
from agents.shown import shows_any
from agents.spending import ANSWERS, usd
from agents.state import Json, State
from core.records.plan import Plan
from core.records.report import Draft, PromptUse
from prompts.library import prompt


def planner_node(services: Services) -> Node:
    """Choose the calls that look deeper, by the model or by rules."""

    async def node(state: State) -> State:
        request, dates = st.request_of(state), known_dates(state)
        status = st.plan_of(state).steps
        if request.intent == "off_topic":
            return State(plan=st.dumped(Plan(author="rules", steps=status)))
        model = await _bounded(services, state)
        if model is None:
            added = ruled(request, services.universes, dates)
            return State(plan=st.dumped(Plan(author="rules", steps=(*status, *added))))
        prompts = [_use("planner")]
        try:
            added = await modelled(
                request,
                services.universes,
                dates,
                model=model,
                max_tokens=services.limits.planner_tokens,
            )
        except MODEL_FAILURES as error:
            added = ruled(request, services.universes, dates)
            plan = st.dumped(Plan(author="rules", steps=(*status, *added)))
            return State(plan=plan, prompts=prompts, notices=[{"key": unplanned(error)}])
        plan = st.dumped(Plan(author="model", steps=(*status, *added)))
        return State(plan=plan, prompts=prompts)

    return node


def reporter_node(services: Services) -> Node:
    """Draft the report, by the model and by templates that stand behind it."""

    async def node(state: State) -> State:
        await settled(state, services)
        material, template = await asyncio.to_thread(_template, state, services)
        model = await _bounded(services, state)
        if model is None or not await asyncio.to_thread(shows_any, material, template):
            return State(drafts=st.dumped_all([template]))
        prompts = [_use("reporter")]
        try:
            draft = await model_draft(
                material, template, model=model, max_tokens=services.limits.reporter_tokens
            )
        except MODEL_FAILURES as error:
            notices: list[Json] = [{"key": unwritten(error)}]
            return State(drafts=st.dumped_all([template]), prompts=prompts, notices=notices)
        return State(drafts=st.dumped_all([draft, template]), prompts=prompts)

    return node


def _template(state: State, services: Services) -> tuple[Material, Draft]:
    material = material_of(state, services)
    return material, template_draft(material)


async def _bounded(services: Services, state: State) -> LanguageModel | None:
    """Return the model as the run may ask it: what is recorded is not asked, nor paid, again."""
    if services.model is None:
        return None
    run = state["run"]
    bounds = Bounds(
        run=run,
        seconds=services.limits.model_seconds / ANSWERS,
        left=await seconds_left(services, run),
        purse=services.purse,
        accounts=lambda: accounts(services, run),
        usd=None if services.price is None else partial(usd, price=services.price),
        slots=services.slots,
    )
    asked = BoundedModel(services.model, bounds)
    return RecordedModel(asked, services.toolbox.ledger, run=run)


def _use(name: str) -> Json:
    used = prompt(name)
    return st.dumped(PromptUse(name=used.name, version=used.version, sha256=used.sha256))
