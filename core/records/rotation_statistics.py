"""What past rotations, and the market as a whole, did next: counts, shares and how sure they are.

A share stands beside the count it is made of and its 95 % interval; a mean beside its t. Only what
had ended by the answer's date is counted.
"""

from datetime import date
from typing import ClassVar, Literal

from pydantic import Field

from core.records.record import Fraction, Record, Slug
from core.records.result import ToolResult
from core.records.sectors import Quadrant
from core.records.universe import Frequency, Horizon, Treatment

Textbook = Literal["outperform", "underperform"]
Verdict = Literal["agrees", "disagrees", "not_distinguishable", "too_few"]
BaseVerdict = Literal["above_base", "below_base", "not_distinguishable", "too_few"]
RatioSide = Literal["right", "left"]
CrossKind = Literal["momentum_crossing_up", "momentum_crossing_down"]
WarningState = Literal["calm", "watch", "warning"]
SwitchState = Literal["invested", "de_risk"]
BreadthOf = Literal["members", "sectors"]
StyleLead = Literal["cyclical", "defensive"]


class QuadrantRow(Record):
    """How long sectors stayed in one quadrant, pooled over the universe."""

    keys: ClassVar[tuple[str, ...]] = ("quadrant",)

    quadrant: Quadrant
    frequency: Frequency
    spells_count: int = Field(ge=0, description="stays seen from their first bar to their last")
    dwell_mean_index: float | None = Field(description="bars of such a stay")
    dwell_median_index: float | None
    dwell_longest_count: int | None
    bars_count: int = Field(ge=0, description="bars in the quadrant whose next bar is known")
    leave_fraction: Fraction | None = Field(description="of them, left at the next bar")
    leave_low_fraction: Fraction | None
    leave_high_fraction: Fraction | None


class MoveRow(Record):
    """How often a bar in one quadrant was followed by a bar in another, or in the same."""

    keys: ClassVar[tuple[str, ...]] = ("quadrant", "next_quadrant")

    quadrant: Quadrant
    next_quadrant: Quadrant
    frequency: Frequency
    moves_count: int = Field(ge=0)
    move_fraction: Fraction | None = Field(description="of all bars in `quadrant`")
    move_low_fraction: Fraction | None
    move_high_fraction: Fraction | None


class TurnRow(Record):
    """Which way sectors turned."""

    frequency: Frequency
    changes_count: int = Field(ge=0, description="moves to another quadrant")
    clockwise_moves_count: int = Field(ge=0)
    clockwise_fraction: Fraction | None
    clockwise_low_fraction: Fraction | None
    clockwise_high_fraction: Fraction | None
    full_loops_count: int = Field(ge=0, description="through all four, LEADING to LEADING")
    right_loops_count: int = Field(ge=0, description="LEADING, WEAKENING, LEADING")
    left_loops_count: int = Field(ge=0, description="LAGGING, IMPROVING, LAGGING")


class EarlyWarningRow(Record):
    """How often the announced cross of RS-Momentum through 100 came.

    A run of warnings counts once. `base` are all bars on the same side of 100, `near` those of them
    no further from it than half of the warnings were.
    """

    kind: CrossKind
    frequency: Frequency
    within_count: int = Field(ge=1, description="bars the cross may take")
    announced_count: int = Field(ge=0)
    followed_count: int = Field(ge=0)
    hit_fraction: Fraction | None
    hit_low_fraction: Fraction | None
    hit_high_fraction: Fraction | None
    base_cases_count: int = Field(ge=0)
    base_fraction: Fraction | None
    near_cases_count: int = Field(ge=0)
    near_fraction: Fraction | None
    verdict: BaseVerdict = Field(description="the interval against `near`")


class ReadingRow(Record):
    """What a quadrant is said to mean beside what followed it in this universe."""

    keys: ClassVar[tuple[str, ...]] = ("quadrant", "horizon")

    quadrant: Quadrant
    horizon: Horizon
    frequency: Frequency
    textbook: Textbook
    excess_mean_pct: float | None = Field(description="over the benchmark, over the horizon")
    excess_error_pct: float | None = Field(description="Newey-West over dates, sectors clustered")
    excess_t_index: float | None
    observations_count: int = Field(ge=0, description="sector-bars")
    dates_count: int = Field(ge=0)
    verdict: Verdict


class SectorTurnRow(Record):
    """One sector now: how long, and how often such a stay had ended soon after."""

    sector: Slug
    frequency: Frequency
    quadrant: Quadrant
    dwell_count: int = Field(ge=1, description="bars in it, this one included")
    within_count: int = Field(ge=1, description="bars the odds look ahead")
    leave_fraction: Fraction | None = Field(
        description="of stays as long as this one in this universe; None when none was"
    )
    leave_low_fraction: Fraction | None
    leave_high_fraction: Fraction | None
    leave_cases_count: int = Field(ge=0)
    ratio_side: RatioSide = Field(description="of RS-Ratio 100")
    side_bars_count: int = Field(ge=1)
    side_turns_count: int = Field(ge=0, description="crosses of RS-Momentum 100 since")
    one_sided: bool = Field(description="two such crosses or more without a change of side")
    full_loops_count: int = Field(ge=0)
    early_warning: CrossKind | None


class RotationStatisticsResult(ToolResult):
    """Answer of get_rotation_statistics; `since` is the first bar with a quadrant."""

    benchmark: str
    treatment: Treatment
    frequency: Frequency
    since: date | None = None
    rows: tuple[QuadrantRow, ...] = ()
    turns: tuple[TurnRow, ...] = Field(default=(), max_length=1)
    readings: tuple[ReadingRow, ...] = ()
    early_warnings: tuple[EarlyWarningRow, ...] = ()
    sectors: tuple[SectorTurnRow, ...] = ()
    moves: tuple[MoveRow, ...] = ()


class MarketStateRow(Record):
    """How strained the market looks against its own past; percentiles are of that past."""

    market_warning: WarningState = Field(
        description="by how many of the three signs are lit: 0, 1, 2 or 3"
    )
    warning_since: date = Field(description="first session of the running state")
    signs_count: int = Field(ge=0, le=3)
    correlation_index: float | None = Field(description="mean over pairs of sectors, 63 sessions")
    correlation_percentile_pct: float | None = Field(description="lit from 80 on")
    dispersion_pct: float | None = Field(description="sd of sectors' returns, 21 sessions")
    dispersion_percentile_pct: float | None = Field(description="lit from 80 on")
    breadth_pct: float | None = Field(description="share above the mean of 200 sessions")
    breadth_percentile_pct: float | None = Field(description="lit down to 20")
    breadth_of: BreadthOf


class WarningOutcomeRow(Record):
    """What the benchmark did after sessions in one state, against all sessions."""

    kind: WarningState
    horizon: Horizon
    sessions: int = Field(ge=0, description="in that state, their outcome known")
    episodes_count: int = Field(ge=0, description="unbroken runs of them")
    return_after_pct: float | None
    return_always_pct: float | None
    return_difference_pp: float | None
    return_t_index: float | None = Field(
        description="of the difference, Newey-West; None under ten episodes"
    )
    drawdown_after_pct: float | None = Field(description="mean deepest fall below the start")
    drawdown_always_pct: float | None
    drawdown_difference_pp: float | None
    drawdown_t_index: float | None


class SwitchRow(Record):
    """The de-risking rule: what it says, and what it would have done to the benchmark.

    A suggestion: no allocation follows it.
    """

    switch_state: SwitchState
    switch_since: date = Field(description="month's end it was decided")
    trend_distance_pct: float = Field(description="close over its 10-month mean, last month's end")
    record_since: date
    record_sessions: int = Field(ge=1)
    cagr_with_pct: float
    cagr_without_pct: float
    cagr_difference_pp: float
    cagr_t_index: float | None = Field(description="of the mean daily difference, Newey-West")
    volatility_with_pct: float
    volatility_without_pct: float
    drawdown_with_pct: float
    drawdown_without_pct: float
    switches_count: int = Field(ge=0)
    switches_a_year_index: float
    time_out_fraction: Fraction = Field(description="of sessions out of the market")
    switch_cost_bps: float = Field(description="paid a switch; cash earns nothing")


class BalanceRow(Record):
    """Cyclical sectors against defensive ones, both in equal parts."""

    style_lead: StyleLead = Field(description="cyclical above the ratio's mean of 200 sessions")
    style_since: date = Field(description="first session of the running lead")
    style_ratio_index: float = Field(
        description="cyclical over defensive, 100 at the first session"
    )
    style_change_3m_pct: float | None
    style_distance_200d_pct: float
    style_percentile_pct: float | None = Field(description="of that distance in its own past")
    cyclical_count: int = Field(ge=1)
    defensive_count: int = Field(ge=1)


class MarketWarningResult(ToolResult):
    """Answer of get_market_warning."""

    benchmark: str
    treatment: Treatment
    rows: tuple[MarketStateRow, ...] = Field(default=(), max_length=1)
    outcomes: tuple[WarningOutcomeRow, ...] = ()
    switch: tuple[SwitchRow, ...] = Field(default=(), max_length=1)
    balance: tuple[BalanceRow, ...] = Field(default=(), max_length=1)
