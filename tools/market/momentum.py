"""Decides what get_technical_momentum prints: returns, volatility and volume of series or stocks.

It ranks nothing and scores nothing.
"""

from datetime import date
from typing import Final

import pandas as pd

from core.panel import MarketPanels, PricePanel
from core.price_measures import (
    HALF_YEAR,
    MONTH,
    QUARTER,
    WEEK,
    YEAR,
    momentum_12_1_pct,
    returns_pct,
    volatility_pct,
    volume_ratio_x,
)
from core.records.payloads import MomentumResult, MomentumRow
from core.records.plan import Period, SymbolType
from core.records.result import MissingCell
from core.records.universe import Sector
from tools.context import ToolContext
from tools.measures.common import number, sector_of_member, slug

TOOL = "get_technical_momentum"
MAX_STOCKS = 60
"""Stocks listed, the most traded first; a sector has rarely more that trade every day."""
TRADED_SESSIONS = 20
MEASURE_OF_PERIOD: Final[dict[Period, str]] = {
    "1W": "return_1w_pct",
    "1M": "return_1m_pct",
    "3M": "return_3m_pct",
    "Q": "return_3m_pct",
    "6M": "return_6m_pct",
    "1Y": "return_12m_pct",
    "A": "return_12m_pct",
}
"""The return the rows are sorted by."""
LONG_MEASURES: Final = ("return_3m_pct", "return_6m_pct", "return_12m_pct", "momentum_12_1_pct")
"""Measures a listing of less than a year lacks."""
MEASURES: Final = tuple(name for name in MomentumRow.model_fields if name[-4:] in ("_pct", "io_x"))


def technical_momentum(
    context: ToolContext,
    *,
    symbol_type: SymbolType = "sector_ETF",
    period: Period = "1M",
    region: str | None = None,
    sector: str | None = None,
    as_of: date | None = None,
) -> MomentumResult:
    """Return price momentum of the sector series or the most traded members, by return."""
    scope = context.scope(region, as_of)
    wanted = scope.sectors(sector)
    if scope.panels is None:
        return MomentumResult(**scope.envelope(TOOL))
    rows = (
        _series_rows(scope.panels, wanted)
        if symbol_type == "sector_ETF"
        else _stock_rows(scope.panels, wanted)
    )
    if not rows:
        return MomentumResult(**scope.absent(TOOL, "no_data", "prices"))
    rows = _by_return(rows, period)
    return MomentumResult(
        **scope.envelope(TOOL, ("prices",), known_at=scope.panels.last),
        rows=rows,
        missing=_too_short(rows, symbol_type),
    )


def _too_short(rows: tuple[MomentumRow, ...], symbol_type: SymbolType) -> tuple[MissingCell, ...]:
    return tuple(
        MissingCell(
            subject=row.sector if symbol_type == "sector_ETF" else slug(row.symbol),
            measure=measure,
            reason="too_short",
        )
        for row in rows
        for measure in LONG_MEASURES
        if getattr(row, measure) is None
    )


def _by_return(rows: tuple[MomentumRow, ...], period: Period) -> tuple[MomentumRow, ...]:
    measure = MEASURE_OF_PERIOD[period]
    worst = float("-inf")
    keyed = [(getattr(row, measure), row) for row in rows]
    ranked = sorted(keyed, key=lambda pair: -(worst if pair[0] is None else pair[0]))
    return tuple(row for _, row in ranked)


def _series_rows(panels: MarketPanels, sectors: tuple[Sector, ...]) -> tuple[MomentumRow, ...]:
    ids = [sector.id for sector in sectors]
    symbols = {sector.id: sector.ticker for sector in sectors}
    return _rows(panels.sectors.only(ids), {name: name for name in ids}, symbols)


def _stock_rows(panels: MarketPanels, sectors: tuple[Sector, ...]) -> tuple[MomentumRow, ...]:
    if panels.stocks is None:
        return ()
    ids = {sector.id for sector in sectors}
    sector_of = {
        symbol: sector
        for symbol, sector in sector_of_member(panels).items()
        if sector in ids and symbol in panels.stocks.closes.columns
    }
    traded = panels.stocks.values.iloc[-TRADED_SESSIONS:][sorted(sector_of)].sum()
    symbols = list(traded.sort_values(ascending=False, kind="stable").index[:MAX_STOCKS])
    return _rows(panels.stocks.only(symbols), sector_of, {name: name for name in symbols})


def _rows(
    prices: PricePanel, sector_of: dict[str, str], symbol_of: dict[str, str]
) -> tuple[MomentumRow, ...]:
    closes = prices.closes
    table = pd.DataFrame(
        {
            "return_1w_pct": returns_pct(closes, WEEK),
            "return_1m_pct": returns_pct(closes, MONTH),
            "return_3m_pct": returns_pct(closes, QUARTER),
            "return_6m_pct": returns_pct(closes, HALF_YEAR),
            "return_12m_pct": returns_pct(closes, YEAR),
            "momentum_12_1_pct": momentum_12_1_pct(closes),
            "volatility_pct": volatility_pct(closes),
            "volume_ratio_x": volume_ratio_x(prices.volumes),
        }
    )
    return tuple(
        MomentumRow(
            sector=sector_of[name],
            symbol=symbol_of[name],
            **{measure: number(table.at[name, measure]) for measure in MEASURES},
        )
        for name in closes.columns
    )
