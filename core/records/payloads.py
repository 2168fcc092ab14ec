"""The rows of each tool's answer; both sides of MCP validate against these.

Units are in the field names. `None` means not available, with the reason in `missing` or `flags`.
Returns and flows are in percent and billions of the universe's currency.
"""

from datetime import date
from typing import Literal

from pydantic import Field

from core.records.plan import MacroType, Metric, StatementType
from core.records.record import Record, Slug, Symbol
from core.records.result import Dataset, Flag, ToolResult

Regime = Literal["expansion", "slowdown", "contraction", "recovery"]
FlowState = Literal["buying", "selling", "flat", "not_measurable"]
WhaleKind = Literal["volume_spike", "put_through", "manager_position"]


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


class RatioRow(Record):
    """One ratio a company reports beside its statement, a bank's above all."""

    symbol: Symbol
    sector: Slug | None
    period: date
    released: date
    line: Slug
    value_pct: float
    change_1y_pp: float | None
    flags: tuple[Flag, ...] = ()


class StatementsResult(ToolResult):
    """Answer of get_financial_statements; symbols without data are in `missing`."""

    statement_type: StatementType
    period_kind: Literal["Q", "A"]
    rows: tuple[StatementRow, ...] = ()
    ratios: tuple[RatioRow, ...] = ()


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
    buy_bn: float | None
    sell_bn: float | None
    traded_bn: float | None = Field(
        description="matched + put-through, all investors; None when not known"
    )
    intensity_pct: float | None = Field(description="net / traded")
    winsorised_intensity_pct: float | None = Field(
        default=None, description="what the score sees: block sessions cut to the usual share"
    )
    matched_net_bn: float | None = Field(
        default=None, description="without put-through; None where the source does not split it"
    )
    put_through_net_bn: float | None = None
    known_sessions: int | None = Field(default=None, description="of `sessions`, with any figure")
    proprietary_net_bn: float | None = None
    streak_sessions: int | None = Field(
        description="same-signed sessions to as_of, negative for selling"
    )
    room_full_pct: float | None = Field(description="share of member-sessions at the room's cap")
    block_sessions: int = Field(default=0, ge=0)
    state: FlowState
    top_buys: tuple[NameFlow, ...] = ()
    top_sells: tuple[NameFlow, ...] = ()
    flags: tuple[Flag, ...] = ()


class FlowEvent(Record):
    """A dated event that moves foreign flow for reasons of its own."""

    kind: Literal["index_review", "index_inclusion", "fund_rebalance"]
    period: date
    name_en: str
    name_vi: str


class FlowResult(ToolResult):
    """Answer of get_foreign_flow and get_foreign_flow_by_sector."""

    scope: Literal["total_including_put_through"] = "total_including_put_through"
    rows: tuple[FlowRow, ...] = ()
    events: tuple[FlowEvent, ...] = Field(default=(), description="within the sessions shown")


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
    traded_20d_bn: float | None = Field(description="sum of 20 sessions, put-through included")
    foreign_net_20d_bn: float | None = Field(description="sum of 20 sessions")
    limit_up_pct: float | None = Field(
        default=None, description="share of member stocks that closed at their upper limit"
    )
    limit_down_pct: float | None = None


class MarketResult(ToolResult):
    """Answer of get_market_overview."""

    rows: tuple[MarketRow, ...] = ()


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
