import numpy as np
import pytest
from scipy import stats

from core.forecast.skill import newey_west_t, rank_ic, sign_hits


def test_rank_ic_is_spearman_with_ties_over_sectors_with_both() -> None:
    rng = np.random.default_rng(1)
    predicted = np.round(rng.normal(size=(30, 9)), 1)
    outcomes = np.round(rng.normal(size=(30, 9)), 1)
    predicted[rng.random(predicted.shape) < 0.2] = np.nan
    for row, ic in enumerate(rank_ic(predicted, outcomes)):
        both = ~np.isnan(predicted[row])
        wanted = stats.spearmanr(predicted[row, both], outcomes[row, both]).statistic
        assert ic == pytest.approx(wanted, abs=1e-9)


def test_a_constant_prediction_has_no_ic() -> None:
    assert np.isnan(rank_ic(np.ones((1, 5)), np.arange(5.0)[None, :]))[0]
    assert np.isnan(rank_ic(np.array([[1.0, 2.0]]), np.array([[1.0, 2.0]])))[0]


def test_hits_count_sectors_whose_sign_was_right() -> None:
    predicted = np.array([[1.0, -1.0, 2.0, np.nan]])
    outcomes = np.array([[0.5, 0.5, 3.0, 1.0]])
    assert sign_hits(predicted, outcomes)[0] == pytest.approx(2 / 3, abs=1e-9)


def test_newey_west_without_lags_is_the_ordinary_t() -> None:
    values = np.random.default_rng(2).normal(0.1, 1.0, 50)
    wanted = values.mean() / (values.std() / np.sqrt(50))
    assert newey_west_t(values, 0) == pytest.approx(wanted, abs=1e-9)


def test_overlap_lowers_the_t_of_a_persistent_series() -> None:
    steps = np.random.default_rng(2).normal(0.02, 1.0, 400)
    smooth = np.convolve(steps, np.ones(5) / 5, mode="valid") + 0.1
    plain, honest = newey_west_t(smooth, 0), newey_west_t(smooth, 5)
    assert plain is not None
    assert honest is not None
    assert abs(honest) < 0.7 * abs(plain)


def test_under_twenty_dates_there_is_no_t() -> None:
    assert newey_west_t(np.arange(19.0), 1) is None
    assert newey_west_t(np.ones(30), 1) is None
