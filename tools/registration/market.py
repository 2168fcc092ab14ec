"""Registers the tools of a market: prices, trading, strain, stored data."""

from datetime import date
from functools import partial
from typing import Annotated

from mcp.server.fastmcp import FastMCP
from mcp.types import CallToolResult
from pydantic import Field

from core.records.instruments import (
    BarFrequency,
    IndexHistoryResult,
    InstrumentsResult,
    PriceHistoryResult,
    StockInfoResult,
    UniversesResult,
)
from core.records.payloads import MarketResult, MomentumResult, StatusResult
from core.records.plan import Period, SymbolType
from core.records.record import Symbol
from core.records.rotation_statistics import MarketWarningResult
from core.records.trading import TradingResult
from tools.context import ToolContext
from tools.market.momentum import technical_momentum
from tools.market.overview import market_overview
from tools.market.price_history import index_history, price_history
from tools.market.search import instruments_named
from tools.market.status import data_status
from tools.market.stock_info import stock_info
from tools.market.trading import trading_conditions
from tools.market.universes import known_universes
from tools.market.warning import market_warning
from tools.registration.arguments import (
    READ_ONLY,
    AsOf,
    Instruments,
    Mark,
    Region,
    SectorName,
    Symbols,
    answered,
)

Since = Annotated[
    date | None, Field(description="first day; default: 3 months of days, 2 years of weeks")
]
Page = Annotated[int, Field(description="150 rows each; `pages_count` says how many", ge=1)]


def add_market_tools(server: FastMCP, context: ToolContext) -> None:
    """Register them."""
    _add_directory(server, context)
    _add_histories(server, context)
    _add_states(server, context)
    _add_trading(server, context)


def _add_directory(server: FastMCP, context: ToolContext) -> None:
    @server.tool(annotations=READ_ONLY)
    async def list_universes() -> Annotated[CallToolResult, UniversesResult]:
        """Every market this server knows: sectors, benchmarks, currency, and the days stored.

        Start here: `universe` is what `region` takes, `benchmark` and `sector` are the ids of the
        other arguments. `first` and `last` are empty where no prices are stored. The first row is
        the market answered when no region is given.
        """
        return await answered(context, partial(known_universes, context))

    @server.tool(annotations=READ_ONLY)
    async def search_instruments(
        query: Annotated[str, Field(description="a symbol or a name", min_length=1, max_length=80)],
        region: Region = None,
        limit: Annotated[int, Field(ge=1, le=50)] = 10,
        as_of: AsOf = None,
    ) -> Annotated[CallToolResult, InstrumentsResult]:
        """Which sector, benchmark, stock or fund a name means, best match first.

        Looks at symbols, names and aliases in English and Vietnamese, accents or not; the words may
        be begun only. Without a region a member's symbol decides it.
        """
        make = partial(instruments_named, context, query=query, region=region)
        return await answered(context, partial(make, limit=limit, as_of=as_of))

    @server.tool(annotations=READ_ONLY)
    async def get_stock_info(
        symbol: Annotated[Symbol, Field(description="stock or fund symbol")],
        region: Region = None,
        as_of: AsOf = None,
    ) -> Annotated[CallToolResult, StockInfoResult]:
        """One stock or fund: sector, last price as traded, returns, value, foreign room.

        Returns include dividends where the data have them. Market value and P/E are the last
        published ones, moved with the price since; what is not in the data is in `missing`.
        """
        return await answered(
            context, partial(stock_info, context, symbol=symbol, region=region, as_of=as_of)
        )


def _add_histories(server: FastMCP, context: ToolContext) -> None:
    @server.tool(annotations=READ_ONLY)
    async def get_price_history(
        symbols: Symbols,
        frequency: BarFrequency = "daily",
        since: Since = None,
        region: Region = None,
        as_of: AsOf = None,
        page: Page = 1,
    ) -> Annotated[CallToolResult, PriceHistoryResult]:
        """Adjusted closes, volume and value of up to 20 stocks or funds, by symbol, then day.

        Dividends and splits are put into the past, so the last close is as traded. A week's bar has
        its last close and its sums; `provisional` marks a week that still runs.
        """
        make = partial(price_history, context, symbols=tuple(symbols), region=region, as_of=as_of)
        return await answered(context, partial(make, frequency=frequency, since=since, page=page))

    @server.tool(annotations=READ_ONLY)
    async def get_index_history(
        benchmark: Mark = None,
        frequency: BarFrequency = "daily",
        since: Since = None,
        region: Region = None,
        as_of: AsOf = None,
        page: Page = 1,
    ) -> Annotated[CallToolResult, IndexHistoryResult]:
        """Level and return of a market's benchmark, bar by bar; `treatment` says if with dividends.

        A basket of members starts at 100.
        """
        make = partial(index_history, context, benchmark=benchmark, region=region, as_of=as_of)
        return await answered(context, partial(make, frequency=frequency, since=since, page=page))


def _add_states(server: FastMCP, context: ToolContext) -> None:
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


def _add_trading(server: FastMCP, context: ToolContext) -> None:
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
