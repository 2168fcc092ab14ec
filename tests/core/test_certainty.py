import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import stats

from core.certainty import is_flat, newey_west_lag, newey_west_t, wilson


def test_a_series_that_differs_by_rounding_alone_is_flat() -> None:
    assert is_flat(np.full(50, 0.1) + np.tile([0.0, 1e-17], 25))
    assert is_flat(np.array([0.0, 1e-117]))
    assert not is_flat(np.tile([0.1, 0.1001], 25))


def test_the_difference_of_two_equal_series_is_flat_at_their_scale() -> None:
    values = np.random.default_rng(1).normal(size=100)
    difference = values - ((values + 0.3) - 0.3)
    assert np.ptp(difference) > 0.0
    assert is_flat(difference, scale=1.0)


def test_a_constant_has_no_t_whatever_rounding_leaves_of_it() -> None:
    assert newey_west_t(np.full(37, 0.1), 3) is None


def test_the_lag_grows_with_the_sample_and_covers_the_overlap() -> None:
    assert [newey_west_lag(count) for count in (20, 100, 1000, 5000)] == [2, 4, 6, 9]
    assert newey_west_lag(100, overlap=12) == 12


def test_newey_west_by_hand() -> None:
    values = np.tile([1.0, 3.0], 10)
    # mean 2, gamma0 1, gamma1 -19/20, Bartlett weight 1/2: variance 1 - 0.95 = 0.05
    assert newey_west_t(values, 1) == pytest.approx(2.0 / np.sqrt(0.05 / 20), abs=1e-9)


@given(st.integers(0, 60), st.integers(1, 60))
def test_wilson_equals_scipy_and_holds_the_share(hits: int, more: int) -> None:
    count = hits + more
    found = wilson(hits, count)
    assert found is not None
    wanted = stats.binomtest(hits, count).proportion_ci(method="wilson")
    assert found.low == pytest.approx(wanted.low, abs=1e-9)
    assert found.high == pytest.approx(wanted.high, abs=1e-9)
    assert found.low <= hits / count <= found.high


@pytest.mark.parametrize(("hits", "ends"), [(0, "low"), (5, "high")])
def test_where_none_or_all_hit_the_interval_ends_there(hits: int, ends: str) -> None:
    found = wilson(hits, 5)
    assert found is not None
    assert getattr(found, ends) == hits / 5


def test_no_count_has_no_interval() -> None:
    assert wilson(0, 0) is None
