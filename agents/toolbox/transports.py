"""Opens a session's streams to a tool server; says nothing about what is on them.

Whatever is not ours is read through the wire, which parses strictly and within bounds before the
SDK sees a message.
"""

from collections.abc import AsyncIterator, Callable
from contextlib import AbstractAsyncContextManager, asynccontextmanager

import anyio
import httpx
from mcp.client.streamable_http import streamable_http_client
from mcp.server.fastmcp import FastMCP
from mcp.shared.memory import create_client_server_memory_streams

from agents.toolbox.endpoint import Endpoint
from agents.toolbox.process import Streams, process_streams
from agents.toolbox.spec import CallLimits, ServerSpec
from agents.toolbox.wire import Wire


def streams(
    spec: ServerSpec,
    limits: CallLimits,
    *,
    embedded: FastMCP | None,
    wire: Wire,
    tools_changed: Callable[[], None],
    ended: Callable[[], None],
) -> AbstractAsyncContextManager[Streams]:
    """Return the client's read and write streams; leaving closes the server we started.

    `wire` is what a process is heard through; an HTTP exchange has one of its own.
    `tools_changed` is called when the server says so, `ended` when nothing more can come of it.

    Raises:
        ValueError: a memory server without its object.
    """
    if spec.transport == "stdio":
        return process_streams(spec, wire, ended)
    if spec.transport == "http":
        return _http(spec, limits, tools_changed)
    if embedded is None:
        raise ValueError(f"server {spec.name}: no embedded server object was given")
    return _memory(embedded)


@asynccontextmanager
async def _http(
    spec: ServerSpec, limits: CallLimits, tools_changed: Callable[[], None]
) -> AsyncIterator[Streams]:
    url = spec.url or ""
    async with (
        httpx.AsyncClient(
            headers={**spec.headers, "accept-encoding": "identity"},
            timeout=httpx.Timeout(max(limits.start_seconds, limits.call_seconds)),
            transport=Endpoint(url, limits, tools_changed),
        ) as client,
        streamable_http_client(url, http_client=client) as (read, write, _),
    ):
        yield read, write


@asynccontextmanager
async def _memory(embedded: FastMCP) -> AsyncIterator[Streams]:
    server = embedded._mcp_server
    async with (
        create_client_server_memory_streams() as (ours, theirs),
        anyio.create_task_group() as tasks,
    ):
        options = server.create_initialization_options()
        tasks.start_soon(lambda: server.run(theirs[0], theirs[1], options))
        try:
            yield ours
        finally:
            tasks.cancel_scope.cancel()
