from collections.abc import Callable
from dataclasses import fields, replace
from datetime import date, timedelta

import pandas as pd
import pytest

from core.panel import MarketPanels, PricePanel, Table
from tools.context import ToolContext
from tools.macro.other_markets import OtherMarket, other_markets

ContextOf = Callable[[MarketPanels], ToolContext]


def with_gold(panels: MarketPanels, *, growth: float = 0.001) -> MarketPanels:
    """Return panels in which a gold fund rises a tenth of a percent a session."""
    assert panels.stocks is not None
    index = panels.stocks.closes.index
    path = 100.0 * (1.0 + growth) ** pd.Series(range(len(index)), index=index)
    frames = {field.name: getattr(panels.stocks, field.name) for field in fields(PricePanel)}
    frames = {name: frame.assign(GLD=1.0) for name, frame in frames.items()}
    frames["closes"] = frames["closes"].assign(GLD=path)
    return replace(panels, stocks=PricePanel(**frames))


def with_yield(panels: MarketPanels, *, last: str = "2024-02-20") -> MarketPanels:
    """Return panels in which the ten-year yield rises a basis point a day."""
    days = pd.bdate_range("2023-01-02", last).as_unit("us")
    rows = pd.DataFrame(
        {
            "series": "DGS10",
            "period": days,
            "known_at": days + pd.Timedelta(days=1),
            "assumed": False,
            "value": [3.0 + 0.01 * place for place in range(len(days))],
            "unit": "%",
            "category": "rates",
        }
    )
    return replace(panels, macro=Table("macro", rows))


def with_monthly_copper(panels: MarketPanels) -> MarketPanels:
    """Return panels in which the price of copper is one value a month, up a tenth each time."""
    months = pd.date_range("2022-10-01", "2024-02-01", freq="MS").as_unit("us")
    rows = pd.DataFrame(
        {
            "series": "PCOPPUSDM",
            "period": months,
            "known_at": months + pd.Timedelta(days=10),
            "assumed": False,
            "value": [100.0 * 1.1**place for place in range(len(months))],
            "unit": "USD",
            "category": "commodities",
        }
    )
    return replace(panels, macro=Table("macro", rows))


def market(context: ToolContext, asset: str, as_of: date | None = None) -> OtherMarket:
    (found,) = [row for row in other_markets(context, as_of=as_of).rows if row.asset == asset]
    return found


def test_a_traded_market_moves_in_percent(tiny_panels: MarketPanels, context_of: ContextOf) -> None:
    gold = market(context_of(with_gold(tiny_panels)), "intermarket_gold")
    assert (gold.stands_for, gold.traded, gold.moves_in_pp) == ("GLD", True, False)
    assert gold.move_1w == pytest.approx(100.0 * (1.001**5 - 1.0))
    assert gold.move_3m == pytest.approx(100.0 * (1.001**63 - 1.0))
    assert (gold.period, gold.stale) == (tiny_panels.last, False)


def test_a_yield_moves_in_points(tiny_panels: MarketPanels, context_of: ContextOf) -> None:
    bond = market(context_of(with_yield(tiny_panels)), "intermarket_bond")
    assert (bond.stands_for, bond.traded, bond.moves_in_pp) == ("dgs10", False, True)
    assert bond.move_1m == pytest.approx(0.21)


def test_a_monthly_series_has_no_move_of_a_week(
    tiny_panels: MarketPanels, context_of: ContextOf
) -> None:
    copper = market(context_of(with_monthly_copper(tiny_panels)), "intermarket_copper")
    assert (copper.traded, copper.period) == (False, date(2024, 2, 1))
    assert copper.move_1w is None
    assert copper.move_1m == pytest.approx(10.0)
    assert copper.move_12m == pytest.approx(100.0 * (1.1**12 - 1.0))


def test_nothing_later_than_the_date_is_seen(
    tiny_panels: MarketPanels, context_of: ContextOf
) -> None:
    context = context_of(with_yield(with_gold(tiny_panels)))
    day = date(2023, 11, 15)
    for asset in ("intermarket_gold", "intermarket_bond"):
        row = market(context, asset, day)
        assert row.period <= day
        assert max(row.periods) == row.period
    assert market(context, "intermarket_bond", day).period < day, "known the day after"


def test_an_old_series_is_called_stale(tiny_panels: MarketPanels, context_of: ContextOf) -> None:
    context = context_of(with_yield(tiny_panels, last="2023-12-15"))
    fresh, old = (
        market(context, "intermarket_bond", date(2023, 12, 15) + timedelta(days=days)).stale
        for days in (45, 47)
    )
    assert (fresh, old) == (False, True)


def test_markets_without_a_series_are_named(
    tiny_panels: MarketPanels, context_of: ContextOf
) -> None:
    found = other_markets(context_of(tiny_panels))
    assert (found.rows, found.gap, len(found.absent)) == ((), None, 5)
    gold = other_markets(context_of(with_gold(tiny_panels)))
    assert "intermarket_gold" not in gold.absent
    assert "intermarket_oil" in gold.absent
