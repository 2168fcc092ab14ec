from collections.abc import Callable

import pandas as pd
import pytest

from core.records.universe import Universe
from tools.sources.fundamentals import fundamental_rows
from tools.sources.reading import Reading

ReadingOf = Callable[..., Reading]


def test_quarters_are_known_45_days_after_their_end_and_money_is_in_billions(
    vn: Universe, reading_of: ReadingOf
) -> None:
    frame = pd.DataFrame(
        {
            "symbol": ["VNM"], "year": [2022], "quarter": [4], "period_end": ["2022-12-31"],
            "net_profit": [1.869e12], "roe_pct": [0.25], "pe": [17.0], "eps_vnd": [3632.0],
        }
    )  # fmt: skip
    rows = fundamental_rows(reading_of(frame, "fundamentals", vn)).set_index("line")
    assert rows["value"].to_dict() == pytest.approx(
        {"net_profit": 1869.0, "roe": 0.25, "pe": 17.0, "eps": 3632.0}
    )
    assert set(rows["kind"]) == {"Q"}
    assert rows["assumed"].all()
    assert str(rows["known_at"].iloc[0].date()) == "2023-02-14"


def test_years_are_known_90_days_after_their_end(us: Universe, reading_of: ReadingOf) -> None:
    frame = pd.DataFrame(
        {"ticker": ["A"], "fiscal_year": [2014], "period_end": ["2014-12-31"], "revenue": [2e9]}
    )
    row = fundamental_rows(reading_of(frame, "fundamentals", us)).iloc[0]
    assert (row["kind"], row["value"], str(row["known_at"].date())) == ("A", 2.0, "2015-03-31")


def test_a_period_can_come_from_year_and_quarter_and_percent_becomes_a_fraction(
    vn: Universe, reading_of: ReadingOf
) -> None:
    frame = pd.DataFrame(
        {"symbol": ["A", "B"], "year": 2022, "quarter": [1, 2], "roe": [12.0, 18.0]}
    )
    rows = fundamental_rows(reading_of(frame, "fundamentals", vn))
    assert [str(stamp.date()) for stamp in rows["period"]] == ["2022-03-31", "2022-06-30"]
    assert rows["value"].tolist() == pytest.approx([0.12, 0.18])


def test_a_filing_date_in_the_file_is_taken_and_not_marked(
    us: Universe, reading_of: ReadingOf
) -> None:
    frame = pd.DataFrame(
        {
            "ticker": ["A"], "period_end": ["2014-12-31"], "filing_date": ["2015-02-20"],
            "item": ["Net Income"], "value": [3e9], "kind": ["annual"],
        }
    )  # fmt: skip
    row = fundamental_rows(reading_of(frame, "fundamentals", us)).iloc[0]
    assert (row["line"], row["value"], bool(row["assumed"])) == ("net_profit", 3.0, False)
    assert str(row["known_at"].date()) == "2015-02-20"
