from collections.abc import Callable
from dataclasses import replace
from datetime import date

import numpy as np
import pandas as pd
import pytest

from core.panel import MarketPanels, Table
from tools.context import ToolContext
from tools.macro.indicators import macro_indicators

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


def _stored(panels: MarketPanels, **series: tuple[str, str, float]) -> MarketPanels:
    """Thirty months of each series (category, unit, step), public five days after the month."""
    periods = pd.date_range("2021-08-31", periods=30, freq="ME").as_unit("us")
    frames = [
        pd.DataFrame(
            {
                "series": name,
                "period": periods,
                "known_at": periods + pd.Timedelta(days=5),
                "assumed": False,
                "value": 100.0 + step * np.arange(30.0),
                "unit": unit,
                "category": category,
            }
        )
        for name, (category, unit, step) in series.items()
    ]
    rows = pd.concat(frames).sort_values(["known_at", "period", "series"], ignore_index=True)
    return replace(panels, macro=Table("macro", rows))


@pytest.fixture
def american(tiny_panels: MarketPanels) -> MarketPanels:
    return _stored(
        tiny_panels,
        CPIAUCSL=("inflation", "index", 1.0),
        PPIACO=("inflation", "index", 2.0),
        PAYEMS=("employment", "thousands", 150.0),
        TTLCONS=("economic_growth", "bn", 1.0),
    )


def test_all_categories_show_what_a_desk_reads(
    american: MarketPanels, context_of: ContextOf
) -> None:
    rows = macro_indicators(context_of(american)).rows
    assert [(row.series, row.unit) for row in rows] == [
        ("ttlcons", "bn"),
        ("cpiaucsl_yoy", "%"),
        ("payems_change", "thousands"),
    ]
    assert rows[1].value_level == pytest.approx(100.0 * (129.0 / 117.0 - 1.0))
    assert rows[1].previous_level == pytest.approx(100.0 * (128.0 / 116.0 - 1.0))
    assert (rows[2].value_level, rows[2].change_level) == (150.0, 0.0)


def test_a_category_adds_its_other_series_after_the_key_ones(
    american: MarketPanels, context_of: ContextOf
) -> None:
    rows = macro_indicators(context_of(american), macro_type="inflation").rows
    assert [row.series for row in rows] == ["cpiaucsl_yoy", "ppiaco"]
    assert rows[1].value_level == 158.0


def test_the_reading_is_of_what_is_shown(american: MarketPanels, context_of: ContextOf) -> None:
    row = macro_indicators(context_of(american), macro_type="inflation").rows[0]
    growth = 100.0 * (12.0 / (100.0 + np.arange(18.0)))
    assert row.value_level == pytest.approx(growth[-1])
    assert row.history_z == pytest.approx((growth[-1] - growth.mean()) / growth.std())


def test_a_revised_value_stands_and_is_marked(
    american: MarketPanels, context_of: ContextOf
) -> None:
    assert american.macro is not None
    rows = american.macro.rows
    base = rows[(rows["series"] == "CPIAUCSL") & (rows["period"] == "2023-01-31")]
    again = base.assign(known_at=pd.Timestamp("2024-02-20").as_unit("us"), value=110.0)
    table = pd.concat([rows, again]).sort_values(["known_at", "period"], ignore_index=True)
    context = context_of(replace(american, macro=Table("macro", table)))
    (before, *_) = macro_indicators(context, macro_type="inflation", as_of=date(2024, 2, 19)).rows
    (after, *_) = macro_indicators(context, macro_type="inflation", as_of=date(2024, 2, 20)).rows
    assert (before.flags, before.released) == ((), date(2024, 2, 5))
    assert (after.flags, after.released) == (("revised",), date(2024, 2, 20))
    assert after.value_level == pytest.approx(100.0 * (129.0 / 110.0 - 1.0))


def test_a_key_series_too_short_for_its_transform_is_named_as_missing(
    american: MarketPanels, context_of: ContextOf
) -> None:
    assert american.macro is not None
    young = american.macro.rows[american.macro.rows["period"] > "2023-06-30"]
    panels = replace(american, macro=Table("macro", young.reset_index(drop=True)))
    short = macro_indicators(context_of(panels), macro_type="inflation")
    assert [row.series for row in short.rows] == ["ppiaco"]
    assert [(c.subject, c.reason) for c in short.missing] == [("cpiaucsl_yoy", "too_short")]


def test_a_monthly_series_is_stale_after_a_hundred_days(
    american: MarketPanels, context_of: ContextOf
) -> None:
    context = context_of(american)
    for day, stale in ((date(2024, 5, 10), False), (date(2024, 5, 11), True)):
        rows = macro_indicators(context, as_of=day).rows
        assert {"stale" in row.flags for row in rows} == {stale}
