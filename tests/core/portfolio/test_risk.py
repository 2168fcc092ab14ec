from functools import cache

import numpy as np
import pytest

from core.panel import MarketPanels
from core.portfolio.risk import risk_of, risk_shares, sector_covariance, shrunk_covariance
from core.portfolio.view import DEFAULT_VARIANCE, View, covariance_of
from tests.core.market import LATE, SECTORS, Spec, market, relabelled
from tests.core.portfolio.test_allocation import inputs_of


@cache
def toy() -> MarketPanels:
    return market(Spec(n_sessions=1100))


def by_loops(returns: np.ndarray) -> np.ndarray:
    """Ledoit and Wolf (2004), appendix B, entry by entry."""
    n_weeks, n = returns.shape
    x = returns - returns.mean(axis=0)
    s = np.array([[np.mean(x[:, i] * x[:, j]) for j in range(n)] for i in range(n)])
    r = np.array([[s[i, j] / np.sqrt(s[i, i] * s[j, j]) for j in range(n)] for i in range(n)])
    mean_r = 2 / (n * (n - 1)) * sum(r[i, j] for i in range(n) for j in range(i + 1, n))
    f = np.array([[mean_r * np.sqrt(s[i, i] * s[j, j]) for j in range(n)] for i in range(n)])
    f[np.arange(n), np.arange(n)] = s.diagonal()
    pi = np.array(
        [[np.mean((x[:, i] * x[:, j] - s[i, j]) ** 2) for j in range(n)] for i in range(n)]
    )

    def theta(k: int, i: int, j: int) -> float:
        return float(np.mean((x[:, k] ** 2 - s[k, k]) * (x[:, i] * x[:, j] - s[i, j])))

    rho = pi.diagonal().sum() + sum(
        mean_r
        / 2
        * (
            np.sqrt(s[j, j] / s[i, i]) * theta(i, i, j)
            + np.sqrt(s[i, i] / s[j, j]) * theta(j, i, j)
        )
        for i in range(n)
        for j in range(n)
        if i != j
    )
    kappa = (pi.sum() - rho) / ((f - s) ** 2).sum()
    delta = max(0.0, min(1.0, kappa / n_weeks))
    return np.asarray(delta * f + (1 - delta) * s)


def test_shrinkage_is_ledoit_and_wolfs() -> None:
    rng = np.random.default_rng(0)
    for n_weeks in (20, 60, 156):
        returns = rng.normal(0.0, 0.02, (n_weeks, 4)) * [1, 2, 1, 3] + rng.normal(
            0.0, 0.02, (n_weeks, 1)
        )
        assert shrunk_covariance(returns) == pytest.approx(by_loops(returns), rel=1e-9)


def test_one_sector_is_its_own_variance() -> None:
    returns = np.random.default_rng(0).normal(size=(60, 1))
    assert shrunk_covariance(returns)[0, 0] == pytest.approx(returns.var())


def test_the_covariance_is_symmetric_positive_and_annual() -> None:
    rows = sector_covariance(toy(), as_of=toy().last)
    values = np.array([row.values for row in rows])
    assert [row.sector for row in rows] == sorted(SECTORS)
    assert np.array_equal(values, values.T)
    assert np.linalg.eigvalsh(values).min() > 0
    assert np.sqrt(values.diagonal()).mean() == pytest.approx(0.23, abs=0.05)


def test_a_sector_without_a_year_of_weeks_is_left_out() -> None:
    index = toy().sectors.closes.index
    assert [row.sector for row in sector_covariance(toy(), as_of=index[500].date())] == sorted(
        set(SECTORS) - {LATE}
    )
    assert sector_covariance(toy(), as_of=index[100].date()) == ()


def test_later_sessions_and_the_order_of_sectors_change_no_bit() -> None:
    as_of = toy().sectors.closes.index[800].date()
    rows = sector_covariance(toy(), as_of=as_of)
    assert sector_covariance(toy().until(as_of), as_of=as_of) == rows
    assert sector_covariance(relabelled(toy(), tuple(reversed(SECTORS))), as_of=as_of) == rows


def test_a_year_has_as_many_weeks_as_five_sessions_go_into_its_sessions() -> None:
    closes = toy().sectors.only(sorted(SECTORS)).closes.ffill(limit=5)
    weekly = closes.iloc[::-5].iloc[:157].iloc[::-1]
    returns = (weekly / weekly.shift(1) - 1.0).dropna()
    row = sector_covariance(toy(), as_of=toy().last)[0]
    assert row.values[0] == pytest.approx(252 / 5 * returns.iloc[:, 0].var(ddof=0))


TWO = View(np.zeros(2), np.array([[0.04, 0.01], [0.01, 0.09]]), 10.0)


def test_risk_is_that_of_the_weights_by_hand() -> None:
    found = risk_of(np.array([0.5, 0.3, 0.2]), np.array([0.6, 0.4, 0.0]), TWO)
    assert found is not None
    held = 0.25 * 0.04 + 2 * 0.15 * 0.01 + 0.09 * 0.09
    market = 0.36 * 0.04 + 2 * 0.24 * 0.01 + 0.16 * 0.09
    shared = 0.5 * (0.6 * 0.04 + 0.4 * 0.01) + 0.3 * (0.6 * 0.01 + 0.4 * 0.09)
    assert found.volatility_pct == pytest.approx(100 * np.sqrt(held))
    assert found.benchmark_volatility_pct == pytest.approx(100 * np.sqrt(market))
    assert found.beta_x == pytest.approx(shared / market)


def test_the_expected_shortfall_is_the_mean_of_the_worst_twentieth_of_normal_months() -> None:
    found = risk_of(np.array([1.0, 0.0, 0.0]), np.array([0.0, 1.0, 0.0]), TWO)
    assert found is not None
    months = np.sort(np.random.default_rng(0).normal(0.0, 0.2 / np.sqrt(12.0), 2_000_000))
    worst = -100.0 * months[: len(months) // 20].mean()
    assert found.expected_shortfall_pct == pytest.approx(worst, rel=2e-3)


def test_risk_shares_sum_to_100_and_are_none_without_a_bet() -> None:
    shares = risk_shares(np.array([0.1, -0.06, -0.04]), TWO)
    assert shares is not None
    assert shares.sum() == pytest.approx(100.0)
    variance = 0.01 * 0.04 - 2 * 0.006 * 0.01 + 0.0036 * 0.09
    assert shares[0] == pytest.approx(100 * 0.1 * (0.1 * 0.04 - 0.06 * 0.01) / variance)
    assert risk_shares(np.zeros(3), TWO) is None


def test_without_a_covariance_there_is_no_risk_to_tell() -> None:
    blind = View(np.zeros(2), TWO.covariance, 10.0, measured=False)
    assert risk_of(np.ones(3), np.ones(3), blind) is None
    assert risk_shares(np.ones(3), blind) is None


def test_a_sector_without_a_covariance_moves_like_the_others_on_average() -> None:
    found = covariance_of(inputs_of(None, ("a", "b", "c", "d")), ("a", "b", "c", "d", "e"))
    given = found[:4, :4]
    assert found[4, 4] == pytest.approx(np.diagonal(given).mean())
    assert found[4, :4] == pytest.approx(given.mean(axis=0))
    assert np.array_equal(found, found.T)
    assert np.linalg.eigvalsh(found).min() > 0.0
    assert np.array_equal(covariance_of(None, ("a", "b")), DEFAULT_VARIANCE * np.eye(2))
