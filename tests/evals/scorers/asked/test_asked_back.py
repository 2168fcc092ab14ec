"""What was unclear is shown once as it was taken, and answered; anything else is found."""

import pytest

from core.records.report import Report
from core.records.request import Inference
from evals.records import Answer, Expected, Ran
from tests.evals.scorers.given import (
    NAMED,
    a_limited_report,
    a_refusal,
    a_report,
    an_answer,
    ran_of,
    refused,
    replaced,
    score,
    value,
)

VAGUE = Expected(unclear={"topic": "default"})
LIMITED = Expected(unclear={"limit": "from_words"})
TAKEN = Inference(field="topic", value="allocation", why="default")
OTHERS = (
    Inference(field="universe", value="toy", why="default"),
    Inference(field="topic", value="leadng = leading", why="from_words"),
)


def test_what_was_taken_is_shown_once_and_answered() -> None:
    assert value("asked-back", _taking(an_answer(), *OTHERS, TAKEN), expected=VAGUE) == 1.0
    assert value("asked-back", a_limited_report(), expected=LIMITED) == 1.0
    assert score("asked-back", _taking(a_report(), TAKEN)).value is None


@pytest.mark.parametrize("expected", [VAGUE, LIMITED])
def test_what_is_taken_in_silence_is_found_whatever_else_is_shown(expected: Expected) -> None:
    assert value("asked-back", _taking(an_answer(), *OTHERS), expected=expected) == 0.5


def test_each_unclear_field_is_to_be_shown() -> None:
    both = Expected(unclear={"topic": "default", "window": "out_of_range"})
    assert value("asked-back", _taking(an_answer(), TAKEN), expected=both) == 0.75


def test_what_is_shown_twice_is_found() -> None:
    assert value("asked-back", _taking(an_answer(), TAKEN, TAKEN), expected=VAGUE) == 2 / 3
    report = a_limited_report()
    place = next(n for n, row in enumerate(report.sentences) if "as understood" in row.text)
    twice = replaced(report, place, report.sentences[place], report.sentences[place])
    assert value("asked-back", twice, expected=LIMITED) == 2 / 3


def test_asking_back_without_an_answer_is_found() -> None:
    turned_away = _taking(a_refusal(), *OTHERS)
    assert value("asked-back", turned_away, expected=VAGUE) == 0.0
    found = NAMED["asked-back"](refused("RequestError: say one of the two", VAGUE))
    assert found.value == 2 / 3


@pytest.mark.parametrize("error", ["ProviderError: no answer", "DataError: boom", "TimeoutError: "])
def test_a_run_that_breaks_shows_nothing(error: str) -> None:
    assert NAMED["asked-back"](refused(error, VAGUE)).value == 0.0
    ran = ran_of(_taking(an_answer(), TAKEN), expected=VAGUE)
    died = Answer(turn=0, request=ran.answers[0].request, report=None, error=error)
    assert NAMED["asked-back"](Ran(case=ran.case, answers=(died,))).value == 0.0


def _taking(report: Report, *inferred: Inference) -> Report:
    request = report.request.model_copy(update={"inferred": inferred})
    return report.model_copy(update={"request": request})
