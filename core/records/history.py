"""What was decided before, what changed since and why, and how earlier calls turned out."""

from datetime import date, datetime
from typing import Literal

from pydantic import Field

from core.records.decision import Allocation, Scorecard, Stance
from core.records.holdings import Portfolio
from core.records.mandate import Mandate
from core.records.plan import ToolName
from core.records.record import Fraction, Record, Slug
from core.records.result import FactorValue, GapReason, Source
from core.records.scoring import ScoringResult
from core.records.sectors import Expectation, Quadrant
from core.records.trading import TradingResult
from core.records.universe import Horizon

Cause = Literal["data", "model", "mandate", "calendar", "holdings", "program"]
"""What was exchanged: `calendar` is time alone, `program` this program or the universe's file."""

ChangeKind = Literal[
    "rank", "weekly_quadrant", "daily_quadrant", "weight", "stance", "evidence", "cash"
]


class SectorPlace(Record):
    """Where a sector was; None without a rotation."""

    sector: Slug
    weekly: Quadrant | None
    weekly_period: date | None
    provisional: bool
    daily: Quadrant | None


class Answered(Record):
    """What one planned call brought: evidence of these sources, or a gap."""

    step: Slug
    tool: ToolName
    reason: GapReason | None
    known_at: date | None = Field(default=None, description="latest known_at the answer used")
    sources: tuple[Source, ...] = ()
    factors: tuple[Slug, ...] = Field(default=(), description="those the score took from it")


class Snapshot(Record):
    """All of one universe's decision that a later one is compared with, and can be recomputed."""

    universe: Slug
    as_of: date
    horizon: Horizon
    report_sha256: str = Field(pattern=r"^[0-9a-f]{64}$")
    mandate: Mandate
    portfolio: Portfolio | None
    card: Scorecard
    allocation: Allocation
    factors: tuple[FactorValue, ...]
    inputs: ScoringResult | None
    trading: TradingResult | None = None
    benchmark: str | None = Field(default=None, description="the rotation's")
    places: tuple[SectorPlace, ...]
    answered: tuple[Answered, ...]


class CauseShare(Record):
    """A cause's part of a change, in the change's own unit; 0 where it is no number."""

    cause: Cause
    amount: float


class Change(Record):
    """One thing that is not what it was. Ranks count places, weights are fractions."""

    kind: ChangeKind
    subject: Slug = Field(
        description="sector, the planned call whose answer came or went, or the universe for cash"
    )
    before_rank: int | None = None
    after_rank: int | None = None
    before_weight: Fraction | None = None
    after_weight: Fraction | None = None
    before_quadrant: Quadrant | None = None
    after_quadrant: Quadrant | None = None
    before_stance: Stance | None = None
    after_stance: Stance | None = None
    before_reason: GapReason | None = None
    after_reason: GapReason | None = None
    cause: Cause = Field(description="the largest share")
    causes: tuple[CauseShare, ...] = Field(min_length=1)


class Changes(Record):
    """All that changed since the predecessor, by kind, the largest of a kind first."""

    universe: Slug
    as_of: date
    since: date
    horizon: Horizon
    predecessor_sha256: str
    rows: tuple[Change, ...] = ()
    same_count: int = Field(ge=0, description="ranks, quadrants and weights that stayed")


class SectorCall(Record):
    """What was said of one sector: the stance, its weights, and the forecasts of all horizons."""

    sector: Slug
    stance: Stance
    benchmark_weight: Fraction
    target_weight: Fraction
    momentum_rank: int | None = Field(
        default=None, ge=1, description="by 12-month momentum among the sectors that have one"
    )
    expected: tuple[Expectation, ...] = ()


class CallsMade(Record):
    """All that one report recommends and forecasts of one universe."""

    universe: Slug
    universe_hash: str
    as_of: date
    horizon: Horizon
    settles: date = Field(description="calendar date the horizon ends")
    mandate: Slug
    mandate_version: int
    trained_until: date | None
    report_sha256: str = Field(pattern=r"^[0-9a-f]{64}$")
    calls: tuple[SectorCall, ...]


class LoggedCalls(Record):
    """An entry of the write-once log."""

    seq: int = Field(ge=1)
    recorded_at: datetime
    made: CallsMade


class SettledCall(Record):
    """A recommendation whose horizon has ended, with what became of it."""

    sector: Slug
    called: date
    settles: date
    horizon: Horizon
    stance: Stance
    active_weight: float = Field(description="target minus benchmark, fraction")
    expected_excess_pct: float | None
    outperform_fraction: Fraction | None
    realised_excess_pct: float
    inside_interval: bool | None
    right: bool = Field(description="an overweight beat the sectors' mean, an underweight did not")
    live: bool = Field(
        description="recorded within a week of its date and by the card's, not in hindsight"
    )


class ReportCard(Record):
    """How one universe's earlier calls turned out, known at as_of.

    The figures and the worst call are of the settled live calls where there are any, else of those
    made in hindsight: `basis` says which.
    """

    universe: Slug
    as_of: date
    horizon: Horizon
    live_since: date | None = None
    reports_count: int = Field(ge=0)
    open_count: int = Field(ge=0, description="calls whose horizon has not ended")
    settled_count: int = Field(ge=0)
    live_count: int = Field(ge=0, description="of the settled")
    basis: Literal["live", "hindsight"] | None = Field(
        default=None, description="which settled calls the figures are of; None without any"
    )
    hit_fraction: Fraction | None = None
    excess_mean_pct: float | None = Field(
        default=None, description="mean excess of overweights and of minus underweights"
    )
    momentum_excess_mean_pct: float | None = Field(
        default=None, description="of the 12-month momentum's top three on the same dates"
    )
    coverage_fraction: Fraction | None = Field(
        default=None, description="share inside the 80 % interval"
    )
    brier_index: float | None = Field(default=None, description="mean squared error of the odds")
    calls: tuple[SettledCall, ...] = Field(default=(), description="last twelve, latest first")
    worst: SettledCall | None = None
