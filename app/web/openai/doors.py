"""Serves `/v1/models` and `/v1/chat/completions`: a model a market, an answer a verified report.

A client that goes away stops nothing: the run goes on and its answer waits for whoever asks the
same again. A client's own chores are answered beside, without a run.
"""

import asyncio
from collections.abc import AsyncIterator
from dataclasses import dataclass
from typing import Final

from fastapi import APIRouter, Request, Response
from sse_starlette import EventSourceResponse

from app.sentences import sentence_of
from app.web.api.errors import status_of
from app.web.house import House
from app.web.openai.asking import Asking
from app.web.openai.chore_answers import chore_answer
from app.web.openai.chores import chore_of
from app.web.openai.completions import DONE, Bodies, answer_chunks, piece_chunks
from app.web.openai.errors import ERRORS, NOT_AGAIN
from app.web.openai.forms import Fields, fields_wanted, report_json
from app.web.openai.history import Said, said, shows_pictures
from app.web.openai.suggestions import Market
from app.web.openai.telling import Piece, Telling
from app.web.openai.usage import usage_of
from app.web.openai.wire import Answer, ChatRequest, Completion, Model, Models, Usage
from app.web.security.refusals import refusal
from core.errors import CallerError, SectorwiseError, UnknownIdError

MODEL: Final = "sectorwise"
STREAM: Final[dict[int | str, dict[str, object]]] = {
    200: {"content": {"text/event-stream": {"schema": {"type": "string"}}}}
}
PING_SECONDS: Final = 15
PIECE_CHARS: Final = 16_000
"""Most of a report's JSON in one chunk."""


@dataclass(frozen=True, slots=True)
class Question:
    """A user's question as a client put it."""

    model: str
    market: Market
    history: tuple[Said, ...]
    fields: Fields | None
    picture: bool
    tells_usage: bool


def add_openai_api(router: APIRouter, house: House) -> None:
    """Register the interface."""
    own = APIRouter(prefix="/v1", tags=["OpenAI-compatible"], responses=ERRORS)
    desk = _Desk(house)
    own.add_api_route("/models", desk.models, methods=["GET"], response_model=Models)
    own.add_api_route("/models/{model}", desk.model, methods=["GET"], response_model=Model)
    own.add_api_route(
        "/chat/completions", desk.completion, methods=["POST"], response_model=Completion,
        responses=STREAM,
    )  # fmt: skip
    router.include_router(own)


class _Desk:
    """What the interface's routes share."""

    def __init__(self, house: House) -> None:
        self._house = house
        self._asking = Asking(house.chat)

    def models(self) -> Models:
        """The models: one for whatever market a question names, and one a market."""
        names = (MODEL, *(f"{MODEL}-{name}" for name in self._house.universes))
        return Models(data=tuple(Model(id=name) for name in names))

    def model(self, model: str) -> Model:
        """One model."""
        self._market(model)
        return Model(id=model)

    async def completion(self, request: Request, asked: ChatRequest) -> Completion | Response:
        """Answer the last message of a resent history."""
        market = self._market(asked.model)
        if (asked.n or 1) != 1:
            raise CallerError(f"n: {asked.n} answers were asked for; there is one")
        chore = chore_of(asked)
        options = asked.stream_options
        tells_usage = bool(options and options.include_usage)
        if chore is not None:
            answer = chore_answer(chore, market)
            bodies = Bodies.of("chore", asked.model)
            if not asked.stream:
                return bodies.whole(answer, Usage())
            return _events(_told_whole(bodies, answer, tells_usage=tells_usage))
        question = Question(
            model=asked.model,
            market=market,
            history=said(asked.messages),
            fields=fields_wanted(asked.response_format),
            picture=shows_pictures(asked.messages),
            tells_usage=tells_usage,
        )
        run = await self._asking.begun(question.model, market, question.history)
        bodies = Bodies.of(run, question.model)
        if asked.stream:
            return _events(self._streamed(bodies, question, run))
        try:
            told = [p.text async for p in self._pieces(question, run) if p.kind == "answer"]
        except SectorwiseError as error:
            return refusal(request.scope, status_of(error), sentence_of(error), NOT_AGAIN)
        content = "".join(told)
        if not await request.is_disconnected():
            await self._received(question, content, run)
        usage = await usage_of(self._house.settings, run)
        return bodies.whole(Answer(content=content.strip()), usage)

    async def _streamed(self, bodies: Bodies, question: Question, run: str) -> AsyncIterator[str]:
        told: list[str] = []

        async def pieces() -> AsyncIterator[Piece]:
            async for piece in self._pieces(question, run):
                if piece.kind == "answer":
                    told.append(piece.text)
                yield piece
            await self._received(question, "".join(told), run)

        async for chunk in piece_chunks(bodies, pieces()):
            yield chunk
        if question.tells_usage:
            yield bodies.used(await usage_of(self._house.settings, run))
        yield DONE

    async def _pieces(self, question: Question, run: str) -> AsyncIterator[Piece]:
        """Yield what is told of the run; where fields are wanted, they are the answer."""
        telling = Telling(self._house.universes, picture_ignored=question.picture)
        async for _, event in self._house.chat.followed(run):
            for piece in telling.told(event):
                if piece.kind == "progress" or question.fields is None:
                    yield piece
        if question.fields is not None:
            home = self._house.settings.home_dir
            text = await report_json(home, run, question.fields)
            for start in range(0, len(text), PIECE_CHARS):
                yield Piece("answer", text[start : start + PIECE_CHARS])

    async def _received(self, question: Question, answer: str, run: str) -> None:
        await asyncio.to_thread(
            self._asking.received, question.model, question.history, answer, run
        )

    def _market(self, model: str) -> Market:
        name, universes = model.removeprefix(f"{MODEL}-"), self._house.universes
        if model == MODEL:
            return Market(universes, self._house.settings.universe)
        if model == name or name not in universes:
            raise UnknownIdError(f"no model {model!r}: there are {MODEL} and {MODEL}-<market>")
        return Market(universes, name)


async def _told_whole(bodies: Bodies, answer: Answer, *, tells_usage: bool) -> AsyncIterator[str]:
    for chunk in answer_chunks(bodies, answer):
        yield chunk
    if tells_usage:
        yield bodies.used(Usage())
    yield DONE


def _events(chunks: AsyncIterator[str]) -> Response:
    return EventSourceResponse(chunks, ping=PING_SECONDS, sep="\n")
