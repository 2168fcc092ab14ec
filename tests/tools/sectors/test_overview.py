from collections.abc import Callable
from dataclasses import replace

import pytest

from core.panel import MarketPanels
from tools.context import ToolContext
from tools.sectors.overview import sector_overview

ContextOf = Callable[[MarketPanels], ToolContext]


def test_members_come_with_their_weight_in_the_sector(
    tiny_panels: MarketPanels, context_of: ContextOf
) -> None:
    stocks = tiny_panels.stocks
    assert stocks is not None
    values = stocks.values.copy()
    values["B2"] = 20.0
    panels = replace(tiny_panels, stocks=replace(stocks, values=values))
    rows = sector_overview(context_of(panels), sector="banks").rows
    assert [row.symbol for row in rows] == ["B2", "B1", "B3"]
    assert [row.weight_pct for row in rows] == pytest.approx([50.0, 25.0, 25.0])
    assert rows[0].return_1m_pct == pytest.approx(100 * (1.01**21 - 1))
    assert rows[0].above_200d is True
    assert rows[0].foreign_net_1m_bn == pytest.approx(20.0)


def test_excess_is_over_the_universes_benchmark(
    tiny_panels: MarketPanels, context_of: ContextOf
) -> None:
    row = sector_overview(context_of(tiny_panels), sector="technology").rows[0]
    assert row.return_1m_pct == 0.0
    assert row.excess_1m_pct == pytest.approx(-100 * (1.006**21 - 1))
    assert row.above_200d is False


def test_without_a_sector_each_shows_its_largest(
    tiny_panels: MarketPanels, context_of: ContextOf
) -> None:
    rows = sector_overview(context_of(tiny_panels)).rows
    assert [row.sector for row in rows] == ["banks"] * 3 + ["technology"] * 2


def test_a_universe_without_members_says_so(
    tiny_panels: MarketPanels, context_of: ContextOf
) -> None:
    gap = sector_overview(context_of(replace(tiny_panels, members=None))).gap
    assert gap is not None
    assert (gap.reason, gap.dataset) == ("no_data", "members")
