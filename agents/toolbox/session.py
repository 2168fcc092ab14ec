"""One server's session, opened and closed by one task; decides when a server counts as down.

Nothing is offered to the server: no sampling, no roots, no elicitation. Of what it sends, only a
call's structured content and text blocks leave this module, for others to judge.
"""

import asyncio
from collections.abc import Coroutine, Mapping
from contextlib import AsyncExitStack
from datetime import timedelta
from typing import TypeVar

from langchain_mcp_adapters.tools import convert_mcp_tool_to_langchain_tool
from mcp.server.fastmcp import FastMCP

from agents.toolbox.answers import Answer, Bounded, answer, cause, translated
from agents.toolbox.errors import (
    AnswerRejectedError,
    NotServedError,
    ServerDownError,
    ToolCallError,
    ToolChangedError,
)
from agents.toolbox.listing import ContractSession, bare_tool
from agents.toolbox.spec import CallLimits, ServerSpec
from agents.toolbox.transports import streams
from agents.toolbox.wire import Wire, message_cap
from core.records.result import GapReason

LISTING_SECONDS = 60.0
"""A listing older than this is fetched again before a call."""
LAST_WORD_SECONDS = 0.5
"""What a call has to end once its server did."""
T = TypeVar("T")
CLOSE_SECONDS = 6.0
"""A process has a second to leave and another after SIGTERM, then is killed."""


class ServerSession:
    """A connection to one server; all methods but `open` need it open."""

    def __init__(
        self,
        spec: ServerSpec,
        limits: CallLimits,
        embedded: FastMCP | None,
        *,
        listing_seconds: float = LISTING_SECONDS,
    ) -> None:
        self._spec, self._limits, self._embedded = spec, limits, embedded
        self._listing_seconds = listing_seconds
        self._closing, self._ready = asyncio.Event(), asyncio.Event()
        self._owner: asyncio.Task[None] | None = None
        self._session: ContractSession | None = None
        self._first: dict[str, str] = {}
        self._listing, self._listed_at = asyncio.Lock(), 0.0
        self.announced: dict[str, str] = {}
        self._over = asyncio.Event()
        self._wire = Wire(message_cap(limits), self._tools_changed)

    @property
    def over(self) -> bool:
        """Whether nothing more can come of the server."""
        return self._over.is_set()

    async def open(self) -> None:
        """Start the owner task and wait until the tools are listed.

        Raises:
            ToolCallError: the server does not start, not in time, or announces what it may not.
        """
        self._owner = asyncio.create_task(self._own(), name=f"mcp-{self._spec.name}")
        ready = asyncio.create_task(self._ready.wait())
        try:
            await asyncio.wait(
                {self._owner, ready},
                timeout=self._limits.start_seconds,
                return_when=asyncio.FIRST_COMPLETED,
            )
        finally:
            ready.cancel()
            if not self._ready.is_set():
                self._owner.cancel()
        if self._ready.is_set():
            return
        ended = self._owner.done() and not self._owner.cancelled()
        why = cause(self._owner.exception() if ended else None)
        if isinstance(why, AnswerRejectedError):
            raise why
        raise ServerDownError(f"server {self._spec.name} did not start")

    async def call(self, tool: str, arguments: Mapping[str, object]) -> Answer:
        """Return what a call brings; the tool must be as it was announced before and after.

        Raises:
            ToolCallError: by kind: not served, changed, timeout, connection lost, refused, failed.
        """
        await self._check(tool)
        made = convert_mcp_tool_to_langchain_tool(
            self._session,
            bare_tool(tool),
            tool_interceptors=[Bounded(self._limits.call_seconds, self._failures())],
            server_name=self._spec.name,
        )
        request = {"type": "tool_call", "id": "1", "name": tool, "args": dict(arguments)}
        message = await self._unless_over(translated(made.ainvoke(request), self._spec.name))
        await self._check(tool)
        return answer(message, tool)

    async def answers(self) -> bool:
        """Return whether the server still replies to a ping."""
        if self._session is None:
            return False
        try:
            async with asyncio.timeout(self._limits.ping_seconds):
                await translated(self._session.send_ping(), self._spec.name)
        except (ToolCallError, TimeoutError):
            return False
        return True

    async def close(self) -> None:
        """End the session, its calls under way and its process; a hung server is cancelled."""
        owner = self._owner
        if owner is None:
            return
        self._over.set()
        self._closing.set()
        await asyncio.wait({owner}, timeout=CLOSE_SECONDS)
        if not owner.done():
            owner.cancel()
            await asyncio.wait({owner}, timeout=CLOSE_SECONDS)
        if owner.done() and not owner.cancelled():
            owner.exception()

    async def list_again(self) -> None:
        """Fetch the listing anew when the server said so, or it is old.

        Raises:
            ToolCallError: it does not come, or announces what it may not.
        """
        async with self._listing:
            now = asyncio.get_running_loop().time()
            if self._session is None or now - self._listed_at <= self._listing_seconds:
                return
            self._listed_at = now
            listed = asyncio.wait_for(self._session.announced(), self._limits.call_seconds)
            self.announced = await translated(listed, self._spec.name)

    def _failures(self) -> dict[str, GapReason]:
        return self._spec.alias_map.failures if self._spec.alias_map else {}

    def _tools_changed(self) -> None:
        self._listed_at = float("-inf")

    async def _check(self, tool: str) -> None:
        """Refuse a tool that is not announced, or otherwise than in the first listing or a pin."""
        await self.list_again()
        if tool not in self.announced:
            raise NotServedError(f"server {self._spec.name} has no tool {tool}")
        now = self.announced[tool]
        if {self._first.get(tool, now), self._spec.pins.get(tool, now)} != {now}:
            raise ToolChangedError(f"{self._spec.name}/{tool} is not what was pinned")

    async def _unless_over(self, made: Coroutine[None, None, T]) -> T:
        """Return what is made, unless the session ends before: the SDK may forget the call."""
        call, over = asyncio.create_task(made), asyncio.create_task(self._over.wait())
        try:
            await asyncio.wait({call, over}, return_when=asyncio.FIRST_COMPLETED)
            await asyncio.wait({call}, timeout=LAST_WORD_SECONDS)
            if not call.done():
                raise ServerDownError(f"server {self._spec.name} ended")
            return call.result()
        finally:
            over.cancel()
            call.cancel()
            await asyncio.wait({call, over})

    async def _own(self) -> None:
        name = self._spec.name
        seconds = max(self._limits.start_seconds, self._limits.call_seconds)
        async with AsyncExitStack() as stack:
            read, write = await stack.enter_async_context(
                streams(
                    self._spec,
                    self._limits,
                    embedded=self._embedded,
                    wire=self._wire,
                    tools_changed=self._tools_changed,
                    ended=self._over.set,
                )
            )
            session = await stack.enter_async_context(
                ContractSession(
                    read,
                    write,
                    read_timeout_seconds=timedelta(seconds=seconds),
                    settled=self._wire.forget,
                )
            )
            await translated(session.initialize(), name)
            self._listed_at = asyncio.get_running_loop().time()
            self.announced = self._first = await translated(session.announced(), name)
            self._session = session
            self._ready.set()
            await self._closing.wait()
