import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.backtest.schedule import bar_frequency, bars_between, decision_rows
from core.errors import CallerError, DataError
from core.records.backtest import Rebalance

DAYS = pd.bdate_range("2023-11-01", "2024-03-29")


def days(rows: np.ndarray) -> list[str]:
    return [str(day.date()) for day in DAYS[rows]]


@pytest.mark.parametrize(
    ("freq", "name"), [("B", "daily"), ("W-FRI", "weekly"), ("ME", "monthly"), ("QE", "quarterly")]
)
def test_the_bars_frequency_is_read_off_their_gaps(freq: str, name: str) -> None:
    assert bar_frequency(pd.date_range("2020-01-01", periods=9, freq=freq)) == name


def test_rarer_bars_and_single_ones_have_no_frequency() -> None:
    for dates in (pd.date_range("2020-01-01", periods=9, freq="YE"), DAYS[:1]):
        with pytest.raises(DataError, match="frequency"):
            bar_frequency(dates)


def test_a_months_decision_falls_on_its_last_session() -> None:
    rows = decision_rows(DAYS, "monthly")
    assert days(rows) == ["2023-11-01", "2023-11-30", "2023-12-29", "2024-01-31", "2024-02-29"]


def test_a_weeks_and_a_quarters_decisions_too() -> None:
    assert days(decision_rows(DAYS, "weekly"))[:4] == [
        "2023-11-01", "2023-11-03", "2023-11-10", "2023-11-17",
    ]  # fmt: skip
    assert days(decision_rows(DAYS, "quarterly")) == ["2023-11-01", "2023-12-29"]


def test_an_offset_is_so_many_bars_behind_the_periods_end() -> None:
    rows = decision_rows(DAYS, "monthly", first=30, offset=3)
    assert days(rows) == ["2023-12-13", "2024-01-03", "2024-02-05", "2024-03-05"]


def test_the_last_bar_is_never_decided_on() -> None:
    december = decision_rows(DAYS, "monthly", offset=2).tolist()[2]
    assert december in decision_rows(DAYS[: december + 2], "monthly", offset=2)
    assert december not in decision_rows(DAYS[: december + 1], "monthly", offset=2)


def test_monthly_bars_are_decided_on_one_by_one_but_the_last() -> None:
    months = pd.date_range("2020-01-31", periods=6, freq="ME")
    assert decision_rows(months, "monthly").tolist() == [0, 1, 2, 3, 4]


@pytest.mark.parametrize(
    ("rebalance", "frequency", "bars"),
    [("monthly", "daily", 21), ("quarterly", "monthly", 3), ("monthly", "monthly", 1),
     ("weekly", "daily", 5), ("monthly", "weekly", 4)],
)  # fmt: skip
def test_there_are_as_many_offsets_as_bars_between_decisions(
    rebalance: Rebalance, frequency: Rebalance, bars: int
) -> None:
    assert bars_between(rebalance, frequency) == bars


def test_no_one_decides_more_often_than_there_are_bars() -> None:
    with pytest.raises(CallerError, match="--rebalance weekly: the bars are monthly"):
        bars_between("weekly", "monthly")


@given(st.integers(10, 100), st.integers(0, 20), st.integers(0, 40))
def test_later_bars_move_no_decision(cut: int, offset: int, first: int) -> None:
    whole = decision_rows(DAYS, "monthly", first=first, offset=offset)
    early = decision_rows(DAYS[:cut], "monthly", first=first, offset=offset)
    assert early.tolist() == [row for row in whole if row < cut - 1 or row == first]
