"""Decides what get_market_overview prints: the benchmark, its breadth and the money traded.

Stocks at their price limit are counted where the exchange has one and the members tell whose it is.
"""

from datetime import date

import numpy as np

from core.markets.price_limits import exchanges, locked, symbol_limits
from core.panel import MarketPanels, PricePanel
from core.price_measures import (
    MONTH,
    QUARTER,
    WEEK,
    YEAR,
    distance_200d_pct,
    drawdown_pct,
    returns_pct,
    volatility_pct,
)
from core.records.payloads import MarketResult, MarketRow
from tools.context import ToolContext
from tools.measures.common import exact_total, number, sector_of_member
from tools.measures.flow_readings import known_total

TOOL = "get_market_overview"
MONEY_SESSIONS = 20


def market_overview(
    context: ToolContext, *, region: str | None = None, as_of: date | None = None
) -> MarketResult:
    """Return one row: the market as a whole."""
    scope = context.scope(region, as_of)
    if scope.panels is None:
        return MarketResult(**scope.envelope(TOOL))
    return MarketResult(
        **scope.envelope(TOOL, ("prices", "flows"), known_at=scope.panels.last),
        rows=(_market_row(scope.panels),),
    )


def _market_row(panels: MarketPanels) -> MarketRow:
    closes = panels.benchmark.closes.iloc[:, [0]]
    up, down = _locked_pct(panels)
    return MarketRow(
        benchmark=panels.universe.benchmark.id,
        return_1w_pct=number(returns_pct(closes, WEEK).iloc[0]),
        return_1m_pct=number(returns_pct(closes, MONTH).iloc[0]),
        return_3m_pct=number(returns_pct(closes, QUARTER).iloc[0]),
        return_12m_pct=number(returns_pct(closes, YEAR).iloc[0]),
        volatility_pct=number(volatility_pct(closes).iloc[0]),
        drawdown_pct=number(drawdown_pct(closes).iloc[0]),
        breadth_200d_pct=_breadth_pct(panels),
        traded_20d_bn=_traded_bn(panels),
        foreign_net_20d_bn=_foreign_net_bn(panels),
        limit_up_pct=up,
        limit_down_pct=down,
    )


def _watched(panels: MarketPanels) -> PricePanel:
    """Return the member stocks, or the sector series of a universe without any."""
    members = sorted(sector_of_member(panels))
    if panels.stocks is None or not members:
        return panels.sectors
    return panels.stocks.only([name for name in members if name in panels.stocks.closes.columns])


def _breadth_pct(panels: MarketPanels) -> float | None:
    distance = distance_200d_pct(_watched(panels).closes).dropna()
    return number(100.0 * (distance > 0.0).mean()) if len(distance) else None


def _traded_bn(panels: MarketPanels) -> float | None:
    prices = _watched(panels)
    matched = prices.values.iloc[-MONEY_SESSIONS:].to_numpy()
    negotiated = prices.put_throughs.iloc[-MONEY_SESSIONS:].to_numpy()
    if np.isnan(matched).all():
        return None
    return exact_total(np.concatenate([matched, negotiated]))


def _foreign_net_bn(panels: MarketPanels) -> float | None:
    if panels.flows is None:
        return None
    return known_total((panels.flows.buys - panels.flows.sells).iloc[-MONEY_SESSIONS:])


def _locked_pct(panels: MarketPanels) -> tuple[float | None, float | None]:
    """Return the shares of member stocks that closed at their upper and at their lower limit.

    Of those whose limit and move of the last session are known; None without any.
    """
    if panels.stocks is None:
        return None, None
    limits = symbol_limits(panels.universe, exchanges(panels), panels.last)
    known = [name for name in limits.index if name in panels.stocks.closes.columns]
    closes = panels.stocks.closes[known].iloc[-2:]
    marks = locked(closes, limits["limit_pct"], ticks=limits["tick_pct"]).iloc[-1].dropna()
    if marks.empty:
        return None, None
    return number(100.0 * (marks > 0.0).mean()), number(100.0 * (marks < 0.0).mean())
