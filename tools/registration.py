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
from core.records.record import Symbol
from core.records.result import ToolResult
from core.records.scoring import ScoringResult
from core.records.sectors import HeatmapResult
from core.records.universe import Horizon
from tools.context import ToolContext
from tools.contracts import answer
from tools.foreign_flow import foreign_flow, foreign_flow_by_sector
from tools.fundamentals import sector_fundamentals
from tools.heatmap import sector_heatmap
from tools.macro import macro_indicators
from tools.market import market_overview
from tools.momentum import technical_momentum
from tools.overview import sector_overview
from tools.scoring import scoring_inputs
from tools.statements import financial_statements
from tools.status import data_status
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
Metrics = Annotated[
    list[Metric] | None, Field(description="columns wanted; all when absent", max_length=6)
]
Symbols = Annotated[list[Symbol], Field(description="stock symbols", min_length=1, max_length=20)]


def add_tools(server: FastMCP, context: ToolContext) -> None:
    """Register every tool over this context; each call runs off the event loop."""
    _add_market_tools(server, context)
    _add_rotation_tools(server, context)
    _add_momentum_tools(server, context)
    _add_company_tools(server, context)
    _add_activity_tools(server, context)


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
    ) -> Annotated[CallToolResult, HeatmapResult]:
        """Every sector: rotation (weekly and daily, with tail), past excess returns, forecast.

        Rows and `skill` hold every horizon; `no_skill` marks a record at `horizon` that is chance.
        historical_performance leaves the forecast out.
        """
        make = partial(sector_heatmap, context, region=region, as_of=as_of)
        return await _answered(context, partial(make, horizon=horizon, signal_type=signal_type))

    @server.tool(annotations=READ_ONLY)
    async def get_scoring_inputs(
        region: Region = None, horizon: Horizon = "1M", as_of: AsOf = None
    ) -> Annotated[CallToolResult, ScoringResult]:
        """What a score needs besides factors: learned weights, covariance, benchmark weights."""
        make = partial(scoring_inputs, context, region=region, as_of=as_of)
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
