"""Serves the OpenBB Workspace's agent protocol: `/agents.json` and `/v1/query`.

A question is asked and kept as any other client's; the answer comes as words, a table of scores, a
chart of weights and the tools' answers as citations.
"""

import asyncio
from collections.abc import AsyncIterator
from typing import Final

from fastapi import APIRouter, Response
from sse_starlette import EventSourceResponse, ServerSentEvent

from app.sentences import sentence_of
from app.snapshots import kept_report
from app.web.house import House
from app.web.openai.asking import Asking
from app.web.openai.history import Said, question_in
from app.web.openai.suggestions import Market, follow_ups
from app.web.openai.telling import Telling
from app.web.openbb.artifacts import artifacts, citations
from app.web.openbb.wire import (
    Agent,
    MessageChunk,
    Query,
    QueryMessage,
    StatusUpdate,
    Suggestions,
)
from app.web.pages.page import words
from core.errors import SectorwiseError
from core.records.record import Record

CLIENT: Final = "openbb"
PING_SECONDS: Final = 15
LINE_END: Final = "\n"
SUGGESTED: Final = 4
"""Follow-ups shown at most."""
FEATURES: Final = {
    "streaming": True,
    "widget-dashboard-select": False,
    "widget-dashboard-search": False,
}
STREAM: Final[dict[int | str, dict[str, object]]] = {
    200: {"content": {"text/event-stream": {"schema": {"type": "string"}}}}
}


def add_openbb_api(router: APIRouter, house: House) -> None:
    """Register the protocol's two addresses."""
    desk = _Desk(house)
    router.add_api_route(
        "/agents.json", _agents, methods=["GET"], response_model=dict[str, Agent], tags=["OpenBB"]
    )
    router.add_api_route(
        "/v1/query", desk.query, methods=["POST"], responses=STREAM, tags=["OpenBB"],
        response_class=EventSourceResponse,
    )  # fmt: skip


def _agents() -> dict[str, Agent]:
    """The agents served here."""
    description = words("clients", "en")["agent"]
    return {CLIENT: Agent(name="Sectorwise", description=description, features=dict(FEATURES))}


class _Desk:
    """What the protocol's routes share."""

    def __init__(self, house: House) -> None:
        self._house = house
        self._asking = Asking(house.chat)

    async def query(self, asked: Query) -> Response:
        """Answer the last message of a resent history."""
        history = _said(asked.messages)
        market = Market(self._house.universes, self._house.settings.universe)
        run = await self._asking.begun(CLIENT, market, history)
        events = self._events(history, run, brings_data=asked.brings_data)
        return EventSourceResponse(events, ping=PING_SECONDS, sep=LINE_END)

    async def _events(
        self, history: tuple[Said, ...], run: str, *, brings_data: bool
    ) -> AsyncIterator[ServerSentEvent]:
        telling, told = Telling(self._house.universes), list[str]()
        try:
            async for _, event in self._house.chat.followed(run):
                for piece in telling.told(event):
                    if piece.kind == "progress":
                        yield _event("StatusUpdate", StatusUpdate(message=piece.text.strip()))
                    else:
                        told.append(piece.text)
                        yield _event("MessageChunk", MessageChunk(delta=piece.text))
        except SectorwiseError as error:
            said = sentence_of(error)
            yield _event("StatusUpdate", StatusUpdate(eventType="ERROR", message=said))
            yield _event("MessageChunk", MessageChunk(delta=said))
            return
        if brings_data:
            note = words("clients", telling.language)["workspace"]
            yield _event("StatusUpdate", StatusUpdate(eventType="WARNING", message=note))
        for name, record in await asyncio.to_thread(self._beside, history, run):
            yield _event(name, record)
        await asyncio.to_thread(self._asking.received, CLIENT, history, "".join(told), run)

    def _beside(self, history: tuple[Said, ...], run: str) -> list[tuple[str, Record]]:
        """Return what comes beside the words."""
        universes, report = self._house.universes, kept_report(self._house.settings.home_dir, run)
        market = Market(universes, report.request.universes[0])
        questions = tuple(row.text for row in history if row.by == "user")
        beside: list[tuple[str, Record]] = [
            ("MessageArtifact", artifact) for artifact in artifacts(report, universes, run)
        ]
        if report.evidence:
            beside.append(("CitationCollection", citations(report, universes, run)))
        suggested = follow_ups(questions, market)[:SUGGESTED]
        return [*beside, ("PromptSuggestions", Suggestions(suggestions=suggested))]


def _said(messages: tuple[QueryMessage, ...]) -> tuple[Said, ...]:
    """Return what was said; calls of functions and their results are nobody's words."""
    found: list[Said] = []
    for message in messages:
        if message.role == "tool" or not isinstance(message.content, str):
            continue
        text = message.content.strip()
        if text:
            mine = message.role == "human"
            found.append(Said("user" if mine else "assistant", question_in(text) if mine else text))
    return tuple(found)


def _event(name: str, record: Record) -> ServerSentEvent:
    data = record.model_dump_json(exclude_none=True)
    return ServerSentEvent(event=f"copilot{name}", data=data, sep=LINE_END)
