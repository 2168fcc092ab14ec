"""Registers the tools of prices, sector by sector."""

from functools import partial
from typing import Annotated

from mcp.server.fastmcp import FastMCP
from mcp.types import CallToolResult

from core.records.payloads import MomentumResult, OverviewResult
from core.records.plan import Period, SymbolType
from tools.context import ToolContext
from tools.momentum import technical_momentum
from tools.overview import sector_overview
from tools.registration.arguments import READ_ONLY, AsOf, Region, SectorName, answered


def add_momentum_tools(server: FastMCP, context: ToolContext) -> None:
    """Register them."""

    @server.tool(annotations=READ_ONLY)
    async def get_technical_momentum(
        symbol_type: SymbolType = "sector_ETF",
        period: Period = "1M",
        region: Region = None,
        sector: SectorName = None,
        as_of: AsOf = None,
    ) -> Annotated[CallToolResult, MomentumResult]:
        """Returns, volatility and volume of sector series, or of a sector's most traded stocks.

        Rows are sorted by the return over `period`, highest first.
        """
        make = partial(technical_momentum, context, region=region, as_of=as_of)
        return await answered(
            context, partial(make, symbol_type=symbol_type, period=period, sector=sector)
        )

    @server.tool(annotations=READ_ONLY)
    async def get_sector_overview(
        region: Region = None, sector: SectorName = None, as_of: AsOf = None
    ) -> Annotated[CallToolResult, OverviewResult]:
        """The largest stocks of one sector (up to 12), or three of each: returns, volume, flow."""
        make = partial(sector_overview, context, region=region, as_of=as_of)
        return await answered(context, partial(make, sector=sector))
