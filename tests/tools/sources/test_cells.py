from collections.abc import Sequence

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tools.sources.cells import dates, numbers, period_ends, unreadable


def _dates(cells: Sequence[object], *, day_first: bool = False) -> list[str]:
    found = dates(pd.Series(cells), timezone="Asia/Ho_Chi_Minh", day_first=day_first)
    return ["" if pd.isna(stamp) else str(stamp.date()) for stamp in found]


def test_one_format_is_chosen_for_the_whole_column() -> None:
    assert _dates(["03/04/2024", "25/04/2024"]) == ["2024-04-03", "2024-04-25"]
    assert _dates(["03/04/2024", "04/25/2024"], day_first=True) == ["2024-03-04", "2024-04-25"]


def test_a_column_that_allows_both_is_read_as_the_market_writes() -> None:
    assert _dates(["03/04/2024"], day_first=True) == ["2024-04-03"]
    assert _dates(["03/04/2024"], day_first=False) == ["2024-03-04"]


def test_numbers_like_20241231_and_timestamps_with_a_zone_are_dates() -> None:
    assert _dates([20241231, 20250102]) == ["2024-12-31", "2025-01-02"]
    stamps = list(pd.to_datetime(["2024-12-31T20:00:00Z"]))
    assert _dates(stamps) == ["2025-01-01"]


def test_what_is_no_date_is_missing() -> None:
    assert _dates(["2024-01-02", "soon", ""]) == ["2024-01-02", "", ""]


@pytest.mark.parametrize(
    ("text", "end", "kind"),
    [
        ("Q4/2022", "2022-12-31", "Q"),
        ("2022Q1", "2022-03-31", "Q"),
        ("6M/2017", "2017-06-30", "YTD"),
        ("2022", "2022-12-31", "YTD"),
        ("Sep-2023", "2023-09-30", "M"),
        ("2006-12", "2006-12-31", "M"),
        ("02/2024", "2024-02-29", "M"),
        ("15/03/2021", "2021-03-15", "D"),
    ],
)
def test_a_period_text_means_its_last_day_and_its_kind(text: str, end: str, kind: str) -> None:
    row = period_ends(pd.Series([text]), timezone="UTC", day_first=True).iloc[0]
    assert (str(row["end"].date()), row["kind"]) == (end, kind)


def test_a_period_that_does_not_exist_is_missing() -> None:
    found = period_ends(pd.Series(["13/2024", "never"]), timezone="UTC", day_first=True)
    assert found["end"].isna().all()
    assert found["kind"].tolist() == ["", ""]


@pytest.mark.parametrize(
    ("cells", "values"),
    [
        (["1,234.5", "7"], [1234.5, 7.0]),
        (["1.234,5", "7"], [1234.5, 7.0]),
        (["12,5 %", "3,25%"], [12.5, 3.25]),
        (["1.234.567", "8"], [1234567.0, 8.0]),
        (["1,234,567"], [1234567.0]),
        (["", "n/a", "-3"], [None, None, -3.0]),
    ],
)
def test_numbers_are_read_with_the_columns_own_decimal_mark(
    cells: list[str], values: list[float | None]
) -> None:
    found = numbers(pd.Series(cells))
    wanted = pd.Series(values, dtype="float64")
    pd.testing.assert_series_equal(found, wanted)


@given(st.lists(st.floats(-1e9, 1e9), min_size=1, max_size=20))
def test_numbers_written_plainly_are_read_back(values: list[float]) -> None:
    assert numbers(pd.Series([repr(value) for value in values])).tolist() == values


@pytest.mark.parametrize(
    "cells", [["44928", "44929"], [44928, 44929], [44928.0, None], [44928.5, 44929.0]]
)
def test_spreadsheet_day_numbers_are_dates(cells: list[object]) -> None:
    assert _dates(cells)[0] == "2023-01-02"


def test_numbers_that_are_no_plausible_day_stay_missing() -> None:
    assert _dates(["1234", "99999"]) == ["", ""]


def test_only_texts_that_are_no_number_are_unreadable() -> None:
    cells = pd.Series(["1", "", " ", "N/A", "1,5", None, "#VALUE!"])
    assert unreadable(cells).tolist() == [False, False, False, True, False, False, True]
    assert not unreadable(pd.Series([1.0, None])).any()
