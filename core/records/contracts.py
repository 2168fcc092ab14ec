"""Which record each tool answers with."""

from core.records.forecasting import ForecastRecordResult
from core.records.payloads import (
    FlowResult,
    FundamentalsResult,
    MacroResult,
    MarketResult,
    MomentumResult,
    OverviewResult,
    StatementsResult,
    StatusResult,
    WhaleResult,
)
from core.records.result import ToolResult
from core.records.rotation_statistics import MarketWarningResult, RotationStatisticsResult
from core.records.scoring import ScoringResult
from core.records.sectors import HeatmapResult, RotationHistoryResult
from core.records.trading import TradingResult

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
    "get_rotation_history": RotationHistoryResult,
    "get_rotation_statistics": RotationStatisticsResult,
    "get_market_warning": MarketWarningResult,
    "get_forecast_record": ForecastRecordResult,
    "get_trading_conditions": TradingResult,
}
