"""The evals' own way of printing a number follows the declared rules, worked out by hand."""

from datetime import date
from importlib.resources import files

import pytest

from core.markets.universe import parse_universe
from core.records.request import Language
from evals.numbers.printing import day, printed

US, VN, DEMO = (
    parse_universe(files("core.universes").joinpath(f"{name}.toml").read_text("utf-8"))
    for name in ("us", "vn", "demo")
)


@pytest.mark.parametrize(
    ("value", "unit", "measure", "english", "vietnamese"),
    [
        (0.05, "%", "return_1m", "0.0%", "0,0%"),
        (0.15, "%", "return_1m", "0.2%", "0,2%"),
        (0.25, "%", "return_1m", "0.2%", "0,2%"),
        (-0.04, "%", "return_1m", "0.0%", "0,0%"),
        (-3.25, "%", "return_1m", "−3.2%", "−3,2%"),
        (0.1235, "fraction", "target_weight", "12.4%", "12,4%"),
        (0.0125, "fraction_change", "amount", "1.2 pp", "1,2 điểm %"),
        (1.005, "", "score", "1.00", "1,00"),
        (1234567.895, "index", "value", "1,234,567.90", "1.234.567,90"),
        (1e-9, "sd", "growth", "0.00 sd", "0,00 độ lệch chuẩn"),
        (16.25, "x", "pe", "16.2x", "16,2 lần"),
        (1.0, "days", "age", "1 day", "1 ngày"),
        (12.0, "sessions", "sessions", "12 sessions", "12 phiên"),
        (1.0, "count", "dwell.weekly", "1 bar", "1 nến"),
        (5.0, "count", "dwell.weekly", "5 bars", "5 nến"),
        (-1.0, "sessions", "streak", "1 session of net selling", "1 phiên bán ròng"),
        (3.0, "sessions", "streak", "3 sessions of net buying in a row",
         "3 phiên mua ròng liên tiếp"),
        (0.04, "bn", "net", "40.0 mn USD", "40,0 triệu USD"),
        (99.96, "bn", "net", "100 bn USD", "100 tỷ USD"),
        (1e12, "bn", "net", "1,000,000,000,000 bn USD", "1.000.000.000.000 tỷ USD"),
    ],
)  # fmt: skip
def test_a_value_is_printed_by_the_declared_rules(
    value: float, unit: str, measure: str, english: str, vietnamese: str
) -> None:
    told: dict[Language, str] = {"en": english, "vi": vietnamese}
    for language, text in told.items():
        assert printed(value, unit, measure, language=language, universe=US) == text


def test_money_is_printed_in_the_markets_unit_and_currency() -> None:
    assert printed(-1234.5, "bn", "net", language="vi", universe=VN) == "−1.234 tỷ đồng"
    assert printed(0.3, "bn", "net", language="en", universe=DEMO) == "0.3 bn USD"


def test_a_date_is_printed_in_the_order_of_its_language() -> None:
    assert day(date(2024, 3, 7), "en") == "7 Mar 2024"
    assert day(date(2024, 3, 7), "vi") == "07/03/2024"
