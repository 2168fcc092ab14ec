"""What all tools of market, sectors and companies keep to, on the synthetic market over MCP."""

import json
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Final

import anyio
import jsonschema
import pandas as pd
import pytest
from mcp.server.fastmcp import FastMCP
from mcp.shared.memory import create_connected_server_and_client_session as connected
from mcp.types import CallToolResult, TextContent

from app.files.universes import load_universes
from core.records.contracts import RESULT_OF_TOOL
from core.records.result import ToolResult
from tools.context import ToolContext
from tools.contracts import TEXT_CAP_CHARS
from tools.server import build_server
from tools.sources.demo import demo_frames
from tools.storage.models import ModelStore
from tools.storage.partition import Lot
from tools.storage.store import Store

PAST: Final = date(2024, 3, 13)
ASKED: Final[dict[str, dict[str, object]]] = {
    "search_instruments": {"query": "technology"},
    "get_stock_info": {"symbol": "DTEC1"},
    "get_price_history": {"symbols": ["DTEC1", "DFIN2"], "frequency": "weekly"},
    "get_index_history": {},
    "get_sub_sectors": {"sector": "technology"},
    "get_sector_breadth": {},
    "get_sector_momentum": {},
    "get_sector_valuation": {},
    "get_sector_forecast": {},
    "get_sector_transitions": {"frequency": "daily"},
    "screen_stocks": {"filters": [{"measure": "pe_x", "at_most": 40.0}], "limit": 50},
}
TOOLS: Final = tuple(ASKED)
SAMPLED: Final = [
    tool if place % 3 == 2 else pytest.param(tool, marks=pytest.mark.prove)
    for place, tool in enumerate(TOOLS)
]
"""Price history, breadth and forecast always; the others in the long tests."""


@pytest.fixture(scope="module")
def context(demo_home: Path) -> ToolContext:
    return ToolContext(Store(demo_home), load_universes(), ModelStore(demo_home), "demo")


@pytest.fixture(scope="module")
def server(context: ToolContext) -> FastMCP:
    return build_server(context)


@pytest.fixture(scope="module")
def past_server(context: ToolContext, tmp_path_factory: pytest.TempPathFactory) -> FastMCP:
    """The synthetic market as it was stored on PAST, nothing later ever written."""
    store = Store(tmp_path_factory.mktemp("past"))
    for dataset, rows in demo_frames(context.universes["demo"]).items():
        known = "start" if dataset == "members" else "known_at"
        kept = rows[rows[known] <= pd.Timestamp(PAST)].reset_index(drop=True)
        lot = Lot(dataset=dataset, origin="past", input_sha256="1" * 64, recipe_sha256="2" * 64)
        store.write("demo", kept, lot)
    return build_server(replace(context, store=store))


def call(server: FastMCP, tool: str, arguments: dict[str, object]) -> CallToolResult:
    async def once() -> CallToolResult:
        async with connected(server) as session:
            schemas = {row.name: row.outputSchema for row in (await session.list_tools()).tools}
            answer = await session.call_tool(tool, arguments)
        if not answer.isError:
            jsonschema.validate(answer.structuredContent, schemas[tool] or {})
        return answer

    return anyio.run(once)


def text_of(answer: CallToolResult) -> str:
    (content,) = answer.content
    assert isinstance(content, TextContent)
    return content.text


def result_of(server: FastMCP, tool: str, **more: object) -> ToolResult:
    return read(tool, call(server, tool, {**ASKED.get(tool, {}), **more}))


def read(tool: str, answer: CallToolResult) -> ToolResult:
    assert not answer.isError, text_of(answer)
    return RESULT_OF_TOOL[tool].model_validate_json(
        json.dumps(answer.structuredContent), strict=True
    )


@pytest.mark.parametrize("tool", TOOLS)
def test_a_tool_answers_with_rows_their_sources_and_a_text_read_whole(
    server: FastMCP, tool: str
) -> None:
    answer = call(server, tool, ASKED[tool])
    result, text = read(tool, answer), text_of(answer)
    assert (result.gap, result.synthetic, result.universe) == (None, True, "demo")
    assert getattr(result, "rows", ())
    assert result.sources
    assert result.known_at is not None
    assert result.known_at <= result.as_of
    assert len(text) <= TEXT_CAP_CHARS
    assert "(cut:" not in text


@pytest.mark.parametrize("tool", SAMPLED)
def test_a_past_date_is_answered_alike_whether_or_not_the_future_is_stored(
    server: FastMCP, past_server: FastMCP, tool: str
) -> None:
    full, short = (result_of(one, tool, as_of=PAST.isoformat()) for one in (server, past_server))
    assert full.model_copy(update={"sources": ()}) == short.model_copy(update={"sources": ()})


@pytest.mark.parametrize("tool", TOOLS)
def test_a_market_without_prices_is_a_gap_that_names_the_command(
    server: FastMCP, tool: str
) -> None:
    answer = call(server, tool, {**ASKED[tool], "region": "VN", **_without_sector(tool)})
    result = read(tool, answer)
    assert result.gap is not None
    assert (result.gap.reason, result.gap.dataset) == ("no_data", "prices")
    assert (result.universe, result.synthetic, result.known_at) == ("vn", False, None)
    assert "sectorwise import --universe vn --prices FILE" in text_of(answer)


def _without_sector(tool: str) -> dict[str, object]:
    return {"sector": "banks"} if "sector" in ASKED[tool] else {}


def test_the_universes_are_listed_with_the_stored_days(server: FastMCP) -> None:
    text = text_of(call(server, "list_universes", {}))
    assert len(text) <= TEXT_CAP_CHARS
    assert "2019-01-01" in text
    result = result_of(server, "list_universes")
    assert (result.universe, result.as_of) == ("demo", date(2024, 12, 31))


@pytest.mark.parametrize(
    ("tool", "arguments", "said"),
    [
        ("search_instruments", {"query": "technologi co"}, "did you mean"),
        ("search_instruments", {"query": ""}, "at least 1 character"),
        ("search_instruments", {"query": "a", "limit": 51}, "less than or equal to 50"),
        ("get_stock_info", {"symbol": "DTEC8"}, "did you mean DTEC"),
        ("get_price_history", {"symbols": ["X"] * 21}, "at most 20"),
        (
            "get_price_history",
            {"symbols": ["DTEC1"], "frequency": "monthly"},
            "'daily' or 'weekly'",
        ),
        ("get_price_history", {"symbols": ["DTEC1"], "page": 9}, "page 9: the answer has 1"),
        ("get_index_history", {"benchmark": "spx"}, "use one of demo_basket"),
        ("get_sector_momentum", {"rank_by": "sharpe"}, "'momentum_12_1'"),
        ("get_sector_forecast", {"horizon": "2M"}, "'1W', '1M' or '3M'"),
        ("screen_stocks", {"filters": [{"measure": "pb_x", "at_most": 1}]}, "'pe_x'"),
        ("screen_stocks", {"filters": [{"measure": "pe_x", "max": 1}]}, "Extra inputs"),
        ("list_universes", {"region": "VN"}, "not region"),
    ],
)
def test_a_wrong_argument_is_a_sentence(
    server: FastMCP, tool: str, arguments: dict[str, object], said: str
) -> None:
    answer = call(server, tool, arguments)
    assert answer.isError
    assert said in text_of(answer)


def test_a_long_history_comes_in_pages_whose_text_is_whole(server: FastMCP) -> None:
    asked: dict[str, object] = {"symbols": ["DTEC1", "DTEC2", "DFIN1"], "since": "2023-01-02"}
    first = call(server, "get_price_history", asked)
    assert first.structuredContent is not None
    pages = first.structuredContent["pages_count"]
    rows: list[tuple[str, str]] = []
    for page in range(1, pages + 1):
        answer = call(server, "get_price_history", {**asked, "page": page})
        assert "(cut:" not in text_of(answer)
        assert answer.structuredContent is not None
        rows += [(row["symbol"], row["period"]) for row in answer.structuredContent["rows"]]
    assert len(rows) == len(set(rows)) == 3 * len({period for _, period in rows})
