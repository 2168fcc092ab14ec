"""The rotation map's records: columns of frames, and what is known of the sectors at one of them.

Columns are aligned with `periods`. Places are codes, so that years of frames stay small.
"""

from datetime import date
from typing import Literal

from pydantic import Field

from app.web.worded import Gapped, Worded
from core.records.record import Fraction, Record, Slug, Symbol
from core.records.sectors import Quadrant
from core.records.universe import Treatment

Drawn = Literal["weekly", "daily"]
Compared = Literal["agrees", "disagrees", "not_distinguishable", "too_few"]


class Reclassified(Record):
    """A day on which who belongs to the sector changed."""

    effective: date
    note: str


class SectorCourse(Record):
    """One sector at every bar; None and 0 where it has no quadrant."""

    sector: Slug
    ticker: Symbol
    name: str
    label: str = Field(description="short enough to stand beside a head")
    colour: str
    reason: str | None = Field(description="why the last bar has no quadrant")
    rs_ratio_index: tuple[float | None, ...]
    rs_momentum_index: tuple[float | None, ...]
    quadrant_code: tuple[int, ...] = Field(description="place in `quadrants`, -1 none")
    heading_deg: tuple[float | None, ...] = Field(description="clockwise from north")
    velocity_index: tuple[float | None, ...]
    dwell_count: tuple[int, ...] = Field(description="bars in the quadrant, this one included")
    warning_code: tuple[int, ...] = Field(description="1 crossing up, -1 down, 0 none")
    reclassified: tuple[Reclassified, ...]


class RotationCourseAnswer(Record):
    """Every frame of the map up to as_of; frames before `first_frame` are only tails."""

    universe: Slug
    as_of: date
    synthetic: bool
    frequency: Drawn
    frequency_name: str
    benchmark: str
    benchmark_name: str
    treatment: Treatment
    treatment_name: str
    gap: Gapped | None
    provisional: bool = Field(description="the last bar's period is still running")
    first_frame: int = Field(ge=0)
    periods: tuple[date, ...]
    seen: tuple[date, ...] = Field(description="the day each bar is a frame of")
    benchmark_close_level: tuple[float | None, ...]
    quadrants: tuple[Worded, ...]
    warnings: tuple[Worded, ...] = Field(description="crossing up, crossing down")
    measures: dict[str, str] = Field(description="names of what a sector's card tells")
    legend: tuple[str, ...]
    sectors: tuple[SectorCourse, ...]


class MoveOdds(Record):
    """How often a bar in the sector's quadrant was followed by a bar in another."""

    next_quadrant: Quadrant
    name: str
    move_fraction: Fraction | None
    moves_count: int


class StayOdds(Record):
    """How often a stay as long as this had ended soon, and what followed a bar in its quadrant."""

    within_count: int = Field(ge=1, description="bars the odds look ahead")
    leave_fraction: Fraction | None = Field(description="None when no stay was as long")
    leave_low_fraction: Fraction | None
    leave_high_fraction: Fraction | None
    leave_cases_count: int
    moves: tuple[MoveOdds, ...]


class Traded(Record):
    """The sector's share of all sectors' traded value, 20 sessions, and against the 20 before."""

    turnover_share_pct: float | None
    turnover_share_change_pp: float | None


class Membership(Record):
    """Of whom a member-built sector is made."""

    members_count: int
    top_member: Symbol | None
    top_member_pct: float | None


class SectorTold(Record):
    """What was known of a sector on the frame's day."""

    sector: Slug
    held: bool
    single_stock: bool
    benchmark_weight: Fraction | None
    return_3m_pct: float | None = Field(description="absolute")
    odds: StayOdds | None
    traded: Traded
    flow: str | None = Field(description="foreign flow of 20 sessions, in words")
    flow_net_bn: float | None
    members: Membership | None
    flags: tuple[str, ...]


class Told(Record):
    """A piece of a worded line; a number's piece says where it comes from."""

    text: str
    source: str
    tone: str


class MapDetails(Record):
    """What was known of the map's sectors on the day of one frame."""

    universe: Slug
    as_of: date
    frequency: Drawn
    benchmark: str
    gap: Gapped | None
    counted_since: date | None = Field(description="first bar the odds are counted from")
    weights: str | None = Field(description="where the benchmark's weights come from")
    flows: str | None = Field(description="why there is no foreign flow")
    textbook: tuple[Told, ...] = Field(description="each quadrant's saying and history, one line")
    sectors: tuple[SectorTold, ...]
