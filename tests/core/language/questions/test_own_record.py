"""How good we are asks for the settled record; how good anything else is does not."""

import pytest

from tests.core.asking import asked, unmarked


@pytest.mark.parametrize(
    "text",
    ["is your model any good?", "How good are your forecasts?", "has your forecast been any good",
     "is the model reliable?", "does your model actually work?", "how often are you right?",
     "is your forecast for energy any good?", "how well has your model done?",
     "are your predictions better than chance?", "can I rely on the model?",
     "is the model's forecast any good", "mô hình của bạn có tốt không?",
     "dự báo của bạn có đúng không?", "mô hình dự báo này đúng bao nhiêu phần trăm?",
     "what is your record?", "show me the record of the forecast", "what's the forecast's record",
     "thành tích của bạn thế nào?", "thành tích của mô hình ra sao?", "thành tích dự báo ra sao?",
     "dự báo có chính xác không?", "bạn dự báo có chuẩn không?", "mô hình có hiệu quả không?"],
)  # fmt: skip
def test_how_good_the_model_is_asks_for_its_record(text: str) -> None:
    for said in (text, unmarked(text), text.upper()):
        request = asked(said, "demo")
        assert request.topics[0] == "record"
        assert request.intent in {"question", "explain"}


@pytest.mark.parametrize(
    "text",
    ["is your car model any good?", "is your record player any good?",
     "how big is your record collection", "energy is at a record high",
     "Is the new Tesla model any good?", "are you good?",
     "how does your phone model work?", "how good is the weather model in the valley of kings",
     "thời tiết hôm nay có tốt không?"],
)  # fmt: skip
def test_how_good_something_else_is_stays_none_of_ours(text: str) -> None:
    for said in (text, unmarked(text)):
        assert "record" not in asked(said, "demo").topics


@pytest.mark.parametrize(
    "text",
    ["is the forecast good for energy?", "is the outlook for tech good?", "are banks any good?",
     "hệ thống ngân hàng có tốt không?", "mô hình kinh doanh của FPT có tốt không?",
     "triển vọng ngân hàng có tốt không?", "is energy a good sector right now?"],
)  # fmt: skip
def test_how_good_a_sector_looks_is_no_question_of_the_record(text: str) -> None:
    for said in (text, unmarked(text)):
        request = asked(said, "demo")
        assert request.intent == "question"
        assert "record" not in request.topics
