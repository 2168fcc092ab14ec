"""What is told over the span asked about, and what is said where none such is served."""

from dataclasses import replace

import pytest

from agents import notices
from core.records.request import Inference, Language
from tests.agents.claims.told import flows, material, told

WORDS: dict[Language, str] = {"en": "over a week", "vi": "theo một tuần"}


def _over_a_week() -> tuple[str, ...]:
    """Return the answer to a question of flows over a week, of which the tools told another."""
    made = material(intent="question", topics=("foreign_flow",), window="1W")
    monthly = next(row for row in made.evidence if row.tool == "get_foreign_flow_by_sector")
    rows = tuple(row.model_copy(update={"sessions": 5}) for row in flows().rows)
    weekly = monthly.model_copy(
        update={
            "id": "toy-foreign-flow-by-sector-1w",
            "arguments": monthly.arguments.model_copy(update={"period": "1W"}),
            "result": flows().model_copy(update={"rows": rows}),
        }
    )
    both = replace(made, evidence=(*made.evidence, weekly))
    return tuple(row.text for row in told(both) if row.section in {"answer", "flow"})


def test_flows_are_told_over_the_span_asked_about_and_over_no_other() -> None:
    said = _over_a_week()

    assert any("5 sessions" in text for text in said)
    assert not any("21 sessions" in text or "20 sessions" in text for text in said)


@pytest.mark.parametrize("language", ["en", "vi"])
def test_a_span_that_is_not_served_is_said_with_the_one_taken(language: Language) -> None:
    taken = (Inference(field="window", value="1W", why="out_of_range"),)
    made = material(
        intent="question", topics=("foreign_flow",), window="1W", inferred=taken, language=language
    )

    assert WORDS[language] in told(made)[0].text


@pytest.mark.parametrize("language", ["en", "vi"])
def test_a_market_nobody_has_is_said_with_the_one_told_and_those_there_are(
    language: Language,
) -> None:
    taken = (Inference(field="universe", value="toy", why="out_of_range"),)
    made = material(intent="question", topics=("rotation",), inferred=taken, language=language)
    said = notices.refusals(made)[0].text

    assert said.startswith({"en": "There are no data here", "vi": "Hệ thống không có"}[language])
    for universe in made.universes.values():
        assert (universe.name_vi if language == "vi" else universe.name_en) in said


@pytest.mark.parametrize(
    ("language", "word"), [("en", "no advice on single stocks"), ("vi", "không tư vấn")]
)
def test_advice_on_a_stock_is_refused_with_what_can_be_asked(language: Language, word: str) -> None:
    made = material(intent="off_topic", topics=("stock_pick",), language=language)
    said = notices.refusals(made)

    assert [word in row.text for row in said] == [True]
    assert not any(letter.isdigit() for letter in said[0].text)


def test_a_question_of_the_market_is_told_how_strained_it_is() -> None:
    said = told(material(intent="question", topics=("market",)))

    assert any(span.fact and "market warning" in row.text for row in said for span in row.spans)
