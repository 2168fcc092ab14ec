"""Calls are judged by what is needed, avoided, asked for, and by their arguments."""

from collections.abc import Mapping

from core.records.report import Report
from evals.records import Called, Expected, Ran, Score
from tests.evals.scorers.given import NAMED, a_refusal, a_report, ran_of, score, value

TOOL = "get_sector_overview"
NEEDS = Expected(needs=("get_sector_heatmap", "get_sector_overview"))


def test_calls_that_are_needed_were_made() -> None:
    assert value("tool-recall", a_report(), expected=NEEDS) == 1.0
    assert score("tool-recall", a_report()).value is None


def test_a_needed_call_that_was_not_made_is_missed() -> None:
    expected = Expected(needs=("get_sector_heatmap", "get_technical_momentum"))
    assert value("tool-recall", a_report(), expected=expected) == 0.5
    assert value("tool-recall", a_refusal(), expected=NEEDS) == 0.0


def test_fixed_calls_and_leading_sectors_are_precise() -> None:
    assert value("tool-precision", a_report()) == 1.0
    assert score("tool-precision", a_refusal()).value is None


def test_an_avoided_call_is_imprecise() -> None:
    expected = Expected(avoids=("get_financial_statements",))
    assert value("tool-precision", a_report(), expected=expected) < 1.0


def test_a_run_that_breaks_avoids_nothing() -> None:
    ran = ran_of(a_report(), expected=Expected(avoids=("get_financial_statements",)))
    died = ran.answers[0].model_copy(update={"request": None, "report": None, "called": ()})
    assert NAMED["tool-precision"](Ran(case=ran.case, answers=(died,))).value is None


def test_calls_that_nobody_asked_for_are_imprecise() -> None:
    wrong: tuple[dict[str, object], ...] = (
        {"region": "toy", "sector": "energy"},
        {"region": "us", "sector": "staples"},
        {"region": "toy", "symbols": ["FPT"]},
        {"region": "toy", "benchmark": "spy"},
        {"region": "toy"},
    )
    for arguments in wrong:
        found = _with_call(a_report(), "get_sector_overview", arguments)
        assert found.value is not None
        assert found.value < 1.0, arguments


def test_a_needed_tool_does_not_excuse_calls_on_what_nobody_asked() -> None:
    needed = Expected(needs=("get_sector_overview",), sectors=("staples",))
    wrong: tuple[dict[str, object], ...] = (
        {"region": "toy", "sector": "energy"},
        {"region": "toy", "symbols": ["FPT"]},
        {"region": "toy", "benchmark": "spy"},
        {"region": "us", "sector": "staples"},
        {"region": "toy", "sector": "staples", "as_of": "2020-01-31"},
    )
    asked: dict[str, object] = {"region": "toy", "sector": "staples"}
    assert _with_call(a_report(), TOOL, asked, expected=needed).value == 1.0
    assert _with_call(a_report(), TOOL, {"region": "toy"}, expected=needed).value == 1.0
    for arguments in wrong:
        found = _with_call(a_report(), TOOL, arguments, expected=needed)
        assert found.value is not None
        assert found.value < 1.0, arguments


def test_a_need_is_met_by_a_call_on_what_was_asked_alone() -> None:
    need = Expected(needs=("get_foreign_flow",), sectors=("energy", "staples"))
    energy, staples, other = (
        {"region": "toy", "sector": sector} for sector in ("energy", "staples", "utilities")
    )
    assert _recalled(need, energy, staples) == 1.0
    assert _recalled(need, {"region": "toy"}) == 1.0
    assert _recalled(need, energy, {**staples, "region": "us"}) == 0.0
    assert (
        _recalled(need, energy) == _recalled(need, energy, other) == _recalled(need, other) == 0.0
    )


def test_a_call_known_from_before_is_not_judged() -> None:
    found = _with_call(a_report(), "get_sector_overview", {"sector": "energy"}, known=True)
    assert found.value == 1.0


def test_arguments_are_those_of_the_closest_call() -> None:
    right = Expected(arguments={"get_sector_heatmap": {"horizon": "1M", "region": "toy"}})
    assert value("tool-arguments", a_report(), expected=right) == 1.0
    half = Expected(arguments={"get_sector_heatmap": {"horizon": "3M", "region": "toy"}})
    assert value("tool-arguments", a_report(), expected=half) == 0.5
    none = Expected(arguments={"get_technical_momentum": {"period": "3M"}})
    assert value("tool-arguments", a_report(), expected=none) == 0.0


def _with_call(
    report: Report,
    tool: str,
    arguments: dict[str, object],
    *,
    known: bool = False,
    expected: Expected | None = None,
) -> Score:
    return NAMED["tool-precision"](
        _calling(ran_of(report, expected=expected), tool, arguments, known=known)
    )


def _recalled(expected: Expected, *calls: Mapping[str, object]) -> float | None:
    asked = ran_of(a_report(), expected=expected)
    bare = asked.answers[0].model_copy(update={"called": ()})
    ran = Ran(case=asked.case, answers=(bare,))
    for arguments in calls:
        ran = _calling(ran, "get_foreign_flow", arguments)
    return NAMED["tool-recall"](ran).value


def _calling(ran: Ran, tool: str, arguments: Mapping[str, object], *, known: bool = False) -> Ran:
    call = Called.model_validate(
        {"tool": tool, "server": "own", "arguments": arguments, "known": known}
    )
    answer = ran.answers[0].model_copy(update={"called": (*ran.answers[0].called, call)})
    return Ran(case=ran.case, answers=(answer,))
