"""Values, dates and names in words, in both languages."""

from datetime import date
from importlib.resources import files
from types import ModuleType
from typing import Literal, get_args, get_origin

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.language.printed.factors import FACTORS as NAMED_FACTORS
from core.language.printed.labels import LABELS
from core.language.printed.measured import MEASURES
from core.language.printed.names import DATASETS
from core.markets.universe import parse_universe
from core.measures import closed_fields
from core.records import (
    decision,
    evidence,
    history,
    holdings,
    payloads,
    scoring,
    sectors,
    trades,
    trading,
)
from core.records.decision import LimitKind, Stance
from core.records.evidence import Fact
from core.records.history import Cause, ChangeKind
from core.records.mandate import Mandate
from core.records.payloads import FlowEvent, FlowState, Regime, WhaleKind
from core.records.record import Record
from core.records.report import Comparator
from core.records.request import Language
from core.records.result import UNITS, Dataset, Flag, GapReason
from core.records.scoring import WeightsSource
from core.records.sectors import Quadrant
from core.records.trades import OrderNote, Side
from core.records.universe import BenchmarkKind, Frequency, Horizon
from core.signals.catalogue import FACTORS
from core.walk import SECTOR_MEAN
from core.wording import (
    DECIMALS,
    MINUS,
    comparator_text,
    date_text,
    entity_name,
    is_signed,
    key_name,
    label_text,
    measure_name,
    number_text,
    phrase,
)

LANGUAGES: tuple[Language, ...] = ("en", "vi")
US, VN, DEMO = (
    parse_universe(files("core.universes").joinpath(f"{name}.toml").read_text("utf-8"))
    for name in ("us", "vn", "demo")
)


@pytest.mark.parametrize(
    ("value", "unit", "english", "vietnamese"),
    [
        (1234.56, "%", "1,234.6%", "1.234,6%"),
        (0.05, "%", "0.0%", "0,0%"),
        (0.15, "%", "0.2%", "0,2%"),
        (0.25, "%", "0.2%", "0,2%"),
        (0.35, "%", "0.4%", "0,4%"),
        (-0.05, "%", "0.0%", "0,0%"),
        (-0.0, "%", "0.0%", "0,0%"),
        (-0.06, "%", f"{MINUS}0.1%", f"{MINUS}0,1%"),
        (2.675, "index", "2.68", "2,68"),
        (0.125, "sd", "0.12 sd", "0,12 độ lệch chuẩn"),
        (0.1225, "fraction", "12.2%", "12,2%"),
        (1.0, "fraction", "100.0%", "100,0%"),
        (5.0, "pp", "5.0 pp", "5,0 điểm %"),
        (12.34, "x", "12.3x", "12,3 lần"),
        (3.5, "bp", "3.5 bp", "3,5 điểm cơ bản"),
        (1.0, "sessions", "1 session", "1 phiên"),
        (-4.0, "sessions", f"{MINUS}4 sessions", f"{MINUS}4 phiên"),
        (2.5, "count", "2", "2"),
        (3.5, "count", "4", "4"),
        (1e12, "index", "1,000,000,000,000.00", "1.000.000.000.000,00"),
        (1e300, "count", f"1{',000' * 100}", f"1{'.000' * 100}"),
        (5e-324, "%", "0.0%", "0,0%"),
    ],
)
def test_a_number_is_rounded_half_to_even_and_written_by_its_unit(
    value: float, unit: str, english: str, vietnamese: str
) -> None:
    assert number_text(value, unit, "en", US) == english
    assert number_text(value, unit, "vi", US) == vietnamese


@pytest.mark.parametrize(
    ("value", "english", "vietnamese"),
    [
        (12.34, "12.3 bn VND", "12,3 tỷ đồng"),
        (99.94, "99.9 bn VND", "99,9 tỷ đồng"),
        (99.96, "100 bn VND", "100 tỷ đồng"),
        (1234.5, "1,234 bn VND", "1.234 tỷ đồng"),
        (1235.5, "1,236 bn VND", "1.236 tỷ đồng"),
        (-120.0, f"{MINUS}120 bn VND", f"{MINUS}120 tỷ đồng"),
    ],
)
def test_money_has_a_decimal_below_a_hundred_and_its_currency(
    value: float, english: str, vietnamese: str
) -> None:
    assert number_text(value, "bn", "en", VN) == english
    assert number_text(value, "bn", "vi", VN) == vietnamese
    assert number_text(12.34, "bn", "vi", US) == "12,3 tỷ USD"


def test_a_universe_that_prints_millions_does() -> None:
    millions = US.model_copy(update={"money_unit": "mn"})

    assert number_text(0.0123, "bn", "en", millions) == "12.3 mn USD"
    assert number_text(0.0123, "bn", "vi", millions) == "12,3 triệu USD"


def test_a_signed_number_shows_plus_and_nothing_has_no_sign() -> None:
    assert number_text(1.25, "%", "en", US, signed=True) == "+1.2%"
    assert number_text(-1.25, "%", "vi", US, signed=True) == f"{MINUS}1,2%"
    assert number_text(0.04, "%", "en", US, signed=True) == "0.0%"
    assert number_text(-0.04, "%", "en", US, signed=True) == "0.0%"


@given(st.floats(allow_nan=False, allow_infinity=False), st.sampled_from([*DECIMALS, "other"]))
def test_every_finite_number_is_written_and_only_below_zero_has_a_minus(
    value: float, unit: str
) -> None:
    for language in LANGUAGES:
        said = number_text(value, unit, language, US)
        assert said.startswith(MINUS) == (value < 0 and any(d in said for d in "123456789"))
        assert "e" not in said.split(" ")[0].lower()


@given(st.integers(-(10**9), 10**9))
def test_the_two_languages_differ_by_their_marks_alone(tenths: int) -> None:
    english = number_text(tenths / 10, "pp", "en", US).removesuffix(" pp")
    vietnamese = number_text(tenths / 10, "pp", "vi", US).removesuffix(" điểm %")

    assert english.translate(str.maketrans(",.", ".,")) == vietnamese


def test_every_unit_a_field_name_can_end_in_has_decimals() -> None:
    assert {printed or suffix for suffix, printed in UNITS.items()} <= set(DECIMALS)


def test_dates_are_written_the_way_each_language_does() -> None:
    assert date_text(date(2024, 12, 31), "en") == "31 Dec 2024"
    assert date_text(date(2024, 2, 1), "vi") == "01/02/2024"


def fact(measure: str, **fields: object) -> Fact:
    return Fact.model_validate(
        {"id": "x", "universe": "vn", "subject": "banks", "measure": measure,
         "as_of": date(2024, 12, 31), **fields}
    )  # fmt: skip


def test_a_fact_is_said_with_sign_unit_or_label() -> None:
    assert phrase(fact("excess_1m", value=1.24, unit="%"), "vi", VN) == "+1,2%"
    assert phrase(fact("roe", value=18.0, unit="%"), "en", VN) == "18.0%"
    assert phrase(fact("net", value=120.4, unit="bn"), "vi", VN) == "+120 tỷ đồng"
    assert phrase(fact("active_weight", value=-2.0, unit="pp"), "en", VN) == f"{MINUS}2.0 pp"
    assert phrase(fact("quadrant.weekly", label="LEADING"), "vi", VN) == "Dẫn dắt"
    assert phrase(fact("released", label="2024-12-27", unit="date"), "en", VN) == "27 Dec 2024"
    assert phrase(fact("top_member_symbol", label="FPT"), "vi", VN) == "FPT"


def test_margins_and_levels_have_no_plus() -> None:
    assert not is_signed("net_profit_margin")
    assert not is_signed("rs_ratio.weekly")
    assert not is_signed("target_weight")
    assert is_signed("expected_excess.1m")
    assert is_signed("contribution.pe")


@pytest.mark.parametrize(
    "labels",
    [get_args(kind) for kind in (
        Quadrant, Regime, FlowState, WhaleKind, Stance, Flag, Horizon, Frequency, Cause,
        ChangeKind, OrderNote, Side, LimitKind, BenchmarkKind, WeightsSource, GapReason,
        FlowEvent.model_fields["kind"].annotation,
    )],
)  # fmt: skip
def test_every_closed_value_has_words_in_both_languages(labels: tuple[str, ...]) -> None:
    for label in labels:
        assert set(LABELS[label]) == set(get_args(Language))
        assert "_" not in label_text(label, "vi")


def test_every_data_set_has_words_in_both_languages() -> None:
    assert set(DATASETS) == set(get_args(Dataset))


UNTOLD = {
    "family", "symbol_type", "metrics", "signal_type", "type", "period", "asset_type", "dataset",
    "actor", "contract", "node", "tool", "formula", "unit",
}  # fmt: skip
"""Closed fields that are no facts: arguments, units, and what has tables of its own."""


@pytest.mark.parametrize(
    "module",
    [decision, evidence, history, holdings, payloads, scoring, sectors, trades, trading],
    ids=lambda module: module.__name__,
)
def test_every_closed_field_of_a_record_has_words(module: ModuleType) -> None:
    for record in vars(module).values():
        if not isinstance(record, type) or not issubclass(record, Record):
            continue
        for name in closed_fields(record) - UNTOLD:
            for value in literals(record.model_fields[name].annotation):
                assert set(LABELS[value]) == set(LANGUAGES), (record.__name__, name, value)


def literals(annotation: object) -> set[str]:
    """Return the texts of all Literals inside an annotation."""
    if get_origin(annotation) is Literal:
        return {value for value in get_args(annotation) if isinstance(value, str)}
    found: set[str] = set()
    return found.union(*map(literals, get_args(annotation)))


def test_the_desks_measures_are_printed_by_their_units() -> None:
    assert phrase(fact("trade_value", value=-180.25, unit="bn"), "vi", VN) == (
        f"{MINUS}180 tỷ đồng"
    )
    assert phrase(fact("trade_value", value=0.0123, unit="bn"), "en", US) == "+12.3 mn USD"
    assert phrase(fact("order_value", value=0.0456, unit="bn"), "vi", VN) == "45,6 triệu đồng"
    assert phrase(fact("trade_value", value=4.95e-6, unit="bn"), "en", US) == "+4,950 USD"
    assert phrase(fact("order_value", value=0.0, unit="bn"), "en", US) == "0.0 bn USD"
    assert phrase(fact("trading", value=2.44, unit="trading_days"), "vi", VN) == "2,4 phiên"
    assert phrase(fact("trading", value=1.0, unit="trading_days"), "en", VN) == "1.0 day"
    assert phrase(fact("amount.data", value=0.023, unit="fraction_change"), "en", VN) == "+2.3 pp"
    assert phrase(fact("amount.data", value=-2.0, unit="count"), "vi", VN) == f"{MINUS}2"
    assert phrase(fact("realised_excess.1m", value=1.25, unit="%"), "vi", VN) == "+1,2%"
    assert phrase(fact("cause.rank", label="data"), "vi", VN) == "dữ liệu"
    assert phrase(fact("bars", value=16.0, unit="count"), "vi", VN) == "16 nến"


def test_a_planned_call_is_named_by_what_it_asks_for() -> None:
    assert entity_name("vn-macro", "vi", VN) == "chỉ báo vĩ mô"
    assert entity_name("vn-heatmap", "en", VN) == "sector heatmap"


def test_statement_lines_and_the_packaged_mandate_have_vietnamese_words() -> None:
    for line in ("revenue", "gross_profit", "operating_income", "net_profit", "total_assets",
                 "total_equity", "cfo"):  # fmt: skip
        assert key_name(f"value.{line}", "vi") != key_name(f"value.{line}", "en")
    assert label_text(Mandate().id, "vi") == "ủy thác mặc định"


def test_quadrants_are_said_as_the_desks_say_them() -> None:
    said = [label_text(name, "vi") for name in get_args(Quadrant)]

    assert said == ["Dẫn dắt", "Suy yếu", "Tụt hậu", "Cải thiện"]


def test_a_measure_names_its_frequency_or_horizon() -> None:
    assert measure_name("rs_ratio.weekly", "en") == "RS-Ratio (weekly)"
    assert measure_name("expected_excess.1m", "vi") == "lợi suất vượt trội kỳ vọng (1 tháng)"
    assert measure_name("contribution.value_pe", "en") == "contribution (value pe)"
    assert measure_name("something_else", "en") == "something else"
    assert all(set(words) == {"en", "vi"} for words in MEASURES.values())


def test_every_factor_of_the_catalogue_has_a_name() -> None:
    for spec in FACTORS:
        for language in LANGUAGES:
            assert measure_name(f"contribution.{spec.id}", language).count("_") == 0
        assert spec.id in NAMED_FACTORS
    assert measure_name("z.momentum_12m", "vi") == "điểm z (động lượng 12 tháng)"


def test_entities_are_named_in_the_language_asked() -> None:
    assert entity_name("banks", "vi", VN) == "Ngân hàng"
    assert entity_name("banks", "en", VN) == "Banks"
    assert entity_name("vn", "vi", VN) == "Việt Nam"
    assert entity_name("vn_basket", "en", VN) == "basket of all member stocks"
    assert entity_name("unrate", "vi", US) == "tỷ lệ thất nghiệp"
    assert entity_name("TCB", "en", VN) == "TCB"
    assert entity_name("demo", "vi", DEMO) == "Thị trường mẫu (giả lập)"


def test_every_comparator_has_words() -> None:
    for comparator in get_args(Comparator):
        assert comparator_text(comparator, "en") != comparator_text(comparator, "vi")


COUNTS = (
    ("dwell.weekly", 1.0, "1 bar", "1 nến"),
    ("dwell.daily", 12.0, "12 bars", "12 nến"),
    ("streak", 1.0, "1 session of net buying", "1 phiên mua ròng"),
    ("streak", -4.0, "4 sessions of net selling in a row", "4 phiên bán ròng liên tiếp"),
)


@pytest.mark.parametrize(("measure", "value", "english", "vietnamese"), COUNTS)
def test_a_count_is_printed_with_what_it_counts(
    measure: str, value: float, english: str, vietnamese: str
) -> None:
    said = fact(measure, value=value, unit="sessions" if measure == "streak" else "count")

    assert phrase(said, "en", VN) == english
    assert phrase(said, "vi", VN) == vietnamese


def test_a_key_names_a_factor_or_a_line_and_its_period() -> None:
    assert key_name("contribution.excess_1w", "en") == "1-week excess return"
    assert key_name("value.revenue.2023-09-30", "en") == "revenue, 30 Sep 2023"
    assert key_name("value.net_profit.2023-09-30", "vi") == "lợi nhuận ròng, 30/09/2023"
    assert key_name("limit.active_cap", "vi") == "giới hạn chênh lệch so với chuẩn"
    assert measure_name("value.revenue.2023-09-30", "en") == "value (revenue, 30 Sep 2023)"


def test_a_data_set_has_a_name() -> None:
    assert entity_name("fundamentals", "vi", VN) == "dữ liệu cơ bản doanh nghiệp"
    assert entity_name("macro", "en", VN) == "macro series"


def test_the_mean_of_sectors_has_a_name_in_both_languages() -> None:
    assert [entity_name(SECTOR_MEAN, language, US) for language in LANGUAGES] == [
        "the mean of sectors",
        "bình quân các ngành",
    ]
