import warnings
from importlib import import_module
from types import ModuleType

import numpy as np
import pytest

from core.backtest.resampling import stationary_indices
from core.backtest.superiority import long_run_variance, spa, superior

EXACT = 1e-9


@pytest.fixture(scope="module")
def arch() -> ModuleType:
    """The oracle."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        return import_module("arch.bootstrap")


def drawn(
    bars: int, count: int, seed: int, spread: float = 0.0006
) -> tuple[np.ndarray, np.ndarray]:
    rng = np.random.default_rng(seed)
    market = rng.standard_t(5, bars) * 0.008
    means = np.linspace(-spread, spread, count)
    return market[:, None] + rng.normal(0.0, 0.006, (bars, count)) + means, market


@pytest.mark.parametrize("seed", range(4))
@pytest.mark.parametrize("block", [1, 7, 22])
def test_the_three_p_values_equal_those_of_arch_on_its_resamples(
    arch: ModuleType, seed: int, block: int
) -> None:
    strategies, market = drawn(300, 6, seed, spread=0.002)
    oracle = arch.SPA(-market, -strategies, block_size=block, reps=200, seed=seed)
    oracle.compute()
    rng = np.random.default_rng(seed)
    found = spa(strategies, market, block=block, rng=rng, draws=200, scaled=False)
    assert found == pytest.approx(tuple(oracle.pvalues), abs=EXACT)


def test_resamples_are_those_of_arch(arch: ModuleType) -> None:
    oracle = arch.StationaryBootstrap(9, np.arange(123), seed=5)
    rng = np.random.default_rng(5)
    for (rows,), _ in oracle.bootstrap(20):
        assert rows.tolist() == stationary_indices(123, 9, rng).tolist()


@pytest.mark.parametrize("block", [1, 5, 40])
def test_the_variance_is_that_of_arch(arch: ModuleType, block: int) -> None:
    strategies, market = drawn(257, 5, 1)
    oracle = arch.SPA(-market, -strategies, block_size=block, reps=2, seed=1)
    oracle.compute()
    found = long_run_variance(strategies - market[:, None], block)
    np.testing.assert_allclose(found, oracle._loss_diff_var, rtol=EXACT)


@pytest.mark.parametrize("seed", range(3))
def test_the_superior_are_those_of_arch(arch: ModuleType, seed: int) -> None:
    strategies, market = drawn(900, 8, seed, spread=0.001)
    oracle = arch.StepM(-market, -strategies, size=0.1, block_size=10, reps=300, seed=seed)
    oracle.compute()
    rng = np.random.default_rng(seed)
    found = superior(strategies, market, block=10, rng=rng, draws=300, size=0.1, scaled=False)
    assert found
    assert list(found) == oracle.superior_models


def test_the_scaled_statistic_by_hand() -> None:
    strategies, market = drawn(80, 3, 3)
    found = spa(strategies, market, block=4, rng=np.random.default_rng(8), draws=150)
    excess = strategies - market[:, None]
    means, rng = excess.mean(axis=0), np.random.default_rng(8)
    errors = np.sqrt(long_run_variance(excess, 4) / 80)
    unit = excess.std(axis=0, ddof=1)
    resampled = np.array([excess[stationary_indices(80, 4, rng)].mean(axis=0) for _ in range(150)])
    kept = np.where(means >= -errors * np.sqrt(2 * np.log(np.log(80))), means, 0.0)
    best = (means / unit).max()
    wanted = (((resampled - kept) / unit).max(axis=1) > best).mean()
    assert found is not None
    assert found.consistent == pytest.approx(wanted, abs=EXACT)


def test_the_lower_p_is_never_above_the_upper() -> None:
    for seed in range(10):
        strategies, market = drawn(120, 5, seed, spread=0.003)
        found = spa(strategies, market, block=5, rng=np.random.default_rng(seed), draws=200)
        assert found is not None
        assert 0.0 <= found.lower <= found.consistent <= found.upper <= 1.0


def test_a_real_edge_is_found_and_named() -> None:
    strategies, market = drawn(600, 10, 2, spread=0.0)
    strategies[:, 4] += 0.002
    found = spa(strategies, market, block=8, rng=np.random.default_rng(1), draws=500)
    assert found is not None
    assert found.consistent < 0.01
    named = superior(strategies, market, block=8, rng=np.random.default_rng(1), draws=500)
    assert named == (4,)


def test_a_hopeless_rival_lowers_the_consistent_p() -> None:
    """Hansen's point: what is surely worse says nothing about the best."""
    strategies, market = drawn(400, 2, 5, spread=0.0)
    strategies[:, 0] += 0.0005
    strategies[:, 1] -= 0.01
    rng = np.random.default_rng(1)
    found = spa(strategies, market, block=6, rng=rng, draws=800, scaled=False)
    assert found is not None
    assert found.consistent < found.upper


def test_what_equals_the_reference_or_is_short_has_no_p() -> None:
    strategies, market = drawn(60, 3, 1)
    same = np.column_stack([market, market + 0.001])
    rng = np.random.default_rng(1)
    assert spa(same, market, block=3, rng=rng) is None
    assert spa(strategies[:19], market[:19], block=3, rng=rng) is None
    assert superior(same, market, block=3, rng=rng) == ()


def test_columns_are_named_by_their_own_place_beside_equal_ones() -> None:
    strategies, market = drawn(400, 2, 6, spread=0.0)
    table = np.column_stack([market, strategies[:, 0], strategies[:, 1] + 0.003])
    assert superior(table, market, block=5, rng=np.random.default_rng(1), draws=300) == (2,)


def test_scaling_finds_a_quiet_edge_beside_a_noisy_rival() -> None:
    rng = np.random.default_rng(4)
    table = np.column_stack([rng.normal(0.0006, 0.002, 250), rng.normal(0.0, 0.03, 250)])
    cash = np.zeros(250)
    found = [
        spa(table, cash, block=1, rng=np.random.default_rng(1), draws=400, scaled=scaled)
        for scaled in (True, False)
    ]
    assert found[0] is not None
    assert found[1] is not None
    assert found[0].consistent < 0.05 < found[1].consistent
