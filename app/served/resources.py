"""Registers what can be read at an address: universes, reports, the contract, the map's page."""

import json
from typing import Final

import anyio.to_thread
from mcp.server.fastmcp import FastMCP

from app.running.runs import Runs
from app.served.map_page import MAP_PAGE, MAP_URI, map_page
from app.served.records import (
    CONTRACT,
    BacktestAnswer,
    CallsAnswer,
    ResearchAnswer,
    ResearchList,
    RotationMapResult,
)
from core.records.contracts import RESULT_OF_TOOL
from core.records.record import Record
from core.records.report import Report
from core.records.sectors import HeatmapResult
from tools.context import ToolContext

OWN_RESULTS: Final[dict[str, type[Record]]] = {
    "research_sectors": ResearchAnswer,
    "get_research": ResearchAnswer,
    "resume_research": ResearchAnswer,
    "stop_research": ResearchAnswer,
    "list_research": ResearchList,
    "run_backtest": BacktestAnswer,
    "call_tools": CallsAnswer,
    "get_rotation_map": RotationMapResult,
    "get_heatmap_picture": HeatmapResult,
}
JSON: Final = "application/json"


def add_resources(server: FastMCP, context: ToolContext, runs: Runs) -> None:
    """Register them."""

    @server.resource("sectorwise://contract", mime_type=JSON)
    def contract() -> str:
        """The contract's version, and the schema of every tool's answer and of a report."""
        return contract_text()

    @server.resource("sectorwise://universes/{universe}", mime_type=JSON)
    def universe(universe: str) -> str:
        """A market as it is defined: sectors, names, benchmarks, sessions, events."""
        return _indented(context.universe(universe).model_dump(mode="json"))

    @server.resource("sectorwise://reports/{run_id}", mime_type="text/markdown")
    async def report(run_id: str) -> str:
        """The report of a finished run, to read."""
        return await anyio.to_thread.run_sync(_markdown, context, runs, run_id)

    @server.resource("sectorwise://reports/{run_id}/json", mime_type=JSON)
    async def report_record(run_id: str) -> str:
        """The report of a finished run, as the record `sectorwise report` writes."""
        return await anyio.to_thread.run_sync(_record, runs, run_id)

    @server.resource(MAP_URI, mime_type=MAP_PAGE, meta={"ui": {"csp": {}, "prefersBorder": True}})
    def rotation_map() -> str:
        """The rotation map as a page that draws what get_rotation_map answered."""
        return map_page()


def contract_text() -> str:
    """Return the contract as JSON: its version, and each tool's answer by its schema."""
    results = {**RESULT_OF_TOOL, **OWN_RESULTS}
    schemas = {name: results[name].model_json_schema() for name in sorted(results)}
    return _indented(
        {"contract": CONTRACT, "results": schemas, "report": Report.model_json_schema()}
    )


def _markdown(context: ToolContext, runs: Runs, run_id: str) -> str:
    from app.render.markdown import markdown
    from app.render.page import page

    return markdown(page(runs.report(run_id), context.universes))


def _record(runs: Runs, run_id: str) -> str:
    from app.render.bundle import report_json

    return report_json(runs.report(run_id))


def _indented(value: object) -> str:
    return json.dumps(value, ensure_ascii=False, indent=1, sort_keys=True)
