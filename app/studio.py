"""Serves the research to LangGraph's own server: a question in, a plan to approve, a report out.

A thread's next question continues it: what it does not restate is kept, and answers still fresh are
not asked for again. The platform keeps the threads; the home keeps its ledger of calls and no run.
"""

import asyncio
import secrets
from dataclasses import replace
from datetime import date
from typing import Required

from langchain_core.runnables import RunnableConfig
from langgraph.graph import END, START, StateGraph
from langgraph.graph.state import CompiledStateGraph
from typing_extensions import TypedDict

from agents.graph import build_graph
from agents.state import Json, dumped, first_state
from agents.tool_node import by_call
from app.compose import Composition, open_services
from app.files.universes import load_universes, one_of
from app.running.questions import Asked, understood
from app.settings import load_settings
from core.errors import DateError
from core.records.evidence import Evidence
from core.records.report import Report
from core.records.request import Request


class Question(TypedDict, total=False):
    """What is asked; `universe` and `as_of` (a date) are of words that name none."""

    question: Required[str]
    universe: str
    as_of: str


class Answer(TypedDict, total=False):
    """What is found: the report and its sentences as text; neither where the plan is declined."""

    run: str
    request: Json
    sentences: list[str]
    report: Json | None


class Thread(TypedDict, total=False):
    """A thread between its questions; `before` is the last report there was."""

    question: str
    universe: str
    as_of: str
    run: str
    request: Json
    sentences: list[str]
    report: Json | None
    before: Json | None


Research = CompiledStateGraph[Thread, None, Question, Answer]


def research_graph() -> Research:
    """Return the graph; whoever serves it brings the checkpointer that approval needs."""
    graph = StateGraph(Thread, input_schema=Question, output_schema=Answer)
    graph.add_node("understand", _understand)
    graph.add_node("research", _research)
    graph.add_edge(START, "understand")
    graph.add_edge("understand", "research")
    graph.add_edge("research", END)
    return graph.compile()


async def _understand(state: Thread) -> Thread:
    """Put the question in closed terms, in the thread of the one before."""
    before = state.get("report") or state.get("before")
    request = await asyncio.to_thread(_request, state, before)
    run = f"studio-{secrets.token_hex(8)}"
    return Thread(run=run, request=dumped(request), sentences=[], report=None, before=before)


async def _research(state: Thread, config: RunnableConfig) -> Thread:
    """Plan, wait for the user's word on the plan, and carry it out."""
    composition = await asyncio.to_thread(_composition)
    earlier = by_call(await asyncio.to_thread(_evidence, state.get("before")))
    request = Request.model_validate(state["request"])
    async with open_services(composition) as services:
        graph = build_graph(replace(services, approve=True), None, earlier=earlier)
        final = await graph.ainvoke(first_state(request, state["run"], services.today()), config)
    if "report" not in final:
        return Thread(report=None)
    report = Report.model_validate(final["report"])
    return Thread(report=final["report"], sentences=[row.text for row in report.sentences])


def _request(state: Thread, before: Json | None) -> Request:
    composition = _composition()
    universe = state.get("universe") or composition.settings.universe
    asked = Asked(
        question=state["question"],
        universe=one_of(composition.universes, universe).id,
        as_of=_date(state.get("as_of")),
    )
    previous = Request.model_validate(before["request"]) if before else None
    return understood(
        asked, composition.universes, today=composition.today, previous=previous
    )  # fmt: skip


def _date(text: str | None) -> date | None:
    try:
        return date.fromisoformat(text) if text else None
    except ValueError as error:
        raise DateError(f"as_of {text!r} is no date: write it as 2026-11-20") from error


def _evidence(before: Json | None) -> tuple[Evidence, ...]:
    """Return what the report before found, so that no call is made twice."""
    return Report.model_validate(before).evidence if before else ()


def _composition() -> Composition:
    settings = load_settings()
    return Composition(settings=settings, universes=load_universes(settings.universe_files))
