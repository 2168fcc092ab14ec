"""Registers the whole research as a tool: asked, followed, stopped, resumed and fetched."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import Annotated

import anyio.to_thread
from mcp.server.fastmcp import Context, FastMCP
from mcp.server.session import ServerSession
from mcp.types import CallToolResult, TextContent, ToolAnnotations
from pydantic import Field

from app.running.questions import Asked, understood
from app.running.records import Ticket
from app.running.run import Run
from app.running.runs import Runs
from app.served.records import ResearchAnswer, ResearchList
from app.served.reports import Detail, answer_of, listed, question_of, standing_answer
from core.records.mandate import MandatePatch
from core.records.record import Record, Slug
from core.records.request import Request
from tools.context import ToolContext
from tools.contracts import TEXT_CAP_CHARS
from tools.registration.arguments import READ_ONLY, AsOf, Region

Ctx = Context[ServerSession, object, object]

WRITES = ToolAnnotations(
    readOnlyHint=False, destructiveHint=False, idempotentHint=False, openWorldHint=True
)
"""A run leaves a record, and its question goes to the language model where one is set."""
RESUMES = ToolAnnotations(
    readOnlyHint=False, destructiveHint=False, idempotentHint=True, openWorldHint=True
)

RunId = Annotated[Slug, Field(description="as research_sectors told it")]
Wait = Annotated[
    float | None,
    Field(description="seconds until the answer tells how far it is; default: until it is done",
          ge=0.0, le=3600.0),
]  # fmt: skip
Form = Annotated[
    Detail,
    Field(description="full: with the Report record, up to 2 MB; brief: sentences alone"),
]


@dataclass(frozen=True, slots=True)
class ResearchDesk:
    """What the research tools share."""

    runs: Runs
    tools: ToolContext

    def request(self, asked: Asked, follows: str | None) -> Request:
        """Return the question in closed terms, in the thread of the run it follows."""
        previous = None if follows is None else question_of(self.runs, follows)
        return understood(
            asked,
            self.tools.universes,
            today=self.tools.today(),
            latest=self.tools.latest,
            previous=previous,
        )


def add_research_tools(server: FastMCP, desk: ResearchDesk) -> None:
    """Register them."""
    _add_asking(server, desk)
    _add_kept(server, desk)
    _add_turns(server, desk)


def _add_asking(server: FastMCP, desk: ResearchDesk) -> None:
    @server.tool(annotations=WRITES)
    async def research_sectors(
        context: Ctx,
        question: Annotated[
            str, Field(description="in English or Vietnamese; empty: the report", max_length=4000)
        ] = "",
        universe: Region = None,
        as_of: AsOf = None,
        mandate: Annotated[
            MandatePatch | None, Field(description="limits; they only tighten, in fractions")
        ] = None,
        follows: Annotated[
            Slug | None, Field(description="run_id of the question this one follows up")
        ] = None,
        wait_seconds: Wait = None,
        detail: Form = "full",
    ) -> Annotated[CallToolResult, ResearchAnswer]:
        """Research a question: plan, data tools, scores, allocation, and a report that is checked.

        Takes 5 to 60 seconds; progress tells each step, the first one the run_id. When your time
        runs out the run goes on: fetch it by get_research. stop_research stops it, over stdio
        cancelling the request too; resume_research takes it up again. `request` in the answer shows
        what was understood, with the limits the words moved. `universe` and `as_of` are of words
        that name none.
        """
        chosen = desk.tools.universe(universe).id
        asked = Asked(question=question, universe=chosen, as_of=as_of, mandate=mandate)
        request = await anyio.to_thread.run_sync(desk.request, asked, follows)
        ticket = Ticket(run_id=desk.runs.new_id(), request=request, follows=follows)
        run = desk.runs.begun(ticket)
        async with _stoppable(run, context):
            await _followed(run, context, wait_seconds)
        return await _told(desk, run, detail)


def _add_kept(server: FastMCP, desk: ResearchDesk) -> None:
    @server.tool(annotations=READ_ONLY)
    async def get_research(
        context: Ctx, run_id: RunId, wait_seconds: Wait = 0.0, detail: Form = "full"
    ) -> Annotated[CallToolResult, ResearchAnswer]:
        """The report of an earlier research_sectors, or how far it is."""
        run = desk.runs.own(run_id)
        if run is not None and not run.task.done():
            await _followed(run, context, wait_seconds)
        return await _kept(desk, run_id, detail)

    @server.tool(annotations=READ_ONLY)
    async def list_research(
        limit: Annotated[int, Field(ge=1, le=100)] = 20,
    ) -> Annotated[CallToolResult, ResearchList]:
        """Recent runs, the latest first: finished, under way, stopped or failed."""
        return _answered(await anyio.to_thread.run_sync(listed, desk.runs, limit))


def _add_turns(server: FastMCP, desk: ResearchDesk) -> None:
    @server.tool(annotations=RESUMES)
    async def resume_research(
        context: Ctx, run_id: RunId, wait_seconds: Wait = None, detail: Form = "full"
    ) -> Annotated[CallToolResult, ResearchAnswer]:
        """Take up a stopped or failed run where it stands; no call it made is made again.

        One that is finished by then is told.
        """
        if desk.runs.has_report(run_id):
            return await _kept(desk, run_id, detail)
        run = desk.runs.own(run_id)
        if run is not None and not run.task.done():
            await _followed(run, context, wait_seconds)
        else:
            run = await desk.runs.resumed(run_id)
            async with _stoppable(run, context):
                await _followed(run, context, wait_seconds)
        return await _told(desk, run, detail)

    @server.tool(annotations=RESUMES)
    async def stop_research(run_id: RunId) -> Annotated[CallToolResult, ResearchAnswer]:
        """Stop a run; what it has is kept for resume_research. One that is finished is told."""
        if not desk.runs.has_report(run_id):
            await desk.runs.stopped(run_id)
        return await _kept(desk, run_id, "brief")


@asynccontextmanager
async def _stoppable(run: Run, context: Ctx) -> AsyncIterator[None]:
    """Let this request, which began the run, stop it by being cancelled; a lost client does not."""
    try:
        yield
    except asyncio.CancelledError:
        if _withdrawn(context):
            run.task.cancel()
        raise


async def _told(desk: ResearchDesk, run: Run, detail: Detail) -> CallToolResult:
    """Return what a followed run found, or how far it is."""
    if not run.task.done():
        return _answered(standing_answer(run.ticket, tuple(run.steps), "running"))
    if not run.task.cancelled() and (error := run.task.exception()) is not None:
        raise error
    return await _kept(desk, run.ticket.run_id, detail)


async def _kept(desk: ResearchDesk, run_id: str, detail: Detail) -> CallToolResult:
    """Return what is kept of a run: its report, or how far it is."""
    return _answered(await anyio.to_thread.run_sync(answer_of, desk.runs, run_id, detail))


async def _followed(run: Run, context: Ctx, seconds: float | None) -> None:
    """Send a progress notification a step until the run ends or the time is over."""
    await context.report_progress(0, message=f"run {run.ticket.run_id}")
    try:
        async with asyncio.timeout(seconds):
            count = 0
            async for step in run.followed():
                count += 1
                call = f" {step.call}" if step.call else ""
                await context.report_progress(count, message=f"{step.node}{call} {step.state}")
    except TimeoutError:
        return


def _withdrawn(context: Ctx) -> bool:
    """Tell whether the client cancelled this request, rather than went away.

    The SDK cancels the handler either way and tells the two apart only in what it keeps of
    requests in flight.
    """
    responder = context.session._in_flight.get(context.request_context.request_id)
    return responder is not None and responder.cancelled


def _answered(answer: Record) -> CallToolResult:
    text = TextContent(type="text", text=_text(answer))
    return CallToolResult(content=[text], structuredContent=answer.model_dump(mode="json"))


def _text(answer: Record) -> str:
    if isinstance(answer, ResearchList):
        rows = [
            f"{row.run_id} {row.state} {'+'.join(row.universes)} {row.question}".rstrip()
            for row in answer.rows
        ]
        return "\n".join(rows) or "no run yet"
    return _research_text(answer) if isinstance(answer, ResearchAnswer) else ""


def _research_text(answer: ResearchAnswer) -> str:
    request = answer.request
    lines = [f"run {answer.run_id}: {answer.state}"]
    if answer.synthetic:
        lines.append("SYNTHETIC DATA: a demonstration, not a market")
    when = request.as_of or "the last session"
    lines.append(
        f"understood: {request.intent} of {', '.join(request.universes)}, {request.horizon}, "
        f"as of {when}"
    )
    if request.patch is not None:
        moved = request.patch.model_dump_json(exclude_defaults=True)
        lines.append(f"limits stated: {moved}")
    if answer.error:
        lines.append(answer.error)
    if answer.state == "running":
        lines.append("fetch it by get_research with this run_id")
    if answer.state == "waiting":
        lines.append("its plan waits for a word in the chat it was asked in")
    if answer.state in {"stopped", "failed"}:
        lines.append("resume_research takes it up where it stands")
    if answer.state == "finished":
        lines.append(f"to read: sectorwise://reports/{answer.run_id}")
    return _cut("\n".join([*lines, *answer.answer]))


def _cut(text: str) -> str:
    if len(text) <= TEXT_CAP_CHARS:
        return text
    kept = text[: TEXT_CAP_CHARS - 100].rpartition("\n")[0]
    return f"{kept}\n(cut; the structured content is complete)"
