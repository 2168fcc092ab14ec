from itertools import combinations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.backtest.resampling import (
    block_bars,
    block_bounds,
    halves,
    resampled_means,
    stationary_indices,
)


def one_by_one(bars_count: int, block: int, rng: np.random.Generator) -> list[int]:
    """Politis and Romano's resample, drawn bar after bar."""
    rows = rng.integers(bars_count, size=bars_count)
    ends = rng.random(bars_count)
    for place in range(1, bars_count):
        if ends[place] > 1.0 / block:
            rows[place] = (rows[place - 1] + 1) % bars_count
    return [int(row) for row in rows]


@given(st.integers(2, 80), st.integers(1, 30), st.integers(0, 99))
def test_a_resample_is_the_one_drawn_bar_after_bar(count: int, block: int, seed: int) -> None:
    found = stationary_indices(count, block, np.random.default_rng(seed))
    assert found.tolist() == one_by_one(count, block, np.random.default_rng(seed))


def test_blocks_are_as_long_as_asked_on_average() -> None:
    rows = stationary_indices(200_000, 20, np.random.default_rng(5))
    breaks = int(((rows[1:] - rows[:-1]) % 200_000 != 1).sum())
    assert 200_000 / breaks == pytest.approx(20.0, rel=0.03)


def test_resampled_means_are_those_of_the_rows_drawn() -> None:
    values = np.random.default_rng(1).normal(size=(50, 3))
    found = resampled_means(values, block=5, draws=300, rng=np.random.default_rng(2))
    rng = np.random.default_rng(2)
    wanted = np.array([values[one_by_one(50, 5, rng)].mean(axis=0) for _ in range(300)])
    np.testing.assert_allclose(found, wanted, atol=1e-12)


def test_the_block_is_the_cube_root_and_at_least_the_overlap() -> None:
    assert [block_bars(count) for count in (27, 28, 1000, 5000)] == [3, 4, 10, 18]
    assert block_bars(1000, least=21) == 21


@given(st.integers(4, 200), st.integers(2, 16))
def test_blocks_cover_the_bars_and_differ_by_one_at_most(count: int, blocks: int) -> None:
    if blocks > count:
        return
    sizes = np.diff(np.append(block_bounds(count, blocks), count))
    assert sizes.sum() == count
    assert len(sizes) == blocks
    assert sizes.max() - sizes.min() <= 1


@pytest.mark.parametrize(("blocks", "count"), [(4, 6), (10, 252), (16, 12870)])
def test_every_half_comes_once_and_opposite_its_rest(blocks: int, count: int) -> None:
    rows = np.concatenate(list(halves(blocks)))
    assert len(rows) == len(np.unique(rows, axis=0)) == count
    assert (rows.sum(axis=1) == blocks // 2).all()
    assert (rows + rows[::-1] == 1.0).all()
    if blocks == 4:
        wanted = [list(pair) for pair in combinations(range(4), 2)]
        assert [np.flatnonzero(row).tolist() for row in rows] == wanted
