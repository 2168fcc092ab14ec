"""A question in other words is the same request; those that are not are named.

The table is printed with `-s`.
"""

from datetime import date

from app.files.universes import load_universes
from app.running.questions import Asked, understood
from core.records.request import Request
from evals.cases.reading import load_cases
from evals.records import Case, Turn
from evals.stability.paraphrases import in_turn, paraphrased

TODAY = date(2026, 3, 21)
FLOOR = 0.95
"""Of the project's own cases."""
UNIVERSES = load_universes()


def _said(case: Case, turn: int, previous: Request | None) -> Request:
    asked = Asked(case.turns[turn].text, case.universe, case.as_of)
    return understood(asked, UNIVERSES, today=TODAY, previous=previous)


def _understood(case: Case) -> tuple[Request | None, ...]:
    return in_turn(case, _said)


def _case(name: str, *texts: str) -> Case:
    turns = tuple(Turn(text=text, language="en") for text in texts)
    return Case(id=name, kind="question", universe="demo", turns=turns)


def test_what_means_the_same_is_the_same_in_every_turn() -> None:
    cases = [
        _case("a", "Which sectors are leading?", "And technology?"),
        _case("a--vi", "Ngành nào đang dẫn dắt?", "Thế còn công nghệ?"),
        _case("b", "What do foreigners buy?"),
    ]
    found = paraphrased(cases, _understood)
    assert (found.turns, found.differing, found.share) == (2, (), 1.0)


def test_what_differs_is_named_with_its_turn_and_fields() -> None:
    cases = [
        _case("a", "Which sectors are leading?", "And technology?"),
        _case("a--other", "Which sectors are leading?", "And energy over three months?"),
    ]
    (differing,) = paraphrased(cases, _understood).differing
    assert (differing.case, differing.turn) == ("a--other", 1)
    assert set(differing.fields) == {"focus", "horizon"}


def test_words_that_are_refused_differ_from_words_that_are_not() -> None:
    cases = [_case("a", "As of 2099-01-01, who leads?"), _case("a--now", "Who leads?")]
    (differing,) = paraphrased(cases, _understood).differing
    assert "refused" in differing.fields


def test_nothing_said_twice_has_no_share() -> None:
    assert paraphrased([_case("a", "Who leads?")], _understood).share is None


def test_the_projects_questions_in_other_words_are_the_same_requests() -> None:
    found = paraphrased(load_cases(), _understood)
    print(f"\n{found.turns} turns in other words, {found.share:.1%} the same request")
    for row in found.differing:
        print(f"  {row.case} turn {row.turn}: {', '.join(row.fields)}")
    assert found.share is not None
    assert found.share >= FLOOR
