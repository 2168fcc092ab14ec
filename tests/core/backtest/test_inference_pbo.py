from itertools import combinations, pairwise

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import stats

from core.backtest.overfitting import pbo


def noise(bars: int, count: int, seed: int) -> np.ndarray:
    return np.random.default_rng(seed).normal(0.0, 0.01, (bars, count))


def by_the_book(table: np.ndarray, blocks: int) -> tuple[float, int]:
    """Bailey and others' algorithm, split by split, on the bars themselves."""
    bounds = [place * len(table) // blocks for place in range(blocks + 1)]
    parts = [table[low:high] for low, high in pairwise(bounds)]
    logits = []
    for chosen in combinations(range(blocks), blocks // 2):
        inside = np.concatenate([parts[place] for place in chosen])
        outside = np.concatenate([parts[place] for place in range(blocks) if place not in chosen])
        best = np.argmax(inside.mean(axis=0) / inside.std(axis=0, ddof=1))
        ranks = stats.rankdata(outside.mean(axis=0) / outside.std(axis=0, ddof=1))
        share = ranks[best] / (table.shape[1] + 1)
        logits.append(np.log(share / (1.0 - share)))
    return float(np.mean(np.array(logits) <= 1e-12)), len(logits)


@pytest.mark.parametrize(("bars", "count", "blocks"), [(97, 5, 6), (240, 8, 8), (60, 2, 4)])
def test_pbo_is_that_of_the_book(bars: int, count: int, blocks: int) -> None:
    for seed in range(4):
        table = noise(bars, count, seed) + np.linspace(0.0, 0.002, count)
        found = pbo(table, blocks=blocks)
        assert found is not None
        probability, splits = by_the_book(table, blocks)
        assert found.probability == pytest.approx(probability, abs=1e-12)
        assert found.splits_count == splits


def test_sixteen_blocks_make_12870_splits_and_fewer_bars_fewer() -> None:
    counts = {bars: pbo(noise(bars, 3, 1)) for bars in (64, 63, 24, 20)}
    assert {bars: found.splits_count for bars, found in counts.items() if found} == {
        64: 12870,
        63: 3432,
        24: 20,
        20: 6,
    }


def test_choosing_among_noise_misleads_half_the_time() -> None:
    found = [pbo(noise(480, 20, seed), blocks=10) for seed in range(60)]
    shares = [row.probability for row in found if row is not None]
    assert np.mean(shares) == pytest.approx(0.5, abs=0.08)


def test_one_real_strategy_among_noise_is_found_again() -> None:
    table = noise(480, 20, 1)
    table[:, 7] += 0.004
    found = pbo(table)
    assert found is not None
    assert found.probability < 0.01


def test_a_strategy_that_only_worked_once_misleads() -> None:
    """Each of the strategies shone in one block and lost in the others."""
    table = noise(160, 16, 2) * 0.1 - 0.0005
    for block in range(16):
        table[block * 10 : block * 10 + 10, block] += 0.01
    found = pbo(table)
    assert found is not None
    assert found.probability > 0.9


@settings(max_examples=20)
@given(st.integers(0, 1000), st.floats(0.01, 100.0))
def test_scale_and_order_of_strategies_change_nothing(seed: int, by: float) -> None:
    table = noise(80, 5, seed)
    order = np.random.default_rng(seed).permutation(5)
    assert pbo(table, blocks=6) == pbo(table[:, order] * by, blocks=6)


def test_a_strategy_without_risk_in_one_half_is_left_out_there() -> None:
    table = noise(80, 3, 4)
    table[:40, 0] = 0.0
    found = pbo(table, blocks=4)
    assert found is not None
    assert found.splits_count <= 6
    assert 0.0 <= found.probability <= 1.0


@pytest.mark.parametrize(
    "table",
    [
        noise(19, 5, 1),
        noise(100, 1, 1),
        np.full((100, 4), 0.001),
        np.column_stack([noise(100, 1, 1)[:, 0], np.zeros(100)]),
    ],
)
def test_without_a_choice_there_is_no_overfitting(table: np.ndarray) -> None:
    assert pbo(table) is None


@pytest.mark.parametrize("blocks", [5, 102])
def test_blocks_that_do_not_fit_are_refused(blocks: int) -> None:
    with pytest.raises(ValueError, match="even number that fits"):
        pbo(noise(100, 3, 1), blocks=blocks)
