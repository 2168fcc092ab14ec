"""A follow-up that states another length and nothing else, and what only looks like one."""

import pytest

from core.records.universe import Horizon
from tests.core.asking import asked, unmarked

FIRST = "Which sectors lead?"


@pytest.mark.parametrize(
    ("text", "horizon"),
    [("same but for the quarter", "3M"), ("Same, but for the week!", "1W"),
     ("the same thing over the quarter please", "3M"), ("same but quarterly", "3M"),
     ("and for the quarter?", "3M"), ("what about the week?", "1W"),
     ("tương tự nhưng cho quý", "3M"), ("vẫn vậy nhưng theo quý", "3M"),
     ("còn theo tuần thì sao?", "1W"), ("thế còn cả quý?", "3M"),
     ("như cũ nhưng khung tuần", "1W"), ("y như trên nhưng cho quý", "3M")],
)  # fmt: skip
def test_a_follow_up_states_another_length_alone(text: str, horizon: Horizon) -> None:
    first = asked(FIRST, "demo")
    for said in (text, unmarked(text)):
        request = asked(said, "demo", first)
        assert (request.intent, request.horizon) == ("question", horizon)
        assert (request.topics, request.universes) == (first.topics, first.universes)


@pytest.mark.parametrize(
    "text",
    ["same but for the quarter", "what about the week after the election?", "and a quarter pounder",
     "con tuần lộc", "the same week in May"],
)  # fmt: skip
def test_without_a_thread_or_with_another_subject_it_is_none_of_ours(text: str) -> None:
    assert asked(text, "demo").intent == "off_topic"


@pytest.mark.parametrize(
    "text",
    ["Technology is up 8 % for the quarter", "and quarterly results of banks?",
     "thế còn báo cáo quý của ngân hàng?", "How was the quarter for banks?"],
)  # fmt: skip
def test_a_period_that_is_spoken_of_is_no_length_asked_for(text: str) -> None:
    assert asked(text, "demo", asked(FIRST, "demo")).horizon == "1M"
