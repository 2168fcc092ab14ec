"""Keeps one session a server open across calls; decides when to re-open one.

Every tool of the contract only reads, so a call that lost its connection is made once more.
"""

import asyncio
from collections.abc import Mapping
from types import TracebackType
from typing import Self

from mcp.server.fastmcp import FastMCP

from agents.toolbox.errors import ServerDownError, ToolTimeoutError
from agents.toolbox.session import ServerSession
from agents.toolbox.spec import CallLimits, ServerSpec


class Sessions:
    """All servers of a process; use as an async context manager."""

    def __init__(
        self,
        specs: tuple[ServerSpec, ...],
        *,
        embedded: Mapping[str, FastMCP] | None = None,
        limits: CallLimits | None = None,
    ) -> None:
        self._specs = {spec.name: spec for spec in specs}
        self._embedded = dict(embedded or {})
        self.limits = limits or CallLimits()
        self._locks = {name: asyncio.Lock() for name in self._specs}
        self._open: dict[str, ServerSession] = {}
        self._down_until: dict[str, float] = {}
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

    async def call(self, server: str, tool: str, arguments: Mapping[str, object]) -> object:
        """Return a call's raw structured content.

        Raises:
            ToolCallError: by kind, after at most one re-opening.
        """
        session = await self._session(server)
        try:
            return await session.call(tool, arguments)
        except ServerDownError:
            self._retire(server, session)
        except ToolTimeoutError:
            if not await session.answers():
                self._retire(server, session)
            raise
        session = await self._session(server)
        try:
            return await session.call(tool, arguments)
        except ServerDownError:
            self._retire(server, session)
            raise

    async def _session(self, server: str) -> ServerSession:
        if server not in self._specs:
            raise ServerDownError(f"no server {server} is configured")
        async with self._locks[server]:
            if server in self._open:
                return self._open[server]
            clock = asyncio.get_running_loop().time
            if clock() < self._down_until.get(server, 0.0):
                raise ServerDownError(f"server {server} did not start a moment ago")
            session = ServerSession(self._specs[server], self.limits, self._embedded.get(server))
            try:
                await session.open()
            except ServerDownError:
                self._down_until[server] = clock() + self.limits.start_seconds
                self._close_later(session)
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
