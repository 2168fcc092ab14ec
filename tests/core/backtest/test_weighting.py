import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from core.backtest.strategies import Shape
from core.backtest.weighting import best, rank_tilt, smoothed, targets

NAN = np.nan
scores_drawn = arrays(
    np.float64, (5, 6), elements=st.one_of(st.floats(-3, 3, width=16), st.just(NAN))
)


def test_the_best_are_held_in_equal_parts_ties_by_column_order() -> None:
    scores = np.array([[1.0, 2.0, 2.0, 2.0], [NAN, 0.0, NAN, -1.0]])
    listed = np.ones(scores.shape, dtype=bool)
    found = targets(scores, listed, shape="ranked", top=2)
    assert found.tolist() == [[0.0, 0.5, 0.5, 0.0], [0.0, 0.5, 0.0, 0.5]]


def test_fewer_with_a_score_than_places_share_all() -> None:
    assert np.isfinite(best(np.array([[NAN, 1.0, NAN]]), 2)).tolist() == [[False, True, False]]
    one = targets(np.array([[NAN, 1.0, NAN]]), np.ones((1, 3), bool), shape="held", top=2)
    assert one.tolist() == [[0.0, 1.0, 0.0]]


def test_a_rank_tilt_is_linear_in_rank() -> None:
    assert rank_tilt(np.array([[0.3, 0.1, 0.2]]))[0] == pytest.approx([3 / 6, 1 / 6, 2 / 6])
    assert rank_tilt(np.array([[0.3, NAN, 0.2]]))[0] == pytest.approx([2 / 3, 0.0, 1 / 3])


def test_a_constant_score_is_equal_weight() -> None:
    assert rank_tilt(np.full((2, 5), 7.0)) == pytest.approx(np.full((2, 5), 0.2))


def test_a_silent_row_is_equal_weight_of_what_is_listed() -> None:
    listed = np.array([[True, True, False, True]])
    for shape, top in (("ranked", 2), ("ranked", None), ("held", None)):
        kind: Shape = "held" if shape == "held" else "ranked"
        found = targets(np.full((1, 4), NAN), listed, shape=kind, top=top)
        assert found[0] == pytest.approx([1 / 3, 1 / 3, 0.0, 1 / 3])


def test_given_weights_are_taken_as_they_are() -> None:
    found = targets(np.array([[0.3, NAN, 0.2]]), np.ones((1, 3), bool), shape="weights", top=None)
    assert found.tolist() == [[0.3, 0.0, 0.2]]


@given(scores_drawn, st.sampled_from([None, 1, 3, 6]), st.permutations(range(6)))
def test_targets_are_portfolios_of_what_has_a_score(
    scores: np.ndarray, top: int | None, order: list[int]
) -> None:
    listed = np.ones(scores.shape, dtype=bool)
    found = targets(scores, listed, shape="ranked", top=top)
    assert found.sum(axis=1) == pytest.approx(np.ones(5))
    told = np.isfinite(scores).any(axis=1)
    assert (found[told][np.isnan(scores[told])] == 0.0).all()
    if top is None:
        turned = targets(scores[:, order], listed, shape="ranked", top=None)
        assert turned == pytest.approx(found[:, order])


def test_smoothing_keeps_part_of_the_last_targets() -> None:
    wanted = np.array([[1.0, 0.0], [0.0, 1.0], [0.0, 1.0]])
    assert smoothed(wanted, 0.75).tolist() == [[1.0, 0.0], [0.75, 0.25], [0.5625, 0.4375]]
    assert np.array_equal(smoothed(wanted, 0.0), wanted)
