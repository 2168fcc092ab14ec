"""A follow-up that loses the thread is found."""

import pytest

from core.records.report import Report
from evals.records import Expected, Ran, Score
from tests.evals.scorers.given import (
    NAMED,
    STATED,
    a_limited_report,
    a_report,
    ran_of,
    refused,
    score,
    value,
)


def test_a_thread_that_keeps_its_limits_is_kept() -> None:
    assert value("thread-kept", a_limited_report(), a_limited_report(), expected=STATED) == 1.0
    assert score("thread-kept", a_limited_report(), expected=STATED).value is None


def test_limits_that_are_lost_are_found() -> None:
    assert value("thread-kept", a_limited_report(), a_report(), expected=STATED) < 1.0


@pytest.mark.parametrize("lost", ["excluded", "caps"])
def test_each_limit_that_is_stated_no_more_is_found(lost: str) -> None:
    report = a_limited_report()
    patch = report.request.patch
    assert patch is not None
    fewer = report.request.model_copy(update={"patch": patch.model_copy(update={lost: ()})})
    broken = report.model_copy(update={"request": fewer})
    assert value("thread-kept", report, broken, expected=STATED) == 2 / 3


def test_a_limit_nobody_kept_in_the_thread_is_found() -> None:
    report = a_limited_report()
    assert value("thread-kept", report, report, expected=Expected(excluded=("energy",))) == 2 / 3


def test_a_turn_without_an_answer_keeps_nothing() -> None:
    report = a_limited_report()
    ran = ran_of(report, report, expected=STATED)
    first, second = ran.answers
    died = second.model_copy(update={"report": None, "error": "ProviderError: boom"})
    found = NAMED["thread-kept"](Ran(case=ran.case, answers=(first, died)))
    assert found.value == 0.0
    assert "no answer: ProviderError: boom" in found.why


def test_what_nobody_called_is_not_praised_as_known() -> None:
    reused = Expected(reuses=True)
    ran = ran_of(a_report(), a_report(), expected=reused)
    first, second = ran.answers
    died = second.model_copy(update={"request": None, "report": None, "called": (), "error": "x"})
    assert NAMED["thread-kept"](Ran(case=ran.case, answers=(first, died))).value == 0.0


def test_limits_that_are_to_be_lifted_and_stay_are_found_in_another_market_too() -> None:
    moved = Expected(universes=("toy",))
    assert value("thread-kept", a_limited_report(), a_report(), expected=moved) == 1.0
    assert value("thread-kept", a_limited_report(), a_limited_report(), expected=moved) == 0.0
    assert value("thread-kept", a_limited_report(), a_report()) == 1.0
    assert value("thread-kept", a_limited_report(), a_limited_report()) < 1.0


def test_another_market_is_found_unless_it_is_asked_for() -> None:
    request = a_report().request.model_copy(update={"universes": ("us",)})
    moved = a_report().model_copy(update={"request": request})
    assert value("thread-kept", a_report(), moved) < 1.0
    assert (
        score("thread-kept", a_report(), moved, expected=Expected(universes=("us",))).value is None
    )


def test_what_was_known_is_not_called_again() -> None:
    reused = Expected(reuses=True)
    assert value("thread-kept", a_report(), a_report(), expected=reused) < 1.0
    assert _all_known(a_report(), reused).value == 1.0


def test_a_thread_that_breaks_is_found() -> None:
    first, broken = ran_of(a_report()), refused("RequestError: empty", Expected())
    turns = (*first.case.turns, *broken.case.turns)
    answers = (*first.answers, broken.answers[0].model_copy(update={"turn": 1}))
    case = first.case.model_copy(update={"turns": turns})
    assert NAMED["thread-kept"](Ran(case=case, answers=answers)).value == 0.0


def _all_known(report: Report, expected: Expected) -> Score:
    ran = ran_of(report, report, expected=expected)
    first, second = ran.answers
    known = tuple(
        call.model_copy(update={"known": call.tool != "get_data_status"}) for call in second.called
    )
    second = second.model_copy(update={"called": known})
    return NAMED["thread-kept"](Ran(case=ran.case, answers=(first, second)))
