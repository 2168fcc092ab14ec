"""Registers the tools of sectors: rotation, members, reports, forecasts."""

from datetime import date
from functools import partial
from typing import Annotated

from mcp.server.fastmcp import FastMCP
from mcp.types import CallToolResult
from pydantic import Field

from core.records.forecasting import ForecastRecordResult
from core.records.payloads import FundamentalsResult, OverviewResult
from core.records.plan import SignalType
from core.records.rotation_statistics import RotationStatisticsResult
from core.records.sectors import HeatmapResult, RotationHistoryResult
from core.records.universe import Frequency, Horizon
from tools.context import ToolContext
from tools.registration.arguments import (
    READ_ONLY,
    AsOf,
    Mark,
    Metrics,
    Region,
    SectorName,
    answered,
)
from tools.sectors.forecast_record import forecast_record
from tools.sectors.fundamentals import sector_fundamentals
from tools.sectors.heatmap import sector_heatmap
from tools.sectors.overview import sector_overview
from tools.sectors.rotation_history import rotation_history
from tools.sectors.rotation_statistics import rotation_counts


def add_sectors_tools(server: FastMCP, context: ToolContext) -> None:
    """Register them."""

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
        return await answered(context, partial(make, horizon=horizon, signal_type=signal_type))

    @server.tool(annotations=READ_ONLY)
    async def get_sector_overview(
        region: Region = None, sector: SectorName = None, as_of: AsOf = None
    ) -> Annotated[CallToolResult, OverviewResult]:
        """The largest stocks of one sector (up to 12), or three of each: returns, volume, flow."""
        make = partial(sector_overview, context, region=region, as_of=as_of)
        return await answered(context, partial(make, sector=sector))

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
        return await answered(context, partial(make, sector=sector, metrics=chosen))

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
        return await answered(context, asked)

    @server.tool(annotations=READ_ONLY)
    async def get_rotation_statistics(
        region: Region = None,
        frequency: Frequency = "weekly",
        benchmark: Mark = None,
        as_of: AsOf = None,
    ) -> Annotated[CallToolResult, RotationStatisticsResult]:
        """What rotations have been: stays, moves with intervals, early warnings and their hits.

        `readings` hold what each quadrant earned afterwards in this market beside the textbook.
        """
        make = partial(rotation_counts, context, region=region, as_of=as_of)
        return await answered(context, partial(make, frequency=frequency, benchmark=benchmark))

    @server.tool(annotations=READ_ONLY)
    async def get_forecast_record(
        region: Region = None, horizon: Horizon = "1M", as_of: AsOf = None
    ) -> Annotated[CallToolResult, ForecastRecordResult]:
        """How good the forecast has been out of sample, and what it weighs, cut by cut.

        `skill` holds IC, t, hit rate, coverage and calibration beside 12-month momentum's IC.
        """
        make = partial(forecast_record, context, region=region, as_of=as_of)
        return await answered(context, partial(make, horizon=horizon))
