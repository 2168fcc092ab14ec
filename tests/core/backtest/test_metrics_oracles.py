"""Our figures equal other libraries' to 1e-9 wherever both mean the same.

What they define otherwise: empyrical annualises by 252, 52 or 12 unless told; ffn's CAGR and Calmar
count calendar time from the first price, and its skewness and kurtosis are the unbiased sample
ones; skfolio's value at risk takes no percentile between bars and its CVaR averages fractions of
bars, its ratios are a bar, and its semi-deviation is about the mean.
"""

import warnings
from importlib import import_module
from types import ModuleType

import numpy as np
import pandas as pd
import pytest

from core.backtest.metrics import against, performance
from core.records.backtest import Performance

YEAR = 252
EXACT = 1e-9


@pytest.fixture(scope="module", params=[(1, 61), (2, 600), (3, 2611)], ids=["61", "600", "2611"])
def returns(request: pytest.FixtureRequest) -> pd.Series:
    """Fat-tailed returns."""
    seed, count = request.param
    bars = np.random.default_rng(seed).standard_t(4, count) * 0.008 + 0.0003
    return pd.Series(bars, index=pd.bdate_range("2010-01-01", periods=count))


@pytest.fixture(scope="module")
def other(returns: pd.Series) -> pd.Series:
    """A reference that moves with the returns."""
    bars = np.random.default_rng(9).normal(0.0002, 0.008, len(returns))
    return 0.6 * returns + pd.Series(bars, index=returns.index)


@pytest.fixture(scope="module")
def own(returns: pd.Series) -> Performance:
    """What we say of them."""
    return performance(returns, "x", bars_a_year=YEAR)


def library(name: str) -> ModuleType:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        return import_module(name)


def test_empyrical(returns: pd.Series, other: pd.Series, own: Performance) -> None:
    oracle = library("empyrical")
    wanted = {
        "cagr": oracle.cagr(returns, annualization=YEAR),
        "volatility": oracle.annual_volatility(returns, annualization=YEAR),
        "sharpe": oracle.sharpe_ratio(returns, annualization=YEAR),
        "sortino": oracle.sortino_ratio(returns, annualization=YEAR),
        "calmar": oracle.calmar_ratio(returns, annualization=YEAR),
        "max_drawdown": oracle.max_drawdown(returns),
        "value_at_risk": oracle.value_at_risk(returns),
        "expected_shortfall": oracle.conditional_value_at_risk(returns),
    }
    for name, value in wanted.items():
        assert getattr(own, name) == pytest.approx(value, abs=EXACT), name
    found = against(returns, other, "other", bars_a_year=YEAR)
    assert found.beta == pytest.approx(oracle.beta(returns, other), abs=EXACT)
    active = oracle.annual_volatility(returns - other, annualization=YEAR)
    assert found.tracking_error == pytest.approx(active, abs=EXACT)
    ratio = oracle.excess_sharpe(returns, other) * np.sqrt(YEAR)
    assert found.information_ratio == pytest.approx(ratio, abs=EXACT)


def test_empyrical_over_a_rate_without_risk(returns: pd.Series) -> None:
    oracle = library("empyrical")
    rate = pd.Series(0.0001, index=returns.index)
    found = performance(returns, "x", bars_a_year=YEAR, riskless=rate)
    wanted = oracle.sharpe_ratio(returns, risk_free=0.0001, annualization=YEAR)
    assert found.sharpe == pytest.approx(wanted, abs=EXACT)
    wanted = oracle.sortino_ratio(returns, required_return=0.0001, annualization=YEAR)
    assert found.sortino == pytest.approx(wanted, abs=EXACT)


def test_ffn_which_bt_reports_with(returns: pd.Series, other: pd.Series, own: Performance) -> None:
    oracle = library("ffn")
    start = pd.DatetimeIndex(["2009-12-31"])
    wealth = pd.concat([pd.Series([1.0], index=start), (1.0 + returns).cumprod()])
    assert own.sharpe == pytest.approx(oracle.calc_sharpe(returns, nperiods=YEAR), abs=EXACT)
    wanted = oracle.calc_sortino_ratio(returns, nperiods=YEAR)
    assert own.sortino == pytest.approx(wanted, abs=EXACT)
    assert own.max_drawdown == pytest.approx(oracle.calc_max_drawdown(wealth), abs=EXACT)
    ratio = oracle.calc_information_ratio(returns, other) * np.sqrt(YEAR)
    found = against(returns, other, "other", bars_a_year=YEAR)
    assert found.information_ratio == pytest.approx(ratio, abs=EXACT)
    years = (wealth.index[-1] - wealth.index[0]).days / 365.25
    dated = performance(returns, "x", bars_a_year=len(returns) / years)
    assert dated.cagr == pytest.approx(oracle.calc_cagr(wealth), abs=EXACT)
    assert dated.calmar == pytest.approx(oracle.calc_calmar_ratio(wealth), abs=EXACT)


def test_skfolio(returns: pd.Series, own: Performance) -> None:
    oracle = library("skfolio.measures")
    bars = returns.to_numpy()
    drawdowns = oracle.get_drawdowns(bars, compounded=True)
    wanted = {
        "volatility": oracle.standard_deviation(bars) * np.sqrt(YEAR),
        "skewness": oracle.skew(bars),
        "kurtosis": oracle.kurtosis(bars),
        "max_drawdown": -oracle.max_drawdown(drawdowns),
        "sortino": bars.mean()
        / oracle.semi_deviation(bars, min_acceptable_return=0.0, biased=True)
        * np.sqrt(YEAR),
    }
    for name, value in wanted.items():
        assert getattr(own, name) == pytest.approx(value, abs=EXACT), name
