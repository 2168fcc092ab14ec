"""Where an answer holds text: beside what counts, in messages before it, and in its stead."""

import base64
import json
from collections.abc import Callable, Mapping
from typing import Final
from urllib.parse import quote

Json = dict[str, object]
Block = Callable[[str], Json]
Message = Callable[[str], Json]
Spoiled = Callable[[Json, str], Json]
"""From good structured content and a text to a response's `result` or `error`."""
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


def _envelope(name: str) -> Spoiled:
    return lambda content, text: _result({**content, name: text})


def _result(content: Json) -> Json:
    return {"result": {"content": [], "structuredContent": content, "isError": False}}


def _error(content: Json, text: str) -> Json:
    del content
    return {"result": {"content": [{"type": "text", "text": text}], "isError": True}}


def _protocol_error(content: Json, text: str) -> Json:
    del content
    return {"error": {"code": -32000, "message": text, "data": {"note": text}}}


def _only_text(content: Json, text: str) -> Json:
    said = json.dumps({**content, "note": text})
    return {"result": {"content": [{"type": "text", "text": said}], "isError": False}}


def _in_every(name: str) -> Spoiled:
    """Return the place of a text in the first row's field, where there are rows."""

    def spoiled(content: Json, text: str) -> Json:
        rows = content.get("rows")
        first = rows[0] if isinstance(rows, list) and rows else {}
        held = first if isinstance(first, dict) else {}
        others = rows[1:] if isinstance(rows, list) else []
        return _result({**content, "rows": [{**held, name: text}, *others]})

    return spoiled


IN_STEAD: Final[Mapping[str, Spoiled]] = {
    "isError text": _error,
    "protocol error": _protocol_error,
    "text for structure": _only_text,
    "unknown field": _envelope("instructions"),
    "unknown key": lambda content, text: _result({**content, text: 1}),
    "structured tool name": _envelope("tool"),
    "structured universe": _envelope("universe"),
    "structured hash": _envelope("universe_hash"),
    "structured currency": _envelope("currency"),
    "structured date": _envelope("as_of"),
    "structured known_at": _envelope("known_at"),
    "structured contract": _envelope("contract"),
    "structured gap": lambda content, text: _result(
        {**content, "gap": {"reason": text, "actor": "user"}}
    ),
    "missing cell": lambda content, text: _result(
        {**content, "missing": [{"subject": text, "measure": text, "reason": "no_data"}]}
    ),
    "factor name": lambda content, text: _result(
        {**content, "factors": [{"sector": text, "family": text, "factor": text, "value": 9.0}]}
    ),
    "row sector": _in_every("sector"),
    "row symbol": _in_every("symbol"),
    "row unit": _in_every("unit"),
    "row unknown field": _in_every("headline"),
    "row number": _in_every("value_level"),
    "benchmark name": _envelope("benchmark"),
}
"""Answers that cannot be believed for the text in them: one text an answer."""
