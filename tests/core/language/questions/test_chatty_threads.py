"""Continuations as a chat writes them keep what they do not restate."""

from datetime import date

import pytest

from tests.core.asking import asked

LEADS = "Which US sectors are leading?"


@pytest.mark.parametrize(
    ("text", "sector"),
    [("thx. wat abt staples", "consumer_staples"), ("ok cool, and energy?", "energy"),
     ("nah, how about utilities", "utilities"), ("tks ad, thế còn dược", "health_care"),
     ("ngân hàng thì sao", "financials")],
)  # fmt: skip
def test_a_polite_opening_hides_no_continuation(text: str, sector: str) -> None:
    request = asked(text, "us", asked(LEADS))

    assert [row.sector for row in request.focus] == [sector]
    assert request.topics == ("rotation",)


@pytest.mark.parametrize(
    "text",
    ["bên châu âu cũng z hả", "châu âu thì sao", "còn châu âu", "thế bên châu âu thì thế nào"],
)
def test_an_ending_of_a_continuation_keeps_the_topic(text: str) -> None:
    request = asked(text, "us", asked(LEADS))

    assert (request.universes, request.topics) == (("europe",), ("rotation",))


@pytest.mark.parametrize("text", ["cùng ngày đó, bên mỹ thì sao", "cùng kỳ bên mỹ", "same day, US"])
def test_the_same_day_is_the_threads(text: str) -> None:
    request = asked(text, "vn", asked("Ngành nào dẫn dắt ngày 28/06/2024?", "vn"))

    assert (request.universes, request.as_of) == (("us",), date(2024, 6, 28))
    assert request.topics == ("rotation",)


def test_a_question_of_its_own_that_ends_alike_is_new() -> None:
    request = asked("Khối ngoại Việt Nam mua gì thì sao?", "us", asked(LEADS))

    assert request.topics == ("foreign_flow",)
