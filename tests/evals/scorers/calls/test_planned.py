"""Calls off the plan, or made twice, are found."""

from core.records.report import Report
from evals.records import Called, Ran, Score
from tests.evals.scorers.given import NAMED, a_refusal, a_report, ran_of, value


def test_the_calls_of_a_run_are_its_plan() -> None:
    assert value("calls-in-plan", a_report()) == 1.0


def test_a_run_without_a_call_is_not_judged() -> None:
    ran = ran_of(a_refusal())
    quiet = ran.answers[0].model_copy(update={"called": ()})
    assert NAMED["calls-in-plan"](Ran(case=ran.case, answers=(quiet,))).value is None


def test_a_call_off_the_plan_is_found() -> None:
    other = Called(tool="get_sector_overview", server="own", arguments={"sector": "utilities"})
    found = _with(a_report(), other)
    assert found.value is not None
    assert found.value < 1.0
    assert "off the plan" in found.why


def test_a_call_made_twice_is_found() -> None:
    report = a_report()
    found = _with(report, ran_of(report).answers[0].called[0])
    assert found.value is not None
    assert found.value < 1.0
    assert "2 times" in found.why


def test_a_known_answer_is_no_call() -> None:
    known = Called(tool="get_sector_overview", server="own", arguments={}, known=True)
    assert _with(a_report(), known).value == 1.0


def _with(report: Report, call: Called) -> Score:
    ran = ran_of(report)
    answer = ran.answers[0].model_copy(update={"called": (*ran.answers[0].called, call)})
    return NAMED["calls-in-plan"](Ran(case=ran.case, answers=(answer,)))
