from datetime import date

import pandas as pd

from tests.tools.sync.scripted import price_rows
from tools.sync.news import news
from tools.upstream.macro_frame import macro_frame

TODAY = date(2024, 6, 28)
DAYS = [date(2024, 6, day) for day in (24, 25, 26)]


def _macro(values: dict[str, float], known: str | None) -> pd.DataFrame:
    periods = pd.DatetimeIndex(list(values))
    stamps = None if known is None else pd.DatetimeIndex([known] * len(values))
    rows = macro_frame("UNRATE", periods, pd.Index(list(values.values())), stamps)
    told = rows["known_at"].fillna(rows["period"] + pd.Timedelta(days=7))
    return rows.assign(known_at=told)


def test_only_rows_that_are_not_stored_are_news() -> None:
    stored = price_rows("XLK", dict.fromkeys(DAYS[:2], 100.0))
    told = news(price_rows("XLK", dict.fromkeys(DAYS, 100.0)), stored, "prices", today=TODAY)
    assert told.rows["period"].tolist() == [pd.Timestamp(DAYS[2])]
    assert told.revised_count == 0


def test_a_corrected_close_is_known_from_the_day_it_was_noticed() -> None:
    stored = price_rows("XLK", dict.fromkeys(DAYS, 100.0))
    told = news(price_rows("XLK", {DAYS[1]: 101.0}), stored, "prices", today=TODAY)
    assert told.rows["known_at"].tolist() == [pd.Timestamp(TODAY)]
    assert told.revised_count == 1


def test_a_dividend_told_late_is_a_correction() -> None:
    stored = price_rows("XLK", {DAYS[0]: 100.0})
    late = price_rows("XLK", {DAYS[0]: 100.0}, dividend=0.5)
    assert news(late, stored, "prices", today=TODAY).revised_count == 1


def test_the_rounding_of_an_undone_split_and_a_settled_volume_are_no_corrections() -> None:
    stored = price_rows("XLK", {DAYS[0]: 100.0}, dividend=0.0)
    again = price_rows("XLK", {DAYS[0]: 100.0003}, volume=1.001e6)
    assert news(again, stored, "prices", today=TODAY).rows.empty


def test_an_undated_value_that_changed_is_known_from_today_and_no_longer_assumed() -> None:
    stored = _macro({"2024-03-31": 3.8, "2024-04-30": 3.9}, None)
    told = news(_macro({"2024-03-31": 3.7, "2024-04-30": 3.9}, None), stored, "macro", today=TODAY)
    assert told.rows["value"].tolist() == [3.7]
    assert told.rows["known_at"].tolist() == [pd.Timestamp(TODAY)]
    assert not told.rows["assumed"].any()


def test_a_value_told_again_after_its_revision_was_noticed_is_no_news() -> None:
    first = _macro({"2024-03-31": 3.8}, None)
    second = news(_macro({"2024-03-31": 3.7}, None), first, "macro", today=TODAY).rows
    stored = pd.concat([first, second], ignore_index=True)
    assert news(_macro({"2024-03-31": 3.7}, None), stored, "macro", today=TODAY).rows.empty


def test_a_vintage_is_news_unless_it_says_what_was_known_by_then() -> None:
    stored = _macro({"2024-03-31": 3.8}, "2024-04-05")
    same = _macro({"2024-03-31": 3.8}, "2024-06-01")  # its span cut to the asked one
    revised = _macro({"2024-03-31": 3.7}, "2024-06-07")
    assert news(same, stored, "macro", today=TODAY).rows.empty
    told = news(revised, stored, "macro", today=TODAY)
    assert told.rows["known_at"].tolist() == [pd.Timestamp("2024-06-07")]
    assert told.revised_count == 1
