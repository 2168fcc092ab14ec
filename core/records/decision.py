"""The decision: scores and weights, each step of the arithmetic kept."""

from datetime import date
from typing import Literal

from pydantic import Field

from core.records.record import Fraction, Record, Slug, Symbol
from core.records.result import Family, GapReason
from core.records.scoring import WeightsSource
from core.records.sectors import Skill
from core.records.universe import Horizon

Stance = Literal["overweight", "neutral", "underweight", "excluded", "not_weighted"]
LimitKind = Literal[
    "sector_cap", "active_cap", "turnover", "excluded", "not_listed", "too_short",
    "too_few_members", "long_only", "no_trade_band", "sector_floor", "cash_floor", "cash_cap",
    "issuer_cap", "group_cap", "tracking_error",
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
    weights_source: Literal["learned", "packaged", "mandate"]
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
    name: str | None = Field(default=None, description="issuer or group the limit is about")
    limit: float
    wanted: float | None = None
    got: float | None = None
    cost_bps: float | None = Field(
        default=None, description="expected excess a year given up to it, net of risk"
    )


class AllocationLine(Record):
    """One sector's weights, fractions of the portfolio."""

    sector: Slug
    instrument: Symbol
    benchmark_weight: Fraction
    held_weight: Fraction | None = None
    target_weight: Fraction
    stance: Stance
    risk_share_pct: float | None = Field(
        default=None, description="share of the tracking error's variance; the lines sum to 100"
    )


class Risk(Record):
    """Risk of the target weights from the shrunk covariance; percent of net asset value."""

    volatility_pct: float
    benchmark_volatility_pct: float
    beta_x: float = Field(description="against the benchmark weights")
    expected_shortfall_pct: float = Field(description="mean loss of the worst twentieth of months")


class Conflict(Record):
    """A smallest set of limits that cannot all hold; each relaxation alone would resolve it."""

    limits: tuple[str, ...] = Field(description="as they stand in the mandate, with their values")
    relaxations: tuple[str, ...] = Field(description="smallest change first")


class Allocation(Record):
    """Target weights of one universe, in whole tenths of a percent.

    Lines, cash and what lies outside the universe sum to 1 exactly, and as printed to 100.0.
    """

    universe: Slug
    as_of: date
    horizon: Horizon
    mandate: Slug
    mandate_version: int = 0
    benchmark: Slug | None = Field(default=None, description="the benchmark the weights are of")
    benchmark_weights_source: WeightsSource
    benchmark_weights_as_of: date | None = Field(default=None, description="of a dated table")
    lines: tuple[AllocationLine, ...]
    turnover: Fraction
    cost_bps: float
    tracking_error_pct: float | None
    limits: tuple[LimitEvent, ...] = ()
    cash_held_weight: Fraction | None = None
    cash_target_weight: Fraction = 0.0
    outside_weight: Fraction = Field(default=0.0, description="held outside the universe, kept")
    risk: Risk | None = None
