"""What was taken where words leave it open: a topic, one of two lengths or days, a market."""

import pytest

from core.records.request import Inference
from core.request import parse_request
from tests.core.asking import UNIVERSES, asked, unmarked


def _shown(text: str, field: str) -> list[tuple[str, str]]:
    request = asked(text, "demo")
    return [(row.value, row.why) for row in request.inferred if row.field == field]


@pytest.mark.parametrize(
    "text",
    ["Tell me the sectors", "Which industry is nicest?", "Các ngành thì sao?", "the market?"],
)
def test_a_question_without_a_topic_says_what_it_is_answered_with(text: str) -> None:
    for said in (text, unmarked(text)):
        assert _shown(said, "topic") == [("ranking", "default")]


@pytest.mark.parametrize(
    "text", ["Which sectors lead?", "How is energy?", "report on the sectors", "Cap energy at 10 %"]
)
def test_what_names_its_subject_shows_no_topic_taken(text: str) -> None:
    assert _shown(text, "topic") == []


@pytest.mark.parametrize(
    ("text", "shown"),
    [("Where is big money now?", "big money = whales"), ("Cá mập đang gom gì?", "Cá mập = whales"),
     ("the money is moving where?", "money is moving = rotation")],
)  # fmt: skip
def test_a_figure_of_speech_is_shown_with_what_it_was_taken_for(text: str, shown: str) -> None:
    assert _shown(text, "topic") == [(shown, "from_words")]


@pytest.mark.parametrize(
    ("text", "field", "taken"),
    [("Outlook for a month and for a quarter", "horizon", "1M"),
     ("dự báo 1 tuần tới và 1 tháng tới", "horizon", "1W"),
     ("foreign flow over the last month and the last week", "window", "1M"),
     ("Rotation as of 2021-03-31 and 2019-06-28", "as_of", "2021-03-31")],
)  # fmt: skip
def test_of_two_lengths_or_days_the_one_taken_is_shown(text: str, field: str, taken: str) -> None:
    assert _shown(text, field) == [(taken, "from_words")]


def test_one_length_or_day_said_twice_leaves_nothing_open() -> None:
    assert _shown("Outlook for a week, I mean one week", "horizon") == []
    assert _shown("Rotation on 2021-03-31, yes 31/03/2021", "as_of") == []


@pytest.mark.parametrize(
    "text",
    ["Leading sectors in Japan?", "Is the Thai market strained?", "Khối ngoại mua gì ở Hàn Quốc?",
     "Which South African industries are cheap?"],
)  # fmt: skip
def test_a_market_nobody_has_is_never_passed_over(text: str) -> None:
    for said in (text, unmarked(text)):
        assert _shown(said, "universe") == [("demo", "out_of_range")]


def test_a_market_nobody_has_is_told_beside_one_that_is_known() -> None:
    request = asked("Compare the US with Germany")

    assert (request.intent, request.universes) == ("question", ("us",))
    assert Inference(field="universe", value="us", why="out_of_range") in request.inferred


@pytest.mark.parametrize(
    "text", ["trạng thái các ngành", "sectors dear to us", "US sectors", "EU banks"]
)
def test_words_and_markets_of_ours_are_no_market_elsewhere(text: str) -> None:
    assert "out_of_range" not in {row.why for row in asked(text, "demo").inferred}


def test_a_shipped_market_is_elsewhere_where_it_is_not_installed() -> None:
    only = tuple(row for row in UNIVERSES if row.id == "demo")
    request = parse_request("Which Vietnamese sectors lead?", only, default_universe="demo")

    assert Inference(field="universe", value="demo", why="out_of_range") in request.inferred
