import shutil
from pathlib import Path

import pytest
from mcp import ClientSession, StdioServerParameters
from mcp.client.stdio import stdio_client

from app.served.records import CONTRACT
from tests.app.command import PROGRAM
from tests.app.served.sessions import Heard
from tests.homes import FITTED_WITH

pytestmark = pytest.mark.anyio


@pytest.mark.prove
async def test_research_runs_over_stdio_with_progress_and_is_there_for_the_next_process(
    demo_home: Path, tmp_path: Path
) -> None:
    home = shutil.copytree(demo_home, tmp_path / "home")
    server = StdioServerParameters(
        command=str(PROGRAM),
        args=["mcp"],
        env={"SECTORWISE_HOME": str(home), "SECTORWISE_VIEWS": FITTED_WITH},
    )
    heard = Heard()
    asked = {"question": "which sectors lead?", "universe": "demo"}
    async with stdio_client(server) as streams, ClientSession(*streams) as session:
        started = await session.initialize()
        assert started.serverInfo.version.endswith(f"+contract.{CONTRACT}")
        done = await session.call_tool("research_sectors", asked, progress_callback=heard)
    assert not done.isError, done.content
    assert done.structuredContent is not None
    run = done.structuredContent["run_id"]
    assert heard.messages[0] == f"run {run}"
    assert "verifier finished" in heard.messages
    async with stdio_client(server) as streams, ClientSession(*streams) as session:
        await session.initialize()
        again = await session.call_tool("get_research", {"run_id": run})
    assert again.structuredContent == done.structuredContent
