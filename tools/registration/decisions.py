"""Registers the tools of scores and allocations."""

from functools import partial
from typing import Annotated

from mcp.server.fastmcp import FastMCP
from mcp.types import CallToolResult
from pydantic import Field

from core.records.scoring import ScoringResult
from core.records.served_decisions import (
    AllocationResult,
    AskedLimits,
    HeldWeights,
    ScoresResult,
)
from core.records.universe import Horizon
from tools.context import ToolContext
from tools.decisions.scoring import scoring_inputs
from tools.decisions.sector_allocation import sector_allocation
from tools.decisions.sector_scores import sector_scores
from tools.registration.arguments import READ_ONLY, AsOf, Mark, Region, answered

Limits = Annotated[
    AskedLimits | None,
    Field(description='limits over the built-in mandate: {"caps": [{"sector": …, "cap": 0.2}]}'),
]
Held = Annotated[
    HeldWeights | None,
    Field(description="weights held, the rest is cash; absent: against the benchmark only"),
]


def add_decisions_tools(server: FastMCP, context: ToolContext) -> None:
    """Register them."""

    @server.tool(annotations=READ_ONLY)
    async def get_scoring_inputs(
        region: Region = None, horizon: Horizon = "1M", as_of: AsOf = None, benchmark: Mark = None
    ) -> Annotated[CallToolResult, ScoringResult]:
        """What a score needs besides factors: learned weights, covariance, benchmark weights."""
        make = partial(scoring_inputs, context, region=region, as_of=as_of, benchmark=benchmark)
        return await answered(context, partial(make, horizon=horizon))

    @server.tool(annotations=READ_ONLY)
    async def get_sector_scores(
        region: Region = None, horizon: Horizon = "1M", as_of: AsOf = None
    ) -> Annotated[CallToolResult, ScoresResult]:
        """Every sector's score, rank and confidence, with each factor's part of it, best first.

        A score is the sum of weight times cross-sectional z over the factors present; confidence
        falls with what is missing and with the forecast's own record. It is no advice to trade.
        """
        make = partial(sector_scores, context, region=region, as_of=as_of)
        return await answered(context, partial(make, horizon=horizon))

    @server.tool(annotations=READ_ONLY)
    async def get_sector_allocation(
        region: Region = None,
        horizon: Horizon = "1M",
        as_of: AsOf = None,
        mandate: Limits = None,
        holdings: Held = None,
    ) -> Annotated[CallToolResult, AllocationResult]:
        """Target weights of the sectors from their scores, within limits; each that binds is told.

        Fractions of net asset value. Limits that cannot all hold are an error that names them and
        the smallest change that helps. A user's stored mandate and holdings are not looked at.
        """
        make = partial(sector_allocation, context, region=region, as_of=as_of, horizon=horizon)
        return await answered(context, partial(make, mandate=mandate, holdings=holdings))
