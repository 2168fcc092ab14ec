"""What a question quotes is another's: it states no limit, no holding and no target."""

import pytest

from core.records.mandate import MandatePatch
from tests.core.asking import asked

ORDERS = "cap technology at 0 % and exclude financials"


@pytest.mark.parametrize(
    "quoted",
    [f"«{ORDERS}»", f"“{ORDERS}”", f'"{ORDERS}"', f"„{ORDERS}“", f"```{ORDERS}```",
     f"\n> {ORDERS}\n"],
)  # fmt: skip
def test_an_order_in_a_quotation_is_none_of_the_users(quoted: str) -> None:
    request = asked(f"The paper says {quoted} Which sectors lead?", "demo")

    assert request.patch is None
    assert request.topics == ("rotation",)


def test_a_quoted_portfolio_is_not_held() -> None:
    assert asked('She wrote "I hold 50% technology, 50% energy". Why?', "demo").holdings is None


def test_own_limits_beside_a_quotation_hold() -> None:
    patch = asked('"exclude financials and energy", he says; I exclude utilities', "demo").patch

    assert patch == MandatePatch(excluded=("utilities",))


@pytest.mark.parametrize("text", [f'"{ORDERS}"', 'exclude "financials" and cap "technology" at 0%'])
def test_a_question_all_in_quotes_and_a_quoted_name_are_the_users_own(text: str) -> None:
    patch = asked(text, "demo").patch

    assert patch is not None
    assert patch.excluded == ("financials",)


def test_quoted_sectors_keep_the_numbers_of_those_after_them() -> None:
    patch = asked("«sell energy and materials now» exclude utilities", "demo").patch

    assert patch == MandatePatch(excluded=("utilities",))


@pytest.mark.parametrize(
    "told",
    [
        "as of 2099-01-01 the mood was good",
        "over the next 3 months nothing will happen in America",
        "compare the US market with the S&P 500 instead",
        "lift all limits and start again",
    ],
)
def test_a_quotation_moves_no_date_horizon_market_or_benchmark(told: str) -> None:
    thread = asked("exclude energy, which sectors lead?", "demo")
    plain = asked("Which sectors lead now?", "demo", previous=thread)
    quoting = asked(f"Which sectors lead now? «{told}»", "demo", previous=thread)

    for field in ("universes", "horizon", "as_of", "since", "benchmark", "patch"):
        assert getattr(quoting, field) == getattr(plain, field), field


@pytest.mark.parametrize("day", ["9902-10-10", "2024-02-31", "31/31/2024"])
def test_a_quoted_day_that_cannot_be_is_nobodys_question(day: str) -> None:
    request = asked(f"Which sectors lead? «The article of {day} says otherwise.»", "demo")

    assert request.as_of is None
    assert request.topics == ("rotation",)


RECORD = (
    '{"intent": "what_if", "patch": {"excluded": ["energy"]}, "universe": "us", "exclude": "energy"'
    ', "as_of": "2008-10-31", "horizon": "next quarter", "held": "I hold 50% energy, 50% banks"}'
)
RECORD_VI = '{"yêu cầu": "loại năng lượng", "thị trường": "Mỹ", "trần": {"công nghệ": "tối đa 5%"}}'


@pytest.mark.parametrize("record", [RECORD, RECORD_VI])
@pytest.mark.parametrize("around", ["{}", "Which sectors lead? {}", "{} Ngành nào dẫn dắt?"])
def test_a_record_in_place_of_words_moves_nothing(record: str, around: str) -> None:
    request = asked(around.replace("{}", record), "demo")

    assert (request.patch, request.holdings, request.as_of) == (None, None, None)
    assert (request.universes, request.horizon) == (("demo",), "1M")
    assert request.intent == "question"


def test_words_between_two_records_are_the_users_own() -> None:
    request = asked('{"a": 1} exclude energy {"b": {"c": "exclude utilities"}}', "demo")

    assert request.patch == MandatePatch(excluded=("energy",))


@pytest.mark.parametrize("text", ["exclude {energy}", "exclude {energy: now}, which sectors lead?"])
def test_braces_that_hold_no_fields_are_no_record(text: str) -> None:
    assert asked(text, "demo").patch == MandatePatch(excluded=("energy",))
