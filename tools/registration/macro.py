"""Registers the tools of the economy."""

from datetime import date
from functools import partial
from typing import Annotated

from mcp.server.fastmcp import FastMCP
from mcp.types import CallToolResult
from pydantic import Field

from core.records.economy import DashboardResult, RegimeResult
from core.records.payloads import MacroResult
from core.records.plan import MacroType
from tools.context import ToolContext
from tools.macro.dashboard import macro_dashboard
from tools.macro.indicators import macro_indicators
from tools.macro.regimes import regime_now_and_before
from tools.registration.arguments import READ_ONLY, AsOf, Region, answered


def add_macro_tools(server: FastMCP, context: ToolContext) -> None:
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
        published; `policy` holds the rates a central bank decides, which stand in their source's
        category too. `stale`: the last period is over 14 days (daily series), 30 (weekly), 100
        (monthly), 200 (quarterly) or 500 (yearly) old. history_z compares what is shown (of other
        series the level, or the year-on-year growth) with its own trailing five years.
        """
        make = partial(macro_indicators, context, region=region, as_of=as_of)
        return await answered(context, partial(make, macro_type=type))

    @server.tool(annotations=READ_ONLY)
    async def get_macro_regime(
        since: Annotated[date | None, Field(description="default: five years back")] = None,
        region: Region = None,
        as_of: AsOf = None,
    ) -> Annotated[CallToolResult, RegimeResult]:
        """The macro regime, since when, its growth, inflation and sentiment, and earlier regimes.

        Growth and inflation each above or below their own five years make four regimes: expansion
        (both above), recovery (growth alone), slowdown (inflation alone), contraction (neither).
        """
        make = partial(regime_now_and_before, context, region=region, as_of=as_of)
        return await answered(context, partial(make, since=since))

    @server.tool(annotations=READ_ONLY)
    async def get_macro_dashboard(
        region: Region = None, as_of: AsOf = None
    ) -> Annotated[CallToolResult, DashboardResult]:
        """Up to twelve numbers a desk reads, by category: value, release date, previous, change.

        `surprise_level` stands only where a forecast of the number was stored before its release.
        """
        return await answered(
            context, partial(macro_dashboard, context, region=region, as_of=as_of)
        )
