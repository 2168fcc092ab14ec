"""What alternative data are read as: shapes, subjects, dates, lags."""

from collections.abc import Callable

import pandas as pd
import pytest

from core.errors import ImportRejectedError
from core.records.universe import Universe
from tools.sources.alternative import series_id, series_rows
from tools.sources.mapping import guess_mapping
from tools.sources.reading import Reading
from tools.storage.schema import SCHEMAS

ReadingOf = Callable[..., Reading]
HELD = frozenset({"AAPL", "JPM"})
DAYS = ["2024-01-31", "2024-02-29"]


def cells(rows: pd.DataFrame) -> set[tuple[str, str, str, float]]:
    periods = rows["period"].dt.strftime("%Y-%m-%d")
    columns = (rows["series"], rows["subject"], periods, rows["value"].astype(float))
    return set(zip(*columns, strict=True))


def test_long_rows_have_their_own_names(us: Universe, reading_of: ReadingOf) -> None:
    frame = pd.DataFrame(
        {"Series": "Web Traffic", "Ticker": ["aapl", "XLK"], "date": DAYS, "value": [1.0, 2.0]}
    )
    rows = series_rows(reading_of(frame, "series", us), HELD)
    assert cells(rows) == {
        ("web_traffic", "AAPL", DAYS[0], 1.0),
        ("web_traffic", "technology", DAYS[1], 2.0),
    }
    assert list(rows.columns) == [*SCHEMAS["series"].columns, "row", "default_lag", "told_subject"]


def test_a_column_a_sector_is_named_by_the_file(us: Universe, reading_of: ReadingOf) -> None:
    frame = pd.DataFrame({"date": DAYS, "Financials": [1.0, 2.0], "Energy": [3.0, None]})
    rows = series_rows(reading_of(frame, "series", us, name="Card spend.csv"), HELD)
    assert cells(rows) == {
        ("card_spend", "financials", DAYS[0], 1.0),
        ("card_spend", "financials", DAYS[1], 2.0),
        ("card_spend", "energy", DAYS[0], 3.0),
    }


def test_a_column_a_series_is_named_by_its_heading(us: Universe, reading_of: ReadingOf) -> None:
    frame = pd.DataFrame(
        {"date": DAYS, "symbol": "JPM", "Short Interest": [5, 6], "Days to cover": [1.5, 2.5]}
    )
    rows = series_rows(reading_of(frame, "series", us), HELD)
    assert {row[:2] for row in cells(rows)} == {("short_interest", "JPM"), ("days_to_cover", "JPM")}
    assert set(rows.loc[rows["series"] == "days_to_cover", "value"]) == {1.5, 2.5}


def test_one_series_of_one_subject_can_be_told(us: Universe, reading_of: ReadingOf) -> None:
    frame = pd.DataFrame({"date": DAYS, "value": [1.0, 2.0]})
    reading = reading_of(frame, "series", us, subject="=Energy", series="=rigs")
    assert {row[:2] for row in cells(series_rows(reading, HELD))} == {("rigs", "energy")}


def test_a_subject_nobody_knows_is_missing_and_named(us: Universe, reading_of: ReadingOf) -> None:
    frame = pd.DataFrame({"date": DAYS, "symbol": ["ZZZZ", "JPM"], "value": [1.0, 2.0]})
    rows = series_rows(reading_of(frame, "series", us), HELD)
    assert rows["subject"].isna().tolist() == [True, False]
    assert rows["told_subject"].tolist() == ["ZZZZ", "JPM"]


@pytest.mark.parametrize(
    ("name", "days", "guessed"),
    [("short_interest", 14, False), ("news_index", 1, False), ("footfall", 45, True)],
)
def test_a_value_without_a_release_date_is_known_after_a_declared_lag(
    us: Universe, reading_of: ReadingOf, name: str, days: int, guessed: bool
) -> None:
    frame = pd.DataFrame({"series": name, "sector": "Energy", "date": DAYS, "value": [1.0, 2.0]})
    rows = series_rows(reading_of(frame, "series", us), HELD)
    assert (rows["known_at"] - rows["period"]).dt.days.tolist() == [days, days]
    assert rows["assumed"].all()
    assert rows["default_lag"].tolist() == [guessed, guessed]


def test_a_told_lag_stands_over_the_declared_one_and_is_shown(us: Universe) -> None:
    frame = pd.DataFrame({"series": "short_interest", "sector": "Energy", "date": DAYS, "value": 1})
    mapping = guess_mapping(frame, "series", us, file="f.csv", units={"lag": "2d"})
    lag = next(row for row in mapping.rows if row.field == "lag")
    assert (lag.constant, lag.how) == ("2d", "told")
    with pytest.raises(ImportRejectedError, match="lag 'two' is unknown; give days"):
        guess_mapping(frame, "series", us, file="f.csv", units={"lag": "two"})


def test_a_release_date_in_the_file_is_taken_as_it_is(us: Universe, reading_of: ReadingOf) -> None:
    frame = pd.DataFrame(
        {"date": DAYS, "known_at": ["2024-02-05", None], "sector": "Energy", "value": [1.0, 2.0]}
    )
    rows = series_rows(reading_of(frame, "series", us, name="rigs.csv"), HELD)
    assert rows["known_at"].dt.strftime("%Y-%m-%d").tolist() == ["2024-02-05", "2024-04-14"]
    assert rows["assumed"].tolist() == [False, True]


def test_texts_become_a_mean_tone_and_a_count_a_day(us: Universe, reading_of: ReadingOf) -> None:
    frame = pd.DataFrame(
        {
            "date": [DAYS[0], DAYS[0], DAYS[0], DAYS[1], DAYS[1]],
            "symbol": ["AAPL"] * 4 + ["NOBODY"],
            "headline": ["Strong growth", "Shares plunge", "Meeting on Tuesday", "", "Record"],
        }
    )
    rows = series_rows(reading_of(frame, "series", us), HELD)
    sound = rows[rows["value"].notna()]
    assert cells(sound) == {
        ("news_sentiment", "AAPL", DAYS[0], 0.0),
        ("news_count", "AAPL", DAYS[0], 3.0),
    }
    assert ((sound["known_at"] - sound["period"]).dt.days == 1).all()
    assert sorted(rows.loc[rows["value"].isna(), "row"]) == [4, 5]
    assert "told_subject" not in rows


def test_a_days_news_are_known_once_the_last_of_them_is(
    us: Universe, reading_of: ReadingOf
) -> None:
    frame = pd.DataFrame(
        {"date": DAYS[0], "published": ["2024-02-03", "2024-02-01"], "sector": "Energy",
         "text": ["Record profit", "Record loss"]}
    )  # fmt: skip
    rows = series_rows(reading_of(frame, "series", us), HELD)
    assert set(rows["known_at"].dt.strftime("%Y-%m-%d")) == {"2024-02-03"}
    assert not rows["assumed"].any()


def test_an_id_is_a_slug() -> None:
    assert series_id("  Lượng tìm kiếm (Web) ") == "luong_tim_kiem_web"
    assert len(series_id("x" * 200)) == 60
