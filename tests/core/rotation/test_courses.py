from datetime import date

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.records.sectors import Rotation
from core.records.universe import Frequency
from core.rotation.courses import CROSSING_DOWN, CROSSING_UP, RotationCourse, rotation_course
from core.rotation.quadrants import QUADRANTS, rotations

WARNINGS = {
    CROSSING_UP: "momentum_crossing_up",
    CROSSING_DOWN: "momentum_crossing_down",
    0: None,
}
FREQUENCIES: tuple[Frequency, ...] = ("weekly", "daily", "monthly")


def market(seed: int, *, days: int = 700, gap: bool = False) -> tuple[pd.DataFrame, pd.Series]:
    """Return walks of four sectors, one listed late, one with a hole, one exactly the benchmark."""
    index = pd.bdate_range("2021-01-04", periods=days)
    steps = np.random.default_rng(seed).normal(0.0, 0.012, (days, 4))
    closes = pd.DataFrame(
        100.0 * np.exp(np.cumsum(steps, axis=0)), index=index, columns=["a", "b", "c", "d"]
    )
    level = closes.mean(axis=1).rename("level")
    closes["d"] = level
    closes.iloc[:120, 1] = np.nan
    if gap:
        closes.iloc[400:405, 2] = np.nan
    return closes.drop(index=index[330:345]), level


def assert_frame(course: RotationCourse, bar: int, told: dict[str, Rotation | None]) -> None:
    for column, sector in enumerate(course.sectors):
        rotation = told[sector]
        if rotation is None:
            assert course.codes[bar, column] == -1
            assert course.dwell[bar, column] == 0
            assert course.warnings[bar, column] == 0
            continue
        assert rotation.period == course.periods[bar]
        assert rotation.provisional == (course.provisional and bar == len(course.periods) - 1)
        assert course.rs_ratio[bar, column] == rotation.rs_ratio_index
        assert course.rs_momentum[bar, column] == rotation.rs_momentum_index
        assert QUADRANTS[course.codes[bar, column]] == rotation.quadrant
        assert course.dwell[bar, column] == rotation.dwell_count
        assert WARNINGS[int(course.warnings[bar, column])] == rotation.early_warning
        found = course.heading_deg[bar, column], course.velocity[bar, column]
        wanted = rotation.heading_deg, rotation.velocity_index
        for value, other in zip(found, wanted, strict=True):
            assert (None if np.isnan(value) else value) == pytest.approx(other, abs=1e-8)


@pytest.mark.parametrize("frequency", FREQUENCIES)
def test_each_frame_is_what_rotations_tell_of_its_day(frequency: Frequency) -> None:
    closes, level = market(3, gap=True)
    as_of = date(2023, 8, 30)
    course = rotation_course(closes, level, frequency=frequency, as_of=as_of, bars=10_000)
    for bar in range(0, len(course.periods), 1 if frequency != "daily" else 9):
        told = rotations(closes, level, frequency=frequency, as_of=course.seen[bar])
        assert_frame(course, bar, told)


@given(st.integers(0, 10_000), st.integers(200, 640), st.sampled_from(FREQUENCIES))
def test_a_frame_does_not_see_past_its_day(seed: int, cut: int, frequency: Frequency) -> None:
    closes, level = market(seed)
    day = closes.index[cut].date()
    whole = rotation_course(closes, level, frequency=frequency, as_of=date(2024, 1, 1), bars=900)
    early = rotation_course(closes, level, frequency=frequency, as_of=day, bars=900)
    n_closed = len(early.periods) - int(early.provisional)
    assert whole.periods[:n_closed] == early.periods[:n_closed]
    for name in ("rs_ratio", "rs_momentum", "codes", "heading_deg", "velocity", "dwell"):
        np.testing.assert_array_equal(
            getattr(whole, name)[:n_closed], getattr(early, name)[:n_closed]
        )
    assert all(seen <= day for seen in early.seen)


def test_a_week_is_a_frame_of_its_friday_and_the_last_of_the_day_asked() -> None:
    closes, level = market(1)
    course = rotation_course(closes, level, frequency="weekly", as_of=date(2022, 3, 2), bars=3)
    assert course.seen == (date(2022, 2, 18), date(2022, 2, 25), date(2022, 3, 2))
    assert course.provisional
    assert len(course.level) == len(course.rs_ratio) == 3


def test_a_course_without_a_bar_is_refused() -> None:
    closes, level = market(1)
    with pytest.raises(ValueError, match="at least 1, got 0"):
        rotation_course(closes, level, frequency="weekly", as_of=date(2022, 3, 2), bars=0)
