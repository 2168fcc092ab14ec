"""The heatmap's records: units are in the field names, shades are steps of -4 to 4."""

from datetime import date

from pydantic import Field

from app.web.worded import Gapped, Worded
from core.records.record import Fraction, Record, Slug, Symbol
from core.records.result import GapReason
from core.records.sectors import Quadrant, Skill
from core.records.universe import Horizon, Treatment

SHADE = Field(ge=-4, le=4, description="colour step, capped by measured skill; 0 is none")


class Span(Record):
    """A past window: a column of what happened."""

    id: str
    label: str


class HeatHorizon(Record):
    """A column of what is expected, with the record that caps its colour."""

    horizon: Horizon
    label: str
    settles: date | None
    record: Skill | None = Field(description="settled by as_of, never in sample")
    verdict: str | None = Field(description="what the record amounts to, in words")
    skilled: bool = Field(description="the record is told from chance")
    intensity_fraction: Fraction = Field(description="share of full colour the column may use")


class PastCell(Record):
    """What happened over one span; without a value, why."""

    span: str
    excess_pct: float | None = Field(description="over the benchmark")
    reason: str | None


class ExpectedCell(Record):
    """What is expected at one horizon; without a value, why."""

    horizon: Horizon
    excess_pct: float | None = Field(description="over the universe's equal-weighted mean")
    low_pct: float | None = Field(description="10th percentile")
    high_pct: float | None = Field(description="90th percentile")
    outperform_fraction: Fraction | None
    lean: int = Field(ge=-1, le=1, description="1 from 55 % to outperform, -1 to 45 %, else 0")
    shade: int = SHADE
    moved_pp: float | None = Field(
        description="change of the probability since the last report, from 5 points on"
    )
    reason: str | None


class ReasonSaid(Record):
    """A feature's part of a forecast, in points of score."""

    feature: Slug
    label: str
    contribution: float


class HeatRow(Record):
    """One sector, with the score of the asked horizon."""

    sector: Slug
    ticker: Symbol
    name: str
    rank: int | None
    score: float | None
    confidence: Fraction | None
    weekly: Quadrant | None
    daily: Quadrant | None
    past: tuple[PastCell, ...]
    expected: tuple[ExpectedCell, ...]
    reasons_for: tuple[ReasonSaid, ...] = Field(max_length=3)
    reasons_against: tuple[ReasonSaid, ...] = Field(max_length=2)
    flags: tuple[Worded, ...]


class HeatGrid(Record):
    """The predictive heatmap, best score first."""

    universe: Slug
    as_of: date
    known_at: date | None
    synthetic: bool
    benchmark: Slug
    benchmark_name: str
    treatment: Treatment
    horizon: Horizon = Field(description="of scores, confidence and reasons")
    since: date | None = Field(description="date of the last report, which changes are against")
    gap: Gapped | None
    spans: tuple[Span, ...]
    horizons: tuple[HeatHorizon, ...]
    rows: tuple[HeatRow, ...]
    words: dict[str, str] = Field(description="the picture's own labels, in the asked language")


class FactorCell(Record):
    """One factor of one sector; without a value, why."""

    sector: Slug
    z: float | None = Field(description="cross-sectional, within 3")
    contribution: float | None = Field(description="points of score: weight x z")
    reason: str | None


class FactorLine(Record):
    """One factor of all sectors, in the grid's order."""

    factor: Slug
    label: str
    weight: float
    cells: tuple[FactorCell, ...]


class FactorFamily(Record):
    """The factors of one family."""

    family: Slug
    label: str
    factors: tuple[FactorLine, ...]
    contributions: tuple[float | None, ...] = Field(
        description="points of score: the factors' sum, a sector of the grid's order each"
    )


class FactorSector(Record):
    """A column of the factor grid."""

    sector: Slug
    ticker: Symbol
    name: str
    score: float | None
    reason: str | None


class FactorGrid(Record):
    """Every factor's part of every sector's score, best score first."""

    universe: Slug
    as_of: date
    horizon: Horizon
    gap: Gapped | None
    weights: str | None = Field(description="where the weights come from, in words")
    trained_until: date | None
    sectors: tuple[FactorSector, ...]
    families: tuple[FactorFamily, ...]


class WeekScore(Record):
    """A sector's score as of one week; without one, why."""

    sector: Slug
    rank: int | None
    score: float | None
    reason: GapReason | None


class ScoreWeek(Record):
    """All scores as of one day, made from what was known then."""

    as_of: date
    weights_source: str
    rows: tuple[WeekScore, ...]


class WeekCounts(Record):
    """How often a sector's score changed its sign from week to week, and how often it led."""

    sector: Slug
    flips_count: int = Field(ge=0, description="weeks without a score, or of exactly 0, aside")
    top_count: int = Field(ge=0, description="weeks among the best three")


class ScoreWeeks(Record):
    """Some of the last weeks' scores, latest first; `days` are all there are to ask for."""

    universe: Slug
    horizon: Horizon
    gap: Gapped | None
    days: tuple[date, ...]
    weeks: tuple[ScoreWeek, ...]
    counts: tuple[WeekCounts, ...] = Field(
        default=(), description="over all days, a sector each; with the oldest weeks only"
    )
    reasons: dict[str, str] = Field(description="the rows' reasons in words")
