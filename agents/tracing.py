"""Decides what is told of a piece of work while it goes on: its name, its length, how it ended.

Nobody hears of it unless somebody listens: a tracer that exports (`trace_with`), hearers that count
(`hear`). What is told are names, counts and closed words, never a text of a user, tool or model:
errors are told by their type alone.
"""

import time
from collections.abc import Awaitable, Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, field
from functools import wraps
from typing import Final, ParamSpec, TypeVar

from opentelemetry.trace import Span, SpanKind, Status, StatusCode, Tracer, get_tracer

SCOPE: Final = "sectorwise"
FOLLOWED: Final = ("run", "universe", "batch", "slot")
"""Attributes that lines of the log written meanwhile carry too."""
ERROR: Final = "error.type"

P = ParamSpec("P")
U = TypeVar("U")
Value = str | bool | int | float | Sequence[str]
"""What an attribute may be."""


@dataclass(slots=True)
class Work:
    """A piece of work: what it is called, what is told of it, and in the end how long it took.

    `attributes` have dots in their names; those told without one are ours: `sectorwise.run`.
    """

    name: str
    attributes: dict[str, Value]
    seconds: float = 0.0
    _span: Span | None = field(default=None, repr=False)

    def note(self, **attributes: Value | None) -> None:
        """Tell more of it; what is None is not told."""
        for name, value in _named(attributes).items():
            self.attributes[name] = value
            if self._span is not None:
                self._span.set_attribute(name, value)

    @property
    def error(self) -> str:
        """The type of the error it ended with, or nothing."""
        return str(self.attributes.get(ERROR, ""))


Hearer = Callable[[Work], None]


class _Listening:
    """Who listens in this process."""

    tracer: Tracer | None = None
    hearers: tuple[Hearer, ...] = ()


_ABOUT: ContextVar[Mapping[str, str]] = ContextVar("about", default={})  # noqa: B039 - never changed


@contextmanager
def span(name: str, **attributes: Value | None) -> Iterator[Work]:
    """Tell of the work done in the block, under the work around it.

    Args:
        name: of the kind of work, one of few.
        attributes: closed words, ids and numbers; None is not told.
    """
    given = _named(attributes)
    work = Work(name, given)
    kept = _ABOUT.set({**_ABOUT.get(), **_followed(attributes)})
    tracer = _Listening.tracer or get_tracer(SCOPE)
    kind = SpanKind.CLIENT if given.get("gen_ai.operation.name") == "chat" else SpanKind.INTERNAL
    start = time.perf_counter()
    try:
        with tracer.start_as_current_span(
            name, kind=kind, attributes=given, record_exception=False, set_status_on_exception=False
        ) as opened:
            work._span = opened if opened.is_recording() else None
            try:
                yield work
            except BaseException as error:
                work.note(**{ERROR: type(error).__name__})
                raise
            finally:
                if work.error:
                    opened.set_status(Status(StatusCode.ERROR))
    finally:
        work.seconds = time.perf_counter() - start
        _ABOUT.reset(kept)
        for hearer in _Listening.hearers:
            hearer(work)


def told(node: str, function: Callable[P, Awaitable[U]]) -> Callable[P, Awaitable[U]]:
    """Return a node of the graph that tells of its work."""

    @wraps(function)
    async def node_function(*args: P.args, **kwargs: P.kwargs) -> U:
        with span(f"node {node}", node=node):
            return await function(*args, **kwargs)

    return node_function


def about() -> Mapping[str, str]:
    """Return what the work under way is about: its run, universe, batch or slot."""
    return _ABOUT.get()


def trace_with(tracer: Tracer | None) -> None:
    """Let spans go through this tracer; None: through whatever the process has, or nowhere."""
    _Listening.tracer = tracer


def hear(hearer: Hearer) -> None:
    """Tell this one of every piece of work that ends, in the thread it ends in."""
    if hearer not in _Listening.hearers:
        _Listening.hearers = (*_Listening.hearers, hearer)


def unhear(hearer: Hearer) -> None:
    """Tell this one of nothing any more."""
    _Listening.hearers = tuple(one for one in _Listening.hearers if one != hearer)


def _named(attributes: Mapping[str, Value | None]) -> dict[str, Value]:
    return {
        name if "." in name else f"{SCOPE}.{name}": value
        for name, value in attributes.items()
        if value is not None
    }


def _followed(attributes: Mapping[str, Value | None]) -> dict[str, str]:
    return {name: str(attributes[name]) for name in FOLLOWED if attributes.get(name) is not None}


def tool_attributes(tool: str) -> dict[str, Value]:
    """Return how OpenTelemetry names the call of a tool (semantic conventions for GenAI)."""
    return {"gen_ai.operation.name": "execute_tool", "gen_ai.tool.name": tool}


def chat_attributes(model: str, server: str, max_tokens: int) -> dict[str, Value]:
    """Return how it names a question to a model; of the server, only the host is told."""
    return {
        "gen_ai.operation.name": "chat",
        "gen_ai.provider.name": "openai",
        "gen_ai.request.model": model,
        "gen_ai.request.max_tokens": max_tokens,
        "server.address": server.partition("/")[0],
    }
