"""Decides each tool's published name, arguments and description; its family computes the answer."""

from collections.abc import Callable
from datetime import date
from functools import partial
from typing import Annotated, Literal

import anyio.to_thread
from mcp.server.fastmcp import FastMCP
from mcp.types import CallToolResult, ToolAnnotations
from pydantic import Field

from core.records.payloads import (
    FlowResult,
    FundamentalsResult,
    MacroResult,
    MarketResult,
    MomentumResult,
    OverviewResult,
    StatementsResult,
    StatusResult,
    WhaleResult,
)
from core.records.plan import (
    AssetType,
    MacroType,
    Metric,
    Period,
    SignalType,
    StatementType,
    SymbolType,
)
from core.records.record import Slug, Symbol
from core.records.result import ToolResult
from core.records.scoring import ScoringResult
from core.records.sectors import HeatmapResult, RotationHistoryResult
from core.records.trading import TradingResult
from core.records.universe import Frequency, Horizon
from tools.context import ToolContext
from tools.contracts import answer
from tools.foreign_flow import foreign_flow, foreign_flow_by_sector
from tools.fundamentals import sector_fundamentals
from tools.heatmap import sector_heatmap
from tools.macro import macro_indicators
from tools.market import market_overview
from tools.momentum import technical_momentum
from tools.overview import sector_overview
from tools.rotation_history import rotation_history
from tools.scoring import scoring_inputs
from tools.statements import financial_statements
from tools.status import data_status
from tools.trading import trading_conditions
from tools.whale_activity import whale_activity

READ_ONLY = ToolAnnotations(
    readOnlyHint=True, destructiveHint=False, idempotentHint=True, openWorldHint=False
)

Region = Annotated[
    str | None, Field(description="universe id or region, e.g. VN, US; default: the server's own")
]
AsOf = Annotated[
    date | None, Field(description="only what was known that day; default: the last session")
]
SectorName = Annotated[
    str | None, Field(description="sector id, alias or group such as 'financials'; 'all' for all")
]
Mark = Annotated[
    Slug | None,
    Field(description="benchmark id of the region, e.g. spy, equal_weight; default: its first"),
]
Metrics = Annotated[
    list[Metric] | None, Field(description="columns wanted; all when absent", max_length=6)
]
Symbols = Annotated[list[Symbol], Field(description="stock symbols", min_length=1, max_length=20)]
Instruments = Annotated[
    list[Symbol] | None,
    Field(description="stocks or funds; absent: all the sectors trade in", max_length=600),
]


def add_tools(server: FastMCP, context: ToolContext) -> None:
    """Register every tool over this context; each call runs off the event loop."""
    _add_market_tools(server, context)
    _add_rotation_tools(server, context)
    _add_momentum_tools(server, context)
    _add_company_tools(server, context)
    _add_activity_tools(server, context)
    _add_trading_tools(server, context)


async def _answered(context: ToolContext, make: Callable[[], ToolResult]) -> CallToolResult:
    def work() -> CallToolResult:
        result = make()
        return answer(result, context.universes[result.universe])

    return await anyio.to_thread.run_sync(work)


def _add_market_tools(server: FastMCP, context: ToolContext) -> None:
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
        return await _answered(context, partial(make, macro_type=type))

    @server.tool(annotations=READ_ONLY)
    async def get_market_overview(
        region: Region = None, as_of: AsOf = None
    ) -> Annotated[CallToolResult, MarketResult]:
        """The market as a whole: returns, volatility, drawdown, breadth, money traded."""
        return await _answered(
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
        return await _answered(context, partial(data_status, context, region=region, as_of=as_of))


def _add_rotation_tools(server: FastMCP, context: ToolContext) -> None:
    @server.tool(annotations=READ_ONLY)
    async def get_sector_heatmap(
        region: Region = None,
        horizon: Horizon = "1M",
        signal_type: SignalType = "predictive_performance",
        as_of: AsOf = None,
        benchmark: Mark = None,
    ) -> Annotated[CallToolResult, HeatmapResult]:
        """Every sector: rotation (weekly and daily, with tail), past excess returns, forecast.

        Rows and `skill` hold every horizon; `no_skill` marks a record at `horizon` that is chance.
        historical_performance leaves the forecast out. With another benchmark than the region's
        first there are no factors; `mixed_treatment` means that one side only includes dividends.
        `member_built` is the sector of member stocks beside the fund of its name.
        """
        make = partial(sector_heatmap, context, region=region, as_of=as_of, benchmark=benchmark)
        return await _answered(context, partial(make, horizon=horizon, signal_type=signal_type))

    @server.tool(annotations=READ_ONLY)
    async def get_rotation_history(
        region: Region = None,
        sector: SectorName = None,
        since: Annotated[date | None, Field(description="default: half a year of weeks")] = None,
        as_of: AsOf = None,
        frequency: Frequency = "weekly",
        benchmark: Mark = None,
    ) -> Annotated[CallToolResult, RotationHistoryResult]:
        """How sectors rotated between two dates: each unbroken stay in a quadrant, and the path.

        A stay has its momentum peak (furthest from 100 on the quadrant's side) and the later bar
        nearest to 100 again. It tells the past and expects nothing. A long span: one sector.
        """
        make = partial(rotation_history, context, region=region, sector=sector, since=since)
        asked = partial(make, as_of=as_of, frequency=frequency, benchmark=benchmark)
        return await _answered(context, asked)

    @server.tool(annotations=READ_ONLY)
    async def get_scoring_inputs(
        region: Region = None, horizon: Horizon = "1M", as_of: AsOf = None, benchmark: Mark = None
    ) -> Annotated[CallToolResult, ScoringResult]:
        """What a score needs besides factors: learned weights, covariance, benchmark weights."""
        make = partial(scoring_inputs, context, region=region, as_of=as_of, benchmark=benchmark)
        return await _answered(context, partial(make, horizon=horizon))


def _add_momentum_tools(server: FastMCP, context: ToolContext) -> None:
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
        return await _answered(
            context, partial(make, symbol_type=symbol_type, period=period, sector=sector)
        )

    @server.tool(annotations=READ_ONLY)
    async def get_sector_overview(
        region: Region = None, sector: SectorName = None, as_of: AsOf = None
    ) -> Annotated[CallToolResult, OverviewResult]:
        """The largest stocks of one sector (up to 12), or three of each: returns, volume, flow."""
        make = partial(sector_overview, context, region=region, as_of=as_of)
        return await _answered(context, partial(make, sector=sector))


def _add_company_tools(server: FastMCP, context: ToolContext) -> None:
    @server.tool(annotations=READ_ONLY)
    async def get_sector_fundamentals(
        sector: SectorName = "all",
        metrics: Metrics = None,
        region: Region = None,
        as_of: AsOf = None,
    ) -> Annotated[CallToolResult, FundamentalsResult]:
        """Growth, margin, return on equity and valuation of sectors, from reports known at as_of.

        Old reports are printed with the flag `stale` and leave their factors empty.
        """
        make = partial(sector_fundamentals, context, region=region, as_of=as_of)
        chosen = None if metrics is None else tuple(metrics)
        return await _answered(context, partial(make, sector=sector, metrics=chosen))

    @server.tool(annotations=READ_ONLY)
    async def get_financial_statements(
        symbols: Symbols | None = None,
        sector: SectorName = None,
        statement_type: StatementType = "income_statement",
        period: Literal["Q", "A"] | None = None,
        region: Region = None,
        as_of: AsOf = None,
    ) -> Annotated[CallToolResult, StatementsResult]:
        """Reported lines of companies, the last reports first known by as_of.

        Name either `symbols` or a `sector`, which stands for its three largest members. Without a
        region the symbols decide when they belong to one universe only; without a period it is
        quarters where there are any.
        """
        make = partial(financial_statements, context, region=region, as_of=as_of)
        named = None if symbols is None else tuple(symbols)
        chosen = partial(make, symbols=named, sector=sector, period=period)
        return await _answered(context, partial(chosen, statement_type=statement_type))


def _add_activity_tools(server: FastMCP, context: ToolContext) -> None:
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
        return await _answered(
            context, partial(make, asset_type=asset_type, sector=sector, period=period)
        )

    @server.tool(annotations=READ_ONLY)
    async def get_foreign_flow_by_sector(
        period: Period = "1M", region: Region = None, as_of: AsOf = None
    ) -> Annotated[CallToolResult, FlowResult]:
        """Foreign investors' trading in every sector: net, intensity, streak, room, blocks."""
        make = partial(foreign_flow_by_sector, context, region=region, as_of=as_of)
        return await _answered(context, partial(make, period=period))

    @server.tool(annotations=READ_ONLY)
    async def get_whale_activity(
        region: Region = None, period: Period = "1M", as_of: AsOf = None
    ) -> Annotated[CallToolResult, WhaleResult]:
        """Unusual volume, negotiated blocks and large managers' filings, by sector."""
        make = partial(whale_activity, context, region=region, as_of=as_of)
        return await _answered(context, partial(make, period=period))


def _add_trading_tools(server: FastMCP, context: ToolContext) -> None:
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
        return await _answered(context, partial(make, symbols=named, sector=sector))
