"""REST of the chat: threads, their questions, and the runs that answer them, told as they go."""

from collections.abc import AsyncIterator
from datetime import date
from typing import Annotated

from fastapi import APIRouter, Header, Path, Query, Response
from pydantic import Field, StringConstraints
from starlette.concurrency import run_in_threadpool

from app.chat.desk import ChatDesk
from app.chat.records import Event, FailedEvent, Thread, ThreadRow, Turn
from app.files.universes import one_of
from app.sentences import sentence_of
from app.web.api.stream import event_stream
from app.web.house import House
from core.errors import SectorwiseError
from core.records.approval import Consent
from core.records.holdings import Holdings
from core.records.mandate import MandatePatch
from core.records.record import Record, Slug

Id = Annotated[str, Path(pattern=r"^[a-z0-9_-]{1,64}$")]
Seen = Annotated[int, Field(ge=0, le=1_000_000)]


class Opening(Record):
    """What a thread is about where its questions say nothing else."""

    universe: Slug
    as_of: date | None = None


class Question(Record):
    """A question; without words, for the plain report.

    `mandate` may only tighten what the words say; with `approve` the plan waits for a consent.
    """

    text: Annotated[str, StringConstraints(strip_whitespace=True, max_length=4000)]
    mandate: MandatePatch | None = None
    holdings: Holdings | None = None
    approve: bool = True


def add_chat_api(router: APIRouter, house: House) -> None:
    """Register them."""
    _add_threads(router, house)
    _add_runs(router, house.chat)


def _add_threads(router: APIRouter, house: House) -> None:
    chat = house.chat

    @router.get("/api/threads", tags=["chat"])
    def threads(limit: Annotated[int, Query(ge=1, le=200)] = 50) -> tuple[ThreadRow, ...]:
        """List the threads, the last changed first."""
        return chat.threads(limit)

    @router.post("/api/threads", status_code=201, tags=["chat"])
    def open_thread(opening: Opening) -> Thread:
        """Open a thread."""
        return chat.opened(one_of(house.universes, opening.universe).id, opening.as_of)

    @router.get("/api/threads/{thread}", tags=["chat"])
    def thread(thread: Id) -> Thread:
        """Read a thread with its questions."""
        return chat.thread(thread)

    @router.delete("/api/threads/{thread}", status_code=204, tags=["chat"])
    def forget_thread(thread: Id) -> Response:
        """Forget a thread; its reports are kept."""
        chat.forgotten(thread)
        return Response(status_code=204)

    @router.post("/api/threads/{thread}/turns", status_code=201, tags=["chat"])
    async def ask(thread: Id, question: Question) -> Turn:
        """Ask a question in a thread; its run is followed by its events."""
        return await chat.asked(
            thread,
            question.text,
            patch=question.mandate,
            holdings=question.holdings,
            approve=question.approve,
        )


def _add_runs(router: APIRouter, chat: ChatDesk) -> None:
    @router.get("/api/runs/{run}", tags=["chat"])
    def turn(run: Id) -> Turn:
        """Read a question and how far its answer is."""
        return chat.turn(run)

    @router.get(
        "/api/runs/{run}/events",
        tags=["chat"],
        response_class=Response,
        responses={200: {"content": {"text/event-stream": {"schema": {"type": "string"}}}}},
    )
    async def events(
        run: Id,
        after: Annotated[Seen, Query(description="the last event already seen")] = 0,
        last_event_id: Annotated[str | None, Header(max_length=20)] = None,
    ) -> Response:
        """Follow a run: every event from the first, or from the one after the last seen."""
        await run_in_threadpool(chat.turn, run)
        return event_stream(_events(chat, run, _seen(last_event_id, after)))

    @router.post("/api/runs/{run}/consent", tags=["chat"])
    async def consent(run: Id, consent: Consent) -> Turn:
        """Say yes or no to a plan that waits."""
        return await chat.agreed(run, consent)

    @router.delete("/api/runs/{run}", tags=["chat"])
    async def stop(run: Id) -> Turn:
        """Stop a run; it stands where it is."""
        return await chat.stopped(run)

    @router.post("/api/runs/{run}/resume", tags=["chat"])
    async def resume(run: Id) -> Turn:
        """Take up a run that stopped or failed."""
        return await chat.resumed(run)


async def _events(chat: ChatDesk, run: str, after: int) -> AsyncIterator[str]:
    """Yield what is told; what cannot be told further ends it, so that nobody asks on for it."""
    try:
        async for number, event in chat.followed(run, after):
            yield f"id: {number}\n{_text(event)}"
    except SectorwiseError as error:
        yield _text(FailedEvent(error=str(error)))


def _text(event: Event) -> str:
    if isinstance(event, FailedEvent):
        event = FailedEvent(error=sentence_of(event.error))
    return f"data: {event.model_dump_json()}\n\n"


def _seen(header: str | None, after: int) -> int:
    """Return the last event seen: what the browser says on reconnecting, else the address."""
    said = (header or "").strip()
    return int(said) if said.isascii() and said.isdecimal() and len(said) < 8 else after
