from collections.abc import Callable
from dataclasses import replace
from datetime import date

import pytest

from core.panel import MarketPanels, Table
from core.records.universe import PriceLimit
from tools.context import ToolContext
from tools.market.overview import market_overview

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


def test_stocks_at_their_limit_are_counted_where_the_exchange_has_one(
    tiny_panels: MarketPanels, context_of: ContextOf
) -> None:
    """Of five stocks two are on an exchange without limits; one of the others closed limit-down."""
    assert tiny_panels.members is not None
    assert tiny_panels.stocks is not None
    listed = Table("members", tiny_panels.members.rows.assign(exchange=["H", "H", "H", "O", "O"]))
    closes = tiny_panels.stocks.closes.copy()
    closes.iloc[-1, [0]] = closes.iloc[-2, [0]] * 0.933
    limit = PriceLimit(exchange="H", since=date(2020, 1, 1), limit_pct=7.0, tick_pct=0.5)
    panels = replace(
        tiny_panels,
        universe=tiny_panels.universe.model_copy(update={"price_limits": (limit,)}),
        members=listed,
        stocks=replace(tiny_panels.stocks, closes=closes),
    )
    row = market_overview(context_of(panels)).rows[0]
    assert row.limit_down_pct == pytest.approx(100.0 / 3.0)
    assert row.limit_up_pct == 0.0


def test_without_a_limit_or_an_exchange_no_share_is_told(
    tiny_panels: MarketPanels, context_of: ContextOf
) -> None:
    row = market_overview(context_of(tiny_panels)).rows[0]
    assert (row.limit_up_pct, row.limit_down_pct) == (None, None)
