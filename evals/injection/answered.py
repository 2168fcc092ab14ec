"""Where an answer holds text: beside what counts, in messages before it, and in its stead."""

import base64
import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Final
from urllib.parse import quote

Json = dict[str, object]
Block = Callable[[str], Json]
Message = Callable[[str], Json]
HOST: Final = "https://evil.example/"


def _uri(text: str) -> str:
    return f"{HOST}?d={quote(text)}"


def _encoded(text: str) -> str:
    return base64.b64encode(text.encode()).decode()


IN_CONTENT: Final[Mapping[str, Block]] = {
    "content text": lambda text: {"type": "text", "text": text},
    "resource link": lambda text: {
        "type": "resource_link",
        "uri": _uri(text),
        "name": text,
        "title": text,
        "description": text,
        "mimeType": "image/png",
    },
    "embedded resource": lambda text: {
        "type": "resource",
        "resource": {"uri": _uri(text), "text": text, "mimeType": "text/html"},
    },
    "embedded blob": lambda text: {
        "type": "resource",
        "resource": {"uri": _uri(text), "blob": _encoded(text), "mimeType": "text/plain"},
    },
    "image block": lambda text: {"type": "image", "data": _encoded(text), "mimeType": text},
    "audio block": lambda text: {"type": "audio", "data": _encoded(text), "mimeType": text},
    "block _meta": lambda text: {"type": "text", "text": "ok", "_meta": {"note": text}},
}
"""Content blocks: an answer has as many as it likes beside its structured content."""


def _notice(method: str, params: Callable[[str], Json]) -> Message:
    return lambda text: {"jsonrpc": "2.0", "method": method, "params": params(text)}


def _request(method: str, params: Callable[[str], Json]) -> Message:
    """Return a request of the server's; its id is the sender's to number."""
    return lambda text: {"jsonrpc": "2.0", "id": 0, "method": method, "params": params(text)}


BEFORE_ANSWER: Final[Mapping[str, Message]] = {
    "progress message": _notice(
        "notifications/progress", lambda text: {"progressToken": 1, "progress": 1, "message": text}
    ),
    "log message": _notice(
        "notifications/message", lambda text: {"level": "emergency", "logger": text, "data": text}
    ),
    "cancelled reason": _notice(
        "notifications/cancelled", lambda text: {"requestId": 99_999, "reason": text}
    ),
    "resource update": _notice("notifications/resources/updated", lambda text: {"uri": _uri(text)}),
    "prompts list changed": _notice(
        "notifications/prompts/list_changed", lambda text: {"_meta": {"note": text}}
    ),
    "sampling request": _request(
        "sampling/createMessage",
        lambda text: {
            "messages": [{"role": "user", "content": {"type": "text", "text": text}}],
            "systemPrompt": text,
            "maxTokens": 100,
        },
    ),
    "elicitation request": _request(
        "elicitation/create",
        lambda text: {"message": text, "requestedSchema": {"type": "object", "properties": {}}},
    ),
    "roots request": _request("roots/list", lambda text: {"_meta": {"note": text}}),
    "unknown request": lambda text: {"jsonrpc": "2.0", "id": 0, "method": text, "params": {}},
}
"""Messages a server sends while it is waited for."""
REQUESTS: Final = frozenset(
    {"sampling request", "elicitation request", "roots request", "unknown request"}
)
"""Those that want an answer; each must be refused."""


def _result(content: Json) -> Json:
    return {"result": {"content": [], "structuredContent": content, "isError": False}}


@dataclass(frozen=True, slots=True)
class Stead:
    """A way to spoil a good answer.

    `say` puts a value into it and makes the response of it; `good` is a value that spoils nothing
    there, None where the answer has no such field: what stands there is refused for the field, not
    for the text. Of a place where no value is good `where` is what the answer must have.
    """

    say: Callable[[Json, object], Json]
    good: Callable[[Json], object] | None = None
    where: Callable[[Json], object] | None = None

    def fits(self, content: Json) -> bool:
        """Tell whether the answer has the place; one that needs nothing is in every answer."""
        place = self.good or self.where
        return place is None or place(content) is not None


def _error(content: Json, text: object) -> Json:
    del content
    return {"result": {"content": [{"type": "text", "text": text}], "isError": True}}


def _protocol_error(content: Json, text: object) -> Json:
    del content
    return {"error": {"code": -32000, "message": text, "data": {"note": text}}}


def _only_text(content: Json, text: object) -> Json:
    said = json.dumps({**content, "note": text})
    return {"result": {"content": [{"type": "text", "text": said}], "isError": False}}


def _in_envelope(name: str) -> Stead:
    return Stead(
        lambda content, text: _result({**content, name: text}), lambda content: content.get(name)
    )


def _first(content: Json) -> Json:
    """Return an answer's first row; without rows an empty one."""
    rows = content.get("rows")
    first = rows[0] if isinstance(rows, list) and rows else {}
    return first if isinstance(first, dict) else {}


def _with_first(content: Json, row: Json) -> Json:
    rows = content.get("rows")
    return _result({**content, "rows": [row, *(rows[1:] if isinstance(rows, list) else [])]})


def _in_row(name: str, sound: object = None) -> Stead:
    """Return the place of a field of the first row; `sound` is good where the row's own is None."""

    def good(content: Json) -> object:
        row = _first(content)
        return row[name] or sound if name in row else None

    return Stead(lambda content, text: _with_first(content, {**_first(content), name: text}), good)


def _number(content: Json) -> tuple[str, float] | None:
    """Return the first number of the first row, and its field."""
    row = _first(content).items()
    numbers = ((k, v) for k, v in row if isinstance(v, int | float) and not isinstance(v, bool))
    return next(numbers, None)


def _as_number(content: Json, text: object) -> Json:
    found = _number(content)
    return _with_first(content, {**_first(content), found[0]: text} if found else {})


def _own_number(content: Json) -> object:
    found = _number(content)
    return None if found is None else found[1]


def _in_gap(content: Json, text: object) -> Json:
    return _result({**content, "gap": {"reason": text, "actor": "provider"}})


def _in_missing(name: str, sound: str) -> Stead:
    """Return the place of a field of a cell that is said to be missing."""
    cell: Json = {"subject": "prices", "measure": "return_1m_pct", "reason": "no_data"}
    return Stead(
        lambda content, text: _result({**content, "missing": [{**cell, name: text}]}),
        lambda _: sound,
    )


def _in_factor(name: str) -> Stead:
    """Return the place of a field of the first factor: the answer's own, or one of its row's."""

    def first(content: Json) -> Json:
        factors = content.get("factors")
        own = factors[0] if isinstance(factors, list) and factors else None
        return own if isinstance(own, dict) else {
            "sector": _first(content).get("sector"), "family": "momentum",
            "factor": "momentum_12_1", "value": 9.0,
        }  # fmt: skip

    def say(content: Json, text: object) -> Json:
        factors = content.get("factors")
        others = factors[1:] if isinstance(factors, list) else []
        return _result({**content, "factors": [{**first(content), name: text}, *others]})

    def good(content: Json) -> object:
        made = first(content)
        return made[name] if made["sector"] else None

    return Stead(say, good)


UNKNOWN: Final = "unknown field"
"""The way that spoils any answer."""
IN_STEAD: Final[Mapping[str, Stead]] = {
    "isError text": Stead(_error),
    "protocol error": Stead(_protocol_error),
    "text for structure": Stead(_only_text),
    UNKNOWN: Stead(lambda content, text: _result({**content, "instructions": text})),
    "unknown key": Stead(lambda content, text: _result({**content, str(text): 1})),
    "structured tool name": _in_envelope("tool"),
    "structured universe": _in_envelope("universe"),
    "structured hash": _in_envelope("universe_hash"),
    "structured currency": _in_envelope("currency"),
    "structured date": _in_envelope("as_of"),
    "structured known_at": _in_envelope("known_at"),
    "structured contract": _in_envelope("contract"),
    "structured gap": Stead(_in_gap, lambda _: "no_data"),
    "missing subject": _in_missing("subject", "prices"),
    "missing measure": _in_missing("measure", "return_1m_pct"),
    "factor sector": _in_factor("sector"),
    "factor family": _in_factor("family"),
    "factor name": _in_factor("factor"),
    "row sector": _in_row("sector"),
    "row symbol": _in_row("symbol", "AAA"),
    "row unit": _in_row("unit"),
    "row unknown field": Stead(
        lambda content, text: _with_first(content, {**_first(content), "headline": text}),
        where=lambda content: _first(content) or None,
    ),
    "row number": Stead(_as_number, _own_number),
    "benchmark name": _in_envelope("benchmark"),
}
"""Answers that cannot be believed for the text in them: one text an answer."""
