"""What was asked about is answered, or it is found."""

from core.records.request import Focus
from evals.records import Expected, Fault, Ran
from tests.evals.scorers.given import (
    NAMED,
    a_refusal,
    a_report,
    ran_of,
    refused,
    said,
    score,
    unsaid,
    value,
)

ASKED = Expected(says=("quadrant.weekly", "net", "target_weight"), sectors=("staples",))


def test_an_answer_that_says_what_is_asked_covers_it() -> None:
    assert value("coverage", a_report(), expected=ASKED) == 1.0


def test_what_is_not_said_is_found() -> None:
    quiet = unsaid(a_report(), lambda row: row.section in ("rotation", "warning", "against"))
    bare = unsaid(quiet, lambda row: row.section in ("opportunity", "changes"))
    assert value("coverage", bare, expected=ASKED) < 1.0
    assert value("coverage", a_report(), expected=Expected(says=("stated_cap",))) < 1.0
    assert value("coverage", a_report(), expected=Expected(sectors=("banks",))) < 1.0


def test_a_sector_no_evidence_places_is_covered_by_an_answer_that_says_so() -> None:
    focus = (Focus(universe="toy", sector="gold", said="gold"),)
    request = a_report().request.model_copy(update={"focus": focus})
    asked = a_report().model_copy(update={"request": request})
    told = said(asked, "Gold: the series was not listed yet on that date.", entity="gold")
    elsewhere = said(asked, "Gold: it was not.", entity="gold", section="warning")

    assert value("coverage", asked) < 1.0
    assert value("coverage", told) == 1.0
    assert value("coverage", elsewhere) < 1.0


def test_a_sector_the_evidence_places_is_not_covered_by_words_bound_to_nothing() -> None:
    focus = (Focus(universe="toy", sector="staples", said="staples"),)
    request = a_report().request.model_copy(update={"focus": focus})
    asked = a_report().model_copy(update={"request": request, "sentences": ()})
    told = said(asked, "Consumer Staples: nothing is known.", entity="staples")

    assert value("coverage", told) == value("coverage", asked) < 1.0


def test_a_market_nothing_is_said_of_is_found() -> None:
    report = a_report()
    request = report.request.model_copy(update={"universes": ("toy", "us")})
    assert value("coverage", report.model_copy(update={"request": request})) == 0.5


def test_no_answer_covers_nothing_unless_it_is_to_be_refused() -> None:
    assert value("coverage", a_refusal()) == 0.0
    assert score("coverage", a_refusal(), expected=Expected(refuses=True)).value is None
    assert NAMED["coverage"](refused("RequestError: empty", Expected())).value == 0.0


def test_only_a_case_that_says_so_may_have_no_answer() -> None:
    ran = ran_of(a_report(), expected=Expected(no_answer=True))
    case = ran.case.model_copy(update={"faults": (Fault(tool="get_data_status", kind="hung"),)})
    died = ran.answers[0].model_copy(update={"report": None, "error": "DataError: boom"})
    assert NAMED["coverage"](Ran(case=case, answers=(died,))).value is None
    turns = ran_of(a_report()).case.turns
    other = case.model_copy(update={"turns": turns})
    assert NAMED["coverage"](Ran(case=other, answers=(died,))).value == 0.0
    unread = died.model_copy(update={"request": None})
    assert NAMED["coverage"](Ran(case=case, answers=(unread,))).value == 0.0
