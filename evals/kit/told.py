"""What an endpoint tells of an answer: its content and how it ended, whole or in pieces."""

import json
from collections.abc import Iterator
from dataclasses import dataclass, field

PIECE_CHARS = 48
"""Of one piece of a streamed answer."""
DONE = b"data: [DONE]\n\n"
Json = dict[str, object]


@dataclass(frozen=True, slots=True)
class Told:
    """One completion.

    Attributes:
        content: what stands in the message; not always a text.
        finish: why it ended; None where nobody says.
        message: other fields of the message: a refusal, tool calls.
        usage: whether tokens are counted.
    """

    content: object
    finish: object = "stop"
    message: Json = field(default_factory=dict)
    usage: Json | None = None

    def whole(self) -> bytes:
        """Return it as one JSON document."""
        choice = {
            "index": 0,
            "finish_reason": self.finish,
            "message": {"role": "assistant", "content": self.content, **self.message},
        }
        return _dumped({**_HEAD, "choices": [choice], "usage": self.usage})

    def pieces(self) -> Iterator[bytes]:
        """Yield it as server-sent events, the last of them the mark of the end."""
        yield event(_piece({"role": "assistant", "content": ""}))
        if isinstance(self.content, str):
            for start in range(0, len(self.content), PIECE_CHARS):
                yield event(_piece({"content": self.content[start : start + PIECE_CHARS]}))
        elif self.content is not None:
            yield event(_piece({"content": self.content}))
        if self.message:
            yield event(_piece(dict(self.message)))
        if self.finish is not None:
            yield event(_piece({}, self.finish))
        if self.usage is not None:
            yield event({**_HEAD, "choices": [], "usage": self.usage})
        yield DONE


def event(value: Json) -> bytes:
    """Return one server-sent event."""
    return b"data: " + _dumped(value) + b"\n\n"


def _piece(delta: Json, finish: object = None) -> Json:
    return {**_HEAD, "choices": [{"index": 0, "delta": delta, "finish_reason": finish}]}


def _dumped(value: Json) -> bytes:
    return json.dumps(value).encode()


_HEAD: Json = {"id": "1", "object": "chat.completion", "created": 0, "model": "fake"}
