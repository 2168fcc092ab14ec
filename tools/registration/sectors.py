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
from core.records.sector_readings import (
    BreadthResult,
    MomentumMeasure,
    PartsResult,
    SectorForecastResult,
    SectorMomentumResult,
    TransitionsResult,
    ValuationResult,
)
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
from tools.sectors.breadth import sector_breadth
from tools.sectors.forecast import sector_forecast
from tools.sectors.forecast_record import forecast_record
from tools.sectors.fundamentals import sector_fundamentals
from tools.sectors.heatmap import sector_heatmap
from tools.sectors.momentum import sector_momentum
from tools.sectors.overview import sector_overview
from tools.sectors.rotation_history import rotation_history
from tools.sectors.rotation_statistics import rotation_counts
from tools.sectors.sub_sectors import sub_sectors
from tools.sectors.transitions import sector_transitions
from tools.sectors.valuation import sector_valuation


def add_sectors_tools(server: FastMCP, context: ToolContext) -> None:
    """Register them."""
    _add_pictures(server, context)
    _add_readings(server, context)
    _add_values(server, context)
    _add_rotations(server, context)
    _add_transitions(server, context)
    _add_forecasts(server, context)


def _add_pictures(server: FastMCP, context: ToolContext) -> None:
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
    async def get_sub_sectors(
        sector: SectorName = None, region: Region = None, as_of: AsOf = None
    ) -> Annotated[CallToolResult, PartsResult]:
        """The parts of a sector, with returns and member counts, strongest first.

        Without a sector, or with 'all': the market's sectors. A group such as 'financials': its
        sectors. One sector: its industries, where the imported members file tells a finer level.
        """
        make = partial(sub_sectors, context, region=region, as_of=as_of)
        return await answered(context, partial(make, sector=sector))


def _add_readings(server: FastMCP, context: ToolContext) -> None:
    @server.tool(annotations=READ_ONLY)
    async def get_sector_breadth(
        sector: SectorName = None, region: Region = None, as_of: AsOf = None
    ) -> Annotated[CallToolResult, BreadthResult]:
        """Share of each sector's members above their 50- and 200-day means, at highs, advancing.

        Each with its change over 20 sessions; empty where too few members have the history.
        """
        make = partial(sector_breadth, context, region=region, as_of=as_of)
        return await answered(context, partial(make, sector=sector))

    @server.tool(annotations=READ_ONLY)
    async def get_sector_momentum(
        rank_by: MomentumMeasure = "momentum_12_1",
        sector: SectorName = None,
        region: Region = None,
        as_of: AsOf = None,
    ) -> Annotated[CallToolResult, SectorMomentumResult]:
        """How far each sector has outrun the mean of all, a week to a year, with its rank.

        The score's own factors. `momentum_12_1` leaves the last month out.
        """
        make = partial(sector_momentum, context, region=region, as_of=as_of)
        return await answered(context, partial(make, rank_by=rank_by, sector=sector))


def _add_values(server: FastMCP, context: ToolContext) -> None:
    @server.tool(annotations=READ_ONLY)
    async def get_sector_valuation(
        sector: SectorName = None, region: Region = None, as_of: AsOf = None
    ) -> Annotated[CallToolResult, ValuationResult]:
        """Each sector's P/E beside its own five years: percentile, median, low and high, dated.

        Of reports known at as_of, moved with prices since; needs 104 weeks of history.
        """
        make = partial(sector_valuation, context, region=region, as_of=as_of)
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


def _add_rotations(server: FastMCP, context: ToolContext) -> None:
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


def _add_transitions(server: FastMCP, context: ToolContext) -> None:
    @server.tool(annotations=READ_ONLY)
    async def get_sector_transitions(
        sector: SectorName = None,
        frequency: Frequency = "weekly",
        benchmark: Mark = None,
        region: Region = None,
        as_of: AsOf = None,
    ) -> Annotated[CallToolResult, TransitionsResult]:
        """Which quadrant followed which: counts, shares and 95 % intervals, bar by bar.

        Of all sectors together, or of the one named. It tells the past and expects nothing.
        """
        make = partial(sector_transitions, context, region=region, as_of=as_of)
        asked = partial(make, sector=sector, frequency=frequency, benchmark=benchmark)
        return await answered(context, asked)


def _add_forecasts(server: FastMCP, context: ToolContext) -> None:
    @server.tool(annotations=READ_ONLY)
    async def get_sector_forecast(
        horizon: Horizon = "1M",
        sector: SectorName = None,
        region: Region = None,
        as_of: AsOf = None,
    ) -> Annotated[CallToolResult, SectorForecastResult]:
        """What each sector is expected to earn over the mean of all, its interval and reasons.

        `skill` is the forecast's own settled record; `no_skill` marks one that is chance, which is
        no reason to act.
        """
        make = partial(sector_forecast, context, region=region, as_of=as_of)
        return await answered(context, partial(make, horizon=horizon, sector=sector))

    @server.tool(annotations=READ_ONLY)
    async def get_forecast_record(
        region: Region = None, horizon: Horizon = "1M", as_of: AsOf = None
    ) -> Annotated[CallToolResult, ForecastRecordResult]:
        """How good the forecast has been out of sample, and what it weighs, cut by cut.

        `skill` holds IC, t, hit rate, coverage and calibration beside 12-month momentum's IC.
        """
        make = partial(forecast_record, context, region=region, as_of=as_of)
        return await answered(context, partial(make, horizon=horizon))
