import numpy as np
import pandas as pd
import pytest

from core.audit.series import fillings, odd_dates, scaled_by_the_whole
from core.audit.timing import lag_correlations, odd_timing
from tests.core.market import days_of, framed

N_DAYS = 400


def drawn(seed: int = 6, n_days: int = N_DAYS) -> "pd.Series[float]":
    rng = np.random.default_rng(seed)
    return pd.Series(np.cumsum(rng.normal(0.0, 1.0, n_days)), index=days_of(n_days))


def kinds(frame: pd.DataFrame) -> list[str]:
    return [leak.kind for leak in scaled_by_the_whole(frame)]


@pytest.mark.parametrize("ddof", [0, 1])
def test_the_whole_samples_z_score_is_a_leak_even_as_printed_in_a_file(ddof: int) -> None:
    z = (drawn() - drawn().mean()) / drawn().std(ddof=ddof)
    assert kinds(z.round(6).to_frame("a")) == ["scaling"]


def test_the_whole_samples_extremes_are_a_leak_but_ranks_and_switches_are_not() -> None:
    values = drawn()
    spread = (values - values.min()) / (values.max() - values.min())
    assert kinds(spread.to_frame("a")) == ["scaling"]
    switch = (values > 0.0).astype("float64")
    rank = pd.DataFrame({f"{place}": drawn(place) for place in range(5)}).rank(axis=1, pct=True)
    assert kinds(switch.to_frame("a")) == []
    assert kinds(rank) == []


def test_a_trailing_or_cross_sectional_scale_is_none() -> None:
    values = pd.DataFrame({f"{place}": drawn(place) for place in range(6)})
    across = values.sub(values.mean(axis=1), axis=0).div(values.std(axis=1), axis=0)
    trailing = (values - values.expanding(60).mean()) / values.expanding(60).std()
    assert kinds(across) == kinds(trailing) == []


def test_few_values_say_nothing_of_their_scale() -> None:
    few = drawn(n_days=20)
    assert kinds(((few - few.mean()) / few.std()).to_frame("a")) == []


def test_ends_of_months_that_are_no_sessions_look_like_periods() -> None:
    months = pd.date_range("2015-01-31", periods=60, freq="ME", unit="us")
    starts = months + pd.Timedelta(days=1)
    for index in (months, starts):
        frame = pd.DataFrame({"cpi": np.arange(60.0)}, index=index)
        assert [odd.kind for odd in odd_dates(frame, None)] == ["period_dated"]
    daily = framed({"a": list(np.arange(60.0))})
    assert odd_dates(daily, None) == ()
    last = daily.groupby(pd.DatetimeIndex(daily.index).to_period("M")).tail(1)
    assert odd_dates(last, pd.DatetimeIndex(daily.index)) == ()


def test_values_on_days_without_a_session_are_counted() -> None:
    days = pd.date_range("2020-01-06", periods=28, freq="D", unit="us")
    found = odd_dates(pd.DataFrame({"a": np.arange(28.0)}, index=days), None)
    assert [(odd.kind, odd.count) for odd in found] == [("no_session", 8)]
    sessions = days_of(10)
    holiday = pd.DataFrame({"a": [1.0, 2.0]}, index=sessions[[3, 4]])
    told = odd_dates(holiday, sessions.delete(4))
    assert [(odd.kind, odd.count) for odd in told] == [("no_session", 1)]
    assert odd_dates(holiday.iloc[:0], None) == ()


def test_values_before_the_first_close_are_told() -> None:
    closes = drawn().abs().add(1.0).to_frame("a")
    closes.iloc[:100] = np.nan
    found = fillings(drawn().to_frame("a"), closes)
    assert [(odd.kind, odd.count) for odd in found] == [("before_listing", 100)]
    assert fillings(drawn().iloc[100:].to_frame("a"), closes) == ()
    assert fillings(drawn().to_frame("other"), closes) == ()
    never = fillings(drawn().to_frame("a"), closes * np.nan)
    assert [(odd.kind, odd.count) for odd in never] == [("before_listing", N_DAYS)]


def test_a_constant_start_is_told_unless_the_series_always_moves_so_seldom() -> None:
    filled = drawn()
    filled.iloc[:50] = filled.iloc[50]
    found = fillings(filled.to_frame("a"), None)
    assert [(odd.kind, odd.count) for odd in found] == [("constant_start", 51)]
    monthly = drawn().iloc[::21].reindex(drawn().index, method="ffill")
    assert fillings(monthly.to_frame("a"), None) == ()


def test_interpolated_values_are_told_and_steps_are_not() -> None:
    monthly = drawn().iloc[::21].reindex(drawn().index)
    assert [odd.kind for odd in fillings(monthly.interpolate().to_frame("a"), None)] == [
        "interpolated"
    ]
    assert fillings(drawn().round(1).to_frame("a"), None) == ()


def closes() -> pd.DataFrame:
    rng = np.random.default_rng(3)
    moves = rng.normal(0.0, 0.01, (N_DAYS, 3))
    values = 20.0 * np.exp(np.cumsum(moves, axis=0))
    return framed({name: list(values[:, place]) for place, name in enumerate("abc")})


def told(signal: pd.DataFrame) -> list[str]:
    return [odd.kind for odd in odd_timing(lag_correlations(signal, closes()))]


def test_the_return_of_its_own_bar_and_of_the_next_are_suspicious() -> None:
    moves = closes().pct_change(fill_method=None)
    assert told(moves) == ["same_bar"]
    assert told(moves.shift(-1)) == ["next_bar"]


def test_momentum_and_noise_are_not() -> None:
    noise = pd.DataFrame(
        np.random.default_rng(5).normal(size=(N_DAYS, 3)), closes().index, list("abc")
    )
    assert told(closes().pct_change(21, fill_method=None)) == []
    assert told(noise) == []


def test_one_column_is_held_against_the_mean_of_all() -> None:
    market = closes().pct_change(fill_method=None).mean(axis=1)
    rows = {row.lag_bars: row for row in lag_correlations(market.to_frame("fear"), closes())}
    assert rows[0].correlation == pytest.approx(1.0)
    assert rows[0].pairs_count == N_DAYS - 1
    two = pd.concat([market.rename("x"), market.rename("y")], axis=1)
    assert lag_correlations(two, closes()) == ()


def test_a_constant_or_a_short_series_has_no_timing() -> None:
    assert lag_correlations(closes() * 0.0, closes()) == ()
    assert lag_correlations(closes().iloc[:20], closes()) == ()


def test_a_weekend_value_is_held_against_the_next_session() -> None:
    moves = closes().pct_change(fill_method=None).iloc[1:]
    mondays = moves[pd.DatetimeIndex(moves.index).day_of_week == 0]
    sundays = mondays.set_axis(pd.DatetimeIndex(mondays.index) - pd.Timedelta(days=1), axis=0)
    rows = {row.lag_bars: row for row in lag_correlations(sundays, closes())}
    assert rows[0].correlation == pytest.approx(1.0)
    assert rows[0].pairs_count == mondays.size
