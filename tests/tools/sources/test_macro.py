from collections.abc import Callable

import pandas as pd
import pytest

from core.records.universe import Universe
from tools.sources.lags import declared_lags, inferred_per, reference_ends
from tools.sources.macro import macro_rows
from tools.sources.reading import Reading

ReadingOf = Callable[..., Reading]


def _dates(rows: pd.DataFrame, column: str) -> list[str]:
    return [str(stamp.date()) for stamp in rows[column]]


def test_a_month_given_by_its_first_day_is_known_after_its_end_plus_the_lag(
    us: Universe, reading_of: ReadingOf
) -> None:
    frame = pd.DataFrame(
        {"series": ["CPIAUCSL", "PAYEMS", "GDPC1"], "date": "2024-04-01", "value": [1.0, 2.0, 3.0]}
    )
    rows = macro_rows(reading_of(frame, "macro", us))
    assert _dates(rows, "period") == ["2024-04-30", "2024-04-30", "2024-06-30"]
    assert _dates(rows, "known_at") == ["2024-05-14", "2024-05-07", "2024-07-30"]
    assert rows["assumed"].all()
    assert not rows["default_lag"].any()
    assert rows["category"].tolist() == ["inflation", "employment", "economic_growth"]


def test_values_are_brought_to_the_declared_unit(us: Universe, reading_of: ReadingOf) -> None:
    frame = pd.DataFrame({"series": ["ICSA"], "date": ["2024-04-06"], "value": [211_000]})
    row = macro_rows(reading_of(frame, "macro", us)).iloc[0]
    assert (row["value"], row["unit"]) == (211.0, "thousands")
    assert str(row["known_at"].date()) == "2024-04-11"


def test_a_release_date_in_the_file_is_taken_and_not_marked(
    us: Universe, reading_of: ReadingOf
) -> None:
    frame = pd.DataFrame(
        {"release_date": ["2020-05-01"], "ism_mfg_pmi": ["41.5"], "ref_month": ["2020-04"]}
    )
    row = macro_rows(reading_of(frame, "macro", us)).iloc[0]
    assert (row["series"], row["value"], bool(row["assumed"])) == ("ISM_PMI", 41.5, False)
    assert (str(row["period"].date()), str(row["known_at"].date())) == ("2020-04-30", "2020-05-01")


def test_a_series_without_a_category_is_not_taken_and_one_told_in_the_file_is(
    us: Universe, reading_of: ReadingOf
) -> None:
    frame = pd.DataFrame({"series": "MY_INDEX", "date": ["2024-01-31", "2024-02-29"], "value": 1.0})
    assert macro_rows(reading_of(frame, "macro", us))["series"].isna().all()
    rows = macro_rows(reading_of(frame, "macro", us, category="=inflation"))
    assert rows["series"].tolist() == ["MY_INDEX"] * 2
    assert rows["default_lag"].all()
    assert _dates(rows, "known_at") == ["2024-03-16", "2024-04-14"]


def test_single_quarters_and_year_to_date_growth_are_two_series(
    vn: Universe, reading_of: ReadingOf
) -> None:
    frame = pd.DataFrame(
        {
            "dataset": ["gdp_growth"] * 3 + ["cpi", "interest_rates_23"],
            "group": ["Real GDP growth", "Real GDP growth", "Current GDP value", "", ""],
            "item": ["Total GDP", "Total GDP", "Total GDP", "Consumer Price Index", "Overnight"],
            "unit": "%",
            "period": ["Q2/2022", "6M/2022", "Q2/2022", "Sep-2023", "05/01/2023"],
            "value": [7.72, 6.42, 1.0, 1.08, 4.2],
            "term_day": ["2022-06-28", "2022-06-28", "2022-06-28", "2023-09-29", "2023-01-05"],
        }
    )
    rows = macro_rows(reading_of(frame, "macro", vn))
    names = [None if pd.isna(name) else name for name in rows["series"]]
    assert names == ["GDP_YOY_Q", "GDP_YOY_YTD", None, "CPI_MOM", "INTERBANK_ON"]
    assert _dates(rows, "period")[:2] == ["2022-06-30", "2022-06-30"]
    assert _dates(rows, "period")[3:] == ["2023-09-30", "2023-01-05"]
    assert not rows["assumed"].any()


def test_one_column_a_series_is_melted(us: Universe, reading_of: ReadingOf) -> None:
    frame = pd.DataFrame(
        {"date": ["2024-01-01", "2024-02-01"], "UNRATE": ["3.7", ""], "DGS10": ["4", "4.2"]}
    )
    rows = macro_rows(reading_of(frame, "macro", us))
    assert rows["series"].tolist() == ["UNRATE", "DGS10", "DGS10"]
    assert _dates(rows, "period") == ["2024-01-31", "2024-01-01", "2024-02-01"]


def test_every_declared_series_has_a_lag_that_is_not_negative() -> None:
    lags = declared_lags()
    assert len(lags.series) > 40
    assert {item.series for item in lags.items} <= set(lags.series)
    assert set(lags.aliases.values()) <= set(lags.series)


@pytest.mark.parametrize(
    ("freq", "per"), [("B", "D"), ("W", "W"), ("MS", "M"), ("QS", "Q"), ("YS", "A")]
)
def test_the_reference_period_is_inferred_from_spacing(freq: str, per: str) -> None:
    assert inferred_per(pd.Series(pd.date_range("2015-01-01", periods=12, freq=freq))) == per


def test_only_months_and_quarters_are_moved_to_their_end() -> None:
    days = pd.Series(pd.to_datetime(["2024-02-01"])).astype("datetime64[us]")
    assert str(reference_ends(days, "M").iloc[0].date()) == "2024-02-29"
    assert str(reference_ends(days, "Q").iloc[0].date()) == "2024-03-31"
    assert str(reference_ends(days, "W").iloc[0].date()) == "2024-02-01"
