"""Opens the byte streams to a tool server; says nothing about what is on them.

The SDK parses each message before we see it: duplicate keys are already merged by then, and a line
that is not JSON is never answered, which the call's time limit turns into a gap.
"""

import os
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import anyio
import httpx
from anyio.streams.memory import MemoryObjectReceiveStream, MemoryObjectSendStream
from mcp.client.stdio import StdioServerParameters, stdio_client
from mcp.client.streamable_http import streamable_http_client
from mcp.server.fastmcp import FastMCP
from mcp.shared._httpx_utils import create_mcp_http_client
from mcp.shared.memory import create_client_server_memory_streams
from mcp.shared.message import SessionMessage

from agents.toolbox.spec import CallLimits, ServerSpec

Streams = tuple[
    MemoryObjectReceiveStream[SessionMessage | Exception], MemoryObjectSendStream[SessionMessage]
]


@asynccontextmanager
async def streams(
    spec: ServerSpec, limits: CallLimits, *, embedded: FastMCP | None
) -> AsyncIterator[Streams]:
    """Yield the client's read and write streams; leaving closes the server we started."""
    if spec.transport == "stdio":
        async with _stdio(spec) as pair:
            yield pair
    elif spec.transport == "http":
        async with _http(spec, limits) as pair:
            yield pair
    elif embedded is None:
        raise ValueError(f"server {spec.name}: no embedded server object was given")
    else:
        async with _memory(embedded) as pair:
            yield pair


@asynccontextmanager
async def _stdio(spec: ServerSpec) -> AsyncIterator[Streams]:
    parameters = StdioServerParameters(
        command=spec.command or "",
        args=list(spec.args),
        env=dict(spec.env),
        encoding_error_handler="replace",
    )
    with Path(os.devnull).open("w", encoding="utf-8") as discarded:
        async with stdio_client(parameters, errlog=discarded) as (read, write):
            yield read, write


@asynccontextmanager
async def _http(spec: ServerSpec, limits: CallLimits) -> AsyncIterator[Streams]:
    timeout = httpx.Timeout(limits.call_seconds)
    async with (
        create_mcp_http_client(headers=dict(spec.headers), timeout=timeout) as client,
        streamable_http_client(spec.url or "", http_client=client) as (read, write, _),
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
