"""The end of a ranking that is asked for is heard in both languages; a limit stays a limit."""

import pytest

from core.records.request import Side
from tests.core.asking import asked, unmarked

WEAKEST = (
    "Which sectors should I avoid?", "what is the worst sector right now?",
    "which sectors will underperform?", "Which sectors are lagging?", "name the laggards",
    "Worst outlook for 3 months", "which sectors to stay away from", "weakest sectors pls",
    "which sectors should I not buy?", "which sectors should I sell?",
    "Which sectors are foreigners selling the most?", "Which sectors were net sold?",
    "best sectors to avoid", "bottom 3 sectors", "which sector to underweight",
    "ngành nào tệ nhất?", "nên tránh ngành nào?", "ngành nào yếu nhất bây giờ",
    "khối ngoại bán ròng ngành nào mạnh nhất?", "ngành nào đang tụt hậu?",
    "nhóm ngành nào kém nhất",
    "không nên mua ngành nào", "ngành nào bị xả mạnh", "nên bán ngành nào",
)  # fmt: skip


@pytest.mark.parametrize("text", WEAKEST)
def test_the_weak_end_is_asked_for(text: str) -> None:
    for said in (text, unmarked(text)):
        request = asked(said, "demo")

        assert (request.intent, request.sides) == ("question", ("weakest",)), said
        assert request.patch is None


@pytest.mark.parametrize(
    ("text", "sides"),
    [("Which sectors are weakening?", ("weakening",)),
     ("Which sectors are improving?", ("improving",)), ("ngành nào đang suy yếu?", ("weakening",)),
     ("best and worst sectors", ("strongest", "weakest")),
     ("Who leads and who lags?", ("strongest", "weakest")),
     ("ngành nào tệ nhất và ngành nào tốt nhất?", ("weakest", "strongest")),
     ("Ngành nào đang dẫn dắt, ngành nào đang suy yếu?", ("strongest", "weakening")),
     ("Which sectors got stronger recently?", ("improving",)),
     ("Có gì thay đổi so với tuần trước?", ()),
     ("Ngành nào khối ngoại mua ròng hay bán ròng?", ("strongest", "weakest")),
     ("Which sectors are leading right now?", ()), ("Which sectors will not underperform?", ()),
     ("Which sectors are the best to hold?", ()), ("ngành nào cạnh tranh tốt", ()),
     ("Is energy lagging?", ()), ("bạn thấy ngành nào ổn", ())],
)  # fmt: skip
def test_no_other_end_is_heard(text: str, sides: tuple[Side, ...]) -> None:
    assert asked(text, "demo").sides == sides


def test_to_avoid_a_sector_is_a_limit_and_no_end() -> None:
    for text in ("What if I avoid energy?", "best sectors, avoid energy", "tránh ngành năng lượng"):
        request = asked(text, "demo")

        assert request.patch is not None, text
        assert request.patch.excluded == ("energy",)
        assert request.sides == ()


def test_a_follow_up_asks_for_the_other_end_of_the_same_thing() -> None:
    first = asked("What is the outlook over 3 months?", "demo")
    worst = asked("and the worst?", "demo", first)
    longer = asked("and over one month?", "demo", worst)

    assert (worst.topics, worst.sides, worst.horizon) == (("forecast",), ("weakest",), "3M")
    assert (longer.sides, longer.horizon) == (("weakest",), "1M")
    assert asked("and the best?", "demo", longer).sides == ()


@pytest.mark.parametrize(
    ("text", "side"),
    [("which sector is cheapest?", "cheapest"), ("ngành nào rẻ nhất?", "cheapest"),
     ("most undervalued sectors", "cheapest"), ("which sectors are most expensive", "dearest"),
     ("ngành nào đắt nhất", "dearest")],
)  # fmt: skip
def test_the_cheap_and_the_dear_end_are_of_valuations(text: str, side: Side) -> None:
    request = asked(text, "demo")

    assert (request.topics, request.sides) == (("fundamentals",), (side,))
