from collections.abc import Callable
from dataclasses import replace
from datetime import date

import pytest

from core.panel import MarketPanels
from tools.context import ToolContext
from tools.market.momentum import technical_momentum

ContextOf = Callable[[MarketPanels], ToolContext]


def test_returns_compound_over_their_sessions(
    tiny_panels: MarketPanels, context_of: ContextOf
) -> None:
    result = technical_momentum(context_of(tiny_panels), symbol_type="equity", sector="banks")
    row = result.rows[0]
    assert row.return_1w_pct == pytest.approx(100 * (1.01**5 - 1))
    assert row.return_1m_pct == pytest.approx(100 * (1.01**21 - 1))
    assert row.return_3m_pct == pytest.approx(100 * (1.01**63 - 1))
    assert row.return_6m_pct == pytest.approx(100 * (1.01**126 - 1))
    assert row.return_12m_pct == pytest.approx(100 * (1.01**252 - 1))
    assert row.momentum_12_1_pct == pytest.approx(100 * (1.01**231 - 1))
    assert row.volatility_pct == pytest.approx(0.0, abs=1e-6)
    assert row.volume_ratio_x == pytest.approx(1.0)


def test_sector_series_come_under_their_tickers_best_first(
    tiny_panels: MarketPanels, context_of: ContextOf
) -> None:
    rows = technical_momentum(context_of(tiny_panels)).rows
    assert [(row.sector, row.symbol) for row in rows] == [("banks", "BNK"), ("technology", "TEC")]


def test_a_short_history_is_missing_and_named(
    tiny_panels: MarketPanels, context_of: ContextOf
) -> None:
    result = technical_momentum(context_of(tiny_panels), as_of=date(2023, 3, 1))
    assert {row.return_12m_pct for row in result.rows} == {None}
    assert {(cell.measure, cell.reason) for cell in result.missing} == {
        ("return_12m_pct", "too_short"),
        ("momentum_12_1_pct", "too_short"),
        ("return_3m_pct", "too_short"),
        ("return_6m_pct", "too_short"),
    }


def test_volume_is_held_against_the_sixty_sessions_before(
    tiny_panels: MarketPanels, context_of: ContextOf
) -> None:
    stocks = tiny_panels.stocks
    assert stocks is not None
    volumes = stocks.volumes.copy()
    volumes.iloc[-5:, 0] = 3000.0
    panels = replace(tiny_panels, stocks=replace(stocks, volumes=volumes))
    result = technical_momentum(context_of(panels), symbol_type="equity")
    assert {row.symbol: row.volume_ratio_x for row in result.rows}["B1"] == pytest.approx(3.0)


def test_a_universe_without_stocks_says_so(
    tiny_panels: MarketPanels, context_of: ContextOf
) -> None:
    gap = technical_momentum(
        context_of(replace(tiny_panels, stocks=None)), symbol_type="equity"
    ).gap
    assert gap is not None
    assert gap.reason == "no_data"
