"""Registers the tools of who buys and sells."""

from functools import partial
from typing import Annotated

from mcp.server.fastmcp import FastMCP
from mcp.types import CallToolResult

from core.records.payloads import FlowResult, WhaleResult
from core.records.plan import AssetType, Period
from tools.context import ToolContext
from tools.flows.foreign_flow import foreign_flow, foreign_flow_by_sector
from tools.flows.whale_activity import whale_activity
from tools.registration.arguments import READ_ONLY, AsOf, Region, SectorName, answered


def add_flows_tools(server: FastMCP, context: ToolContext) -> None:
    """Register them."""

    @server.tool(annotations=READ_ONLY)
    async def get_foreign_flow(
        asset_type: AssetType = "equity",
        sector: SectorName = None,
        period: Period = "1M",
        region: Region = None,
        as_of: AsOf = None,
    ) -> Annotated[CallToolResult, FlowResult]:
        """Foreign investors' trading in the sectors asked for, and in their stocks.

        Values include put-through; `not_measurable` means most of the sector has no foreign room.
        """
        make = partial(foreign_flow, context, region=region, as_of=as_of)
        return await answered(
            context, partial(make, asset_type=asset_type, sector=sector, period=period)
        )

    @server.tool(annotations=READ_ONLY)
    async def get_foreign_flow_by_sector(
        period: Period = "1M", region: Region = None, as_of: AsOf = None
    ) -> Annotated[CallToolResult, FlowResult]:
        """Foreign investors' trading in every sector: net, intensity, streak, room, blocks."""
        make = partial(foreign_flow_by_sector, context, region=region, as_of=as_of)
        return await answered(context, partial(make, period=period))

    @server.tool(annotations=READ_ONLY)
    async def get_whale_activity(
        region: Region = None, period: Period = "1M", as_of: AsOf = None
    ) -> Annotated[CallToolResult, WhaleResult]:
        """Unusual volume, negotiated blocks and large managers' filings, by sector."""
        make = partial(whale_activity, context, region=region, as_of=as_of)
        return await answered(context, partial(make, period=period))
