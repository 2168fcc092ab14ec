"""Words of direction are true of their facts, or they are found."""

import pytest

from core.records.evidence import Fact
from core.records.report import Report, Sentence, Span
from evals.scorers.told import stem
from tests.evals.scorers.given import (
    a_flow_answer,
    a_refusal,
    a_report,
    an_answer,
    refact,
    retold,
    score,
    value,
)


@pytest.mark.parametrize("language", ["en", "vi"])
def test_the_directions_of_a_report_are_true(language: str) -> None:
    assert value("direction", a_report(language)) == 1.0
    assert value("direction", an_answer(language)) == 1.0
    assert score("direction", a_refusal(language)).value is None


@pytest.mark.parametrize(
    ("word", "other"),
    [("overweight", "underweight"), ("LEADING", "LAGGING"), ("net buying", "net selling")],
)  # fmt: skip
def test_a_word_of_the_other_side_is_found(word: str, other: str) -> None:
    report = retold(an_answer(), lambda sentence, span: span.text == word, lambda text: other)
    assert value("direction", report) < 1.0


@pytest.mark.parametrize(
    ("language", "word", "other"),
    [("en", "the highest", "the lowest"), ("vi", "thấp nhất", "cao nhất")],
)
def test_a_superlative_that_is_none_is_found(language: str, word: str, other: str) -> None:
    report = a_flow_answer(language)
    assert value("direction", report) == 1.0
    swapped = retold(report, lambda sentence, span: span.text == word, lambda text: other)
    assert value("direction", swapped) < 1.0


@pytest.mark.parametrize(("word", "right"), [("rising", True), ("falling", False)])
def test_a_side_is_that_of_the_value(word: str, right: bool) -> None:
    report = retold(
        a_flow_answer(), lambda sentence, span: span.text == "the highest", lambda text: word
    )
    assert (value("direction", report) == 1.0) is right


@pytest.mark.parametrize(
    ("measure", "section"),
    [
        ("contribution", "for"),
        ("net", "flow"),
        ("rs_ratio", "rotation"),
        ("contribution", "headline"),
    ],
)
def test_a_fact_that_turns_against_its_words_is_found(measure: str, section: str) -> None:
    assert value("direction", _turned(a_report(), measure, section)) < 1.0


@pytest.mark.parametrize(
    ("said", "other"),
    [
        ("argues for less", "argues for more"),
        ("Foreign investors contradict ", "Foreign investors confirm "),
        ("Foreign investors confirm ", "Foreign investors contradict "),
        ("is not distinguishable from chance", "is worse than chance"),
        ("For ", "Against "),
    ],
)
def test_prose_that_turns_against_its_facts_is_found(said: str, other: str) -> None:
    def fits(sentence: Sentence, span: Span) -> bool:
        return span.fact is None and said in span.text

    report = retold(a_report(), fits, lambda text: text.replace(said, other))
    if said == "For ":
        sentences = tuple(
            row.model_copy(update={"section": "against"})
            if row.spans[0].text == other and row.section == "for"
            else row
            for row in report.sentences
        )
        report = report.model_copy(update={"sentences": sentences})
    assert value("direction", report) < 1.0


def _turned(report: Report, measure: str, section: str) -> Report:
    """Return the report with the first fact of a measure in a section on its other side."""
    cited = {
        span.fact
        for sentence in report.sentences
        if sentence.section == section
        for span in sentence.spans
    }

    def fits(fact: Fact) -> bool:
        return fact.id in cited and stem(fact) == measure and fact.value is not None

    found = next(fact for fact in report.facts if fits(fact))
    neutral = 100.0 if measure.startswith("rs_") else 0.0
    return refact(report, fits, value=2 * neutral - (found.value or 0.0))


@pytest.mark.parametrize("words", [": flow and price point opposite ways, ", ": đi ngược chiều, "])
@pytest.mark.parametrize(
    ("state", "signs", "right"),
    [
        ("buying", (-1,), True),
        ("buying", (1,), False),
        ("selling", (1,), True),
        ("selling", (-1,), False),
        ("buying", (), False),
    ],
)
def test_flow_and_price_that_point_opposite_ways_have_opposite_signs(
    words: str, state: str, signs: tuple[int, ...], right: bool
) -> None:
    report = a_flow_answer()
    flow = next(fact for fact in report.facts if fact.label == state)
    prices = [
        next(
            fact
            for fact in report.facts
            if fact.measure == "excess_1m" and (fact.value or 0.0) * side > 0.0
        )
        for side in signs
    ]
    bound = (Span(text=f"{fact.value}", fact=fact.id) for fact in prices)
    spans = (Span(text=words), Span(text=f"net {state}", fact=flow.id), *bound)
    row = report.sentences[0].model_copy(update={"section": "answer", "spans": spans})
    told = report.model_copy(update={"sentences": (row,)})
    assert value("direction", told) == (1.0 if right else 0.5)
