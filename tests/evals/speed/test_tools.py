from dataclasses import replace

import anyio
import pytest
from mcp.types import CallToolResult, TextContent

from evals.speed import tools
from evals.speed.tools import Latency, table

ROW = Latency(
    tool="get_market_overview",
    bytes_count=1_500,
    first_ms=50.0,
    anew_ms=10.0,
    again_ms=0.6,
    again_p95_ms=0.9,
    bare_ms=0.4,
    bare_p95_ms=0.7,
    stdio_ms=3.0,
    stdio_p95_ms=4.0,
)


@pytest.mark.prove
def test_the_table_ends_with_the_tool_that_is_slowest_beside_a_bare_one() -> None:
    slower = replace(ROW, tool="get_whale_activity", again_ms=0.8)
    lines = table((slower, ROW)).splitlines()
    assert len(lines) == 4
    assert lines[-1] == "largest ratio 2.00 (get_whale_activity)"
    assert lines[2].split()[0] == "get_market_overview"


@pytest.mark.prove
def test_the_bare_tool_returns_the_very_answer_it_is_compared_with() -> None:
    text = TextContent(type="text", text="a | b")
    answer = CallToolResult(content=[text], structuredContent={"rows": [1.5, None]})

    async def once() -> CallToolResult:
        async with tools._memory(tools._bare(answer)) as session:
            return await session.call_tool("same", {})

    assert anyio.run(once, backend="asyncio") == answer
