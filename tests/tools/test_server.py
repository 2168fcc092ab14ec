"""The server over an in-memory session: the demo market stored once, every real region empty."""

import json
import tempfile
from collections.abc import Sequence
from dataclasses import replace
from datetime import date
from functools import cache
from importlib.resources import files
from pathlib import Path
from typing import get_args

import anyio
import jsonschema
import pandas as pd
import pytest
from mcp.server.fastmcp import FastMCP
from mcp.shared.memory import create_connected_server_and_client_session as connected
from mcp.types import CallToolResult, TextContent, Tool

from app.reference.tool_examples import examples_of
from core.forecast.folds import Fold
from core.forecast.model import ForecastModel
from core.markets.universe import parse_universe
from core.panel import MarketPanels
from core.records.contracts import RESULT_OF_TOOL
from core.records.plan import ToolArguments, ToolName
from core.records.result import ToolResult
from core.records.scoring import FactorWeight
from core.records.sectors import HeatmapResult
from core.records.universe import Universe
from core.signals.catalogue import factor_values
from tools.context import ToolContext
from tools.contracts import TEXT_CAP_CHARS
from tools.server import build_server
from tools.sources.demo import demo_frames, ensure_demo
from tools.storage.models import ModelStore
from tools.storage.partition import Lot
from tools.storage.store import Store

FIXTURES = Path(__file__).parents[1] / "fixtures"
OWNER_CALLS = json.loads((FIXTURES / "owner_calls.json").read_text(encoding="utf-8"))
TOOLS = tuple(sorted(RESULT_OF_TOOL))
PLANNED: tuple[ToolName, ...] = get_args(ToolName)
PAST = date(2024, 3, 13)
SCORED = (
    "get_sector_heatmap",
    "get_macro_indicators",
    "get_sector_fundamentals",
    "get_foreign_flow_by_sector",
    "get_whale_activity",
)
SYMBOLS = ["DTEC1", "DFIN1", "NOSUCH"]


WITHOUT_DATA = {
    "get_etf_flow": "no_data",
    "get_news": "no_data",
    "get_sector_forecast": "model_not_fitted",
    "get_sub_sectors": "not_covered",
}
"""What the synthetic market, not fitted here, has nothing of."""


@cache
def published() -> dict[str, Tool]:
    with tempfile.TemporaryDirectory() as home:
        context = ToolContext(Store(Path(home)), {}, ModelStore(Path(home)), "demo")
        return {tool.name: tool for tool in anyio.run(build_server(context).list_tools)}


def arguments_of(tool: str) -> dict[str, object]:
    if tool == "get_financial_statements":
        return {"symbols": SYMBOLS}
    return examples_of(published()[tool])["least"]


def sampled(tools: Sequence[str], *, one_in: int) -> list[object]:
    """Return the tools, of which a short run asks those a score is made of and some others."""
    return [
        tool
        if tool in SCORED or place % one_in == 0
        else pytest.param(tool, marks=pytest.mark.prove)
        for place, tool in enumerate(tools)
    ]


def takes(argument: str) -> list[str]:
    return [tool for tool in TOOLS if argument in published()[tool].inputSchema["properties"]]


@pytest.fixture(scope="module")
def universes() -> dict[str, Universe]:
    folder = files("core.universes")
    texts = [
        path.read_text(encoding="utf-8") for path in folder.iterdir() if path.name.endswith(".toml")
    ]
    return {universe.id: universe for universe in map(parse_universe, texts)}


@pytest.fixture(scope="module")
def demo_context(
    universes: dict[str, Universe], tmp_path_factory: pytest.TempPathFactory
) -> ToolContext:
    home = tmp_path_factory.mktemp("home")
    store = Store(home)
    ensure_demo(store, universes["demo"])
    return ToolContext(
        store=store, universes=universes, models=ModelStore(home), default_universe="demo"
    )


@pytest.fixture(scope="module")
def past_context(
    demo_context: ToolContext, tmp_path_factory: pytest.TempPathFactory
) -> ToolContext:
    """The demo market as it was stored on PAST, nothing later ever written."""
    store = Store(tmp_path_factory.mktemp("past"))
    for dataset, rows in demo_frames(demo_context.universes["demo"]).items():
        known = "start" if dataset == "members" else "known_at"
        kept = rows[rows[known] <= pd.Timestamp(PAST)].reset_index(drop=True)
        lot = Lot(dataset=dataset, origin="past", input_sha256="1" * 64, recipe_sha256="2" * 64)
        store.write("demo", kept, lot)
    return replace(demo_context, store=store)


@pytest.fixture(scope="module")
def demo_panels(demo_context: ToolContext) -> MarketPanels:
    return demo_context.load(demo_context.store, demo_context.universes["demo"])


@pytest.fixture(scope="module")
def demo_server(demo_context: ToolContext) -> FastMCP:
    return build_server(demo_context)


@pytest.fixture(scope="module")
def past_server(past_context: ToolContext) -> FastMCP:
    return build_server(past_context)


def call(server: FastMCP, tool: str, arguments: dict[str, object]) -> CallToolResult:
    async def once() -> CallToolResult:
        async with connected(server) as session:
            return await session.call_tool(tool, arguments)

    return anyio.run(once)


def result_of(server: FastMCP, tool: str, arguments: dict[str, object]) -> ToolResult:
    return read(tool, call(server, tool, arguments))


def read(tool: str, answer: CallToolResult) -> ToolResult:
    assert not answer.isError, text_of(answer)
    return RESULT_OF_TOOL[tool].model_validate_json(
        json.dumps(answer.structuredContent), strict=True
    )


def text_of(answer: CallToolResult) -> str:
    (content,) = answer.content
    assert isinstance(content, TextContent)
    return content.text


def test_every_tool_is_listed_read_only_with_a_description_and_a_result_schema() -> None:
    assert set(published()) == set(TOOLS)
    for tool in published().values():
        assert tool.annotations is not None
        assert tool.annotations.readOnlyHint
        assert tool.annotations.idempotentHint
        assert tool.description
        assert "\n    " not in tool.description
        assert tool.outputSchema is not None
        assert "contract" in tool.outputSchema["properties"]


@pytest.mark.parametrize("tool", PLANNED)
def test_a_plan_can_state_every_argument_of_the_tools_it_calls(tool: str) -> None:
    assert set(published()[tool].inputSchema["properties"]) <= set(ToolArguments.model_fields)


@pytest.mark.parametrize("owner_call", OWNER_CALLS, ids=lambda row: str(row["tool"]))
@pytest.mark.parametrize("region", ["as written", "demo"])
def test_the_documents_calls_answer_with_a_result_or_a_named_gap(
    demo_server: FastMCP, owner_call: dict[str, object], region: str
) -> None:
    arguments = dict(owner_call["arguments"])  # type: ignore[call-overload]  # JSON of the fixture
    if region == "demo" and "region" in arguments:
        arguments["region"] = region

    async def once() -> None:
        async with connected(demo_server) as session:
            schemas = {tool.name: tool.outputSchema for tool in (await session.list_tools()).tools}
            answer = await session.call_tool(str(owner_call["tool"]), arguments)
        assert not answer.isError, text_of(answer)
        jsonschema.validate(answer.structuredContent, schemas[str(owner_call["tool"])] or {})
        structured = answer.structuredContent or {}
        assert structured.get("rows") or structured["gap"]["reason"]

    anyio.run(once)


@pytest.mark.parametrize("tool", TOOLS)
def test_every_tool_answers_on_the_demo_market_and_calls_it_synthetic(
    demo_server: FastMCP, tool: str
) -> None:
    answer = call(demo_server, tool, arguments_of(tool))
    result, text = read(tool, answer), text_of(answer)
    assert len(text) <= TEXT_CAP_CHARS
    assert (result.universe, result.synthetic, result.tool) == ("demo", True, tool)
    assert "SYNTHETIC" in text
    if result.gap is not None:
        assert result.gap.reason == WITHOUT_DATA.get(tool)
        return
    assert result.known_at is not None
    assert result.known_at <= result.as_of
    assert result.sources or tool == "list_universes"


@pytest.mark.parametrize("tool", sampled(takes("region"), one_in=3))
def test_a_real_region_without_data_is_a_gap_and_never_the_demo(
    demo_server: FastMCP, tool: str
) -> None:
    answer = call(demo_server, tool, {**arguments_of(tool), "region": "VN"})
    structured = answer.structuredContent
    assert structured is not None, text_of(answer)
    assert (structured["universe"], structured["synthetic"]) == ("vn", False)
    assert not structured.get("rows")
    assert structured["factors"] == []
    if tool == "search_instruments":
        return  # a market's own names are known without data
    assert structured["gap"] == {"reason": "no_data", "actor": "user", "dataset": "prices"}
    assert "sectorwise import --universe vn --prices FILE" in text_of(answer)


@pytest.mark.parametrize("tool", takes("as_of"))
def test_a_date_before_any_data_is_a_named_gap_however_early(
    demo_server: FastMCP, tool: str
) -> None:
    result = result_of(demo_server, tool, {**arguments_of(tool), "as_of": date.min.isoformat()})
    assert result.gap is not None
    assert result.gap.reason == "before_data"
    assert result.as_of == date.min


@pytest.mark.parametrize("tool", sampled(takes("as_of"), one_in=3))
def test_an_answer_of_a_past_date_is_the_same_when_the_future_was_never_stored(
    demo_server: FastMCP, past_server: FastMCP, tool: str
) -> None:
    arguments = {**arguments_of(tool), "as_of": PAST.isoformat()}
    full, short = (result_of(which, tool, arguments) for which in (demo_server, past_server))
    assert full.model_copy(update={"sources": ()}) == short.model_copy(update={"sources": ()})
    if full.gap is not None:
        assert full.gap.reason == WITHOUT_DATA.get(tool)
        return
    assert full.known_at is not None
    assert full.known_at <= PAST


def test_factors_over_mcp_equal_those_from_panels_bit_for_bit(
    demo_server: FastMCP, demo_panels: MarketPanels
) -> None:
    carried = [
        value
        for tool in SCORED
        for value in result_of(demo_server, tool, {"as_of": PAST.isoformat()}).factors
    ]
    expected = factor_values(demo_panels, as_of=PAST)
    assert len(carried) == len(expected)
    assert set(carried) == set(expected)


def fitted(universe: Universe) -> ForecastModel:
    """Return a model with folds at every horizon and no record of what became of them."""
    weights = (FactorWeight(factor="momentum_12m", family="momentum", weight=0.5),)
    folds = [
        Fold(
            horizon=horizon,
            cut=date(2023, 1, 2),
            trained_until=date(2022, 12, 30),
            labels_count=100,
            weights=weights,
            residual_sd_pct=2.0,
            half_width_x=1.3,
        )
        for horizon in universe.horizons
    ]
    return ForecastModel(
        universe=universe.id,
        universe_hash=universe.content_hash(),
        factors=("momentum_12m",),
        data_until=date(2024, 12, 31),
        folds=tuple(folds),
        outcomes=(),
    )


def test_a_fitted_model_forecasts_every_horizon_it_has(
    universes: dict[str, Universe], demo_context: ToolContext, tmp_path: Path
) -> None:
    universe = universes["demo"]
    models = ModelStore(tmp_path)
    models.save("demo", fitted(universe), "0" * 64)
    server = build_server(replace(demo_context, models=models))
    result = result_of(server, "get_sector_heatmap", {"horizon": "1M"})
    assert isinstance(result, HeatmapResult)
    assert all(
        [cell.horizon for cell in row.expected] == list(universe.horizons) for row in result.rows
    )
    assert result.missing == ()
    before = result_of(server, "get_sector_heatmap", {"as_of": "2022-12-30"})
    assert {cell.reason for cell in before.missing} == {"model_not_fitted"}


def test_a_forecast_without_any_record_is_one_without_skill(
    universes: dict[str, Universe], demo_context: ToolContext, tmp_path: Path
) -> None:
    models = ModelStore(tmp_path)
    models.save("demo", fitted(universes["demo"]), "0" * 64)
    server = build_server(replace(demo_context, models=models))
    result = result_of(server, "get_sector_heatmap", {"horizon": "1M"})
    assert isinstance(result, HeatmapResult)
    assert result.skill == ()
    assert all("no_skill" in row.flags for row in result.rows)


def test_a_model_of_another_universe_file_forecasts_nothing(
    universes: dict[str, Universe], demo_context: ToolContext, tmp_path: Path
) -> None:
    models = ModelStore(tmp_path)
    other = fitted(universes["demo"]).model_copy(update={"universe_hash": "0" * 64})
    models.save("demo", other, "0" * 64)
    server = build_server(replace(demo_context, models=models))
    result = result_of(server, "get_sector_heatmap", {})
    assert isinstance(result, HeatmapResult)
    assert not any(row.expected for row in result.rows)
    assert {cell.reason for cell in result.missing} == {"model_not_fitted"}


def test_a_model_fitted_by_other_rules_forecasts_nothing(
    universes: dict[str, Universe], demo_context: ToolContext, tmp_path: Path
) -> None:
    models = ModelStore(tmp_path)
    models.save("demo", fitted(universes["demo"]).model_copy(update={"recipe": "a"}), "0" * 64)
    fits = replace(demo_context, models=models, recipe_of=lambda _: "a")
    changed = replace(demo_context, models=models, recipe_of=lambda _: "b")
    same = result_of(build_server(fits), "get_sector_heatmap", {})
    other = result_of(build_server(changed), "get_sector_heatmap", {})
    assert isinstance(same, HeatmapResult)
    assert isinstance(other, HeatmapResult)
    assert all(row.expected for row in same.rows)
    assert not any(row.expected for row in other.rows)
    assert {cell.reason for cell in other.missing} == {"model_not_fitted"}


@pytest.mark.parametrize(
    ("tool", "arguments", "message"),
    [
        ("get_market_overview", {"region": "Atlantis"}, "no region 'Atlantis': use one of"),
        ("get_sector_fundamentals", {"sector": "shipping"}, "use 'all' or one of technology"),
        ("get_sector_heatmap", {"horizon": "2M"}, "horizon: Input should be '1W', '1M' or '3M'"),
        ("get_sector_heatmap", {"sectors": "all"}, "takes region, horizon, signal_type, as_of"),
        ("get_financial_statements", {}, "name either symbols or a sector"),
        ("get_market_overview", {"as_of": "yesterday"}, "as_of: Input should be a valid date"),
        (
            "get_market_overwiew",
            {},
            "no tool get_market_overwiew: did you mean get_market_overview",
        ),
        ("rm", {}, "no tool rm: list them"),
    ],
)
def test_a_wrong_argument_is_an_error_that_says_what_to_do(
    demo_server: FastMCP, tool: str, arguments: dict[str, object], message: str
) -> None:
    answer = call(demo_server, tool, arguments)
    assert answer.isError
    assert message in text_of(answer)
    assert "errors.pydantic.dev" not in text_of(answer)


def test_symbols_decide_the_universe_when_no_region_is_given(
    demo_context: ToolContext,
) -> None:
    elsewhere = build_server(replace(demo_context, default_universe="us"))
    result = result_of(elsewhere, "get_financial_statements", {"symbols": ["DTEC1"]})
    assert (result.universe, result.gap) == ("demo", None)
    unknown = result_of(elsewhere, "get_financial_statements", {"symbols": ["TCB"]})
    assert unknown.universe == "us"


def test_what_is_stored_between_two_calls_is_seen_by_the_second(
    demo_context: ToolContext, tmp_path: Path
) -> None:
    store = Store(tmp_path)
    server = build_server(replace(demo_context, store=store))
    before = result_of(server, "get_market_overview", {})
    assert before.gap is not None
    assert result_of(server, "get_market_overview", {}) == before
    ensure_demo(store, demo_context.universes["demo"])
    assert result_of(server, "get_market_overview", {}).gap is None


def test_calls_at_the_same_time_answer_alike(demo_server: FastMCP) -> None:
    async def together() -> list[CallToolResult]:
        answers: dict[int, CallToolResult] = {}

        async with connected(demo_server) as session:

            async def one(place: int) -> None:
                answers[place] = await session.call_tool("get_sector_heatmap", {})

            async with anyio.create_task_group() as group:
                for place in range(8):
                    group.start_soon(one, place)
        return [answers[place] for place in range(8)]

    first, *rest = anyio.run(together)
    assert all(answer == first for answer in rest)
