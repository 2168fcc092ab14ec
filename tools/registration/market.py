"""Registers the tools of a market: prices, trading, strain, stored data."""

from functools import partial
from typing import Annotated

from mcp.server.fastmcp import FastMCP
from mcp.types import CallToolResult

from core.records.payloads import MarketResult, MomentumResult, StatusResult
from core.records.plan import Period, SymbolType
from core.records.rotation_statistics import MarketWarningResult
from core.records.trading import TradingResult
from tools.context import ToolContext
from tools.market.momentum import technical_momentum
from tools.market.overview import market_overview
from tools.market.status import data_status
from tools.market.trading import trading_conditions
from tools.market.warning import market_warning
from tools.registration.arguments import READ_ONLY, AsOf, Instruments, Region, SectorName, answered


def add_market_tools(server: FastMCP, context: ToolContext) -> None:
    """Register them."""

    @server.tool(annotations=READ_ONLY)
    async def get_market_overview(
        region: Region = None, as_of: AsOf = None
    ) -> Annotated[CallToolResult, MarketResult]:
        """The market as a whole: returns, volatility, drawdown, breadth, money traded."""
        return await answered(
            context, partial(market_overview, context, region=region, as_of=as_of)
        )

    @server.tool(annotations=READ_ONLY)
    async def get_market_warning(
        region: Region = None, as_of: AsOf = None
    ) -> Annotated[CallToolResult, MarketWarningResult]:
        """How strained the market is, what followed such states, and the de-risking rule's record.

        Correlation, dispersion and breadth as percentiles of their own past; cyclical against
        defensive sectors. It suggests and moves no weight.
        """
        return await answered(context, partial(market_warning, context, region=region, as_of=as_of))

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

    @server.tool(annotations=READ_ONLY)
    async def get_data_status(
        region: Region = None, as_of: AsOf = None
    ) -> Annotated[CallToolResult, StatusResult]:
        """Which data sets the store holds for a region, how far they reach, what was flagged.

        Stale after: prices and flows 7 days, macro 75, quarterly reports and filings 200, yearly
        reports 500.
        """
        return await answered(context, partial(data_status, context, region=region, as_of=as_of))
