from collections.abc import Callable
from dataclasses import replace
from datetime import date

import numpy as np
import pytest

from core.errors import CallerError
from core.panel import MarketPanels
from tools.context import ToolContext
from tools.flows.foreign_flow import foreign_flow
from tools.flows.stock_flows import stock_flows

ContextOf = Callable[[MarketPanels], ToolContext]


def test_a_stock_has_its_foreign_figures_as_the_flow_tool_tells_them(
    tiny_panels: MarketPanels, context_of: ContextOf
) -> None:
    context = context_of(tiny_panels)
    row = stock_flows(context, symbols=("b1",), region="tiny").rows[0]
    told = next(r for r in foreign_flow(context, sector="banks").rows if r.symbol == "B1")
    assert (row.symbol, row.sector, row.sessions) == ("B1", "banks", 20)
    assert (row.foreign_net_bn, row.foreign_buy_bn) == (told.net_bn, told.buy_bn) == (20.0, 40.0)
    assert (row.intensity_pct, row.state) == (told.intensity_pct, told.state)
    assert (row.streak_sessions, row.proprietary_net_bn) == (300, None)


def test_unusual_sessions_are_counted_by_direction(
    tiny_panels: MarketPanels, context_of: ContextOf
) -> None:
    stocks = tiny_panels.stocks
    assert stocks is not None
    volumes, negotiated = stocks.volumes.copy(), stocks.put_throughs.copy()
    volumes.iloc[[-2, -5], 0] = 9_000.0
    negotiated.iloc[-3, 0] = 40.0
    changed = replace(stocks, volumes=volumes, put_throughs=negotiated)
    context = context_of(replace(tiny_panels, stocks=changed))
    row, other = stock_flows(context, symbols=("B1", "B2"), region="tiny").rows
    assert (row.whale_sessions, row.whale_up_sessions) == (2, 2)
    assert (row.block_sessions, row.put_through_bn) == (1, 40.0)
    assert "block_day" in row.flags
    assert (other.whale_sessions, other.block_sessions, other.flags) == (0, 0, ())


def test_without_foreign_figures_the_unusual_sessions_stay_and_the_rest_is_missing(
    tiny_panels: MarketPanels, context_of: ContextOf
) -> None:
    universe = tiny_panels.universe.model_copy(update={"foreign_flow": False})
    context = context_of(replace(tiny_panels, universe=universe, flows=None))
    result = stock_flows(context, symbols=("T1",), region="tiny")
    (row,) = result.rows
    assert (row.foreign_net_bn, row.state, row.whale_sessions) == (None, None, 0)
    assert row.traded_bn == 200.0
    assert [(c.subject, c.measure, c.reason) for c in result.missing] == [
        ("t1", "foreign_net_bn", "not_published")
    ]


def test_a_stock_silent_in_the_window_is_not_called_flat(
    tiny_panels: MarketPanels, context_of: ContextOf
) -> None:
    assert tiny_panels.flows is not None
    buys = tiny_panels.flows.buys.copy()
    buys.loc[buys.index[-20:], "T1"] = np.nan
    flows = replace(tiny_panels.flows, buys=buys)
    result = stock_flows(
        context_of(replace(tiny_panels, flows=flows)), symbols=("T1", "B1"), region="tiny"
    )
    assert [row.foreign_net_bn for row in result.rows] == [None, 20.0]
    assert [(c.subject, c.reason) for c in result.missing] == [("t1", "not_covered")]


def test_unknown_symbols_are_named_and_only_unknown_ones_are_a_gap(
    tiny_panels: MarketPanels, context_of: ContextOf
) -> None:
    context = context_of(tiny_panels)
    some = stock_flows(context, symbols=("B1", "NOSUCH"), region="tiny")
    assert [(c.subject, c.measure) for c in some.missing] == [("nosuch", "symbol")]
    none = stock_flows(context, symbols=("NOSUCH",), region="tiny")
    assert none.gap is not None
    assert (none.gap.reason, none.gap.dataset) == ("not_covered", "prices")
    with pytest.raises(CallerError, match="21 symbols"):
        stock_flows(context, symbols=tuple(f"S{n}" for n in range(21)), region="tiny")


def test_later_sessions_change_nothing_of_an_earlier_answer(
    tiny_panels: MarketPanels, context_of: ContextOf
) -> None:
    day = date(2024, 1, 10)
    whole = stock_flows(context_of(tiny_panels), symbols=("B1",), region="tiny", as_of=day)
    cut = context_of(tiny_panels.until(day))
    assert stock_flows(cut, symbols=("B1",), region="tiny") == whole
