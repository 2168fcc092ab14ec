"""A case is asked as a user would ask it, and what came of each turn is told whole."""

import pytest

from agents.llm.protocol import ModelAnswer
from core.errors import CallerError
from core.records.holdings import Holdings, Position
from evals.records import Fault
from evals.runs.recording import DEMO_ASKED
from evals.tapes.ledger import TapeMissError
from evals.tapes.tape import tape_of
from tests.evals.runs.asking import UNIVERSES, a_case, replayed

LEADERS = "Which sectors are leading right now?"


class Babbler:
    """A model that answers with words where JSON is asked."""

    name, server = "babbler", "here"

    async def complete(
        self, *, system: str, user: str, schema: dict[str, object], max_tokens: int
    ) -> ModelAnswer:
        return ModelAnswer(text="well, well", model="babbler", input_tokens=10, output_tokens=2)


def test_a_follow_up_keeps_the_thread_and_asks_nothing_twice() -> None:
    case = a_case(LEADERS, "What if technology is capped at 20%?", "And over one week?")
    first, second, third = replayed(case, misses="gap").answers
    assert first.request is not None
    assert not any(call.known for call in first.called)
    assert second.request is not None
    assert second.request.intent == "what_if"
    assert {call.tool for call in second.called if not call.known} == {"get_data_status"}
    assert third.request is not None
    assert (third.request.horizon, third.request.patch) == ("1W", second.request.patch)


def test_a_refused_question_is_an_answer_and_the_thread_goes_on_without_it() -> None:
    first, second = replayed(a_case("Which sectors lead on 2031-03-31?", LEADERS)).answers
    assert (first.request, first.report) == (None, None)
    assert first.error.startswith("DateError: ")
    assert second.report is not None
    assert second.error == ""


def test_a_call_that_is_not_on_the_tape_is_no_gap() -> None:
    empty = tape_of("e", (), of=("demo",), asked_on=DEMO_ASKED, universes=UNIVERSES)
    with pytest.raises(TapeMissError, match="get_data_status"):
        replayed(a_case(LEADERS), tape=empty)
    [answer] = replayed(a_case(LEADERS), tape=empty, misses="gap").answers
    assert all(call.missed for call in answer.called)
    assert answer.report is None


def test_a_fault_reaches_the_report_as_a_gap_that_names_its_tool() -> None:
    fault = Fault(tool="get_foreign_flow_by_sector", kind="rate_limited")
    [answer] = replayed(a_case(LEADERS, faults=(fault,))).answers
    assert answer.report is not None
    gaps = {gap.tool: gap.gap.reason for gap in answer.report.gaps}
    assert gaps["get_foreign_flow_by_sector"] == "quota_spent"
    assert [call.tool for call in answer.called if call.faulty] == [fault.tool]


def test_a_model_is_counted_and_changes_no_allocation() -> None:
    [plain] = replayed(a_case(LEADERS)).answers
    [told] = replayed(a_case(LEADERS), model=Babbler()).answers
    assert plain.report is not None
    assert told.report is not None
    assert told.report.allocations == plain.report.allocations
    assert (plain.model_calls_count, plain.tokens_count) == (0, 0)
    assert told.tokens_count == told.model_calls_count * 12 > 0


def test_what_a_case_holds_is_what_the_desk_holds_from_its_date_on() -> None:
    held = Position(sector="technology", weight=0.6)
    holdings = Holdings(universe="demo", dated=None, source="test", positions=(held,))
    [answer] = replayed(a_case("Give me the sector report", holdings=holdings)).answers
    assert answer.report is not None
    [portfolio] = answer.report.portfolios
    weights = {row.sector: row.weight for row in portfolio.sectors}
    assert weights["technology"] == pytest.approx(0.6)
    later = holdings.model_copy(update={"dated": DEMO_ASKED})
    [without] = replayed(a_case("Give me the sector report", holdings=later)).answers
    assert without.report is not None
    assert without.report.portfolios == ()


def test_a_case_of_a_universe_without_tape_is_refused() -> None:
    case = a_case(LEADERS).model_copy(update={"universe": "vn"})
    with pytest.raises(CallerError, match="no tape of vn, which case a is about"):
        replayed(case)
