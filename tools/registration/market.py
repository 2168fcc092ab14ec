"""Registers the macro and market tools."""

from functools import partial
from typing import Annotated

from mcp.server.fastmcp import FastMCP
from mcp.types import CallToolResult

from core.records.payloads import MacroResult, MarketResult, StatusResult
from core.records.plan import MacroType
from core.records.rotation_statistics import MarketWarningResult
from tools.context import ToolContext
from tools.macro import macro_indicators
from tools.market import market_overview
from tools.market_warning import market_warning
from tools.registration.arguments import READ_ONLY, AsOf, Region, answered
from tools.status import data_status


def add_market_tools(server: FastMCP, context: ToolContext) -> None:
    """Register them."""

    @server.tool(annotations=READ_ONLY)
    async def get_macro_indicators(
        type: MacroType = "all",  # noqa: A002 - the documented argument's name
        region: Region = None,
        as_of: AsOf = None,
    ) -> Annotated[CallToolResult, MacroResult]:
        """Macro series at their last release known at as_of, the regime, and the macro factors.

        `all` holds each category's key series as a desk reads them (growth on the year, change of
        jobs, level of a rate), of their latest revision; a category adds its other series as
        published. `stale`: the last period is over 14 days (daily series), 30 (weekly), 100
        (monthly), 200 (quarterly) or 500 (yearly) old. history_z compares what is shown (of other
        series the level, or the year-on-year growth) with its own trailing five years.
        """
        make = partial(macro_indicators, context, region=region, as_of=as_of)
        return await answered(context, partial(make, macro_type=type))

    @server.tool(annotations=READ_ONLY)
    async def get_market_overview(
        region: Region = None, as_of: AsOf = None
    ) -> Annotated[CallToolResult, MarketResult]:
        """The market as a whole: returns, volatility, drawdown, breadth, money traded."""
        return await answered(
            context, partial(market_overview, context, region=region, as_of=as_of)
        )

    @server.tool(annotations=READ_ONLY)
    async def get_data_status(
        region: Region = None, as_of: AsOf = None
    ) -> Annotated[CallToolResult, StatusResult]:
        """Which data sets the store holds for a region, how far they reach, what was flagged.

        Stale after: prices and flows 7 days, macro 75, quarterly reports and filings 200, yearly
        reports 500.
        """
        return await answered(context, partial(data_status, context, region=region, as_of=as_of))

    @server.tool(annotations=READ_ONLY)
    async def get_market_warning(
        region: Region = None, as_of: AsOf = None
    ) -> Annotated[CallToolResult, MarketWarningResult]:
        """How strained the market is, what followed such states, and the de-risking rule's record.

        Correlation, dispersion and breadth as percentiles of their own past; cyclical against
        defensive sectors. It suggests and moves no weight.
        """
        return await answered(context, partial(market_warning, context, region=region, as_of=as_of))
