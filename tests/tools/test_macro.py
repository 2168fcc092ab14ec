from collections.abc import Callable
from dataclasses import replace
from datetime import date

import numpy as np
import pandas as pd
import pytest

from core.panel import MarketPanels, Table
from tools.context import ToolContext
from tools.macro import macro_indicators

ContextOf = Callable[[MarketPanels], ToolContext]


@pytest.fixture
def released(tiny_panels: MarketPanels) -> MarketPanels:
    """Sixty months of a growth and a price series, each public twelve days after its month."""
    periods = pd.date_range("2019-01-31", periods=60, freq="ME").as_unit("us")
    frames = [
        pd.DataFrame(
            {
                "series": name,
                "period": periods,
                "known_at": periods + pd.Timedelta(days=12),
                "assumed": name == "GDP_Growth",
                "value": values,
                "unit": "%",
                "category": category,
            }
        )
        for name, category, values in (
            ("GDP_Growth", "economic_growth", np.arange(60.0)),
            ("cpi_yoy", "inflation", np.r_[-np.arange(59.0), 6.0]),
        )
    ]
    rows = pd.concat(frames).sort_values(["known_at", "period", "series"], ignore_index=True)
    return replace(tiny_panels, macro=Table("macro", rows))


def test_a_row_is_the_last_release_beside_the_one_before(
    released: MarketPanels, context_of: ContextOf
) -> None:
    result = macro_indicators(context_of(released), macro_type="economic_growth")
    (row,) = result.rows
    assert (row.series, row.value_level, row.previous_level, row.change_level) == (
        "gdp_growth",
        59.0,
        58.0,
        1.0,
    )
    assert (row.period, row.released) == (date(2023, 12, 31), date(2024, 1, 12))
    assert (row.assumed_release, row.flags) == (True, ("assumed_known_at",))
    months = np.arange(60.0)
    assert row.history_z == pytest.approx((59.0 - months.mean()) / months.std())
    assert result.known_at == date(2024, 1, 12)


def test_a_release_is_not_seen_before_its_day(
    released: MarketPanels, context_of: ContextOf
) -> None:
    result = macro_indicators(context_of(released), as_of=date(2024, 1, 11))
    assert {row.period for row in result.rows} == {date(2023, 11, 30)}


def test_growth_and_prices_above_their_five_years_are_an_expansion(
    released: MarketPanels, context_of: ContextOf
) -> None:
    (regime,) = macro_indicators(context_of(released)).regime
    assert regime.regime == "expansion"
    assert regime.since == date(2024, 1, 12)
    assert regime.growth_z > 0.0
    assert regime.inflation_z > 0.0


def test_an_old_release_is_flagged(released: MarketPanels, context_of: ContextOf) -> None:
    result = macro_indicators(context_of(released), as_of=date(2024, 12, 31))
    assert all("stale" in row.flags and row.history_z is None for row in result.rows)


def test_a_category_without_series_is_a_named_gap(
    tiny_panels: MarketPanels, released: MarketPanels, context_of: ContextOf
) -> None:
    gap = macro_indicators(context_of(released), macro_type="employment").gap
    assert gap is not None
    assert (gap.reason, gap.dataset) == ("not_covered", "macro")
    gap = macro_indicators(context_of(tiny_panels)).gap
    assert gap is not None
    assert gap.reason == "no_data"


def test_macro_answers_carry_the_macro_and_intermarket_factors(
    released: MarketPanels, context_of: ContextOf
) -> None:
    factors = macro_indicators(context_of(released)).factors
    assert {value.family for value in factors} == {"macro", "intermarket"}
