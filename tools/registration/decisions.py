"""Registers the tools of scores and allocations."""

from functools import partial
from typing import Annotated

from mcp.server.fastmcp import FastMCP
from mcp.types import CallToolResult

from core.records.scoring import ScoringResult
from core.records.universe import Horizon
from tools.context import ToolContext
from tools.decisions.scoring import scoring_inputs
from tools.registration.arguments import READ_ONLY, AsOf, Mark, Region, answered


def add_decisions_tools(server: FastMCP, context: ToolContext) -> None:
    """Register them."""

    @server.tool(annotations=READ_ONLY)
    async def get_scoring_inputs(
        region: Region = None, horizon: Horizon = "1M", as_of: AsOf = None, benchmark: Mark = None
    ) -> Annotated[CallToolResult, ScoringResult]:
        """What a score needs besides factors: learned weights, covariance, benchmark weights."""
        make = partial(scoring_inputs, context, region=region, as_of=as_of, benchmark=benchmark)
        return await answered(context, partial(make, horizon=horizon))
