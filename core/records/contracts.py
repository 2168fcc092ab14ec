"""Which record each tool answers with."""

import hashlib
import json
from functools import cache

from core.records.economy import DashboardResult, RegimeResult
from core.records.events import EventsResult, NewsResult
from core.records.forecasting import ForecastRecordResult
from core.records.instruments import (
    IndexHistoryResult,
    InstrumentsResult,
    PriceHistoryResult,
    StockInfoResult,
    UniversesResult,
)
from core.records.investors import (
    ForeignRoomResult,
    FundFlowResult,
    ProprietaryResult,
    StockFlowsResult,
)
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
from core.records.sector_readings import (
    BreadthResult,
    PartsResult,
    ScreenResult,
    SectorForecastResult,
    SectorMomentumResult,
    TransitionsResult,
    ValuationResult,
)
from core.records.sectors import HeatmapResult, RotationHistoryResult
from core.records.served_decisions import AllocationResult, ScoresResult
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
    "list_universes": UniversesResult,
    "search_instruments": InstrumentsResult,
    "get_stock_info": StockInfoResult,
    "get_price_history": PriceHistoryResult,
    "get_index_history": IndexHistoryResult,
    "get_sub_sectors": PartsResult,
    "get_sector_breadth": BreadthResult,
    "get_sector_momentum": SectorMomentumResult,
    "get_sector_valuation": ValuationResult,
    "get_sector_forecast": SectorForecastResult,
    "get_sector_transitions": TransitionsResult,
    "screen_stocks": ScreenResult,
    "get_foreign_room": ForeignRoomResult,
    "get_proprietary_flow": ProprietaryResult,
    "get_stock_flows": StockFlowsResult,
    "get_etf_flow": FundFlowResult,
    "get_macro_regime": RegimeResult,
    "get_macro_dashboard": DashboardResult,
    "get_events": EventsResult,
    "get_news": NewsResult,
    "get_sector_scores": ScoresResult,
    "get_sector_allocation": AllocationResult,
}


@cache
def contract_hash(tool: str) -> str:
    """Return the sha256 of the form a tool's answers have; part of every recorded request.

    Raises:
        KeyError: no tool of the contract.
    """
    schema = RESULT_OF_TOOL[tool].model_json_schema()
    text = json.dumps(schema, sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(text.encode()).hexdigest()
