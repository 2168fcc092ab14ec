import numpy as np
import pandas as pd
import pytest

from core.estimates import Mean
from core.records.rotation_statistics import ReadingRow, Textbook, Verdict
from core.rotation.outcomes import readings, verdict
from core.rotation.quadrants import QUADRANTS

DAYS = pd.bdate_range("2024-01-05", periods=6, freq="W-FRI")


def found(
    codes: np.ndarray, closes: pd.DataFrame, level: pd.Series
) -> dict[tuple[str, str], ReadingRow]:
    rows = readings(codes.astype(np.int8), closes, level, frequency="weekly")
    return {(row.quadrant, row.horizon): row for row in rows}


def test_the_excess_after_a_quadrant_is_over_the_benchmark_by_hand() -> None:
    closes = pd.DataFrame({"tech": [100, 110, 110, 121, 121, 121.0]}, index=DAYS)
    level = pd.Series([100, 105, 105, 105, 105, 105.0], index=DAYS)
    codes = np.array([[0], [1], [0], [1], [0], [0]])
    rows = found(codes, closes, level)
    leading, weakening = rows["LEADING", "1W"], rows["WEAKENING", "1W"]
    assert leading.excess_mean_pct == pytest.approx((5.0 + 10.0 + 0.0) / 3)
    assert (leading.observations_count, leading.dates_count) == (3, 3)
    assert weakening.excess_mean_pct == pytest.approx(0.0)
    month = rows["LEADING", "1M"]
    assert month.excess_mean_pct == pytest.approx(21.0 - 5.0)
    assert month.observations_count == 1


def test_an_outcome_that_has_not_ended_counts_for_nothing() -> None:
    closes = pd.DataFrame({"tech": np.geomspace(100, 200, 6)}, index=DAYS)
    level = pd.Series(100.0, index=DAYS)
    rows = found(np.zeros((6, 1)), closes, level)
    assert rows["LEADING", "1W"].observations_count == 5
    assert rows["LEADING", "1M"].observations_count == 2
    assert rows["LEADING", "3M"].observations_count == 0
    assert rows["LEADING", "3M"].verdict == "too_few"


def test_a_missing_close_and_a_bar_without_quadrant_count_for_nothing() -> None:
    closes = pd.DataFrame({"tech": [100, 101, np.nan, 103, 104, 105]}, index=DAYS)
    codes = np.array([[0], [0], [-1], [-1], [0], [0]])
    rows = found(codes, closes, pd.Series(100.0, index=DAYS))
    assert rows["LEADING", "1W"].observations_count == 2
    assert rows["LEADING", "1W"].excess_mean_pct == pytest.approx((1.0 + 100 / 104) / 2)


@pytest.mark.parametrize(
    ("t", "textbook", "expected"),
    [
        (2.0, "outperform", "agrees"),
        (-2.0, "outperform", "disagrees"),
        (-2.5, "underperform", "agrees"),
        (2.5, "underperform", "disagrees"),
        (1.99, "outperform", "not_distinguishable"),
        (None, "outperform", "too_few"),
    ],
)
def test_only_a_clear_mean_agrees_or_disagrees(
    t: float | None, textbook: Textbook, expected: Verdict
) -> None:
    assert verdict(textbook, Mean(1.0, None, t, 100, 100)) == expected


def test_every_quadrant_is_read_at_every_horizon_that_has_a_bar() -> None:
    closes = pd.DataFrame({"tech": np.geomspace(100, 200, 6)}, index=DAYS)
    codes, level = np.zeros((6, 1), dtype=np.int8), pd.Series(100.0, index=DAYS)
    weekly = readings(codes, closes, level, frequency="weekly")
    monthly = readings(codes, closes, level, frequency="monthly")
    assert [row.quadrant for row in weekly[:4]] == list(QUADRANTS)
    assert [row.horizon for row in weekly[::4]] == ["1W", "1M", "3M"]
    assert [row.horizon for row in monthly[::4]] == ["1M", "3M"]
