"""The rows of each tool's answer; both sides of MCP validate against these.

Units are in the field names. `None` means not available, with the reason in `missing` or `flags`.
Returns and flows are in percent and billions of the universe's currency.
"""

from datetime import date
from typing import Literal

from pydantic import Field

from core.records.plan import MacroType, Metric, StatementType
from core.records.record import Fraction, Record, Slug, Symbol
from core.records.result import Dataset, Family, Flag, ToolResult
from core.records.universe import Frequency, Horizon

Quadrant = Literal["LEADING", "WEAKENING", "LAGGING", "IMPROVING"]
Regime = Literal["expansion", "slowdown", "contraction", "recovery"]
FlowState = Literal["buying", "selling", "flat", "not_measurable"]
WhaleKind = Literal["volume_spike", "put_through", "manager_position"]


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
    members_count: int | None = None
    top_member: Symbol | None = None
    top_member_pct: float | None = None
    flags: tuple[Flag, ...] = ()


class HeatmapResult(ToolResult):
    """Answer of get_sector_heatmap."""

    benchmark: str
    treatment: Literal["total_return", "price"]
    rows: tuple[HeatmapRow, ...] = ()
    skill: tuple[Skill, ...] = ()


class MacroRow(Record):
    """One published series at its last release known at as_of."""

    series: Slug
    category: MacroType
    period: date
    released: date
    assumed_release: bool
    value_level: float
    unit: Literal["%", "index", "thousands", "bn", "pp", "USD", "x"]
    previous_level: float | None
    change_level: float | None
    history_z: float | None = Field(description="against its own trailing five years")
    flags: tuple[Flag, ...] = ()


class RegimeRow(Record):
    """The macro state from growth and inflation, and since when."""

    regime: Regime
    since: date
    growth_z: float
    inflation_z: float
    sentiment_z: float


class MacroResult(ToolResult):
    """Answer of get_macro_indicators."""

    rows: tuple[MacroRow, ...] = ()
    regime: tuple[RegimeRow, ...] = Field(default=(), max_length=1)


class FundamentalRow(Record):
    """A sector's aggregate of the last reports known at as_of."""

    sector: Slug
    companies_count: int
    members_count: int
    period: date
    age_days: int
    revenue_growth_pct: float | None = None
    net_profit_growth_pct: float | None = None
    net_profit_margin_pct: float | None = None
    roe_pct: float | None = None
    pe_x: float | None = None
    valuation_percentile_pct: float | None = Field(
        default=None, description="of its own five years, 100 = dearest"
    )
    flags: tuple[Flag, ...] = ()


class FundamentalsResult(ToolResult):
    """Answer of get_sector_fundamentals."""

    metrics: tuple[Metric, ...] = ()
    rows: tuple[FundamentalRow, ...] = ()


class StatementRow(Record):
    """One line of one company's statement."""

    symbol: Symbol
    sector: Slug | None
    period: date
    released: date
    line: Slug
    value_bn: float
    growth_1y_pct: float | None
    flags: tuple[Flag, ...] = ()


class StatementsResult(ToolResult):
    """Answer of get_financial_statements; symbols without data are in `missing`."""

    statement_type: StatementType
    period_kind: Literal["Q", "A"]
    rows: tuple[StatementRow, ...] = ()


class NameFlow(Record):
    """One stock's net foreign value."""

    symbol: Symbol
    net_bn: float


class FlowRow(Record):
    """Foreign investors' trading in one sector (or one stock) over some sessions."""

    sector: Slug
    symbol: Symbol | None = None
    sessions: int = Field(ge=1)
    net_bn: float
    buy_bn: float
    sell_bn: float
    traded_bn: float | None = Field(
        description="matched + put-through, all investors; None when not known"
    )
    intensity_pct: float | None = Field(description="net / traded")
    proprietary_net_bn: float | None = None
    streak_sessions: int = Field(description="same-signed sessions to as_of, negative for selling")
    room_full_pct: float | None = Field(description="share of member-sessions at the room's cap")
    block_sessions: int = Field(default=0, ge=0)
    state: FlowState
    top_buys: tuple[NameFlow, ...] = ()
    top_sells: tuple[NameFlow, ...] = ()
    flags: tuple[Flag, ...] = ()


class FlowResult(ToolResult):
    """Answer of get_foreign_flow and get_foreign_flow_by_sector."""

    scope: Literal["total_including_put_through"] = "total_including_put_through"
    rows: tuple[FlowRow, ...] = ()


class WhaleRow(Record):
    """Unusual activity in one sector over some sessions or one quarter's filings."""

    sector: Slug
    kind: WhaleKind
    sessions: int | None = None
    period: date
    released: date
    events_count: int = Field(ge=0)
    watched_count: int = Field(ge=0)
    signed_pct: float | None = Field(description="(up - down) events / watched, or value change")
    value_bn: float | None = None
    top: tuple[Symbol, ...] = ()
    flags: tuple[Flag, ...] = ()


class WhaleResult(ToolResult):
    """Answer of get_whale_activity."""

    rows: tuple[WhaleRow, ...] = ()


class MomentumRow(Record):
    """Price momentum of one sector series or stock."""

    sector: Slug
    symbol: Symbol
    return_1w_pct: float | None
    return_1m_pct: float | None
    return_3m_pct: float | None
    return_6m_pct: float | None
    return_12m_pct: float | None
    momentum_12_1_pct: float | None
    volatility_pct: float | None = Field(description="annualised, 60 sessions")
    volume_ratio_x: float | None = Field(description="last 5 sessions over the 60 before")


class MomentumResult(ToolResult):
    """Answer of get_technical_momentum."""

    rows: tuple[MomentumRow, ...] = ()


class StockRow(Record):
    """One member of a sector, for drill-down; never scored."""

    sector: Slug
    symbol: Symbol
    weight_pct: float | None
    return_1m_pct: float | None
    excess_1m_pct: float | None
    return_3m_pct: float | None
    volume_ratio_x: float | None
    foreign_net_1m_bn: float | None
    above_200d: bool | None


class OverviewResult(ToolResult):
    """Answer of get_sector_overview."""

    rows: tuple[StockRow, ...] = ()


class MarketRow(Record):
    """The market as a whole."""

    benchmark: str
    return_1w_pct: float | None
    return_1m_pct: float | None
    return_3m_pct: float | None
    return_12m_pct: float | None
    volatility_pct: float | None
    drawdown_pct: float | None = Field(description="from the 12-month high, <= 0")
    breadth_200d_pct: float | None
    traded_20d_bn: float | None
    foreign_net_20d_bn: float | None


class MarketResult(ToolResult):
    """Answer of get_market_overview."""

    rows: tuple[MarketRow, ...] = ()


class FactorWeight(Record):
    """A learned weight of one factor's cross-sectional z-score."""

    factor: Slug
    family: Family
    weight: float


class CovarianceRow(Record):
    """One row of the annualised covariance of weekly sector returns, shrunk."""

    sector: Slug
    values: tuple[float, ...] = Field(description="in the order of the rows")


class PortfolioWeight(Record):
    """A benchmark weight of one sector."""

    sector: Slug
    weight: Fraction


class ScoringResult(ToolResult):
    """Answer of get_scoring_inputs: all the scorer needs besides the factors."""

    horizon: Horizon
    weights: tuple[FactorWeight, ...] = ()
    trained_until: date | None = Field(default=None, description="last label's end in the fit")
    covariance: tuple[CovarianceRow, ...] = ()
    benchmark_weights: tuple[PortfolioWeight, ...] = ()
    benchmark_weights_source: Literal["universe", "file", "equal_weight"] = "equal_weight"
    skill: tuple[Skill, ...] = ()


class StatusRow(Record):
    """One stored data set as of a date."""

    dataset: Dataset
    first: date
    last: date
    rows_count: int
    symbols_count: int
    age_days: int = Field(description="as_of minus the last period known then")
    stale: bool
    assumed_known_at: bool
    flagged_count: int = Field(ge=0, description="rows the frame contract flagged")


class StatusResult(ToolResult):
    """Answer of get_data_status."""

    rows: tuple[StatusRow, ...] = ()


RESULT_OF_TOOL: dict[str, type[ToolResult]] = {
    "get_macro_indicators": MacroResult,
    "get_sector_heatmap": HeatmapResult,
    "get_sector_fundamentals": FundamentalsResult,
    "get_financial_statements": StatementsResult,
    "get_foreign_flow": FlowResult,
    "get_foreign_flow_by_sector": FlowResult,
    "get_whale_activity": WhaleResult,
    "get_technical_momentum": MomentumResult,
    "get_sector_overview": OverviewResult,
    "get_market_overview": MarketResult,
    "get_scoring_inputs": ScoringResult,
    "get_data_status": StatusResult,
}
