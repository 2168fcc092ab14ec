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


def test_a_banks_lines_are_recognised_in_both_languages_and_its_ratios_are_fractions(
    vn: Universe, reading_of: ReadingOf
) -> None:
    frame = pd.DataFrame(
        {
            "Mã CK": ["TCB", "VCB"], "year": 2023, "quarter": 4,
            "Thu nhập lãi thuần (tỷ)": [7.0, 14.0], "Chi phí dự phòng (tỷ)": [1.2, 2.4],
            "Cho vay khách hàng (tỷ)": [500.0, 1200.0], "Tiền gửi khách hàng (tỷ)": [450.0, 1390.0],
            "Tỷ lệ nợ xấu": [1.19, 0.98], "NIM": [4.1, 3.0], "CASA ratio": [0.4, 0.35],
        }
    )  # fmt: skip
    rows = fundamental_rows(reading_of(frame, "fundamentals", vn))
    told = rows[rows["symbol"] == "TCB"].set_index("line")["value"].to_dict()
    assert told == pytest.approx(
        {"net_interest_income": 7.0, "provisions": 1.2, "loans": 500.0, "deposits": 450.0,
         "npl_ratio": 0.0119, "net_interest_margin": 0.041, "casa_ratio": 0.4}
    )  # fmt: skip


def test_ratios_already_given_as_fractions_stay(vn: Universe, reading_of: ReadingOf) -> None:
    frame = pd.DataFrame(
        {"symbol": ["A", "B"], "year": 2023, "quarter": 4, "npl_ratio": [0.012, 0.03]}
    )
    rows = fundamental_rows(reading_of(frame, "fundamentals", vn))
    assert rows["value"].tolist() == pytest.approx([0.012, 0.03])


def test_ratios_and_money_of_a_file_with_one_row_a_line_are_told_apart(
    vn: Universe, reading_of: ReadingOf
) -> None:
    frame = pd.DataFrame(
        {
            "symbol": "TCB", "period_end": "2023-12-31", "kind": "Q",
            "item": ["Net interest income", "NPL ratio", "ROE"], "value": [7e12, 1.2, 16.0],
        }
    )  # fmt: skip
    rows = fundamental_rows(reading_of(frame, "fundamentals", vn)).set_index("line")
    assert rows["value"].to_dict() == pytest.approx(
        {"net_interest_income": 7000.0, "npl_ratio": 0.012, "roe": 0.16}
    )
