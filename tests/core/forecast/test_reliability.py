import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.forecast.reliability import (
    brier,
    brier_skill,
    calibration_error,
    coverage,
    reliability,
)

NONE = float("nan")
STATED = np.array([0.1, 0.3, 0.3, NONE, 0.9, 1.0])
CAME = np.array([False, True, False, True, True, True])


def test_brier_by_hand() -> None:
    wanted = (0.01 + 0.49 + 0.09 + 0.01 + 0.0) / 5
    assert brier(STATED, CAME) == pytest.approx(wanted, abs=1e-9)


def test_brier_skill_is_zero_for_stating_the_frequency_and_one_for_certainty() -> None:
    came = np.array([True, False, False, True, False])
    assert brier_skill(np.full(5, 0.4), came) == pytest.approx(0.0, abs=1e-9)
    assert brier_skill(came.astype(float), came) == 1.0
    assert brier_skill(np.full(5, 0.4), np.ones(5, dtype=bool)) is None


def test_the_table_has_five_bins_and_every_prediction_in_one() -> None:
    table = reliability(STATED, CAME)
    assert [row.cases_count for row in table] == [1, 2, 0, 0, 2]
    assert [row.happened for row in table] == [0.0, 0.5, None, None, 1.0]
    assert table[1].predicted == pytest.approx(0.3)
    assert table[4].predicted == pytest.approx(0.95)
    assert (table[2].interval, table[2].low, table[2].high) == (None, 0.4, 0.6)
    assert table[1].interval is not None
    assert table[1].interval.low < 0.5 < table[1].interval.high


def test_the_calibration_error_weighs_gaps_by_counts() -> None:
    wanted = (1 * 0.1 + 2 * 0.2 + 2 * 0.05) / 5
    assert calibration_error(reliability(STATED, CAME)) == pytest.approx(wanted, abs=1e-9)


@given(st.lists(st.tuples(st.floats(0.0, 1.0), st.booleans()), min_size=1, max_size=50))
def test_figures_stay_within_their_bounds(cases: list[tuple[float, bool]]) -> None:
    stated = np.array([case[0] for case in cases])
    came = np.array([case[1] for case in cases])
    table = reliability(stated, came)
    assert sum(row.cases_count for row in table) == len(cases)
    error, squared = calibration_error(table), brier(stated, came)
    assert error is not None
    assert squared is not None
    assert 0.0 <= error <= 1.0
    assert error**2 <= squared + 1e-8  # the mean gap's square is at most the mean square


def test_probabilities_that_are_kept_have_little_error() -> None:
    rng = np.random.default_rng(1)
    stated = rng.uniform(size=20_000)
    table = reliability(stated, rng.uniform(size=20_000) < stated)
    error = calibration_error(table)
    assert error is not None
    assert error < 0.02


def test_coverage_counts_rows_with_all_three() -> None:
    low = np.array([0.0, 0.0, NONE, 0.0, 0.0])
    high = np.array([1.0, 1.0, 1.0, 1.0, 1.0])
    found = coverage(low, high, np.array([0.0, 1.0, 0.5, 1.1, NONE]))
    assert found is not None
    assert found.fraction == pytest.approx(2 / 3, abs=1e-9)
    assert found.cases_count == 3
    assert found.interval.low < 2 / 3 < found.interval.high


def test_nothing_stated_has_no_figures() -> None:
    stated, came = np.full(3, NONE), np.ones(3, dtype=bool)
    assert brier(stated, came) is None
    assert brier_skill(stated, came) is None
    assert calibration_error(reliability(stated, came)) is None
    assert coverage(stated, stated, stated) is None


def test_a_probability_above_one_is_refused() -> None:
    with pytest.raises(ValueError, match=r"0\.5 to 1\.2"):
        brier(np.array([0.5, 1.2]), np.array([True, False]))
