import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.forecast.skill import (
    average,
    ic_decay,
    icir,
    newey_west_t,
    rank_ic,
    rank_persistence,
    third_spread,
    third_weights,
    top_turnover,
)

NONE = float("nan")


def drawn(dates: int, sectors: int, seed: int) -> np.ndarray:
    return np.random.default_rng(seed).normal(size=(dates, sectors))


def test_the_average_leaves_dates_without_a_value_out() -> None:
    values = np.random.default_rng(1).normal(0.1, 1.0, 40)
    holed = np.insert(values, [3, 17, 40], NONE)
    found = average(holed, overlap=2)
    assert found is not None
    assert found.mean == pytest.approx(values.mean(), abs=1e-9)
    assert found.t == newey_west_t(values, 2)
    assert found.dates_count == 40


def test_without_a_date_there_is_no_average() -> None:
    assert average(np.full(5, NONE), overlap=1) is None


def test_icir_is_the_mean_over_the_sample_deviation() -> None:
    assert icir(np.array([0.1, NONE, 0.3])) == pytest.approx(0.2 / np.sqrt(0.02), abs=1e-9)


@pytest.mark.parametrize("ics", [[], [0.1], [NONE, 0.1], [0.2, 0.2, 0.2]])
def test_equal_or_single_ics_have_no_icir(ics: list[float]) -> None:
    assert icir(np.array(ics)) is None


def test_the_spread_is_the_top_thirds_mean_less_the_bottom_thirds() -> None:
    predicted = np.array([[3.0, 1.0, 2.0, 6.0, 5.0, 4.0, NONE]])
    outcomes = np.array([[0.0, 0.1, 0.3, 0.8, 0.2, 0.5, 9.0]])
    assert third_spread(predicted, outcomes)[0] == pytest.approx(0.5 - 0.2, abs=1e-9)


def test_eleven_sectors_have_thirds_of_three() -> None:
    weights = third_weights(np.arange(11.0)[None, :])
    assert weights[0].tolist() == [0.0] * 8 + [1 / 3] * 3


def test_sectors_tied_across_the_edge_share_its_places() -> None:
    weights = third_weights(np.array([[5.0, 1.0, 1.0, 1.0, 0.0, 0.0]]))
    assert weights[0] == pytest.approx([0.5, 1 / 6, 1 / 6, 1 / 6, 0.0, 0.0])


@given(st.lists(st.integers(0, 3), min_size=3, max_size=12))
def test_the_order_of_sectors_changes_no_spread(values: list[int]) -> None:
    predicted = np.array([values], dtype=np.float64)
    outcomes = np.random.default_rng(len(values)).normal(size=predicted.shape)
    weights = third_weights(predicted)[0]
    assert weights.sum() == pytest.approx(1.0)
    turned = np.random.default_rng(sum(values)).permutation(len(values))
    first = third_spread(predicted, outcomes)
    second = third_spread(predicted[:, turned], outcomes[:, turned])
    np.testing.assert_allclose(first, second, atol=1e-9)


def test_two_sectors_or_one_prediction_for_all_have_no_spread() -> None:
    assert np.isnan(third_spread(np.array([[1.0, 2.0, NONE]]), np.array([[1.0, 2.0, 3.0]])))[0]
    assert np.isnan(third_spread(np.ones((1, 6)), np.arange(6.0)[None, :]))[0]


def test_decay_compares_the_same_dates_and_falls_with_age() -> None:
    """The outcome repeats half of the last; what predicts it now predicts it less from before."""
    rng = np.random.default_rng(3)
    truth = rng.normal(size=(400, 12))
    for row in range(1, 400):
        truth[row] = 0.7 * truth[row - 1] + np.sqrt(1 - 0.49) * truth[row]
    predicted = truth + rng.normal(size=truth.shape)
    found = ic_decay(predicted, truth, lags=(0, 1, 2, 4), overlap=1)
    assert [row.lag for row in found] == [0, 1, 2, 4]
    assert [row.ic.dates_count for row in found] == [396] * 4
    assert found[0].ic.mean == pytest.approx(rank_ic(predicted, truth)[4:].mean(), abs=1e-9)
    means = [row.ic.mean for row in found]
    assert means == sorted(means, reverse=True)
    assert means[1] / means[0] == pytest.approx(0.7, abs=0.1)


def test_decay_without_enough_dates_is_empty() -> None:
    assert ic_decay(drawn(3, 5, 1), drawn(3, 5, 2), lags=(0, 5), overlap=1) == ()


def test_persistence_is_the_rank_correlation_with_the_date_before() -> None:
    predicted = drawn(30, 8, 4)
    found = rank_persistence(predicted)
    assert np.isnan(found[0])
    wanted = pd.Series(predicted[6]).corr(pd.Series(predicted[5]), method="spearman")
    assert found[6] == pytest.approx(wanted, abs=1e-9)
    assert np.isnan(rank_persistence(predicted, lag=40)).all()


def test_turnover_is_the_share_of_the_top_third_replaced() -> None:
    predicted = np.array(
        [
            [6.0, 5.0, 4.0, 3.0, 2.0, 1.0],
            [5.0, 6.0, 1.0, 2.0, 3.0, 4.0],
            [5.0, 0.0, 6.0, 1.0, 2.0, 3.0],
            [NONE, NONE, NONE, NONE, 2.0, 1.0],
            [1.0, 2.0, 3.0, 4.0, 5.0, 6.0],
        ]
    )
    found = top_turnover(predicted)
    assert np.isnan(found[[0, 3, 4]]).all()
    assert found[1:3].tolist() == [0.0, 0.5]
