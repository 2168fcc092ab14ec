import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.estimates import gap, pooled_mean, share

WALK = np.random.default_rng(5).normal(0.2, 1.0, 400)


def moving_sum(values: np.ndarray, width: int) -> np.ndarray:
    return np.convolve(values, np.ones(width), "valid")


def test_a_share_stands_in_its_interval_and_has_none_without_a_trial() -> None:
    found = share(8, 10)
    assert (found.hits, found.trials, found.fraction) == (8, 10, 0.8)
    assert (found.low, found.high) == pytest.approx((0.490162, 0.943318), abs=1e-6)
    assert share(0, 0).fraction is None
    with pytest.raises(ValueError, match="3 of 2"):
        share(3, 2)


def test_without_overlap_the_error_is_that_of_independent_dates() -> None:
    found = pooled_mean(WALK[:, None], overlap=0)
    assert found.mean == pytest.approx(WALK.mean())
    assert found.error == pytest.approx(WALK.std() / np.sqrt(len(WALK)))
    assert found.t == pytest.approx((found.mean or 0.0) / (found.error or 1.0))


def test_one_column_is_newey_and_west_by_hand() -> None:
    values = moving_sum(WALK, 4)
    centred = values - values.mean()
    variance = centred @ centred
    for step in range(1, 7):
        variance += 2 * (1 - step / 7) * (centred[step:] @ centred[:-step])
    found = pooled_mean(values[:, None], overlap=3)
    assert found.error == pytest.approx(np.sqrt(variance) / len(values))


def test_overlapping_outcomes_are_worth_fewer_dates() -> None:
    values = moving_sum(WALK, 13)[:, None]
    naive, honest = (pooled_mean(values, overlap=overlap).error for overlap in (0, 12))
    assert naive is not None
    assert honest is not None
    assert honest > 2.5 * naive


@given(copies=st.integers(2, 6))
def test_the_same_sector_many_times_is_no_surer_than_once(copies: int) -> None:
    once = pooled_mean(WALK[:, None], overlap=2)
    often = pooled_mean(np.repeat(WALK[:, None], copies, axis=1), overlap=2)
    assert often.n_cells == copies * once.n_cells
    assert often.t == pytest.approx(once.t)


def test_few_outcomes_end_to_end_have_no_t() -> None:
    values = moving_sum(WALK, 13)[:, None]
    assert pooled_mean(values[:129], overlap=12).t is None
    assert pooled_mean(values[:130], overlap=12).t is not None


def test_unknown_cells_are_left_out_and_few_dates_have_no_t() -> None:
    values = np.array([[1.0, np.nan], [np.nan, np.nan], [2.0, 6.0]])
    found = pooled_mean(values, overlap=0)
    assert (found.mean, found.n_cells, found.n_dates) == (3.0, 3, 2)
    assert (found.error, found.t) == (None, None)
    assert pooled_mean(np.full((3, 2), np.nan), overlap=0).mean is None


def test_a_gap_is_the_chosen_mean_against_all() -> None:
    chosen = np.zeros(400, dtype=bool)
    chosen[:100] = True
    found = gap(WALK + 0.5 * chosen, chosen, overlap=0)
    assert found.chosen == pytest.approx(WALK[:100].mean() + 0.5)
    assert found.always == pytest.approx(WALK.mean() + 0.125)
    rest = WALK[100:]
    plain = (WALK[:100].mean() + 0.5 - rest.mean()) / np.sqrt(
        WALK[:100].var() / 100 + rest.var() / 300
    )
    assert found.t == pytest.approx(plain, rel=1e-6)


def test_a_gap_needs_chosen_dates_and_twenty_of_them_for_a_t() -> None:
    nobody = np.zeros(400, dtype=bool)
    assert gap(WALK, nobody, overlap=0).chosen is None
    few = nobody.copy()
    few[:19] = True
    assert gap(WALK, few, overlap=0).t is None
    assert gap(np.full(3, np.nan), nobody[:3], overlap=0).always is None
