from datetime import date
from itertools import pairwise

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.backtest.metrics import performance
from core.backtest.periods import calendar, decay, drawdowns, months, worst, years


def _series(values: list[float], first: str = "2020-01-31") -> pd.Series:
    index = pd.date_range(first, periods=len(values), freq="ME")
    return pd.Series(values, index=index, dtype=np.float64)


def _daily(seed: int, bars: int = 600) -> pd.Series:
    rng = np.random.default_rng(seed)
    index = pd.bdate_range("2019-03-14", periods=bars)
    return pd.Series(rng.normal(0.0003, 0.01, bars), index=index)


def test_a_fall_runs_from_its_first_loss_to_the_trough_and_back_to_the_peak() -> None:
    (fall,) = drawdowns(_series([0.1, -0.2, 0.05, -0.1, 0.5, 0.1]))
    assert (fall.first, fall.last, fall.recovered) == (
        date(2020, 2, 29), date(2020, 4, 30), date(2020, 5, 31),
    )  # fmt: skip
    assert fall.strategy == pytest.approx(0.8 * 1.05 * 0.9 - 1.0)


def test_a_fall_from_the_first_bar_counts_from_the_start() -> None:
    (fall,) = drawdowns(_series([-0.1, 0.2]))
    assert (fall.first, fall.recovered) == (date(2020, 1, 31), date(2020, 2, 29))
    assert fall.strategy == pytest.approx(-0.1)


def test_a_fall_not_made_good_has_no_recovery() -> None:
    (fall,) = drawdowns(_series([0.1, -0.2, 0.1]))
    assert fall.recovered is None


def test_a_series_that_never_falls_has_no_drawdown() -> None:
    assert drawdowns(_series([0.0, 0.1, 0.0])) == ()


def test_falls_come_deepest_first_and_equal_ones_in_order() -> None:
    found = drawdowns(_series([-0.1, 0.2, -0.5, 2.0, -0.1, 0.5]), count=2)
    assert [fall.strategy for fall in found] == pytest.approx([-0.5, -0.1])
    assert found[1].first == date(2020, 1, 31)


def test_the_reference_is_measured_over_the_bars_of_the_fall() -> None:
    own, base = _series([0.1, -0.2, -0.1, 0.9]), _series([0.3, 0.1, -0.3, 0.0])
    (fall,) = drawdowns(own, base)
    assert fall.reference == pytest.approx(1.1 * 0.7 - 1.0)


@given(seed=st.integers(0, 1000))
def test_the_deepest_fall_is_the_maximum_drawdown(seed: int) -> None:
    returns = _daily(seed, 120)
    made = performance(returns, "x", bars_a_year=252.0)
    found = drawdowns(returns)
    assert found[0].strategy == pytest.approx(made.max_drawdown)
    assert [fall.strategy for fall in found] == sorted(fall.strategy for fall in found)


@given(seed=st.integers(0, 1000))
def test_falls_never_overlap(seed: int) -> None:
    found = sorted(drawdowns(_daily(seed, 300), count=50), key=lambda fall: fall.first)
    for one, after in pairwise(found):
        assert one.recovered is not None
        assert one.first <= one.last < one.recovered < after.first


@pytest.mark.parametrize(("window", "rule"), [("month", "ME"), ("quarter", "QE"), ("year", "YE")])
def test_calendar_windows_are_what_pandas_resamples_to(window: str, rule: str) -> None:
    returns = _daily(3)
    spans = calendar(returns, window="month" if window == "month" else
                     "quarter" if window == "quarter" else "year")  # fmt: skip
    expected = (1.0 + returns).resample(rule).prod() - 1.0
    assert [span.strategy for span in spans] == pytest.approx(expected.to_list(), abs=1e-15)


@given(seed=st.integers(0, 1000))
def test_years_compound_to_the_whole(seed: int) -> None:
    returns = _daily(seed)
    grown = np.prod([1.0 + span.strategy for span in years(returns)])
    assert grown == pytest.approx(np.prod(1.0 + returns.to_numpy()))


def test_a_year_begun_late_says_so() -> None:
    spans = years(_daily(1))
    assert (spans[0].first, spans[0].last) == (date(2019, 3, 14), date(2019, 12, 31))


def test_a_reference_that_does_not_cover_a_window_has_no_figure() -> None:
    returns = _series([0.01] * 14)
    base = returns.where(returns.index >= pd.Timestamp("2020-03-01"))
    spans = years(returns, base)
    assert spans[0].reference is None
    assert spans[1].reference == pytest.approx(1.01**2 - 1.0)


def test_the_worst_are_falls_then_months_quarters_and_years() -> None:
    found = worst(_daily(5), _daily(6), falls=2, windows=1)
    assert [span.window for span in found] == ["drawdown", "drawdown", "month", "quarter", "year"]
    lowest = min(calendar(_daily(5), window="month"), key=lambda span: span.strategy)
    assert found[2].strategy == lowest.strategy


def test_a_month_without_a_bar_is_missing() -> None:
    returns = _daily(2, 300)
    gone = returns.drop(returns.loc["2019-08-01":"2019-08-31"].index)
    table = months(gone)
    assert table.columns.equals(pd.Index(range(1, 13)))
    assert table.isna().to_numpy()[0].tolist() == [True, True, *[False] * 5, True, *[False] * 4]
    march = returns[returns.index < pd.Timestamp("2019-04-01")]
    assert table.iloc[0].to_numpy()[2] == pytest.approx(np.prod(1.0 + march.to_numpy()) - 1.0)


def test_a_year_without_a_bar_is_a_row_without_values() -> None:
    returns = pd.concat([_series([0.01]), _series([0.01], "2022-05-31")])
    assert months(returns).loc[2021].isna().all()


def test_decay_orders_lags_and_measures_each() -> None:
    found = decay({5: _daily(1), 0: _daily(2)}, bars_a_year=252.0)
    assert [row.lag_bars for row in found] == [0, 5]
    assert found[1].cagr == performance(_daily(1), "x", bars_a_year=252.0).cagr


def test_missing_returns_are_refused() -> None:
    with pytest.raises(ValueError, match="none of them NaN"):
        years(_series([0.1, float("nan")]))


def test_a_reference_of_other_dates_is_refused() -> None:
    with pytest.raises(ValueError, match="must have the dates"):
        years(_series([0.1, 0.1]), _series([0.1, 0.1], "2021-01-31"))


def test_returns_without_dates_are_refused() -> None:
    with pytest.raises(TypeError, match="index must be dates"):
        years(pd.Series([0.1]))
