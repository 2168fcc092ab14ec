"""Periods that began lately: from their beginning, told to be running, and short of a unit."""

from datetime import date

import pytest

from core.records.universe import Horizon
from tests.core.asking import asked


@pytest.mark.parametrize(
    ("text", "window"),
    [("khối ngoại mua gì từ đầu tháng", "1M"), ("khối ngoại mua gì từ đầu tuần đến nay", "1W"),
     ("khối ngoại mua gì từ đầu năm", "3M"), ("khối ngoại 3 thg qua", "3M"),
     ("foreign flow past mo", "1M"), ("foreign flow mtd", "1M")],
)  # fmt: skip
def test_what_investors_did_is_told_over_the_running_period(text: str, window: Horizon) -> None:
    assert asked(text, "vn").window == window


@pytest.mark.parametrize(
    ("text", "since"),
    [("từ đầu năm 2024 ngành nào dẫn dắt", date(2024, 1, 1)),
     ("who led since the start of 2024", date(2024, 1, 1)),
     ("từ đầu quý 2/2024 đến nay ngành nào dẫn dắt", date(2024, 4, 1)),
     ("who led since the beginning of March 2024", date(2024, 3, 1))],
)  # fmt: skip
def test_a_span_begins_where_its_period_does(text: str, since: date) -> None:
    request = asked(text, "vn")

    assert (request.since, request.as_of) == (since, None)


def test_the_beginning_of_a_period_is_its_first_day_and_shown() -> None:
    request = asked("as of the beginning of 2024, who led")

    assert request.as_of == date(2024, 1, 1)
    assert "2024-01-01" in [row.value for row in request.inferred if row.field == "as_of"]


def test_an_oil_price_is_no_beginning_of_a_period() -> None:
    assert asked("giá dầu tuần qua", "vn").horizon == "1W"
    assert asked("giá dầu năm 2024", "vn").as_of == date(2024, 12, 31)


@pytest.mark.parametrize(
    ("text", "day"),
    [("who led in 2024q1", date(2024, 3, 31)), ("who led in q1'20", date(2020, 3, 31)),
     ("who led in q3/24", date(2024, 9, 30)),
     ("ngành nào dẫn dắt quý 3/24", date(2024, 9, 30)), ("who led in mar'20", date(2020, 3, 31)),
     ("who led in Q1’20", date(2020, 3, 31))],
)  # fmt: skip
def test_a_year_of_two_digits_is_read_where_a_mark_shows_it(text: str, day: date) -> None:
    assert asked(text).as_of == day


@pytest.mark.parametrize(
    "text", ["energy outlook next q", "dự báo q sau", "energy outlook nxt qtr"]
)
def test_a_quarter_may_be_one_letter(text: str) -> None:
    assert asked(text).horizon == "3M"
