import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.windows import window_sums

CELLS = st.lists(st.integers(-1000, 1000), min_size=1, max_size=60)


def test_each_full_window_is_summed() -> None:
    values = np.array([1.0, 2.0, 4.0, 8.0, 16.0])
    assert window_sums(values, 3).tolist() == [7.0, 14.0, 28.0]


@given(cells=CELLS, window=st.integers(1, 70))
def test_sums_agree_with_adding_cell_by_cell(cells: list[int], window: int) -> None:
    plain = [sum(cells[at : at + window]) for at in range(len(cells) - window + 1)]
    assert window_sums(np.array(cells, dtype=np.float64), window).tolist() == plain


@given(seed=st.integers(0, 10_000), window=st.integers(1, 30), before=st.integers(0, 40))
def test_what_lies_outside_a_window_changes_no_bit_of_its_sum(
    seed: int, window: int, before: int
) -> None:
    rng = np.random.default_rng(seed)
    values = rng.normal(size=60)
    huge = np.concatenate([rng.normal(size=before) * 1e12, values, rng.normal(size=9) * 1e12])
    inside = window_sums(huge, window)[before : before + 61 - window]
    assert (inside == window_sums(values, window)).all()


def test_a_missing_cell_is_missing_in_exactly_the_windows_that_hold_it() -> None:
    values = np.ones(12)
    values[5] = np.nan
    missing = np.isnan(window_sums(values, 4))
    assert missing.tolist() == [False, False, True, True, True, True, False, False, False]


def test_no_window_fits_a_history_shorter_than_it() -> None:
    assert window_sums(np.ones((2, 3)), 4).shape == (2, 0)


def test_a_window_of_no_cells_is_refused() -> None:
    with pytest.raises(ValueError, match="at least 1 cell, got 0"):
        window_sums(np.ones(3), 0)
