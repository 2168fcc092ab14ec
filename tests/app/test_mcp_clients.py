import json
import shutil
import socket
import subprocess
import time
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager
from pathlib import Path
from typing import Literal

import jsonschema
import pytest
from mcp import ClientSession, StdioServerParameters
from mcp.client.stdio import stdio_client
from mcp.client.streamable_http import streamable_http_client

from tests.app.command import PROGRAM
from tests.homes import FITTED_WITH

OWNER_CALLS = json.loads(
    (Path(__file__).parents[1] / "fixtures" / "owner_calls.json").read_text(encoding="utf-8")
)


@asynccontextmanager
async def stdio_session(home: Path) -> AsyncIterator[ClientSession]:
    server = StdioServerParameters(
        command=str(PROGRAM),
        args=["mcp"],
        env={"SECTORWISE_HOME": str(home), "SECTORWISE_VIEWS": FITTED_WITH},
    )
    async with stdio_client(server) as (read, write), ClientSession(read, write) as session:
        await session.initialize()
        yield session


@contextmanager
def http_server(home: Path) -> Iterator[str]:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    server = subprocess.Popen(
        [str(PROGRAM), "mcp", "--http", "--port", str(port)],
        env={
            "SECTORWISE_HOME": str(home),
            "SECTORWISE_VIEWS": FITTED_WITH,
            "PATH": "/usr/bin:/bin",
        },
        stderr=subprocess.DEVNULL,
    )
    try:
        deadline = time.monotonic() + 60
        while time.monotonic() < deadline:
            with socket.socket() as probe:
                if probe.connect_ex(("127.0.0.1", port)) == 0:
                    break
            time.sleep(0.1)
        yield f"http://127.0.0.1:{port}/mcp"
    finally:
        server.terminate()
        server.wait(20)


@asynccontextmanager
async def http_session(home: Path) -> AsyncIterator[ClientSession]:
    with http_server(home) as url:
        async with (
            streamable_http_client(url) as (read, write, _),
            ClientSession(read, write) as session,
        ):
            await session.initialize()
            yield session


@pytest.mark.anyio
@pytest.mark.parametrize("transport", ["stdio", "http"])
async def test_the_sdks_client_lists_and_calls_all_ten_tools(
    demo_home: Path, tmp_path: Path, transport: Literal["stdio", "http"]
) -> None:
    home = Path(shutil.copytree(demo_home, tmp_path / "home"))
    opened = stdio_session if transport == "stdio" else http_session
    async with opened(home) as session:
        tools = {tool.name: tool for tool in (await session.list_tools()).tools}
        wanted = {call["tool"] for call in OWNER_CALLS}
        assert len(wanted) == 10
        assert wanted <= set(tools)
        for call in OWNER_CALLS:
            answer = await session.call_tool(call["tool"], call["arguments"])
            assert not answer.isError, answer.content
            result = answer.structuredContent
            assert result is not None
            jsonschema.validate(result, tools[call["tool"]].outputSchema)
            assert result["rows"] or result["gap"]
            if call["arguments"].get("region") == "VN":
                assert result["gap"]["reason"] == "no_data"
                assert not result["synthetic"]


@pytest.fixture
def anyio_backend() -> str:
    return "asyncio"
