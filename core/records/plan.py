"""What will be called, in closed terms: nodes, tools, arguments."""

from datetime import date
from typing import Literal

from pydantic import Field

from core.records.record import Record, Slug, Symbol
from core.records.universe import Frequency, Horizon

PLAN_CAP = 40
"""Steps of one plan, drill-downs included."""
NodeName = Literal["macro", "heatmap", "fundamentals", "foreign_flow", "whale_activity"]
ToolName = Literal[
    "get_macro_indicators",
    "get_sector_heatmap",
    "get_sector_fundamentals",
    "get_financial_statements",
    "get_foreign_flow",
    "get_foreign_flow_by_sector",
    "get_whale_activity",
    "get_technical_momentum",
    "get_sector_overview",
    "get_market_overview",
    "get_scoring_inputs",
    "get_data_status",
    "get_rotation_history",
    "get_trading_conditions",
    "get_rotation_statistics",
    "get_market_warning",
    "get_forecast_record",
]
MacroType = Literal[
    "economic_growth", "inflation", "employment", "rates", "credit", "consumer_sentiment",
    "policy", "all",
]  # fmt: skip
"""`policy` are the rates a central bank decides, whatever category their source gives them."""
Metric = Literal[
    "revenue_growth", "net_profit_growth", "net_profit_margin", "roe", "pe", "valuation_percentile"
]
SignalType = Literal["predictive_performance", "historical_performance"]
AssetType = Literal["equity", "sector_ETF"]
SymbolType = Literal["sector_ETF", "equity"]
StatementType = Literal["income_statement", "balance_sheet", "cash_flow"]
Period = Literal["1W", "1M", "3M", "6M", "1Y", "Q", "A"]

NODE_OF_TOOL: dict[ToolName, NodeName] = {
    "get_macro_indicators": "macro",
    "get_market_overview": "macro",
    "get_data_status": "macro",
    "get_sector_heatmap": "heatmap",
    "get_scoring_inputs": "heatmap",
    "get_rotation_history": "heatmap",
    "get_trading_conditions": "heatmap",
    "get_technical_momentum": "heatmap",
    "get_rotation_statistics": "heatmap",
    "get_market_warning": "macro",
    "get_forecast_record": "heatmap",
    "get_sector_overview": "heatmap",
    "get_sector_fundamentals": "fundamentals",
    "get_financial_statements": "fundamentals",
    "get_foreign_flow": "foreign_flow",
    "get_foreign_flow_by_sector": "foreign_flow",
    "get_whale_activity": "whale_activity",
}


class ToolArguments(Record):
    """Every argument a tool may take; what is None is not sent."""

    region: Slug | None = None
    as_of: date | None = None
    type: MacroType | None = None
    horizon: Horizon | None = None
    signal_type: SignalType | None = None
    sector: Slug | None = None
    metrics: tuple[Metric, ...] | None = None
    symbols: tuple[Symbol, ...] | None = Field(default=None, max_length=600)
    statement_type: StatementType | None = None
    period: Period | None = None
    asset_type: AssetType | None = None
    symbol_type: SymbolType | None = None
    since: date | None = None
    frequency: Frequency | None = None
    benchmark: Slug | None = None

    def sent(self) -> dict[str, object]:
        """Return the JSON arguments of the call, without the absent ones."""
        return self.model_dump(mode="json", exclude_none=True)


class PlanStep(Record):
    """One call. `scored` steps are fixed by the router; the planner only adds others."""

    id: Slug
    tool: ToolName
    universe: Slug
    arguments: ToolArguments
    reason: str = Field(default="", max_length=200)
    scored: bool = False

    @property
    def node(self) -> NodeName:
        """The tool node that makes the call."""
        return NODE_OF_TOOL[self.tool]


class Plan(Record):
    """The steps, in order; `author` says who chose the drill-downs."""

    author: Literal["model", "rules"]
    steps: tuple[PlanStep, ...] = Field(max_length=PLAN_CAP)
