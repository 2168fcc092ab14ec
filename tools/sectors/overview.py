"""Decides what get_sector_overview prints: a sector's largest members, for drill-down only."""

from datetime import date

import numpy as np
import pandas as pd

from core.panel import MarketPanels, PricePanel
from core.price_measures import MONTH, QUARTER, distance_200d_pct, returns_pct, volume_ratio_x
from core.records.payloads import OverviewResult, StockRow
from core.records.universe import Sector
from tools.context import ToolContext
from tools.measures.common import largest_members, member_weights, number
from tools.measures.foreign_net import foreign_net_bn
from tools.scope import uncovered

TOOL = "get_sector_overview"
STOCKS_OF_ONE = 12
STOCKS_OF_EACH = 3
"""Stocks listed when one sector is asked for, and when several are."""


def sector_overview(
    context: ToolContext,
    *,
    region: str | None = None,
    sector: str | None = None,
    as_of: date | None = None,
) -> OverviewResult:
    """Return the largest members of the sectors: by basket weight, or by traded value."""
    scope = context.scope(region, as_of)
    wanted = scope.sectors(sector)
    if scope.panels is None:
        return OverviewResult(**scope.envelope(TOOL))
    panels = scope.panels
    if panels.stocks is None or panels.members is None:
        return OverviewResult(**scope.absent(TOOL, "no_data", "members"))
    rows = _stock_rows(panels, panels.stocks, wanted)
    if not rows:
        return OverviewResult(**scope.absent(TOOL, "not_covered", "members"))
    listed = {row.sector for row in rows}
    return OverviewResult(
        **scope.envelope(TOOL, ("prices", "members", "flows"), known_at=panels.last),
        rows=rows,
        missing=uncovered([s.id for s in wanted if s.id not in listed], "symbol"),
    )


def _stock_rows(
    panels: MarketPanels, stocks: PricePanel, sectors: tuple[Sector, ...]
) -> tuple[StockRow, ...]:
    cap = STOCKS_OF_ONE if len(sectors) == 1 else STOCKS_OF_EACH
    weights = member_weights(panels)
    rows: list[StockRow] = []
    for sector in sectors:
        top = list(largest_members(panels, sector.id, cap))
        if top:
            rows += _rows_of(panels, stocks.only(top), sector.id, weights)
    return tuple(rows)


def _rows_of(
    panels: MarketPanels, stocks: PricePanel, sector: str, weights: pd.Series
) -> list[StockRow]:
    closes = stocks.closes
    month, quarter = returns_pct(closes, MONTH), returns_pct(closes, QUARTER)
    benchmark = returns_pct(panels.benchmark.closes, MONTH).iloc[0]
    volume, trend = volume_ratio_x(stocks.volumes), distance_200d_pct(closes)
    foreign = foreign_net_bn(panels, list(closes.columns))
    return [
        StockRow(
            sector=sector,
            symbol=symbol,
            weight_pct=number(100.0 * weights.get(symbol, np.nan)),
            return_1m_pct=number(month[symbol]),
            excess_1m_pct=number(month[symbol] - benchmark),
            return_3m_pct=number(quarter[symbol]),
            volume_ratio_x=number(volume[symbol]),
            foreign_net_1m_bn=number(foreign[symbol]),
            above_200d=None if np.isnan(trend[symbol]) else bool(trend[symbol] > 0.0),
        )
        for symbol in closes.columns
    ]
