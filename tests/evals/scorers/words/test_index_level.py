"""A level of an index is found, in words of both languages; speaking of an index is not."""

import pytest

from evals.scorers.words.index_level import gives_level
from tests.evals.scorers.given import a_refusal, a_report, said, value


def test_no_report_forecasts_a_level() -> None:
    for report in (a_report(), a_report("vi"), a_refusal(), a_refusal("vi")):
        assert value("no-index-level", report) == 1.0


@pytest.mark.parametrize(
    "text",
    [
        "The VN-Index will reach 1,300.",
        "VNINDEX sẽ lên mức 1.350 điểm tuần sau.",
        "The S&P 500 is heading to 5,200.",
        "Mục tiêu của VN30 là 1.400 điểm.",
        "The index should close near 1,250 points.",
    ],
)
def test_a_level_is_found(text: str) -> None:
    assert gives_level(text)
    assert value("no-index-level", said(a_report(), text)) < 1.0


@pytest.mark.parametrize(
    "text",
    [
        "Levels of an index are not forecast, so there is no number of points here.",
        "Quadrants are weekly, relative to SPDR S&P 500 ETF, as of 31 Dec 2024.",
        "Energy will be compared with the market: +2.5% over 20 sessions.",
        "So với VN-Index, lợi suất vượt trội +0,25 điểm %.",
        "Hệ thống không dự báo mức của chỉ số nên không đưa ra số điểm.",
    ],
)
def test_speaking_of_an_index_gives_no_level(text: str) -> None:
    assert not gives_level(text)
