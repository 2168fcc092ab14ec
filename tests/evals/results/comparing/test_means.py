from math import sqrt

import pytest
from hypothesis import given
from hypothesis import strategies as st

from evals.results.comparing.means import clustered, mean_of, paired
from tests.evals.results.made import a_case

VALUES = st.lists(
    st.tuples(st.sampled_from("abcde"), st.floats(0.0, 1.0, allow_subnormal=False)),
    min_size=2,
    max_size=30,
)


def test_without_variants_the_error_is_that_of_independent_values() -> None:
    values = [("a", 1.0), ("b", 0.0), ("c", 1.0), ("d", 1.0)]
    mean, error = clustered(values)
    assert mean == 0.75
    assert error == pytest.approx(sqrt((3 * 0.25**2 + 0.75**2) / (4 * 3)))


def test_variants_that_agree_count_nearly_as_one_question() -> None:
    four = [(name, value) for name, value in (("a", 1.0), ("b", 0.0)) for _ in range(4)]
    _, together = clustered(four)
    _, alone = clustered([(str(place), value) for place, (_, value) in enumerate(four)])
    assert together is not None
    assert alone is not None
    # by hand: 8 distances of 1/2; alone 2/56; crossed two clusters of 12 pairs of 1/4 over 64
    assert alone == pytest.approx(sqrt(2.0 / 56.0))
    assert together == pytest.approx(sqrt(2.0 / 56.0 + 6.0 / 64.0))


def test_one_value_has_a_mean_and_no_error_and_none_has_neither() -> None:
    assert clustered([("a", 0.5)]) == (0.5, None)
    assert clustered([]) == (None, None)


@given(VALUES)
def test_an_error_is_a_number_that_neither_order_nor_names_change(
    values: list[tuple[str, float]],
) -> None:
    mean, error = clustered(values)
    assert mean is not None
    assert error is not None
    assert error >= 0.0
    renamed = [(f"x{name}", value) for name, value in reversed(values)]
    assert clustered(renamed)[0] == pytest.approx(mean)
    assert clustered(renamed)[1] == pytest.approx(error, abs=1e-9)


def test_what_was_not_scored_is_counted_apart_and_lowers_no_mean() -> None:
    cases = [a_case("a", coverage=1.0), a_case("b", coverage=0.5), a_case("c", coverage=None)]
    found = mean_of([*cases, a_case("d", error="broke")], "coverage")
    assert (found.mean, found.count, found.unscored) == (0.75, 2, 1)


def test_a_change_is_of_the_cases_both_runs_scored() -> None:
    before = {"a": {"coverage": 0.5}, "b": {"coverage": 1.0}, "gone": {"coverage": 0.0}}
    after = [a_case("a", coverage=1.0), a_case("b", coverage=None), a_case("new", coverage=0.0)]
    assert paired(before, after, "coverage") == (0.5, None, 1)
