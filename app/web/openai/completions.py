"""Turns pieces of an answer into this interface's bodies: whole, or as a stream of chunks."""

import json
import time
from collections.abc import AsyncIterator, Iterator
from dataclasses import dataclass
from typing import Final, Literal

from app.web.openai.errors import error_body
from app.web.openai.telling import Piece
from app.web.openai.wire import Answer, AnswerChoice, Completion, Usage
from core.errors import SectorwiseError

DONE: Final = "[DONE]"
FIELDS: Final[dict[str, str]] = {"progress": "reasoning_content", "answer": "content"}
Finish = Literal["stop", "tool_calls"]


@dataclass(frozen=True, slots=True)
class Bodies:
    """The bodies of one completion; they share id, time and model."""

    id: str
    model: str
    created: int

    @classmethod
    def of(cls, name: str, model: str) -> "Bodies":
        """Return the bodies of the completion of this name."""
        return cls(f"chatcmpl-{name}", model, int(time.time()))

    def whole(self, answer: Answer, usage: Usage) -> Completion:
        """Return a whole answer."""
        choice = AnswerChoice(message=answer, finish_reason=finish_of(answer))
        return Completion(
            id=self.id, created=self.created, model=self.model, choices=(choice,), usage=usage
        )

    def chunk(self, delta: dict[str, object], finish: Finish | None = None) -> str:
        """Return one chunk of a stream."""
        return self._chunk([{"index": 0, "delta": delta, "finish_reason": finish}], None)

    def used(self, usage: Usage) -> str:
        """Return the chunk that tells what was used; it has no choice."""
        return self._chunk([], usage)

    def _chunk(self, choices: list[dict[str, object]], usage: Usage | None) -> str:
        body: dict[str, object] = {
            "id": self.id,
            "object": "chat.completion.chunk",
            "created": self.created,
            "model": self.model,
            "choices": choices,
        }
        if usage is not None:
            body["usage"] = usage.model_dump()
        return json.dumps(body, ensure_ascii=False)


def answer_chunks(bodies: Bodies, answer: Answer) -> Iterator[str]:
    """Yield a whole answer as a stream's chunks, without the last."""
    delta: dict[str, object] = {"role": "assistant", "content": answer.content}
    if answer.tool_calls:
        delta["tool_calls"] = [
            {"index": number, **call.model_dump()} for number, call in enumerate(answer.tool_calls)
        ]
    yield bodies.chunk(delta)
    yield bodies.chunk({}, finish_of(answer))


async def piece_chunks(bodies: Bodies, pieces: AsyncIterator[Piece]) -> AsyncIterator[str]:
    """Yield pieces as chunks as they come; a run without a report ends in an error's body."""
    yield bodies.chunk({"role": "assistant", "content": ""})
    try:
        async for piece in pieces:
            yield bodies.chunk({FIELDS[piece.kind]: piece.text})
    except SectorwiseError as error:
        yield error_body(error).model_dump_json()
        return
    yield bodies.chunk({}, "stop")


def finish_of(answer: Answer) -> Finish:
    """Return why an answer ends."""
    return "tool_calls" if answer.tool_calls else "stop"
