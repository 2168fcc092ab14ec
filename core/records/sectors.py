"""Where each sector is, was and is expected to be: the rows of the rotation tools' answers.

Units are in the field names, as everywhere (`core.records.result.UNITS`).
"""

from datetime import date
from typing import ClassVar, Literal

from pydantic import Field

from core.records.record import Fraction, Record, Slug, Symbol
from core.records.result import Flag, ToolResult
from core.records.universe import Frequency, Horizon, Treatment

Quadrant = Literal["LEADING", "WEAKENING", "LAGGING", "IMPROVING"]


class TailPoint(Record):
    """One node of a rotation tail."""

    period: date
    rs_ratio_index: float
    rs_momentum_index: float


class Rotation(Record):
    """Where a sector is at one frequency; 100 is the benchmark's own level."""

    frequency: Frequency
    period: date = Field(description="last bar's date")
    provisional: bool = Field(description="True while the bar's period is still running")
    rs_ratio_index: float
    rs_momentum_index: float
    quadrant: Quadrant
    heading_deg: float | None = Field(description="clockwise from north; None without motion")
    velocity_index: float | None
    dwell_count: int = Field(ge=1, description="bars in this quadrant, this one included")
    early_warning: Literal["momentum_crossing_up", "momentum_crossing_down"] | None = None
    tail: tuple[TailPoint, ...] = ()


class Expectation(Record):
    """A forecast of a sector's excess return over the universe's equal-weighted mean."""

    horizon: Horizon
    settles: date = Field(description="calendar date the horizon ends, weekends included")
    excess_pct: float
    low_pct: float = Field(description="10th percentile")
    high_pct: float = Field(description="90th percentile")
    outperform_fraction: Fraction = Field(description="P(excess > 0)")


class Reason(Record):
    """A feature's part of a sector's forecast, summed over the views that can tell."""

    keys: ClassVar[tuple[str, ...]] = ("feature",)

    feature: Slug
    contribution_pct: float


class ChanceBin(Record):
    """Forecasts of similar probability: what was said on average, and how often it came."""

    said_fraction: Fraction
    came_fraction: Fraction
    forecasts_count: int = Field(ge=1)


class Skill(Record):
    """The forecast's own out-of-sample record, settled before as_of."""

    horizon: Horizon
    ic_mean_index: float
    ic_t_index: float | None = Field(description="Newey-West t; None under 20 dates")
    hit_fraction: Fraction
    dates_count: int = Field(ge=0)
    momentum_ic_mean_index: float | None = Field(
        default=None, description="12-month momentum on the same dates; None unless it has all"
    )
    momentum_gap_t_index: float | None = Field(
        default=None, description="Newey-West t of IC less momentum's IC"
    )
    covered_fraction: Fraction | None = Field(
        default=None, description="outcomes inside the 80 % interval"
    )
    brier_index: float | None = Field(
        default=None, description="mean squared error of P(excess > 0); 0.25 for always one half"
    )
    bins: tuple[ChanceBin, ...] = Field(default=(), max_length=5)


class MemberBuilt(Record):
    """The sector built from its member stocks, beside the fund that carries its name."""

    members_count: int
    return_3m_pct: float | None
    excess_1m_pct: float | None = Field(description="over the basket of all members")
    excess_3m_pct: float | None
    quadrant: Quadrant | None = Field(description="weekly, against the basket of all members")


class HeatmapRow(Record):
    """One sector: what happened, where it is, what is expected."""

    sector: Slug
    ticker: Symbol
    weekly: Rotation | None
    daily: Rotation | None
    excess_1w_pct: float | None
    excess_1m_pct: float | None
    excess_3m_pct: float | None
    excess_12m_pct: float | None
    return_3m_pct: float | None = Field(description="absolute, total where the data are")
    distance_200d_pct: float | None
    expected: tuple[Expectation, ...] = ()
    reasons: tuple[Reason, ...] = Field(
        default=(), max_length=6, description="of the asked horizon, strongest for first"
    )
    members_count: int | None = None
    top_member: Symbol | None = None
    top_member_pct: float | None = None
    turnover_share_pct: float | None = Field(
        default=None, description="of all sectors' traded value, 20 sessions"
    )
    turnover_share_change_pp: float | None = Field(
        default=None, description="against the 20 sessions before those"
    )
    member_built: MemberBuilt | None = None
    flags: tuple[Flag, ...] = ()


class HeatmapResult(ToolResult):
    """Answer of get_sector_heatmap."""

    benchmark: str
    treatment: Treatment
    rows: tuple[HeatmapRow, ...] = ()
    skill: tuple[Skill, ...] = ()


class RotationSpell(Record):
    """An unbroken stay of one sector in one quadrant, cut to the span asked for."""

    sector: Slug
    frequency: Frequency
    quadrant: Quadrant
    entered: date = Field(description="first bar of the stay within the span")
    left: date = Field(description="last bar of the stay within the span")
    bars_count: int = Field(ge=1)
    ratio_low_index: float
    ratio_high_index: float
    momentum_peak_index: float = Field(description="furthest from 100 on the quadrant's own side")
    momentum_peak_period: date
    momentum_last_index: float
    ratio_last_index: float
    momentum_turn_index: float | None = Field(
        default=None, description="nearest to 100 after the peak, within the stay"
    )
    momentum_turn_period: date | None = None
    running: bool = Field(description="the span ends inside the stay")


class RotationPath(Record):
    """All bars of one sector within the span."""

    sector: Slug
    ticker: Symbol
    tail: tuple[TailPoint, ...]


class RotationHistoryResult(ToolResult):
    """Answer of get_rotation_history."""

    benchmark: str
    treatment: Treatment
    frequency: Frequency
    since: date
    rows: tuple[RotationSpell, ...] = ()
    paths: tuple[RotationPath, ...] = ()
