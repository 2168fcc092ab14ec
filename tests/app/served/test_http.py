import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import pytest
import uvicorn
from mcp import ClientSession
from mcp.client.streamable_http import streamable_http_client

from app.files.universes import load_universes
from app.running.run import Run
from app.running.runs import Runs
from app.served.server import mounted
from app.settings import Settings
from tests.app.served.sessions import Heard, withdrawal

pytestmark = pytest.mark.anyio


@asynccontextmanager
async def listening(home: Path) -> AsyncIterator[str]:
    """A server on a port of this machine; its address."""
    server, runs = mounted(Settings(home=home), load_universes())
    config = uvicorn.Config(
        server.streamable_http_app(), port=0, log_level="error", timeout_graceful_shutdown=1
    )
    http = uvicorn.Server(config)
    serving = asyncio.create_task(http.serve())
    while not http.started:
        await asyncio.sleep(0.01)
    try:
        port = http.servers[0].sockets[0].getsockname()[1]
        yield f"http://127.0.0.1:{port}/mcp"
    finally:
        await runs.close()
        http.should_exit = True
        await serving


@asynccontextmanager
async def session(url: str) -> AsyncIterator[ClientSession]:
    async with (
        streamable_http_client(url) as (reading, writing, _),
        ClientSession(reading, writing) as client,
    ):
        await client.initialize()
        yield client


async def test_over_http_a_run_outlives_its_cancelled_request_and_its_client_but_not_stop_research(
    home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def endless(_: Runs, __: Run) -> None:
        await asyncio.Event().wait()

    monkeypatch.setattr(Runs, "_done", endless)
    async with listening(home) as url:
        heard = Heard()
        async with session(url) as lost:
            request = lost._request_id
            call = asyncio.create_task(
                lost.call_tool("research_sectors", {"universe": "demo"}, progress_callback=heard)
            )
            while not heard.messages:
                await asyncio.sleep(0.01)
            await lost.send_notification(withdrawal(request))
            call.cancel()
        asked = {"run_id": heard.messages[0].removeprefix("run ")}
        async with session(url) as later:
            gone_on = await later.call_tool("get_research", asked)
            stopped = await later.call_tool("stop_research", asked)
    assert gone_on.structuredContent is not None
    assert gone_on.structuredContent["state"] == "running"
    assert stopped.structuredContent is not None
    assert stopped.structuredContent["state"] == "stopped"
