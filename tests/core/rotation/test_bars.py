from datetime import date, timedelta

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.records.universe import Frequency
from core.rotation.bars import to_bars
from tests.core.markets.test_universes import shipped

MONDAY = date(2024, 2, 5)


def closes(*sessions: str) -> pd.DataFrame:
    index = pd.DatetimeIndex(sessions)
    return pd.DataFrame({"tech": np.arange(1.0, len(index) + 1)}, index=index)


def labels(frame: pd.DataFrame) -> list[str]:
    return [str(stamp.date()) for stamp in pd.DatetimeIndex(frame.index)]


def test_a_weekly_bar_is_its_last_session_and_carries_its_date() -> None:
    found = to_bars(
        closes("2024-02-01", "2024-02-02", "2024-02-05", "2024-02-07"),
        "weekly",
        as_of=date(2024, 2, 7),
    )
    assert labels(found.closes) == ["2024-02-02", "2024-02-07"]
    assert found.closes["tech"].tolist() == [2.0, 4.0]


def test_a_sunday_belongs_to_the_week_before_it_and_the_new_year_splits_no_week() -> None:
    found = to_bars(
        closes("2020-12-31", "2021-01-01", "2021-01-03", "2021-01-04"),
        "weekly",
        as_of=date(2021, 1, 4),
    )
    assert labels(found.closes) == ["2021-01-03", "2021-01-04"]


def test_a_week_without_a_session_does_not_exist() -> None:
    tet = closes("2024-02-02", "2024-02-16", "2024-02-23")
    assert labels(to_bars(tet, "weekly", as_of=date(2024, 2, 23)).closes) == labels(tet)


def test_a_monthly_bar_is_its_last_session() -> None:
    found = to_bars(
        closes("2024-01-30", "2024-01-31", "2024-02-29", "2024-04-01"),
        "monthly",
        as_of=date(2024, 4, 1),
    )
    assert labels(found.closes) == ["2024-01-31", "2024-02-29", "2024-04-01"]


@pytest.mark.parametrize(
    ("frequency", "last_session", "as_of", "running"),
    [
        ("weekly", "2024-02-08", "2024-02-08", True),
        ("weekly", "2024-02-09", "2024-02-09", False),
        ("weekly", "2024-02-08", "2024-02-09", False),
        ("weekly", "2024-02-10", "2024-02-10", False),
        ("monthly", "2024-03-28", "2024-03-28", True),
        ("monthly", "2024-03-28", "2024-03-29", False),
        ("monthly", "2024-02-29", "2024-02-29", False),
        ("monthly", "2024-06-27", "2024-06-28", False),
        ("daily", "2024-02-08", "2024-02-08", False),
        ("15min", "2024-02-08 10:15", "2024-02-08", False),
    ],
)
def test_a_bar_is_provisional_until_its_last_weekday(
    frequency: Frequency, last_session: str, as_of: str, running: bool
) -> None:
    found = to_bars(closes(last_session), frequency, as_of=date.fromisoformat(as_of))
    assert found.provisional is running


@pytest.mark.parametrize(
    ("frequency", "as_of", "running"),
    [
        ("weekly", "2024-02-06", True),
        ("weekly", "2024-02-07", False),
        ("weekly", "2027-02-03", True),
        ("weekly", "2027-02-05", False),
        ("monthly", "2024-04-26", False),
        ("monthly", "2024-04-25", True),
    ],
)
def test_a_period_is_over_after_its_last_session_by_the_universes_calendar(
    frequency: Frequency, as_of: str, running: bool
) -> None:
    """Tet 2024 began on a Thursday; 29 and 30 April were closed; nobody knows 2027 yet."""
    found = to_bars(
        closes(as_of), frequency, as_of=date.fromisoformat(as_of), universe=shipped("vn")
    )
    assert found.provisional is running


def test_each_symbol_takes_its_last_known_close_of_the_period() -> None:
    week = closes("2024-02-05", "2024-02-06", "2024-02-13").assign(bank=[7.0, np.nan, np.nan])
    found = to_bars(week, "weekly", as_of=date(2024, 2, 13)).closes
    assert found["tech"].tolist() == [2.0, 3.0]
    assert found["bank"].tolist()[0] == 7.0
    assert np.isnan(found["bank"].tolist()[1])


@pytest.mark.parametrize("frequency", ["15min", "daily"])
def test_daily_and_intraday_closes_are_bars_already(frequency: Frequency) -> None:
    given_closes = closes("2024-02-05 09:15", "2024-02-05 09:30", "2024-02-06 09:15")
    found = to_bars(given_closes, frequency, as_of=date(2024, 2, 5))
    pd.testing.assert_frame_equal(found.closes, given_closes.iloc[:2])


@pytest.mark.parametrize("frequency", ["15min", "daily", "weekly", "monthly"])
def test_no_session_makes_no_bar(frequency: Frequency) -> None:
    found = to_bars(closes("2024-02-05"), frequency, as_of=date(2024, 2, 4))
    assert found.closes.empty
    assert list(found.closes.columns) == ["tech"]
    assert not found.provisional


@given(
    gaps=st.lists(st.integers(1, 40), min_size=1, max_size=60),
    frequency=st.sampled_from(["daily", "weekly", "monthly"]),
    cut=st.integers(0, 400),
)
def test_bars_never_see_the_future_nor_invent_a_session(
    gaps: list[int], frequency: Frequency, cut: int
) -> None:
    index = pd.DatetimeIndex(
        [MONDAY + timedelta(days=sum(gaps[: n + 1])) for n in range(len(gaps))]
    )
    frame = pd.DataFrame({"tech": np.arange(len(gaps), dtype=np.float64)}, index=index)
    as_of = MONDAY + timedelta(days=cut)
    found = to_bars(frame, frequency, as_of=as_of)
    past = to_bars(frame.loc[: pd.Timestamp(as_of)], frequency, as_of=as_of)
    pd.testing.assert_frame_equal(found.closes, past.closes)
    assert found.closes.index.isin(index).all()
    assert (found.closes["tech"] == frame["tech"].reindex(found.closes.index)).all()
    if (index <= pd.Timestamp(as_of)).any():
        assert found.closes.index[-1] == index[index <= pd.Timestamp(as_of)][-1]
