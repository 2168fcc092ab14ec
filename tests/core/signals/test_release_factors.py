"""Hand-computed values of the factors made from reports and releases."""

import numpy as np
import pandas as pd
import pytest

from core.panel import MarketPanels
from core.signals.catalogue import factor_history
from core.signals.macro import macro_regime
from core.signals.macro_readings import (
    category_readings,
    macro_states,
    series_readings,
    stale_after_days,
)
from core.signals.releases import known_values
from core.signals.sensitivity import trailing_slopes
from core.signals.valuation import sector_pe
from tests.core.market import framed, known, market, members_table, prices, small

SECTOR_OF = {"A1": "a", "A2": "a", "A3": "a", "B1": "b"}


def reports(*rows: tuple[str, str, str, str, float], kind: str = "Q") -> MarketPanels:
    """symbol, period, known_at, line, value"""
    table = known(
        "fundamentals",
        [
            (symbol, period, at, False, kind, line, value)
            for symbol, period, at, line, value in rows
        ],
    )
    closes = framed({"a": [10.0] * 30, "b": [10.0] * 30, "c": [10.0] * 30})
    return small(prices(closes), members=members_table(SECTOR_OF), fundamentals=table)


def test_growth_uses_members_with_both_years_and_only_what_was_public() -> None:
    panels = reports(
        ("A1", "2018-12-31", "2019-02-01", "revenue", 100.0),
        ("A2", "2018-12-31", "2019-02-01", "revenue", 50.0),
        ("A1", "2019-12-31", "2020-01-20", "revenue", 120.0),
        ("A2", "2019-12-31", "2020-01-22", "revenue", 60.0),
        ("A3", "2019-12-31", "2020-01-20", "revenue", 999.0),
    )
    dates = pd.DatetimeIndex(["2020-01-21", "2020-01-22"])
    frame = factor_history(panels, dates)["revenue_growth"]
    assert np.isnan(frame["a"].iloc[0])
    assert frame["a"].iloc[1] == pytest.approx(20.0)


def test_a_later_release_of_a_period_replaces_it_from_its_own_day_on() -> None:
    rows = known(
        "fundamentals",
        [
            ("A1", "2019-12-31", "2020-01-20", False, "Q", "revenue", 100.0),
            ("A1", "2019-12-31", "2020-02-03", False, "Q", "revenue", 90.0),
            ("A1", "2019-09-30", "2020-02-05", False, "Q", "revenue", 70.0),
        ],
    ).rows
    days = pd.DatetimeIndex(["2020-01-19", "2020-01-20", "2020-02-03", "2020-02-06"])
    found = known_values(rows, "symbol", ["A1"], days)
    assert np.array_equal(found.value[:, 0], [np.nan, 100.0, 90.0, 90.0], equal_nan=True)
    assert found.age_days[1, 0] == 20.0


def test_profit_growth_from_a_loss_is_against_its_size() -> None:
    panels = reports(
        *[(name, "2018-12-31", "2019-02-01", "net_profit", -10.0) for name in ("A1", "A2")],
        *[(name, "2019-12-31", "2020-01-20", "net_profit", 5.0) for name in ("A1", "A2")],
    )
    frame = factor_history(panels, pd.DatetimeIndex(["2020-01-21"]))
    assert frame["net_profit_growth"]["a"].iloc[0] == pytest.approx(150.0)


def test_margin_and_roe_are_ratios_of_sums() -> None:
    day = ("2019-12-31", "2020-01-20")
    panels = reports(
        ("A1", *day, "revenue", 100.0),
        ("A2", *day, "revenue", 300.0),
        ("A1", *day, "net_profit", 10.0),
        ("A2", *day, "net_profit", 6.0),
        ("A1", *day, "total_equity", 200.0),
        ("A2", *day, "total_equity", 120.0),
    )
    frame = factor_history(panels, pd.DatetimeIndex(["2020-01-21"]))
    assert frame["net_profit_margin"]["a"].iloc[0] == pytest.approx(4.0)
    assert frame["roe"]["a"].iloc[0] == pytest.approx(4 * 100 * 16 / 320)


def test_a_quarter_older_than_two_hundred_days_is_stale() -> None:
    day = ("2019-07-05", "2019-08-01")
    panels = reports(*[(name, *day, "roe", 0.1) for name in ("A1", "A2")])
    dates = pd.DatetimeIndex(["2020-01-21", "2020-01-22"])
    assert factor_history(panels, dates)["roe"]["a"].notna().tolist() == [True, False]


def test_sector_pe_is_value_over_earnings_moved_with_the_price() -> None:
    rows = [
        (symbol, "2020-01-08", "2020-01-09", False, "Q", line, value)
        for symbol, line, value in (
            ("A1", "pe", 10.0),
            ("A1", "market_cap", 100.0),
            ("A2", "pe", 20.0),
            ("A2", "market_cap", 100.0),
            ("A3", "pe", -5.0),
            ("A3", "market_cap", 100.0),
        )
    ]
    closes = framed({"A1": [5.0] * 3 + [10.0] * 7, "A2": [5.0] * 10, "A3": [5.0] * 10})
    panels = small(
        prices(framed({"a": [1.0] * 10, "b": [1.0] * 10})),
        stocks=prices(closes),
        members=members_table(SECTOR_OF),
        fundamentals=known("fundamentals", rows),
    )
    multiples = sector_pe(panels)
    assert multiples is not None
    assert np.isnan(multiples["a"].iloc[2])
    assert multiples["a"].iloc[-1] == pytest.approx((200 + 100 + 100) / (10 + 5))


def test_a_market_value_moves_from_the_end_of_its_own_period() -> None:
    rows = [
        (symbol, period, "2020-01-13", False, "Q", line, value)
        for symbol, line, period, value in (
            ("A1", "pe", "2020-01-08", 10.0),
            ("A1", "market_cap", "2020-01-10", 100.0),
            ("A2", "pe", "2020-01-08", 40.0),
            ("A2", "market_cap", "2020-01-08", 100.0),
        )
    ]
    closes = framed({"A1": [5.0] * 3 + [8.0] * 2 + [10.0] * 5, "A2": [5.0] * 10, "A3": [5.0] * 10})
    panels = small(
        prices(framed({"a": [1.0] * 10, "b": [1.0] * 10})),
        stocks=prices(closes),
        members=members_table(SECTOR_OF),
        fundamentals=known("fundamentals", rows),
    )
    then = {day: closes["A1"].asof(pd.Timestamp(day)) for day in ("2020-01-08", "2020-01-10")}
    assert then == {"2020-01-08": 5.0, "2020-01-10": 8.0}
    multiples = sector_pe(panels)
    assert multiples is not None
    value, multiple = 100.0 * 10 / 8, 10.0 * 10 / 5
    assert multiples["a"].iloc[-1] == pytest.approx((value + 100) / (value / multiple + 100 / 40))


def monthly(series: str, category: str, unit: str, values: list[float]) -> list[tuple[object, ...]]:
    periods = pd.date_range("2015-01-31", periods=len(values), freq="ME", unit="us")
    return [
        (series, period, period + pd.Timedelta(days=10), False, value, unit, category)
        for period, value in zip(periods, values, strict=True)
    ]


def test_a_reading_is_the_last_release_against_its_five_years() -> None:
    values = [float(step % 4) for step in range(60)]
    rows = known("macro", monthly("gdp_growth", "economic_growth", "%", values)).rows
    last = rows["known_at"].iloc[-1]
    day = pd.DatetimeIndex([last - pd.Timedelta(days=1), last])
    found = series_readings(rows, day)
    population = np.array(values)
    assert found[1] == pytest.approx((3.0 - population.mean()) / population.std())
    assert found[0] == pytest.approx((2.0 - population[:-1].mean()) / population[:-1].std())


@pytest.mark.parametrize(("months", "limit"), [(1, 100), (3, 200)])
def test_a_series_speaks_as_long_as_its_spacing_allows(months: int, limit: int) -> None:
    periods = pd.date_range("2010-01-31", periods=24, freq=f"{months}ME", unit="us")
    table = [
        ("gdp_growth", period, period, False, float(step % 4), "%", "economic_growth")
        for step, period in enumerate(periods)
    ]
    days = pd.DatetimeIndex([periods[-1] + pd.Timedelta(days=age) for age in (limit, limit + 1)])
    found = series_readings(known("macro", table).rows, days)
    assert np.isnan(found).tolist() == [False, True]


@pytest.mark.parametrize(
    ("periods", "limit"),
    [
        ([0, 1, 4, 5, 6], 14),
        ([0, 7, 14], 30),
        ([0, 31, 59, 90], 100),
        ([0, 90, 181], 200),
        ([0, 365], 500),
        ([0], 500),
    ],
)
def test_the_spacing_of_periods_tells_when_a_series_is_stale(
    periods: list[int], limit: int
) -> None:
    assert stale_after_days(np.array(periods)) == limit


def test_an_index_is_read_by_its_growth_over_a_year() -> None:
    levels = [100.0 * 1.01**step for step in range(40)]
    levels[-1] = levels[-13] * 1.5
    rows = known("macro", monthly("cpi", "inflation", "index", levels)).rows
    day = pd.DatetimeIndex([rows["known_at"].iloc[-1]])
    assert series_readings(rows, day)[0] == 3.0


def test_a_revision_never_changes_a_reading() -> None:
    rows = monthly("gdp_growth", "economic_growth", "%", [float(step % 5) for step in range(40)])
    late = pd.Timestamp("2018-05-20")
    revised = [*rows, (*rows[-1][:2], late, False, 99.0, "%", "economic_growth")]
    day = pd.DatetimeIndex([late + pd.Timedelta(days=1)])
    before, after = (series_readings(known("macro", table).rows, day) for table in (rows, revised))
    assert before[0] == after[0]


def test_a_period_published_before_an_earlier_one_is_read_as_it_was_that_day() -> None:
    rows = monthly("gdp_growth", "economic_growth", "%", [float(step % 5) for step in range(40)])
    late = (*rows[-2][:2], pd.Timestamp("2018-06-20"), *rows[-2][3:])
    table = known("macro", [*rows[:-2], late, rows[-1]]).rows
    day = pd.DatetimeIndex(["2018-05-15"])
    then = table[table["known_at"] <= day[0]]
    assert len(then) == len(table) - 1
    assert series_readings(table, day)[0] == series_readings(then, day)[0]


def test_joblessness_counts_against_employment_and_prices_against_sentiment() -> None:
    rising = [float(step) for step in range(30)]
    table = known(
        "macro",
        [
            *monthly("unrate", "employment", "%", rising),
            *monthly("inflation_yoy", "inflation", "%", rising),
        ],
    )
    day = pd.DatetimeIndex([table.rows["known_at"].iloc[-1]])
    readings = category_readings(table, day)
    assert readings["employment"][0] < 0 < readings["inflation"][0]
    states = macro_states(table, day)
    assert states.sentiment[0] == pytest.approx(
        (readings["employment"][0] - readings["inflation"][0]) / 2
    )
    assert np.isnan(states.growth[0])


def test_a_central_banks_rate_is_read_by_its_change_and_counts_as_policy() -> None:
    path = [float(rate) for rate in [3.0] * 30 + [3.0, 3.0, 3.5, 4.0, 4.5, 4.5, 4.5, 4.5]]
    rows = monthly("fedfunds", "rates", "%", path)
    table = known("macro", [*rows, *monthly("dgs10", "rates", "%", path[::-1])])
    day = pd.DatetimeIndex([table.rows["known_at"].iloc[-1]])
    readings = category_readings(table, day)
    changes = np.array(path[12:]) - np.array(path[:-12])
    wanted = (changes[-1] - changes.mean()) / changes.std()
    assert readings["policy"][0] == pytest.approx(wanted)
    assert set(readings) == {"policy", "rates"}
    assert macro_states(table, day).sentiment[0] == pytest.approx(
        -(wanted + readings["rates"][0]) / 2
    )


def test_one_category_is_no_sentiment() -> None:
    table = known("macro", monthly("unrate", "employment", "%", [float(k % 3) for k in range(30)]))
    day = pd.DatetimeIndex([table.rows["known_at"].iloc[-1]])
    assert np.isnan(macro_states(table, day).sentiment[0])


def test_the_regime_follows_growth_and_inflation() -> None:
    up = [float(step) for step in range(60)]
    down = up[::-1]
    wanted = {
        (True, True): "expansion",
        (True, False): "recovery",
        (False, True): "slowdown",
        (False, False): "contraction",
    }
    for (growth, inflation), name in wanted.items():
        table = known(
            "macro",
            [
                *monthly("gdp_growth", "economic_growth", "%", up if growth else down),
                *monthly("inflation_yoy", "inflation", "%", up if inflation else down),
            ],
        )
        closes = framed({"a": [1.0] * 9, "b": [1.0] * 9, "c": [1.0] * 9}, start="2020-01-06")
        row = macro_regime(small(prices(closes), macro=table))
        assert row is not None
        assert row.regime == name
        assert row.since == closes.index[0].date()


def test_without_growth_there_is_no_regime() -> None:
    table = known("macro", monthly("inflation_yoy", "inflation", "%", [1.0, 2.0] * 30))
    closes = framed({"a": [1.0] * 9, "b": [1.0] * 9, "c": [1.0] * 9})
    assert macro_regime(small(prices(closes), macro=table)) is None


def test_a_trailing_slope_is_least_squares_over_the_window() -> None:
    rng = np.random.default_rng(5)
    moves = rng.normal(size=(80, 1))
    returns = 2.0 * moves + rng.normal(size=(80, 2))
    returns[70, 0] = np.nan
    found = trailing_slopes(returns, moves, window=52, least=40)
    known_rows = [row for row in range(28, 80) if row != 70]
    wanted = np.polyfit(moves[known_rows, 0], returns[known_rows, 0], 1)[0]
    assert found[-1, 0] == pytest.approx(wanted)
    assert np.isnan(found[38, 0])
    assert np.isfinite(found[39, 0])


def test_a_slope_on_something_that_never_moves_is_unknown() -> None:
    returns = np.ones((60, 1))
    assert np.isnan(trailing_slopes(returns, np.full((60, 1), 0.1), window=52, least=40)).all()


def test_slopes_wait_for_the_week_to_end() -> None:
    panels = market()
    index = pd.DatetimeIndex(panels.sectors.closes.index)
    week = index[index.slice_indexer("2021-06-07", "2021-06-11")]
    assert len(week) == 5
    assert panels.stocks is not None
    gold = panels.stocks.closes["GLD"].ffill(limit=5)
    move = 100.0 * (gold / gold.shift(63) - 1.0)
    slopes = []
    for day in week:
        known_then = panels.until(day.date())
        dates = pd.DatetimeIndex([day])
        frame = factor_history(known_then, dates, families=("intermarket",))["intermarket_gold"]
        slopes.append(frame["banks"].iloc[0] / move[day])
    assert slopes == pytest.approx([slopes[0]] * 5)
