"""A quadrant without its bars, or a comparison without its benchmark, is found."""

import pytest

from core.records.report import Report
from tests.evals.scorers.given import a_refusal, a_report, an_answer, retold, score, unsaid, value

BASIS = ("Quadrants are", "Góc phần tư tính")


@pytest.mark.parametrize("language", ["en", "vi"])
def test_an_answer_about_rotation_names_its_basis(language: str) -> None:
    assert value("basis-named", an_answer(language)) == 1.0
    assert score("basis-named", a_refusal(language)).value is None


def test_a_benchmark_that_no_sentence_names_is_found() -> None:
    assert value("basis-named", _without_basis(a_report())) < 1.0
    assert "toy-all" in score("basis-named", _without_basis(an_answer())).why


@pytest.mark.parametrize(("language", "bars"), [("en", " weekly"), ("vi", " tuần")])
def test_a_quadrant_without_its_bars_is_found(language: str, bars: str) -> None:
    clean = _without_basis(a_report(language))
    report = retold(
        clean,
        lambda sentence, span: sentence.section == "rotation" and bars in span.text,
        lambda text: text.replace(bars, ""),
    )
    assert value("basis-named", report) < value("basis-named", clean)


def test_the_other_bars_are_not_those_of_the_quadrant() -> None:
    report = retold(
        an_answer(),
        lambda sentence, span: sentence.section == "rotation" and "daily" in span.text,
        lambda text: text.replace("daily", "weekly"),
    )
    assert value("basis-named", report) < 1.0


def _without_basis(report: Report) -> Report:
    return unsaid(report, lambda row: row.text.startswith(BASIS))
