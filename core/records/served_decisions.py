"""A decision as a tool serves it: the card and the weights a report of the question would hold."""

from datetime import date
from typing import Literal

from pydantic import Field

from core.records.decision import (
    Allocation,
    AllocationLine,
    LimitEvent,
    Risk,
    Scorecard,
    SectorScore,
)
from core.records.mandate import SectorCap, SectorFloor
from core.records.record import Fraction, Record, Slug
from core.records.result import GapReason, ToolResult
from core.records.scoring import WeightsSource
from core.records.sectors import Skill
from core.records.universe import Horizon, SectorWeight


class AskedLimits(Record):
    """Limits stated for one question, over the built-in mandate; fractions of net asset value.

    Sectors go by id or by any name that means one sector. What is absent stays built in.
    """

    caps: tuple[SectorCap, ...] = Field(default=(), description="largest weight of a sector")
    floors: tuple[SectorFloor, ...] = Field(default=(), description="least weight of a sector")
    excluded: tuple[Slug, ...] = ()
    sector_cap: Fraction | None = Field(default=None, description="largest weight of any sector")
    active_cap: Fraction | None = Field(default=None, description="largest |target - benchmark|")
    turnover: Fraction | None = Field(default=None, description="one-way")
    no_trade_band: Fraction | None = None
    tracking_error_pct: float | None = Field(default=None, gt=0.0, description="annual budget")
    cash_floor: Fraction | None = None
    cash_cap: Fraction | None = None
    issuer_cap: Fraction | None = None
    cost_bps: float | None = Field(default=None, ge=0.0, description="per side, of traded value")
    benchmark: Slug | None = Field(default=None, description="one of the region's benchmarks")


class HeldWeights(Record):
    """What is held, by sector; what the weights leave is cash."""

    weights: tuple[SectorWeight, ...] = Field(min_length=1, max_length=40)


class ScoreRow(Record):
    """A sector's score in short; rank 1 is best, None when it cannot be scored."""

    sector: Slug
    rank: int | None
    score: float | None
    confidence: Fraction
    strongest_for: Slug | None = Field(description="factor that adds most; None when none adds")
    strongest_against: Slug | None = Field(description="factor that takes most away")
    missing_count: int = Field(ge=0, description="factors without a value")
    reason: GapReason | None = Field(description="why there is no score")


class ScoresResult(ToolResult):
    """Answer of get_sector_scores, best sector first; `scores` hold every factor's part."""

    horizon: Horizon
    weights_source: Literal["learned", "packaged", "mandate"] = "packaged"
    trained_until: date | None = None
    top3_stability: Fraction | None = Field(
        default=None, description="share of perturbed weightings that keep the same top three"
    )
    skill: tuple[Skill, ...] = Field(default=(), max_length=1)
    rows: tuple[ScoreRow, ...] = ()
    scores: tuple[SectorScore, ...] = ()

    @property
    def card(self) -> Scorecard:
        """The scorecard these scores are of."""
        return Scorecard(
            universe=self.universe,
            universe_hash=self.universe_hash,
            as_of=self.as_of,
            horizon=self.horizon,
            weights_source=self.weights_source,
            trained_until=self.trained_until,
            skill=self.skill[0] if self.skill else None,
            sectors=self.scores,
            top3_stability=self.top3_stability,
        )


class AllocationResult(ToolResult):
    """Answer of get_sector_allocation: target weights, and every limit that binds."""

    horizon: Horizon
    mandate: Slug = "default"
    mandate_version: int = 0
    benchmark: Slug | None = None
    benchmark_weights_source: WeightsSource = "equal_weight"
    benchmark_weights_as_of: date | None = None
    turnover: Fraction = 0.0
    cost_bps: float = 0.0
    tracking_error_pct: float | None = None
    cash_held_weight: Fraction | None = None
    cash_target_weight: Fraction = 0.0
    outside_weight: Fraction = 0.0
    rows: tuple[AllocationLine, ...] = ()
    limits: tuple[LimitEvent, ...] = ()
    risk: tuple[Risk, ...] = Field(default=(), max_length=1)

    @property
    def allocation(self) -> Allocation:
        """The allocation these rows are of."""
        kept = {name: getattr(self, name) for name in Allocation.model_fields if name in _SHARED}
        return Allocation(**kept, lines=self.rows, risk=self.risk[0] if self.risk else None)


_SHARED = frozenset(AllocationResult.model_fields) - {"rows", "risk"}
