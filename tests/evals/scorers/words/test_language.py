"""A sentence in the other language is found."""

import pytest

from evals.scorers.words.language import language_of
from tests.evals.scorers.given import NAMED, a_refusal, a_report, ran_of, said, value


@pytest.mark.parametrize("language", ["en", "vi"])
def test_reports_are_in_the_language_of_the_question(language: str) -> None:
    assert value("language", a_report(language)) == 1.0
    assert value("language", a_refusal(language)) == 1.0


def test_a_sentence_in_the_other_language_is_found() -> None:
    assert value("language", said(a_report(), "Ngành năng lượng đang dẫn dắt thị trường.")) < 1.0
    assert value("language", said(a_report("vi"), "Energy is ahead of the market.")) < 1.0


def test_a_whole_report_in_the_other_language_scores_nothing() -> None:
    assert NAMED["language"](ran_of(a_report("vi"), language="en")).value == 0.0


@pytest.mark.parametrize("text", ["", "XLK", "RS-Ratio 101.2", "P/E 12x", "Materials: beta"])
def test_what_has_no_language_is_not_judged(text: str) -> None:
    assert language_of(text) is None
