import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.backtest.metrics import against, performance, sharpe_bar, sharpe_variance
from core.errors import CallerError

MONTHS = pd.DatetimeIndex(
    ["2020-01-31", "2020-02-29", "2020-03-31", "2020-04-30", "2020-05-31", "2020-06-30"]
)


def months(*values: float) -> pd.Series:
    return pd.Series(values, index=MONTHS[: len(values)])


def days(values: np.ndarray) -> pd.Series:
    return pd.Series(values, index=pd.bdate_range("2015-01-01", periods=len(values)))


def noise(count: int = 300, seed: int = 1) -> pd.Series:
    return days(np.random.default_rng(seed).normal(0.0005, 0.01, count))


def test_figures_by_hand() -> None:
    found = performance(months(0.10, -0.20, 0.05, 0.05), "x", bars_a_year=12)
    wealth = 1.1 * 0.8 * 1.05 * 1.05
    assert (found.first, found.last) == (MONTHS[0].date(), MONTHS[3].date())
    assert found.cagr == pytest.approx(wealth**3 - 1.0)
    assert found.max_drawdown == pytest.approx(-0.2)
    assert found.calmar == pytest.approx(found.cagr / 0.2)
    sd = np.sqrt((0.1**2 + 0.2**2 + 2 * 0.05**2) / 3)
    assert found.volatility == pytest.approx(sd * np.sqrt(12))
    assert found.sharpe == pytest.approx(0.0)
    assert found.sortino == pytest.approx(0.0)
    assert found.positive_fraction == 0.75
    # position 0.15 between -0.20 and 0.05
    assert found.value_at_risk == pytest.approx(-0.20 + 0.15 * 0.25)
    assert found.expected_shortfall == pytest.approx(-0.20)
    assert (found.turnover, found.cost) == (None, None)


def test_a_loss_in_the_first_bar_is_a_drawdown() -> None:
    assert performance(months(-0.1, 0.5), "x", bars_a_year=12).max_drawdown == pytest.approx(-0.1)


def test_what_is_lost_whole_stays_lost() -> None:
    found = performance(months(0.2, -1.0, 0.5), "x", bars_a_year=12)
    assert (found.cagr, found.max_drawdown) == (-1.0, -1.0)


def test_without_a_loss_there_is_no_sortino_and_no_calmar() -> None:
    found = performance(months(0.01, 0.02, 0.03), "x", bars_a_year=12)
    assert (found.sortino, found.calmar, found.max_drawdown) == (None, None, 0.0)


def test_a_constant_return_has_no_ratio() -> None:
    found = performance(days(np.full(100, 0.001)), "x", bars_a_year=252)
    assert (found.sharpe, found.sharpe_se, found.skewness, found.kurtosis) == (None,) * 4
    assert found.cagr == pytest.approx(1.001**252 - 1.0)


def test_the_rate_without_risk_lowers_the_ratios_and_not_the_growth() -> None:
    returns = noise()
    rate = pd.Series(0.0002, index=returns.index)
    plain = performance(returns, "x", bars_a_year=252)
    over = performance(returns, "x", bars_a_year=252, riskless=rate)
    assert over.cagr == plain.cagr
    assert plain.sharpe is not None
    assert over.sharpe == pytest.approx(plain.sharpe - 0.0002 * 252 / (plain.volatility), abs=1e-12)


def test_the_error_of_a_normals_sharpe_is_los() -> None:
    bars = np.random.default_rng(3).normal(0.05, 1.0, 200_000)
    ratio = sharpe_bar(bars)
    assert ratio is not None
    assert sharpe_variance(bars) == pytest.approx(1.0 + ratio**2 / 2.0, abs=2e-3)


def test_the_error_is_what_repeated_samples_show() -> None:
    """Of a skewed, fat-tailed return, not a normal one."""
    rng = np.random.default_rng(4)
    draws = 0.3 - rng.exponential(1.0, (4000, 250)) * 0.2
    ratios = draws.mean(axis=1) / draws.std(axis=1, ddof=1)
    stated = np.mean([np.sqrt((sharpe_variance(row) or 0.0) / 249) for row in draws[:300]])
    assert stated == pytest.approx(ratios.std(), rel=0.05)


def test_under_twenty_bars_no_error_is_given() -> None:
    assert performance(noise(19), "x", bars_a_year=252).sharpe_se is None
    assert performance(noise(20), "x", bars_a_year=252).sharpe_se is not None


@pytest.mark.parametrize(
    ("returns", "said"),
    [
        (months(0.1), "1 bars of returns: at least 2"),
        (months(0.1, float("nan")), "the return of 2020-02-29 is missing"),
        (months(0.1, float("inf"), 0.0), "the return of 2020-02-29 is missing"),
    ],
)
def test_bars_that_cannot_be_measured_are_refused(returns: pd.Series, said: str) -> None:
    with pytest.raises(CallerError, match=said):
        performance(returns, "x", bars_a_year=12)


def test_series_of_other_dates_are_not_compared() -> None:
    with pytest.raises(CallerError, match="same dates"):
        against(noise(), noise().iloc[1:], "market", bars_a_year=252)
    with pytest.raises(CallerError, match="same dates"):
        performance(noise(), "x", bars_a_year=252, riskless=noise().iloc[1:])


def test_a_series_against_itself_has_no_ratio_and_beta_one() -> None:
    found = against(noise(), noise(), "itself", bars_a_year=252)
    assert (found.excess, found.tracking_error) == (0.0, 0.0)
    assert (found.information_ratio, found.ratio_t) == (None, None)
    assert found.beta == pytest.approx(1.0)
    assert found.years_won_fraction == 0.0


def test_rounding_between_equal_series_is_no_skill() -> None:
    returns = noise()
    same = (returns + 0.3) - 0.3
    assert not same.equals(returns)
    found = against(returns, same, "same", bars_a_year=252)
    assert (found.tracking_error, found.information_ratio, found.ratio_t) == (0.0, None, None)


def test_nothing_has_a_beta_to_cash() -> None:
    cash = pd.Series(0.0, index=noise().index)
    assert against(noise(), cash, "cash", bars_a_year=252).beta is None


def test_a_year_is_won_by_compound_return_and_needs_half_its_bars() -> None:
    index = pd.date_range("2019-09-30", "2022-03-31", freq="ME")
    own = pd.Series(0.0, index=index)
    own["2020-05-31"], own["2021-05-31"], own["2022-01-31"] = 0.02, -0.02, 0.5
    found = against(own, pd.Series(0.0, index=index), "cash", bars_a_year=12)
    assert found.years_won_fraction == 0.5  # 2020 won, 2021 lost; 2019 and 2022 too short


def test_no_year_long_enough_is_none_won() -> None:
    found = against(months(0.1, 0.2), months(0.0, 0.1), "x", bars_a_year=12)
    assert found.years_won_fraction is None


@given(
    st.lists(st.floats(-0.5, 0.5), min_size=2, max_size=60),
    st.floats(0.1, 1.9),
)
def test_scaling_returns_scales_risk_and_not_their_ratios(values: list[float], by: float) -> None:
    bars = np.array(values)
    plain = performance(days(bars), "x", bars_a_year=12)
    scaled = performance(days(bars * by), "x", bars_a_year=12)
    assert scaled.volatility == pytest.approx(plain.volatility * by, abs=1e-12)
    assert scaled.expected_shortfall == pytest.approx(plain.expected_shortfall * by, abs=1e-12)
    if plain.sharpe is not None and plain.volatility > 1e-6:
        assert scaled.sharpe == pytest.approx(plain.sharpe, rel=1e-6, abs=1e-9)
    assert plain.expected_shortfall <= plain.value_at_risk
    assert -1.0 <= plain.max_drawdown <= 0.0
