"""What a sector is made of and how it reads: parts, breadth, momentum, valuation, forecast, moves.

Units are in the field names; `None` means not available, with the reason in `missing`.
"""

from datetime import date
from typing import ClassVar, Literal

from pydantic import Field

from core.records.record import Record, Slug, Symbol
from core.records.result import Flag, ToolResult
from core.records.rotation_statistics import MoveRow, QuadrantRow
from core.records.sectors import Expectation, Reason, Skill
from core.records.universe import Frequency, Horizon, Treatment

MomentumMeasure = Literal[
    "excess_1w", "excess_1m", "excess_3m", "excess_6m", "momentum_12m", "momentum_12_1"
]
ScreenMeasure = Literal[
    "return_1m_pct",
    "return_12m_pct",
    "pe_x",
    "roe_pct",
    "revenue_growth_pct",
    "volume_ratio_x",
    "foreign_net_1m_bn",
]


class PartRow(Record):
    """One part of a market, of a group of sectors, or of a sector."""

    keys: ClassVar[tuple[str, ...]] = ("part",)

    part: Slug = Field(description="a sector's id, or an industry's name in plain letters")
    kind: Literal["sector", "industry"]
    name_en: str = Field(max_length=120)
    name_vi: str = Field(max_length=120)
    members_count: int | None = Field(description="members with prices; None: not in the data")
    return_1w_pct: float | None
    return_1m_pct: float | None
    return_3m_pct: float | None
    return_12m_pct: float | None
    excess_3m_pct: float | None = Field(description="over the universe's first benchmark")
    flags: tuple[Flag, ...] = ()


class PartsResult(ToolResult):
    """Answer of get_sub_sectors."""

    whole: str = Field(description="the sector or group asked for; `all` is the market")
    benchmark: Slug
    rows: tuple[PartRow, ...] = ()


class BreadthRow(Record):
    """How many of a sector's members take part; changes are over 20 sessions."""

    sector: Slug
    members_count: int
    above_50d_pct: float | None = Field(description="share above the mean of 50 sessions")
    above_50d_change_pp: float | None
    above_200d_pct: float | None
    above_200d_change_pp: float | None
    at_52w_high_pct: float | None = Field(description="share at the highest close of 252 sessions")
    at_52w_high_change_pp: float | None
    advancing_pct: float | None = Field(description="share that closed above the session before")
    advancing_change_pp: float | None


class BreadthResult(ToolResult):
    """Answer of get_sector_breadth."""

    rows: tuple[BreadthRow, ...] = ()


class SectorMomentumRow(Record):
    """A sector's returns less the mean over sectors."""

    sector: Slug
    rank: int | None = Field(description="by `ranked_by`, 1 the strongest; None without a value")
    excess_1w_pct: float | None = Field(description="over the mean of all sectors")
    excess_1m_pct: float | None = Field(description="over the mean of all sectors")
    excess_3m_pct: float | None = Field(description="over the mean of all sectors")
    excess_6m_pct: float | None = Field(description="over the mean of all sectors")
    momentum_12m_pct: float | None
    momentum_12_1_pct: float | None = Field(description="a year without its last month")
    high_52w_pct: float | None = Field(description="its own close from its year's highest, <= 0")


class SectorMomentumResult(ToolResult):
    """Answer of get_sector_momentum."""

    ranked_by: MomentumMeasure
    rows: tuple[SectorMomentumRow, ...] = ()


class ValuationRow(Record):
    """How dear a sector is against its own past."""

    sector: Slug
    period: date = Field(description="session of the prices")
    reported: date = Field(description="end of the newest period its members reported on")
    released: date = Field(description="when the newest of those reports was known")
    pe_x: float | None
    pe_percentile_pct: float | None = Field(description="of its own five years, 100 = dearest")
    pe_median_x: float | None = Field(description="of the same five years")
    pe_low_x: float | None
    pe_high_x: float | None
    steps_count: int = Field(ge=0, description="of 260 five-session steps, those with a P/E")
    flags: tuple[Flag, ...] = ()


class ValuationResult(ToolResult):
    """Answer of get_sector_valuation."""

    rows: tuple[ValuationRow, ...] = ()


class SectorForecastRow(Record):
    """What is expected of one sector, and what speaks for and against it."""

    sector: Slug
    rank: int = Field(ge=1, description="by expected excess, 1 the highest")
    expected: Expectation
    reasons: tuple[Reason, ...] = Field(default=(), description="strongest for first")
    flags: tuple[Flag, ...] = ()


class SectorForecastResult(ToolResult):
    """Answer of get_sector_forecast."""

    horizon: Horizon
    trained_until: date | None = Field(default=None, description="last label's end in the fit")
    rows: tuple[SectorForecastRow, ...] = ()
    skill: tuple[Skill, ...] = Field(default=(), max_length=1)


class TransitionsResult(ToolResult):
    """Answer of get_sector_transitions; a share stands beside its count and 95 % interval."""

    benchmark: Slug
    treatment: Treatment
    frequency: Frequency
    since: date | None = None
    rows: tuple[MoveRow, ...] = ()
    quadrants: tuple[QuadrantRow, ...] = ()


class ScreenFilter(Record):
    """One bound a stock must keep; a stock without the value does not pass."""

    measure: ScreenMeasure
    at_least: float | None = None
    at_most: float | None = None


class ScreenRow(Record):
    """One stock that passed."""

    symbol: Symbol
    sector: Slug
    return_1m_pct: float | None
    return_12m_pct: float | None
    pe_x: float | None
    roe_pct: float | None
    revenue_growth_pct: float | None
    volume_ratio_x: float | None
    foreign_net_1m_bn: float | None
    above_200d: bool | None


class ScreenResult(ToolResult):
    """Answer of screen_stocks."""

    sorted_by: ScreenMeasure
    screened_count: int = Field(default=0, ge=0, description="members with prices")
    passed_count: int = Field(default=0, ge=0, description="listed or not")
    unknown_count: int = Field(
        default=0, ge=0, description="did not pass for want of a value a filter asks for"
    )
    rows: tuple[ScreenRow, ...] = ()
