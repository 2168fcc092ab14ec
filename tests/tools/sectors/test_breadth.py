from collections.abc import Callable
from dataclasses import replace
from datetime import date
from pathlib import Path

import pandas as pd
import pytest

from app.files.universes import load_universes
from core.errors import CallerError
from core.panel import MarketPanels
from core.records.sector_readings import BreadthRow
from core.signals.catalogue import factor_values
from tools.context import ToolContext
from tools.sectors.breadth import sector_breadth
from tools.storage.models import ModelStore
from tools.storage.panels import market_panels
from tools.storage.store import Store

ContextOf = Callable[[MarketPanels], ToolContext]


def of_two(panels: MarketPanels) -> MarketPanels:
    """The tiny market, where two members of a sector are enough."""
    universe = panels.universe.model_copy(update={"min_members": 2})
    return replace(panels, universe=universe)


def with_closes(panels: MarketPanels, closes: pd.DataFrame) -> MarketPanels:
    assert panels.stocks is not None
    return replace(of_two(panels), stocks=replace(panels.stocks, closes=closes))


def rows_of(context: ToolContext) -> dict[str, BreadthRow]:
    return {row.sector: row for row in sector_breadth(context).rows}


def test_members_that_rise_are_above_their_means_at_highs_and_advancing(
    tiny_panels: MarketPanels, context_of: ContextOf
) -> None:
    rows = rows_of(context_of(of_two(tiny_panels)))
    assert rows["banks"].model_dump(exclude={"sector"}) == {
        "members_count": 3,
        "above_50d_pct": 100.0, "above_50d_change_pp": 0.0,
        "above_200d_pct": 100.0, "above_200d_change_pp": 0.0,
        "at_52w_high_pct": 100.0, "at_52w_high_change_pp": 0.0,
        "advancing_pct": 100.0, "advancing_change_pp": 0.0,
    }  # fmt: skip
    flat = rows["technology"]
    assert (flat.above_50d_pct, flat.advancing_pct, flat.at_52w_high_pct) == (0.0, 0.0, 100.0)


def test_one_falling_member_of_three_is_counted_out_with_its_change(
    tiny_panels: MarketPanels, context_of: ContextOf
) -> None:
    assert tiny_panels.stocks is not None
    closes = tiny_panels.stocks.closes.copy()
    closes.iloc[-1, [0]] = closes.iloc[-2, [0]] * 0.5
    row = rows_of(context_of(with_closes(tiny_panels, closes)))["banks"]
    for measure in ("above_50d", "at_52w_high", "advancing"):
        assert getattr(row, f"{measure}_pct") == pytest.approx(200.0 / 3.0)
        assert getattr(row, f"{measure}_change_pp") == pytest.approx(-100.0 / 3.0)


def test_the_change_reaches_back_twenty_sessions(
    tiny_panels: MarketPanels, context_of: ContextOf
) -> None:
    assert tiny_panels.stocks is not None
    for fallen, change in ((19, -100.0 / 3.0), (22, 0.0)):
        closes = tiny_panels.stocks.closes.copy()
        closes.iloc[-fallen:, [0]] = closes.iloc[-fallen:, [0]] * 0.5
        row = rows_of(context_of(with_closes(tiny_panels, closes)))["banks"]
        assert row.above_50d_pct == pytest.approx(200.0 / 3.0)
        assert row.above_50d_change_pp == pytest.approx(change)


def test_too_few_members_and_too_short_a_history_are_missing_with_their_reason(
    tiny_panels: MarketPanels, context_of: ContextOf
) -> None:
    result = sector_breadth(context_of(tiny_panels))
    reasons = {(cell.subject, cell.reason) for cell in result.missing}
    assert reasons == {("technology", "too_few_members")}
    young = sector_breadth(context_of(of_two(tiny_panels)), as_of=date(2023, 4, 28))
    assert {(cell.measure, cell.reason) for cell in young.missing} == {
        ("above_200d_pct", "too_short"),
        ("at_52w_high_pct", "too_short"),
    }


def test_a_universe_without_members_says_so_and_an_unknown_sector_too(
    tiny_panels: MarketPanels, context_of: ContextOf
) -> None:
    gap = sector_breadth(context_of(replace(tiny_panels, members=None))).gap
    assert gap is not None
    assert (gap.reason, gap.dataset) == ("no_data", "members")
    with pytest.raises(CallerError, match="use 'all' or one of"):
        sector_breadth(context_of(tiny_panels), sector="shipping")


def test_the_shares_above_means_are_the_catalogues_factors(demo_home: Path) -> None:
    context = ToolContext(Store(demo_home), load_universes(), ModelStore(demo_home), "demo")
    day = date(2023, 5, 12)
    panels = market_panels(context.store, context.universes["demo"]).until(day)
    factors = {
        (value.sector, value.factor): value.value
        for value in factor_values(panels, as_of=day, families=("breadth",))
    }
    for row in sector_breadth(context, as_of=day).rows:
        assert row.above_50d_pct == pytest.approx(factors[row.sector, "breadth_50d"])
        assert row.above_200d_pct == pytest.approx(factors[row.sector, "breadth_200d"])
