"""Words of the vocabulary whose meaning is easily missed."""

import pytest

from core.request import parse_request
from tests.core.asking import UNIVERSES, asked, unmarked


@pytest.mark.parametrize(
    ("text", "topic"),
    [
        ("Which sectors led on 30/09/2022?", "rotation"), ("Where is the money going?", "rotation"),
        ("Which sectors got stronger recently?", "rotation"),
        ("Gần đây ngành nào mạnh lên?", "rotation"), ("Ngành nào đang rẻ?", "fundamentals"),
        ("Write the sector allocation report", "allocation"),
    ],
)  # fmt: skip
def test_a_topic_is_known_by_the_words_people_use(text: str, topic: str) -> None:
    assert topic in asked(text, "demo").topics


@pytest.mark.parametrize(
    ("text", "intent"),
    [
        ("How is the market?", "question"), ("How is the RS-Ratio calculated?", "explain"),
        ("Công nghệ tăng 8 % quý này, sao lại gọi là suy yếu?", "explain"),
        ("Mua các ngành đang cải thiện có hiệu quả không?", "explain"),
    ],
)  # fmt: skip
def test_an_explanation_is_asked_for_by_its_own_words(text: str, intent: str) -> None:
    assert asked(text, "demo").intent == intent


def test_an_index_name_alone_speaks_no_language() -> None:
    assert asked("Cuối năm S&P 500 lên bao nhiêu điểm?", "demo").language == "vi"


def test_words_of_a_data_base_are_no_symbols() -> None:
    request = asked("'; DROP TABLE calls; -- SELECT * FROM users WHERE 1=1", "demo")

    assert (request.intent, request.symbols) == ("off_topic", ())


@pytest.mark.parametrize(
    "text",
    ["So sánh ngân hàng với năng lượng trong sáu tháng",
     "Compare banks with energy over six months"],
)  # fmt: skip
def test_a_span_within_which_is_read_alike_in_both_languages(text: str) -> None:
    request = parse_request(text, UNIVERSES, default_universe="demo")

    assert request.horizon == "3M"
    assert [row.why for row in request.inferred if row.field == "horizon"] == ["out_of_range"]


def test_a_past_a_valuation_is_compared_with_is_no_horizon_asked_for() -> None:
    request = asked("Which sectors are cheap against their own five years?", "demo")

    assert request.topics == ("fundamentals",)


@pytest.mark.parametrize(
    "text",
    ["Compare technology with energy and tell me how to allocate",
     "Compare technology with energy, then tell me what to hold",
     "Compare technology with energy: how much in each?",
     "So sánh công nghệ với năng lượng và nên phân bổ thế nào?",
     "So sánh công nghệ với năng lượng rồi nên chia thế nào?"],
)  # fmt: skip
def test_a_comparison_and_an_allocation_are_asked_at_once(text: str) -> None:
    for said in (text, unmarked(text)):
        request = asked(said, "demo")
        assert (request.intent, request.topics) == ("compare", ("allocation",))
        assert (request.patch, request.holdings) == (None, None)


@pytest.mark.parametrize(
    "text", ["Compare technology with energy", "So sánh công nghệ với năng lượng, chia cổ tức"]
)
def test_a_comparison_alone_asks_for_no_weights(text: str) -> None:
    assert asked(text, "demo").topics == ()


@pytest.mark.parametrize("text", ["mấy ông tây xả bank hả", "ông tây mua gì vậy"])
def test_foreigners_by_another_name_are_foreigners_and_shown(text: str) -> None:
    request = asked(text, "vn")

    assert "foreign_flow" in request.topics
    assert any("ông tây = foreign_flow" in row.value for row in request.inferred)


@pytest.mark.parametrize(
    "text",
    ["công ty nào trong ngành công nghệ đáng mua", "gimme 1 stock 2 buy",
     "should i buy nvda or amd", "should i buy vcb", "hpg mua dc chưa"],
)  # fmt: skip
def test_a_tip_is_known_however_it_is_asked_for(text: str) -> None:
    assert (asked(text).intent, asked(text).topics) == ("off_topic", ("stock_pick",))


@pytest.mark.parametrize(
    ("text", "market"),
    [("chứng khoán Việt Nam hôm nay thế nào", "vn"), ("ck mỹ hnay sao", "us"),
     ("thị trường chứng khoán châu Âu ra sao", "europe"), ("chứng khoán toàn cầu ra sao", "world")],
)  # fmt: skip
def test_the_exchange_of_a_country_is_its_market_and_no_sector(text: str, market: str) -> None:
    for default in ("us", "vn"):
        request = asked(text, default)
        assert (request.universes, request.focus) == ((market,), ())


def test_a_way_to_divide_is_an_allocation() -> None:
    assert asked("e có 500tr chia sao cho hợp lý", "vn").topics == ("allocation",)


def test_what_something_means_is_an_explanation() -> None:
    thread = asked("Ngành nào đang dẫn dắt?", "vn")

    assert (asked("là sao", "vn", thread).intent, asked("y tho?", "vn", thread).intent) == (
        "explain",
        "explain",
    )
