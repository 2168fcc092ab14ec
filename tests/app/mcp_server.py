"""The installed program as an MCP server in its own process: on stdio, or on a free port."""

import subprocess
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager
from pathlib import Path

import httpx
from mcp import ClientSession, StdioServerParameters
from mcp.client.stdio import stdio_client
from mcp.client.streamable_http import streamable_http_client
from mcp.shared._httpx_utils import create_mcp_http_client

from tests.app.command import PROGRAM
from tests.homes import FITTED_WITH

TOKEN = "a-token-of-thirty-two-characters"  # noqa: S105 - nobody's


def environment(home: Path) -> dict[str, str]:
    return {
        "SECTORWISE_HOME": str(home),
        "SECTORWISE_VIEWS": FITTED_WITH,
        "PATH": "/usr/local/bin:/usr/bin:/bin",
    }


@asynccontextmanager
async def stdio_session(home: Path) -> AsyncIterator[ClientSession]:
    server = StdioServerParameters(command=str(PROGRAM), args=["mcp"], env=environment(home))
    async with stdio_client(server) as (read, write), ClientSession(read, write) as session:
        await session.initialize()
        yield session


@contextmanager
def http_server(home: Path) -> Iterator[str]:
    """Serve, asking for TOKEN, and yield the address the program says it serves."""
    command = [str(PROGRAM), "mcp", "--http", "--port", "0"]
    env = environment(home) | {"SECTORWISE_MCP_TOKEN": TOKEN}
    with subprocess.Popen(command, env=env, stderr=subprocess.PIPE, text=True) as server:
        try:
            assert server.stderr is not None
            said = server.stderr.readline()
            assert said.startswith("serving MCP on http://127.0.0.1:"), said
            yield said.split()[-1]
        finally:
            server.terminate()
            server.wait(20)


@asynccontextmanager
async def http_session(url: str) -> AsyncIterator[ClientSession]:
    headers = {"Authorization": f"Bearer {TOKEN}"}
    patience = httpx.Timeout(60.0)
    async with (
        create_mcp_http_client(headers=headers, timeout=patience) as client,
        streamable_http_client(url, http_client=client) as (read, write, _),
        ClientSession(read, write) as session,
    ):
        await session.initialize()
        yield session
