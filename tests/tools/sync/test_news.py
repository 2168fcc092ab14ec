from datetime import date

import pandas as pd

from core.records.result import Dataset
from tests.tools.sync.scripted import price_rows
from tools.storage.schema import SCHEMAS, VINTAGED
from tools.sync.news import News
from tools.sync.news import news as news_of
from tools.upstream.macro_frame import macro_frame

TODAY = date(2024, 6, 28)
DAYS = [date(2024, 6, day) for day in (24, 25, 26)]


def news(rows: pd.DataFrame, stored: pd.DataFrame, dataset: Dataset, *, today: date) -> News:
    """All stored rows are given, so that they tell themselves where they begin."""
    first = stored.groupby(SCHEMAS[dataset].subject)["period"].min()
    begun = {str(name): stamp.date() for name, stamp in first.items()}
    return news_of(rows, stored, dataset, today=today, begun={} if dataset in VINTAGED else begun)


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


def test_a_close_added_between_stored_ones_is_known_from_the_day_it_was_noticed() -> None:
    stored = price_rows("XLK", {DAYS[0]: 100.0, DAYS[2]: 102.0})
    told = news(price_rows("XLK", dict.fromkeys(DAYS[1:2], 101.0)), stored, "prices", today=TODAY)
    assert told.rows["known_at"].tolist() == [pd.Timestamp(TODAY)]
    assert told.revised_count == 0


def test_history_before_the_first_stored_day_and_days_after_the_last_are_of_their_own_day() -> None:
    stored = price_rows("XLK", {DAYS[1]: 100.0})
    others = price_rows("XLF", dict.fromkeys(DAYS, 50.0))
    rows = pd.concat([price_rows("XLK", dict.fromkeys(DAYS, 100.0)), others], ignore_index=True)
    told = news(rows, stored, "prices", today=TODAY).rows
    assert len(told) == 5
    assert told["known_at"].equals(told["period"])


def test_nothing_noticed_is_known_before_it_could_be() -> None:
    bars = pd.DatetimeIndex([f"{TODAY} 09:30", f"{TODAY} 09:45", f"{TODAY} 10:00"]).as_unit("us")
    rows = price_rows("XLK", dict.fromkeys(DAYS, 100.0)).assign(
        period=bars, known_at=bars + pd.Timedelta(minutes=15)
    )
    told = news(rows, rows.iloc[[0, 2]], "intraday", today=TODAY).rows
    assert told["known_at"].tolist() == [pd.Timestamp(f"{TODAY} 10:00")]


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
