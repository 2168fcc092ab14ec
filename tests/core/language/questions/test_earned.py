"""What sectors returned is told apart from what is expected of them, and over which span."""

import pytest

from core.records.request import Side, Topic
from core.records.universe import Lookback
from tests.core.asking import asked, unmarked

EARNED: tuple[tuple[str, Lookback, tuple[Side, ...]], ...] = (
    ("Which sector gained most last month?", "1M", ()),
    ("which sector did best in 2023", "12M", ()),
    ("which sectors lost the most this year", "12M", ("weakest",)),
    ("best performing sector over the last 3 months", "3M", ()),
    ("worst performing sectors past 6 months in the US", "6M", ("weakest",)),
    ("how did energy do over the past 3 months", "3M", ()),
    ("how much has technology gained over the last 12 months?", "12M", ()),
    ("biggest losers last week", "1W", ("weakest",)),
    ("What were the sector returns last quarter?", "3M", ()),
    ("which industries were up most in Q1 2024", "3M", ()),
    ("what sectors have performed best so far this year", "12M", ()),
    ("rank sectors by performance over the last month", "1M", ()),
    ("which sectors rallied the most?", "1M", ()),
    ("top performers YTD in Europe", "12M", ()),
    ("How did Vietnam do last year?", "12M", ()),
    ("ngành nào tăng mạnh nhất tháng trước", "1M", ()),
    ("ngành nào giảm sâu nhất năm nay", "12M", ("weakest",)),
    ("Ngân hàng tăng bao nhiêu trong 3 tháng qua?", "3M", ()),
    ("hiệu suất các ngành tháng trước", "1M", ()),
    ("cho tôi biết ngành nào giảm mạnh nhất tuần qua", "1W", ("weakest",)),
    ("Ngành nào tăng tốt nhất năm 2023?", "12M", ()),
)


@pytest.mark.parametrize(("text", "lookback", "sides"), EARNED)
def test_what_was_earned_is_asked_over_its_own_span(
    text: str, lookback: Lookback, sides: tuple[Side, ...]
) -> None:
    for said in (text, unmarked(text)):
        request = asked(said)

        assert "returns" in request.topics, said
        assert (request.lookback, request.sides, request.horizon) == (lookback, sides, "1M")


@pytest.mark.parametrize(
    "text",
    ["which sector will gain most next month", "expected returns for the next 3 months",
     "which sectors are likely to outperform over the next 3 months",
     "ngành nào sẽ tăng mạnh nhất tháng tới", "why did energy fall last month",
     "which sectors did foreigners buy most last month", "which sector leads on weekly bars",
     "khối ngoại mua ròng nhiều nhất ngành nào tháng trước", "which sector is best",
     "what if technology lost 10 points of weight", "ngành nào đang dẫn sóng",
     "how good was your forecast last year", "giảm tỷ trọng ngành nào",
     "how much did VCB gain last month?", "did revenue fall last quarter in tech",
     "which stocks gained most last month", "how did my portfolio do last month",
     "what changed since last month"],
)  # fmt: skip
def test_what_is_to_come_or_of_something_else_is_no_return(text: str) -> None:
    request = asked(text)

    assert "returns" not in request.topics
    assert request.lookback is None


@pytest.mark.parametrize(
    "text",
    ["how did the market do last month", "How did VN-Index perform over the last 3 months?",
     "thị trường tăng bao nhiêu trong tháng qua"],
)  # fmt: skip
def test_of_the_whole_market_its_own_returns_come_first(text: str) -> None:
    assert asked(text, "vn").topics[:2] == ("market", "returns")


@pytest.mark.parametrize(
    ("text", "lookback", "sides"),
    [("Which sectors beat the index last quarter?", "3M", ()),
     ("which sectors outperformed in Q1 2024", "3M", ()),
     ("Which sectors underperformed SPY last month?", "1M", ("weakest",)),
     ("which sectors lagged the benchmark last year", "12M", ("weakest",)),
     ("Did energy beat the market last month?", "1M", ()),
     ("which sectors have beaten the market?", "1M", ()),
     ("Ngành nào đánh bại VN-Index trong tháng qua?", "1M", ()),
     ("Ngành nào vượt trội so với VN-Index quý trước?", "3M", ()),
     ("Ngành nào thua kém thị trường năm 2023?", "12M", ("weakest",))],
)  # fmt: skip
def test_against_the_market_its_own_returns_come_first_and_nothing_expected(
    text: str, lookback: Lookback, sides: tuple[Side, ...]
) -> None:
    for said in (text, unmarked(text)):
        request = asked(said)

        assert request.topics == ("market", "returns"), said
        assert (request.lookback, request.sides, request.horizon) == (lookback, sides, "1M")


@pytest.mark.parametrize(
    ("text", "topics"),
    [("Which sectors will beat the market?", ()),
     ("which sectors are likely to outperform the index next month", ("forecast",)),
     ("how often did your calls beat the market last year", ("past_calls",))],
)  # fmt: skip
def test_beating_the_market_to_come_or_by_our_calls_is_no_return(
    text: str, topics: tuple[Topic, ...]
) -> None:
    assert asked(text).topics == topics


@pytest.mark.parametrize(
    "text", ["How did my team do last year?", "what has risen in price lately"]
)
def test_what_names_no_market_and_no_sector_is_turned_away(text: str) -> None:
    assert asked(text).intent == "off_topic"


@pytest.mark.parametrize(
    ("text", "lookback", "why"),
    [("which sectors gained most over the last two months?", "1M", "out_of_range"),
     ("which sectors gained most over the past five years?", "12M", "out_of_range"),
     ("which sectors lost the most this year", "12M", "out_of_range"),
     ("which sectors rallied the most?", "1M", "default")],
)  # fmt: skip
def test_a_span_that_is_taken_is_shown(text: str, lookback: Lookback, why: str) -> None:
    request = asked(text)
    taken = [(row.value, row.why) for row in request.inferred if row.field == "lookback"]

    assert (request.lookback, taken) == (lookback, [(lookback, why)])


def test_a_follow_up_keeps_the_question_and_takes_another_span_or_keeps_it() -> None:
    first = asked("Which sector gained most over the last 6 months?")
    longer = asked("and over the last 12 months?", previous=first)
    elsewhere = asked("and in Europe?", previous=longer)

    assert (longer.topics, longer.lookback) == (("returns",), "12M")
    assert (elsewhere.universes, elsewhere.lookback) == (("europe",), "12M")
