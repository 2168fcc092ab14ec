"""Every way the endpoint of a model can behave, by name, and what may come of it.

A mode decides the reply to a request; how it is sent is the endpoint's.
"""

import gzip
import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from typing import Final, Literal

from evals.kit.asked import Body
from evals.kit.told import DONE, Json, Told, event

Comes = Literal["answer", "unfit", "unusable", "failed", "spent", "long"]
"""What comes of it: an answer, one that does not fit the form, none of the model's, none of its
provider's, a spent quota, a question longer than it reads."""
Sending = Literal["plain", "hang", "slow", "drip", "cut", "reset", "endless"]
"""How: at once, never, late, a byte at a time, not to its end, not at all, for ever."""
JSON: Final = "application/json"
EVENTS: Final = "text/event-stream"
FLOOD_CHARS: Final = 500_000


@dataclass(frozen=True, slots=True)
class Reply:
    """One HTTP response, and how it is sent."""

    body: bytes
    status: int = 200
    headers: Mapping[str, str] = field(default_factory=dict)
    sending: Sending = "plain"


@dataclass(frozen=True, slots=True)
class Request:
    """What a mode knows: the request, its place among all, and what a sound model would answer."""

    body: Body
    place: int
    told: Told

    @property
    def streams(self) -> bool:
        """Whether the answer is to come in pieces."""
        return self.body.get("stream") is True

    @property
    def form(self) -> object:
        """The kind of form that is asked for."""
        form = self.body.get("response_format")
        return form.get("type") if isinstance(form, dict) else None


@dataclass(frozen=True, slots=True)
class Mode:
    """A way to behave.

    Attributes:
        what: one line of it.
        comes: of a question that is sent again a few times.
        reply: to one request.
    """

    what: str
    comes: Comes
    reply: Callable[[Request], Reply]


def spoken(request: Request, told: Told, *, sending: Sending = "plain") -> Reply:
    """Return a completion in the form the request asks for."""
    if request.streams:
        return Reply(b"".join(told.pieces()), headers={"content-type": EVENTS}, sending=sending)
    return Reply(told.whole(), headers={"content-type": JSON}, sending=sending)


def error(status: int, message: str, **fields: object) -> Reply:
    """Return an error as OpenAI's endpoint words it."""
    told = {"error": {"message": message, **fields}}
    return Reply(json.dumps(told).encode(), status, {"content-type": JSON})


def _as_is(request: Request) -> Reply:
    return spoken(request, request.told)


def _sent(sending: Sending) -> Callable[[Request], Reply]:
    return lambda request: spoken(request, request.told, sending=sending)


def _content(content: object, **message: object) -> Callable[[Request], Reply]:
    return lambda request: spoken(request, Told(content, message=message))


def _calling(request: Request) -> Reply:
    calls: Json = {"tool_calls": [{"function": {"name": "run_shell", "arguments": "{"}}]}
    return spoken(request, Told(None, "tool_calls", calls))


def _ended(finish: object) -> Callable[[Request], Reply]:
    """Half of the answer, and why it ended."""

    def reply(request: Request) -> Reply:
        text = str(request.told.content)
        return spoken(request, replace(request.told, content=text[: len(text) // 2], finish=finish))

    return reply


def _fixed(reply: Reply) -> Callable[[Request], Reply]:
    return lambda request: reply


def _first(count: int, reply: Reply) -> Callable[[Request], Reply]:
    """Only the first requests get it."""
    return lambda request: reply if request.place < count else _as_is(request)


def _raw(body: bytes, kind: str = JSON, **headers: str) -> Callable[[Request], Reply]:
    return _fixed(Reply(body, headers={"content-type": kind, **headers}))


def _refusing(refused: Callable[[Request], str | None]) -> Callable[[Request], Reply]:
    """Requests with a parameter it does not know are refused."""

    def reply(request: Request) -> Reply:
        name = refused(request)
        return _as_is(request) if name is None else error(400, "unsupported", param=name)

    return reply


def _among(*names: str) -> Callable[[Request], str | None]:
    return lambda request: next((name for name in names if name in request.body), None)


def _unnamed(names: tuple[str, ...]) -> Callable[[Request], Reply]:
    """Refuse without saying what."""
    known = _among(*names)
    return lambda request: _as_is(request) if known(request) is None else error(422, "no")


def _no_schema(request: Request) -> str | None:
    return "response_format" if request.form == "json_schema" else None


def _no_form(request: Request) -> str | None:
    return "response_format" if request.form is not None else None


def _schema_breaks(request: Request) -> Reply:
    return error(500, "boom") if request.form == "json_schema" else _as_is(request)


def _unfinished(request: Request) -> Reply:
    """Pieces, then an orderly end, and never why; a whole answer is half of its bytes."""
    told = replace(request.told, finish=None)
    if request.streams:
        return replace(spoken(request, told), body=b"".join(list(told.pieces())[:-1]))
    body = told.whole()
    return Reply(body[: len(body) // 2], headers={"content-type": JSON})


def _breaking(request: Request) -> Reply:
    """Half of the pieces, then an error; a whole answer is the error alone."""
    failed: Json = {"error": {"message": "boom", "code": 500}}
    if not request.streams:
        return Reply(json.dumps(failed).encode(), headers={"content-type": JSON})
    pieces = list(request.told.pieces())
    half = b"".join(pieces[: len(pieces) // 2])
    return Reply(half + event(failed) + DONE, headers={"content-type": EVENTS})


def _other_form(request: Request) -> Reply:
    """Pieces where a whole is asked for, and a whole where pieces are."""
    told, streams = request.told, not request.streams
    if streams:
        return Reply(b"".join(told.pieces()), headers={"content-type": EVENTS})
    return Reply(told.whole(), headers={"content-type": JSON})


def _noisy(request: Request) -> Reply:
    """Between its pieces come comments, empty pieces and events of its own."""
    if not request.streams:
        return Reply(b"\n" * 999 + request.told.whole(), headers={"content-type": JSON})
    noise = b": ping\r\n\r\nevent: heartbeat\r\n" + event({"choices": []})
    return Reply(noise + noise.join(request.told.pieces()), headers={"content-type": EVENTS})


QUOTA: Final = error(429, "no money left", code="insufficient_quota")
BUSY: Final = error(429, "slow down")
BOOM: Final = error(500, "boom")


def _compressed(request: Request) -> Reply:
    plain = _as_is(request)
    headers = {**plain.headers, "content-encoding": "gzip"}
    return replace(plain, body=gzip.compress(plain.body), headers=headers)


def _again_in(seconds: int) -> Callable[[Request], Reply]:
    return _fixed(replace(BUSY, headers={"content-type": JSON, "retry-after": str(seconds)}))


MODES: Final[Mapping[str, Mode]] = {
    "none": Mode("it answers", "answer", _as_is),
    "slow": Mode("it answers after a while", "answer", _sent("slow")),
    "hang": Mode("it never answers", "failed", _sent("hang")),
    "drip": Mode("a byte now and then, for ever", "failed", _sent("drip")),
    "endless": Mode("it goes on sending comments, or blanks", "failed", _sent("endless")),
    "reset": Mode("it resets the connection", "failed", _sent("reset")),
    "truncated_body": Mode("the connection is cut in the middle", "failed", _sent("cut")),
    "unfinished": Mode("an orderly end in the middle", "unusable", _unfinished),
    "breaking": Mode("an error in the middle, with status 200", "failed", _breaking),
    "500": Mode("status 500, always", "failed", _fixed(BOOM)),
    "502": Mode("a gateway's page with status 502", "failed", _fixed(Reply(b"<html>", 502))),
    "503": Mode("status 503, always", "failed", _fixed(error(503, "overloaded"))),
    "500_once": Mode("status 500, once", "answer", _first(1, BOOM)),
    "500_twice": Mode("status 500, twice", "answer", _first(2, BOOM)),
    "429": Mode("status 429, always", "failed", _again_in(0)),
    "429_once": Mode("status 429, once", "answer", _first(1, BUSY)),
    "429_minute": Mode("status 429, again in a minute", "failed", _again_in(60)),
    "429_long": Mode("status 429, again in an hour", "failed", _again_in(3_600)),
    "quota": Mode("status 429, the account's quota is spent", "spent", _fixed(QUOTA)),
    "400": Mode("status 400, whatever is asked", "failed", _fixed(error(400, "no"))),
    "too_long": Mode(
        "status 400, the question is longer than its context",
        "long",
        _fixed(error(400, "too long", code="context_length_exceeded")),
    ),
    "too_long_type": Mode(
        "the same, as a kind of error",
        "long",
        _fixed(error(400, "too long", code=400, type="exceed_context_size_error")),
    ),
    "too_long_words": Mode(
        "the same, in words alone",
        "long",
        _fixed(error(400, "This model's maximum context length is 4096 tokens.", code=400)),
    ),
    "401": Mode("status 401, a wrong key", "failed", _fixed(error(401, "bad key"))),
    "403": Mode("status 403, a forbidden model", "failed", _fixed(error(403, "not yours"))),
    "404": Mode("status 404, an unknown model", "failed", _fixed(error(404, "no such model"))),
    "redirect": Mode(
        "it sends elsewhere",
        "failed",
        _fixed(Reply(b"", 307, {"location": "/v1/elsewhere"})),
    ),
    "html": Mode("a gateway's page", "unusable", _raw(b"<html>gateway</html>", "text/html")),
    "empty": Mode("nothing at all", "unusable", _raw(b"")),
    "bad_json": Mode("JSON that breaks off", "unusable", _raw(b'{"choices": [')),
    "deep_json": Mode("JSON a hundred thousand deep", "unusable", _raw(b"[" * 100_000)),
    "not_utf8": Mode("bytes that are no text", "unusable", _raw(bytes(range(256)) * 16)),
    "bad_events": Mode("events that are no JSON", "unusable", _raw(b"data: {\n\n", EVENTS)),
    "compressed": Mode("a compressed answer nobody asked for", "unusable", _compressed),
    "empty_choices": Mode("no choice", "unusable", _raw(b'{"choices": []}')),
    "null_choices": Mode("choices that are null", "unusable", _raw(b'{"choices": null}')),
    "list_choice": Mode("a choice that is a word", "unusable", _raw(b'{"choices": ["x"]}')),
    "null_content": Mode("no content", "unusable", _content(None)),
    "blank_content": Mode("blanks", "unusable", _content(" \n")),
    "number_content": Mode("content that is a number", "unusable", _content(5)),
    "length": Mode("cut at its token limit", "unusable", _ended("length")),
    "filtered": Mode("cut by a content filter", "unusable", _ended("content_filter")),
    "odd_finish": Mode("ended for a reason nobody knows", "unusable", _ended("\n" * 999)),
    "refusal": Mode("a refusal", "unusable", _content(None, refusal="no")),
    "tool_call": Mode("a call of a tool nobody has", "unusable", _calling),
    "surrogate": Mode("half a character", "unusable", _content('{"a": "\ud800"}')),
    "nul": Mode("a NUL in the text", "unusable", _content('{"a": "\x00"}')),
    "flood": Mode("half a million characters", "unusable", _content("x" * FLOOD_CHARS)),
    "prose": Mode("prose where JSON is asked for", "unfit", _content("The market will rise.")),
    "nan": Mode("JSON with NaN", "unfit", _content('{"steps": [NaN], "claims": [NaN]}')),
    "repeated_key": Mode(
        "JSON that names a key twice",
        "unfit",
        _content('{"steps": [], "steps": [], "claims": [], "claims": []}'),
    ),
    "extra_key": Mode(
        "JSON with a key nobody asked for", "unfit", _content('{"claims": [], "x": 1}')
    ),
    "huge_json": Mode(
        "a megabyte of JSON", "unfit", _content('{"steps": [' + "[]," * 130_000 + "[]]}")
    ),
    "no_schema": Mode("it knows no schema", "answer", _refusing(_no_schema)),
    "schema_breaks": Mode("a schema breaks it (500)", "answer", _schema_breaks),
    "prompt_only": Mode("it knows no form", "answer", _refusing(_no_form)),
    "new_parameters": Mode(
        "it refuses old parameters by name",
        "answer",
        _refusing(_among("max_tokens", "temperature")),
    ),
    "no_stream_options": Mode(
        "it refuses to count what it streams", "answer", _refusing(_among("stream_options"))
    ),
    "no_stream": Mode("it refuses to stream, unnamed", "answer", _unnamed(("stream",))),
    "other_form": Mode("pieces for a whole, a whole for pieces", "answer", _other_form),
    "noisy": Mode("comments and blanks around the answer", "answer", _noisy),
}
