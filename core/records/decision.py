"""The decision: scores and weights, each step of the arithmetic kept."""

from datetime import date
from typing import Literal

from pydantic import Field

from core.records.payloads import Skill
from core.records.record import Fraction, Record, Slug, Symbol
from core.records.result import Family, GapReason
from core.records.universe import Horizon

Stance = Literal["overweight", "neutral", "underweight", "excluded", "not_weighted"]
LimitKind = Literal[
    "sector_cap", "active_cap", "turnover", "excluded", "not_listed", "too_short",
    "too_few_members", "long_only", "no_trade_band",
]  # fmt: skip


class Contribution(Record):
    """One factor's part of a score: contribution = weight * z."""

    factor: Slug
    family: Family
    weight: float
    z: float | None
    contribution: float | None
    reason: GapReason | None = None


class SectorScore(Record):
    """A sector's score; rank 1 is best, None when it cannot be scored."""

    sector: Slug
    score: float | None
    rank: int | None
    confidence: Fraction
    contributions: tuple[Contribution, ...]
    missing: tuple[Slug, ...] = ()
    reason: GapReason | None = None


class Scorecard(Record):
    """All sectors of one universe at one date and horizon, best first."""

    universe: Slug
    universe_hash: str
    as_of: date
    horizon: Horizon
    weights_source: Literal["learned", "packaged"]
    trained_until: date | None
    skill: Skill | None
    sectors: tuple[SectorScore, ...]
    top3_stability: Fraction | None = Field(
        default=None, description="share of perturbed weightings that keep the same top three"
    )


class LimitEvent(Record):
    """A limit that binds, with the weight before and after."""

    kind: LimitKind
    sector: Slug | None
    limit: float
    wanted: float | None = None
    got: float | None = None


class AllocationLine(Record):
    """One sector's weights, fractions of the portfolio."""

    sector: Slug
    instrument: Symbol
    benchmark_weight: Fraction
    held_weight: Fraction | None = None
    target_weight: Fraction
    stance: Stance


class Allocation(Record):
    """Target weights of one universe; rounded to a basis point, the lines sum to 1 exactly."""

    universe: Slug
    as_of: date
    horizon: Horizon
    mandate: Slug
    benchmark_weights_source: Literal["universe", "file", "equal_weight"]
    lines: tuple[AllocationLine, ...]
    turnover: Fraction
    cost_bps: float
    tracking_error_pct: float | None
    limits: tuple[LimitEvent, ...] = ()
