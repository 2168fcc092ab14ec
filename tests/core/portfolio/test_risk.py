from functools import cache

import numpy as np
import pytest

from core.panel import MarketPanels
from core.portfolio.risk import sector_covariance, shrunk_covariance
from tests.core.market import LATE, SECTORS, Spec, market, relabelled


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
