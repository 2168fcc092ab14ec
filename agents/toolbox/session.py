"""One server's session, opened and closed by one task; decides when a server counts as down.

Nothing is offered to the server: no sampling, no roots, no elicitation. Text it sends (content
blocks, error messages, descriptions) is dropped here and never leaves this module.
"""

import asyncio
import hashlib
import json
from collections.abc import Awaitable, Callable, Mapping
from contextlib import AsyncExitStack
from datetime import timedelta

import anyio
import httpx
from langchain_core.messages import ToolMessage
from langchain_core.tools import BaseTool
from langchain_mcp_adapters.interceptors import MCPToolCallRequest, MCPToolCallResult
from langchain_mcp_adapters.tools import load_mcp_tools
from mcp import ClientSession, McpError
from mcp.server.fastmcp import FastMCP
from mcp.types import CONNECTION_CLOSED, CallToolResult, ListToolsResult, PaginatedRequestParams
from pydantic import ValidationError

from agents.toolbox.errors import (
    AnswerRejectedError,
    NotServedError,
    ServerDownError,
    ToolCallError,
    ToolTimeoutError,
)
from agents.toolbox.spec import CallLimits, ServerSpec
from agents.toolbox.transports import streams

TOOLS_CAP = 500
"""Tools a server may announce; beyond it the listing is refused."""

CLOSE_SECONDS = 6.0
"""The SDK gives a process two seconds to leave, two after SIGTERM, then kills it."""


class ContractSession(ClientSession):
    """Leaves result validation to the ingest gate and remembers what was announced."""

    def __init__(self, *args: object, **kwargs: object) -> None:
        super().__init__(*args, **kwargs)  # type: ignore[arg-type]  # forwarded unchanged
        self.announced: dict[str, str] = {}

    async def _validate_tool_result(self, name: str, result: CallToolResult) -> None:
        """Skip the SDK's per-call jsonschema run: `gate` validates with the contract's record."""

    async def list_tools(
        self, cursor: str | None = None, *, params: PaginatedRequestParams | None = None
    ) -> ListToolsResult:
        """Return one page of tools and keep the hash of each.

        Raises:
            AnswerRejectedError: more tools than `TOOLS_CAP`.
        """
        wanted = params or PaginatedRequestParams(cursor=cursor)
        page = await super().list_tools(params=wanted)
        for tool in page.tools:
            self.announced[tool.name] = _announcement_hash(
                tool.name, tool.inputSchema, tool.outputSchema
            )
        if len(self.announced) > TOOLS_CAP or (page.nextCursor and not page.tools):
            raise AnswerRejectedError("the server announces too many tools")
        return page


class ServerSession:
    """A connection to one server; all methods but `open` need it open."""

    def __init__(self, spec: ServerSpec, limits: CallLimits, embedded: FastMCP | None) -> None:
        self._spec, self._limits, self._embedded = spec, limits, embedded
        self._closing = asyncio.Event()
        self._ready = asyncio.Event()
        self._owner: asyncio.Task[None] | None = None
        self._session: ContractSession | None = None
        self._tools: dict[str, BaseTool] = {}

    async def open(self) -> None:
        """Start the owner task and wait until the tools are listed.

        Raises:
            ServerDownError: the server does not start, or not in time.
        """
        self._owner = asyncio.create_task(self._own(), name=f"mcp-{self._spec.name}")
        ready = asyncio.create_task(self._ready.wait())
        await asyncio.wait(
            {self._owner, ready},
            timeout=self._limits.start_seconds,
            return_when=asyncio.FIRST_COMPLETED,
        )
        ready.cancel()
        if not self._ready.is_set():
            self._owner.cancel()
            raise ServerDownError(f"server {self._spec.name} did not start")

    async def call(self, tool: str, arguments: Mapping[str, object]) -> object:
        """Return the raw structured content of a call.

        Raises:
            ToolCallError: by kind: not served, timeout, connection lost, refused, failed.
        """
        if tool not in self._tools:
            raise NotServedError(f"server {self._spec.name} has no tool {tool}")
        pinned = self._spec.pins.get(tool)
        if pinned is not None and self._session and self._session.announced[tool] != pinned:
            raise AnswerRejectedError(f"{self._spec.name}/{tool} changed since it was pinned")
        request = {"type": "tool_call", "id": "1", "name": tool, "args": dict(arguments)}
        try:
            message = await self._tools[tool].ainvoke(request)
        except McpError as error:
            raise _of_protocol(error) from error
        except TimeoutError as error:
            raise ToolTimeoutError(f"{tool}: no answer in time") from error
        except (anyio.ClosedResourceError, anyio.BrokenResourceError, httpx.HTTPError) as error:
            raise ServerDownError(f"connection to {self._spec.name} lost") from error
        except (ValidationError, RecursionError) as error:
            raise AnswerRejectedError(f"{tool}: not a tool result") from error
        return _structured(message, tool)

    async def answers(self) -> bool:
        """Return whether the server still replies to a ping."""
        if self._session is None:
            return False
        try:
            async with asyncio.timeout(self._limits.ping_seconds):
                await self._session.send_ping()
        except (McpError, TimeoutError, anyio.ClosedResourceError, anyio.BrokenResourceError):
            return False
        return True

    async def close(self) -> None:
        """Close in the owner task; a server that ignores it is cancelled."""
        owner = self._owner
        if owner is None:
            return
        self._closing.set()
        await asyncio.wait({owner}, timeout=CLOSE_SECONDS)
        if not owner.done():
            owner.cancel()
            await asyncio.wait({owner}, timeout=CLOSE_SECONDS)
        if owner.done() and not owner.cancelled():
            owner.exception()

    async def _own(self) -> None:
        async with AsyncExitStack() as stack:
            read, write = await stack.enter_async_context(
                streams(self._spec, self._limits, embedded=self._embedded)
            )
            session = await stack.enter_async_context(
                ContractSession(
                    read,
                    write,
                    read_timeout_seconds=timedelta(seconds=self._limits.call_seconds),
                )
            )
            await session.initialize()
            listed = await load_mcp_tools(
                session,
                server_name=self._spec.name,
                tool_interceptors=[_Bounded(self._limits.call_seconds)],
            )
            self._tools = {tool.name: tool for tool in listed}
            self._session = session
            self._ready.set()
            await self._closing.wait()


class _Bounded:
    """Interceptor: a total time limit, and only structured content passes."""

    def __init__(self, seconds: float) -> None:
        self._seconds = seconds

    async def __call__(
        self,
        request: MCPToolCallRequest,
        handler: Callable[[MCPToolCallRequest], Awaitable[MCPToolCallResult]],
    ) -> MCPToolCallResult:
        async with asyncio.timeout(self._seconds):
            result = await handler(request)
        if isinstance(result, CallToolResult):
            return result.model_copy(update={"content": []})
        return result


def _structured(message: object, tool: str) -> object:
    if not isinstance(message, ToolMessage) or message.status == "error":
        raise ToolCallError(f"{tool} reported a failure")
    if not isinstance(message.artifact, dict):
        raise AnswerRejectedError(f"{tool}: no structured content")
    return message.artifact.get("structured_content")


def _of_protocol(error: McpError) -> ToolCallError:
    if error.error.code == httpx.codes.REQUEST_TIMEOUT:
        return ToolTimeoutError("no answer in time")
    if error.error.code == CONNECTION_CLOSED:
        return ServerDownError("the server closed the connection")
    return ToolCallError(f"the server answered with protocol error {error.error.code}")


def _announcement_hash(name: str, arguments: object, output: object) -> str:
    text = json.dumps([name, arguments, output], sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(text.encode(errors="replace")).hexdigest()
