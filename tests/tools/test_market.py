from collections.abc import Callable
from dataclasses import replace

import pytest

from core.panel import MarketPanels
from tools.context import ToolContext
from tools.market import market_overview

ContextOf = Callable[[MarketPanels], ToolContext]


def test_the_market_is_its_benchmark_and_all_its_stocks(
    tiny_panels: MarketPanels, context_of: ContextOf
) -> None:
    row = market_overview(context_of(tiny_panels)).rows[0]
    assert row.benchmark == "all"
    assert row.return_1w_pct == pytest.approx(100 * (1.006**5 - 1))
    assert row.breadth_200d_pct == pytest.approx(60.0)
    assert row.traded_20d_bn == pytest.approx(5 * 10.0 * 20)
    assert row.foreign_net_20d_bn == pytest.approx(5 * 1.0 * 20)
    assert row.drawdown_pct == 0.0


def test_a_fall_is_measured_from_the_years_high(
    tiny_panels: MarketPanels, context_of: ContextOf
) -> None:
    closes = tiny_panels.benchmark.closes.copy()
    closes.iloc[-10] = closes.iloc[-1] * 2.0
    panels = replace(tiny_panels, benchmark=replace(tiny_panels.benchmark, closes=closes))
    assert market_overview(context_of(panels)).rows[0].drawdown_pct == pytest.approx(-50.0)


def test_what_is_not_in_the_data_is_none(tiny_panels: MarketPanels, context_of: ContextOf) -> None:
    row = market_overview(context_of(replace(tiny_panels, flows=None))).rows[0]
    assert row.foreign_net_20d_bn is None
