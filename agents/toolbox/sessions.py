"""Keeps one session a server open across calls; decides when to re-open one, and to repeat a call.

Every tool of the contract only reads, so a call that a server's end or standstill cut off is made
once more. Repeats go one at a time: the call that ends a server then fails alone.
"""

import asyncio
from collections.abc import Mapping
from types import TracebackType
from typing import Self

from mcp.server.fastmcp import FastMCP

from agents.toolbox.answers import Answer
from agents.toolbox.errors import (
    AnswerRejectedError,
    ServerDownError,
    ToolCallError,
    ToolTimeoutError,
    failure,
)
from agents.toolbox.session import LISTING_SECONDS, ServerSession
from agents.toolbox.spec import CallLimits, ServerSpec


class Sessions:
    """All servers of a process; use as an async context manager.

    `limits_of` are the bounds of servers that have their own; `listing_seconds` is how long a
    server's listing is believed.
    """

    def __init__(
        self,
        specs: tuple[ServerSpec, ...],
        *,
        embedded: Mapping[str, FastMCP] | None = None,
        limits: CallLimits | None = None,
        limits_of: Mapping[str, CallLimits] | None = None,
        listing_seconds: float = LISTING_SECONDS,
    ) -> None:
        self._specs = {spec.name: spec for spec in specs}
        self._embedded = dict(embedded or {})
        self.limits = limits or CallLimits()
        self._limits_of = dict(limits_of or {})
        self._listing_seconds = listing_seconds
        self._opening = {name: asyncio.Lock() for name in self._specs}
        self._repeating = {name: asyncio.Lock() for name in self._specs}
        self._open: dict[str, ServerSession] = {}
        self._down: dict[str, tuple[float, ToolCallError]] = {}
        self._closing: set[asyncio.Task[None]] = set()

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        for name in list(self._open):
            self._retire(name, self._open[name])
        if self._closing:
            await asyncio.wait(self._closing)

    @property
    def specs(self) -> tuple[ServerSpec, ...]:
        """The servers, in the order they were given."""
        return tuple(self._specs.values())

    async def call(
        self, server: str, tool: str, arguments: Mapping[str, object], *, repeat: bool = True
    ) -> object:
        """Return a call's raw structured content; where each call is paid for, it is not repeated.

        Raises:
            ToolCallError: by kind, after at most one repeat.
        """
        structured = (await self._answer(server, tool, arguments, repeat=repeat)).structured
        if structured is None:
            raise AnswerRejectedError(f"{server}/{tool}: no structured content")
        return structured

    async def call_text(
        self, server: str, tool: str, arguments: Mapping[str, object], *, repeat: bool = True
    ) -> str:
        """Return the one text block of a call's answer, unread.

        Raises:
            ToolCallError: by kind, after at most one repeat; rejected with none or several blocks.
        """
        texts = (await self._answer(server, tool, arguments, repeat=repeat)).texts
        if len(texts) != 1:
            raise AnswerRejectedError(f"{server}/{tool}: {len(texts)} text blocks, one expected")
        return texts[0]

    async def announced(self, server: str) -> Mapping[str, str]:
        """Return the sha256 of each tool's name and schemas as the server announces them now.

        Raises:
            ToolCallError: the server does not start, or announces what it may not.
        """
        session = await self._session(server)
        await session.list_again()
        return dict(session.announced)

    async def _answer(
        self, server: str, tool: str, arguments: Mapping[str, object], *, repeat: bool
    ) -> Answer:
        if server not in self._specs:
            raise ServerDownError(f"no server {server} is configured")
        async with self._repeating[server]:
            pass  # a repeat under way is made alone
        try:
            return await self._asked(server, tool, arguments)
        except _CutOffError as cut:
            if not repeat:
                raise cut.why from cut
        async with self._repeating[server]:
            try:
                return await self._asked(server, tool, arguments)
            except _CutOffError as cut:
                raise cut.why from cut

    async def _asked(self, server: str, tool: str, arguments: Mapping[str, object]) -> Answer:
        session = await self._session(server)
        try:
            return await session.call(tool, arguments)
        except ServerDownError as error:
            self._retire(server, session)
            raise _CutOffError(error) from error
        except ToolTimeoutError as error:
            if await session.answers():
                raise
            self._retire(server, session)
            raise _CutOffError(error) from error

    async def _session(self, server: str) -> ServerSession:
        if server not in self._specs:
            raise ServerDownError(f"no server {server} is configured")
        async with self._opening[server]:
            if server in self._open:
                if not self._open[server].over:
                    return self._open[server]
                self._retire(server, self._open[server])
            clock = asyncio.get_running_loop().time
            until, why = self._down.get(server, (0.0, None))
            if why is not None and clock() < until:
                raise failure(why.reason, str(why))
            session = ServerSession(
                self._specs[server],
                self._limits_of.get(server, self.limits),
                self._embedded.get(server),
                listing_seconds=self._listing_seconds,
            )
            try:
                await session.open()
            except BaseException as error:
                self._close_later(session)
                if isinstance(error, ToolCallError):
                    self._down[server] = (clock() + self.limits.start_seconds, error)
                raise
            self._open[server] = session
            return session

    def _retire(self, server: str, session: ServerSession) -> None:
        if self._open.get(server) is session:
            del self._open[server]
            self._close_later(session)

    def _close_later(self, session: ServerSession) -> None:
        task = asyncio.create_task(session.close())
        self._closing.add(task)
        task.add_done_callback(self._closing.discard)


class _CutOffError(Exception):
    """A call lost its server, or waited for one that stands still; it may be made once more."""

    def __init__(self, why: ToolCallError) -> None:
        super().__init__(str(why))
        self.why = why
