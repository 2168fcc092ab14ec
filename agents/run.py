"""Runs one request to its report, from the start or from where a checkpoint stands.

A run whose plan is to be agreed to stands still before its first planned call, for as long as it
takes: in the checkpoint, and in no process.
"""

from collections.abc import AsyncGenerator, Callable
from contextlib import aclosing
from dataclasses import dataclass
from datetime import date
from typing import Literal, cast

from langchain_core.runnables import RunnableConfig
from langgraph.types import Command

from agents.approval import approval_of, called, require_optional
from agents.checkpoints import Guard, Saver, checkpointer
from agents.graph import Graph, build_graph
from agents.services import Services
from agents.standing import require_readable
from agents.state import State, asked_on, desks_of, dumped, first_state, report_of, request_of
from agents.tool_node import Earlier, by_call
from agents.tracing import Work, span
from core.errors import CallerError, UnknownUniverseError
from core.records.approval import Approval, CallName, Consent
from core.records.desk import Desk
from core.records.evidence import Evidence
from core.records.plan import PlanStep
from core.records.report import Report
from core.records.request import Request


@dataclass(frozen=True, slots=True)
class Progress:
    """A node began or ended; `step` is the planned call's id in a tool node.

    A call that begins is named, as not every call was in the plan that was told.
    """

    node: str
    state: Literal["started", "finished", "gap"]
    step: str | None = None
    about: CallName | None = None


@dataclass(frozen=True, slots=True)
class Finished:
    """A run's report, and the day and desks it was made with; all are needed to replay it."""

    report: Report
    desks: dict[str, Desk]
    asked_on: date


@dataclass(frozen=True, slots=True)
class Waiting:
    """A run that stands still until the user agrees to its plan."""

    approval: Approval


@dataclass(frozen=True, slots=True)
class Declined:
    """A run the user ended before its first planned call."""


@dataclass(frozen=True, slots=True)
class Heard:
    """Who is told while a run goes on: of nodes, and of a plan nobody is asked to agree to."""

    progress: Callable[[Progress], None] | None = None
    planned: Callable[[Approval], None] | None = None


Outcome = Finished | Waiting | Declined
Start = State | Command[str] | None


async def run_request(
    request: Request,
    services: Services,
    *,
    run_id: str,
    checkpoints: str | None = None,
    previous_evidence: tuple[Evidence, ...] = (),
    progress: Callable[[Progress], None] | None = None,
) -> Finished:
    """Return the finished run of a request whose plan nobody is asked to agree to.

    Args:
        request: a confirmed request; the same run id always belongs to the same request.
        services: what the nodes use.
        run_id: names the run in the ledger and in the checkpoint.
        checkpoints: SQLite's file or PostgreSQL's URL; None keeps the run in memory only, without
            resume.
        previous_evidence: evidence of earlier turns, reused where a call would be the same.
        progress: told when nodes begin and end.

    Raises:
        CallerError: an unknown universe, limits that cannot hold, a run id of another request, a
            plan that is to be agreed to.
        DataError: the checkpoint cannot be read, or is not protected.
    """
    outcome = await advance(
        request,
        services,
        run_id=run_id,
        checkpoints=checkpoints,
        previous_evidence=previous_evidence,
        heard=Heard(progress),
    )
    if not isinstance(outcome, Finished):
        raise CallerError(f"the plan of run {run_id} is to be agreed to first")
    return outcome


async def advance(
    request: Request,
    services: Services,
    *,
    run_id: str,
    checkpoints: str | None,
    guard: Guard | None = None,
    previous_evidence: tuple[Evidence, ...] = (),
    heard: Heard | None = None,
    consent: Consent | None = None,
) -> Outcome:
    """Return how far a run gets: to its report, or to its plan where `services.approve`.

    Args:
        request: as `run_request` takes it, like what is not named here.
        services: what the nodes use.
        run_id: names the run.
        checkpoints: where a waiting run stands; needed where `services.approve`.
        guard: brings a row of PostgreSQL's while this process may write the run's checkpoints.
        previous_evidence: evidence of earlier turns.
        heard: who is told meanwhile.
        consent: the user's word, for a run that waits; whoever waits for none ignores it.

    Raises:
        CallerError: as `run_request`; a consent that leaves out what it may not.
        DataError: the checkpoint cannot be read, or is not protected.
    """
    _check_known(request, services)
    if services.approve and checkpoints is None:
        raise CallerError("a plan that is to be agreed to needs a checkpoint to wait in")
    earlier = by_call(previous_evidence)
    with span("run", run=run_id, universe=",".join(request.universes)) as work:
        async with checkpointer(checkpoints, guard) as saver:
            graph = build_graph(services, saver, earlier=earlier)
            run = _Run(graph, services, earlier, heard or Heard(), run_id)
            if saver is None:
                return _told(work, _finished(await run.driven(run.first(request))))
            return _told(work, await run.advanced(saver, request, consent))


def _told(work: Work, outcome: Outcome) -> Outcome:
    """Return how far the run got, told to who watches."""
    work.note(outcome=type(outcome).__name__.lower())
    if isinstance(outcome, Finished):
        work.note(gaps=tuple(gap.gap.reason for gap in outcome.report.gaps))
    return outcome


def _check_known(request: Request, services: Services) -> None:
    unknown = [name for name in request.universes if name not in services.universes]
    if unknown:
        raise UnknownUniverseError(
            f"no universe {unknown[0]}; there are {sorted(services.universes)}"
        )


def _resumption(asked: Waiting | None, consent: Consent | None) -> Start:
    if asked is None or consent is None:
        return None
    require_optional(consent, asked.approval)
    return Command(resume=dumped(consent))


def _finished(state: State) -> Finished | Declined:
    if "report" not in state:
        return Declined()
    return Finished(report_of(state), desks_of(state), asked_on(state))


def _check_same(state: State, request: Request, run_id: str) -> None:
    if request_of(state) != request:
        raise CallerError(f"run {run_id} belongs to another question; take another run id")


@dataclass(frozen=True, slots=True)
class _Run:
    """A run's graph and who hears of it."""

    graph: Graph
    services: Services
    earlier: Earlier
    heard: Heard
    run_id: str

    @property
    def config(self) -> RunnableConfig:
        return RunnableConfig(
            configurable={"thread_id": self.run_id},
            recursion_limit=self.services.limits.supersteps,
        )

    def first(self, request: Request) -> State:
        """Return the state it starts from."""
        return first_state(request, self.run_id, self.services.today())

    async def advanced(self, saver: Saver, request: Request, consent: Consent | None) -> Outcome:
        """Return how far it gets from where its checkpoint stands."""
        start: Start = self.first(request)
        if await require_readable(saver, self.config, self.run_id):
            state, asked = await self.standing()
            _check_same(state, request, self.run_id)
            if "report" in state or state.get("declined"):
                return _finished(state)
            if asked is not None and self.services.approve and consent is None:
                return asked
            start = _resumption(asked, consent)
        final = await self.driven(start)
        return _finished(final) if "report" in final else (await self.standing())[1] or Declined()

    async def standing(self) -> tuple[State, Waiting | None]:
        """Return the state of the checkpoint, and the plan it waits with."""
        snapshot = await self.graph.aget_state(self.config)
        asked = [Waiting(Approval.model_validate(row.value)) for row in snapshot.interrupts]
        state = cast(State, snapshot.values)  # langgraph types the values as a plain mapping
        return state, asked[0] if asked else None

    async def driven(self, start: Start) -> State:
        """Return the state the graph comes to from here."""
        try:
            return await self._streamed(start)
        finally:
            self.services.toolbox.release(run=self.run_id)
            self.services.stopwatch.release(self.run_id)

    async def _streamed(self, start: Start) -> State:
        final: State = State()
        durability: Literal["sync"] | None = "sync" if self.graph.checkpointer else None
        plan_told = self.services.approve or self.heard.planned is None
        stream = cast(  # it is one, and can be closed
            AsyncGenerator[tuple[str, object], None],
            self.graph.astream(
                start, self.config, stream_mode=["values", "tasks"], durability=durability
            ),
        )
        async with aclosing(stream):  # who is cancelled in between leaves no write under way
            async for mode, chunk in stream:
                if mode == "values":
                    final = cast(State, chunk)  # the mode says what the chunk is
                    if not plan_told and final.get("rounds") == 0 and final.get("pending"):
                        plan_told = True
                        await self._tell_plan(final)
                elif isinstance(chunk, dict) and chunk.get("name") != "approval":
                    self._tell(_progress(chunk))
        return final

    def _tell(self, progress: Progress) -> None:
        if self.heard.progress is not None:
            self.heard.progress(progress)

    async def _tell_plan(self, state: State) -> None:
        if self.heard.planned is not None:
            self.heard.planned(await approval_of(state, self.services, self.earlier))


def _progress(task: dict[str, object]) -> Progress:
    node = str(task.get("name"))
    if "input" in task:
        sent = task["input"]
        step = sent.get("step") if isinstance(sent, dict) else None
        if step is None:
            return Progress(node, "started")
        call = PlanStep.model_validate(step)
        return Progress(node, "started", call.id, called(call))
    result = task.get("result")
    brought = result if isinstance(result, dict) else {}
    for key, state in (("gaps", "gap"), ("evidence", "finished")):
        entries = brought.get(key)
        if isinstance(entries, dict) and len(entries) == 1 and node != "dates":
            return Progress(node, "gap" if state == "gap" else "finished", next(iter(entries)))
    return Progress(node, "finished")
