"""Questions that say too little are answered with what was taken; stock picks are none of ours."""

import pytest

from core.records.request import Topic
from tests.core.asking import asked, unmarked


@pytest.mark.parametrize(
    ("text", "topics"),
    [("What can I do?", ("allocation",)), ("any advice please", ("allocation",)),
     ("So what now?", ("allocation",)), ("where should I start", ("allocation",)),
     ("cho mình lời khuyên nhé", ("allocation",)), ("Giờ phải làm gì đây?", ("allocation",)),
     ("is this dangerous?", ("market", "allocation")),
     ("Có an toàn không?", ("market", "allocation")),
     ("then what about them?", ("allocation",))],
)  # fmt: skip
def test_a_vague_question_is_one_of_ours_and_what_it_is_taken_for_is_shown(
    text: str, topics: tuple[Topic, ...]
) -> None:
    for said in (text, unmarked(text)):
        request = asked(said, "demo")

        assert (request.intent, request.topics) == ("question", topics)
        taken = [row for row in request.inferred if row.field == "topic"]
        assert [(row.value, row.why) for row in taken] == [(", ".join(topics), "default")]


@pytest.mark.parametrize(
    "text",
    ["How are you?", "and you?", "What can I do about my cough?", "Is it safe to swim in the lake?",
     "any advice on gardening", "what is this", "Phải làm gì khi bị sốt?"],
)  # fmt: skip
def test_a_vague_word_makes_no_other_subject_ours(text: str) -> None:
    assert asked(text, "demo").intent == "off_topic"


@pytest.mark.parametrize(
    "text",
    ["Should I sell HPG now?", "Which stock is worth buying?", "recommend some stocks",
     "Which energy stock should I own?", "Any stock tips?", "give me a stock tip",
     "best stocks to hold", "Name three energy stocks to own",
     "Is it a good time to buy VNM?", "Please buy FPT", "Nên bán HPG không?",
     "Is MWG still a buy?", "VPB: buy or sell?", "should we dump MSN", "thinking of buying TCB",
     "Pick me a strong stock", "Suggest some shares", "Name a stock to own",
     "Có nên xả MSN không?",
     "SSI gom được chưa, mua SSI được chưa?", "chọn giúp tôi một mã cổ phiếu", "Tôi muốn mua MWG",
     "Foreign flow of MWG: should I sell?",
     "Mã nào đáng mua nhất?", "Cổ phiếu thép nào nên mua?", "Khuyến nghị vài mã cổ phiếu"],
)  # fmt: skip
def test_advice_on_a_stock_is_refused(text: str) -> None:
    request = asked(text, "vn")

    assert (request.intent, request.topics) == ("off_topic", ("stock_pick",))


@pytest.mark.parametrize(
    "text",
    ["Should I buy bank stocks?", "Which sectors should I buy?", "Which stocks drive energy?",
     "Which stocks did foreigners buy?", "Khối ngoại mua mã nào?",
     "Ai đang mua MWG?", "Khối ngoại muốn mua VHM?",
     "Bạn nói về MWG được không?", "What if I buy FPT?",
     "Did insiders buy FPT?", "I hold 40 % FPT and 60 % banks, should I sell?",
     "MWG foreign flow", "Are foreigners going to sell VIC?", "khối ngoại có gom SSI không",
     "should I overweight energy", "Are banks a buy?", "Add MWG to the comparison",
     "Should I buy Vietnamese stocks now?", "Does a stock split matter to energy?",
     "Latest results of FPT", "nên mua cổ phiếu ngân hàng không?"],
)  # fmt: skip
def test_a_sectors_stocks_and_what_others_did_are_no_advice(text: str) -> None:
    request = asked(text, "vn")

    assert request.intent != "off_topic"
    assert "stock_pick" not in request.topics
