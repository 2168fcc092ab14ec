from collections.abc import Callable

import pytest
from mcp import ClientSession

pytestmark = pytest.mark.anyio


async def test_each_call_of_a_list_is_answered_as_if_made_alone(client: ClientSession) -> None:
    calls = [
        {"name": "get_market_overview", "arguments": {"region": "demo"}},
        {"name": "get_sector_heatmap", "arguments": {"region": "demo", "horizon": "1W"}},
    ]
    listed = await client.call_tool("call_tools", {"calls": calls})
    assert listed.structuredContent is not None
    rows = listed.structuredContent["rows"]
    assert [row["name"] for row in rows] == [call["name"] for call in calls]
    for call, row in zip(calls, rows, strict=True):
        alone = await client.call_tool(str(call["name"]), call["arguments"])  # type: ignore[arg-type]  # a mapping
        assert row["result"] == alone.structuredContent
        assert row["error"] is None


async def test_a_call_that_fails_costs_only_itself(client: ClientSession) -> None:
    calls = [
        {"name": "get_market_overview", "arguments": {"region": "atlantis"}},
        {"name": "get_nothing"},
        {"name": "get_market_overview", "arguments": {"planet": "mars"}},
        {"name": "get_market_overview", "arguments": {"region": "demo"}},
    ]
    listed = await client.call_tool("call_tools", {"calls": calls})
    assert not listed.isError
    assert listed.structuredContent is not None
    *failed, good = listed.structuredContent["rows"]
    assert [row["result"] for row in failed] == [None] * 3
    assert "atlantis" in failed[0]["error"]
    assert "get_nothing" in failed[1]["error"]
    assert "planet" in failed[2]["error"]
    assert good["result"]["universe"] == "demo"


@pytest.mark.parametrize(
    "name", ["call_tools", "research_sectors", "resume_research", "stop_research", "run_backtest"]
)
async def test_nothing_that_writes_and_no_list_is_called_from_a_list(
    client: ClientSession, name: str
) -> None:
    listed = await client.call_tool("call_tools", {"calls": [{"name": name}]})
    assert listed.structuredContent is not None
    assert "on its own" in listed.structuredContent["rows"][0]["error"]


async def test_a_list_has_one_to_sixteen_calls(
    client: ClientSession, text_of: Callable[[object], str]
) -> None:
    for count in (0, 17):
        calls = [{"name": "get_data_status"}] * count
        result = await client.call_tool("call_tools", {"calls": calls})
        assert result.isError
        assert "calls" in text_of(result)
