"""Registers the tool of what an order would meet."""

from functools import partial
from typing import Annotated

from mcp.server.fastmcp import FastMCP
from mcp.types import CallToolResult

from core.records.trading import TradingResult
from tools.context import ToolContext
from tools.registration.arguments import READ_ONLY, AsOf, Instruments, Region, SectorName, answered
from tools.trading import trading_conditions


def add_trading_tools(server: FastMCP, context: ToolContext) -> None:
    """Register them."""

    @server.tool(annotations=READ_ONLY)
    async def get_trading_conditions(
        region: Region = None,
        symbols: Instruments = None,
        sector: SectorName = None,
        as_of: AsOf = None,
    ) -> Annotated[CallToolResult, TradingResult]:
        """Price as traded, liquidity, lot, price limit and settlement of each instrument.

        Without symbols: all members of sectors built from members, else the sectors' own funds.
        Values are means of 20 sessions; `adjusted_price` marks a close that was never traded since
        its source tells adjusted ones only; `locked` means it closed at its limit.
        """
        make = partial(trading_conditions, context, region=region, as_of=as_of)
        named = None if symbols is None else tuple(symbols)
        return await answered(context, partial(make, symbols=named, sector=sector))
