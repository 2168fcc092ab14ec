"""Decides how many answers may be under way, how long one may take to begin, and how all end.

A stream that has begun lasts as long as its client and the server do.
"""

import asyncio
from typing import Final, Literal

from starlette.datastructures import Headers
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from app.web.security.limits import Limits
from app.web.security.paths import waits_for_runs
from app.web.security.refusals import refusal

EVENTS: Final = "text/event-stream"
AGAIN: Final = {"retry-after": "5"}
"""When to ask again after too much was under way."""
PATIENCE_SECONDS: Final = 1.0
"""How long what is under way may take once the server ends; streams end at once."""

First = asyncio.FIRST_COMPLETED


class Answering:
    """One request being answered."""

    def __init__(self, scope: Scope, send: Send, flow: "Flow") -> None:
        """Keep where the answer goes."""
        self._scope, self._send, self._flow = scope, send, flow
        loop = asyncio.get_running_loop()
        self.begun: asyncio.Future[None] = loop.create_future()
        self.stopped: asyncio.Future[None] = loop.create_future()
        self.kind: Literal["answer", "stream", "refused"] = "answer"
        self._ended = False

    async def told(self, message: Message) -> None:
        """Send a message on, unless the request is refused."""
        if message["type"] == "http.response.start" and _is_stream(message):
            if not self._flow.admits_stream():
                await self.refuse(429, "too many event streams are open: ask again later")
            elif self.kind != "refused":
                self.kind = "stream"
        if self.kind == "refused":
            return
        _set(self.begun)
        self._ended = message["type"] == "http.response.body" and not message.get("more_body")
        await self._send(message)

    async def refuse(self, status: int, sentence: str) -> None:
        """Answer with a refusal; what is said later is not heard."""
        if self.kind == "refused":
            return
        self.kind = "refused"
        await refusal(self._scope, status, sentence, AGAIN)(self._scope, _nothing, self._send)
        _set(self.begun)

    async def leave(self) -> None:
        """End the answer because the server ends."""
        if not self.begun.done():
            await self.refuse(503, "the server ends: ask again in a moment")
        elif self.kind == "stream" and not self._ended:
            self.kind = "refused"
            await self._send({"type": "http.response.body", "body": b"", "more_body": False})


class Flow:
    """Lets so many answers through at once, and ends them when the server does."""

    def __init__(self, app: ASGIApp, limits: Limits) -> None:
        """Keep the limits."""
        self._app, self._limits = app, limits
        self._under_way: set[Answering] = set()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer a request; 503 where too many are under way, or where it begins too late."""
        answering = Answering(scope, send, self)
        if len(self._under_way) - self._streams() >= self._limits.answers:
            await answering.refuse(503, "too many requests are under way: ask again in a moment")
            return
        work = asyncio.ensure_future(self._app(scope, receive, answering.told))
        self._under_way.add(answering)
        work.add_done_callback(lambda _: self._under_way.discard(answering))
        try:
            await self._answered(answering, work, scope)
        finally:
            work.cancel()

    def admits_stream(self) -> bool:
        """Tell whether one more stream may be opened."""
        return self._streams() < self._limits.streams

    def leave(self) -> None:
        """End the streams now, and a little later whatever is not answered by then."""
        self._stop(everything=False)
        loop = asyncio.get_running_loop()
        loop.call_later(PATIENCE_SECONDS, lambda: self._stop(everything=True))

    def _stop(self, *, everything: bool) -> None:
        for answering in self._under_way:
            if everything or answering.kind == "stream":
                _set(answering.stopped)

    def _streams(self) -> int:
        return sum(answering.kind == "stream" for answering in self._under_way)

    async def _answered(self, answering: Answering, work: asyncio.Task[None], scope: Scope) -> None:
        limits = self._limits
        seconds = limits.run_seconds if waits_for_runs(scope) else limits.answer_seconds
        begins = {work, answering.begun, answering.stopped}
        done, _ = await asyncio.wait(begins, timeout=seconds, return_when=First)
        if not done:
            await answering.refuse(503, f"no answer within {seconds:g} seconds: ask for less")
        if answering.kind == "refused":
            return
        await asyncio.wait({work, answering.stopped}, return_when=First)
        if answering.stopped.done():
            await answering.leave()
        else:
            await work


def _is_stream(message: Message) -> bool:
    return Headers(raw=message["headers"]).get("content-type", "").startswith(EVENTS)


def _set(future: asyncio.Future[None]) -> None:
    if not future.done():
        future.set_result(None)


async def _nothing() -> Message:
    return {"type": "http.disconnect"}
