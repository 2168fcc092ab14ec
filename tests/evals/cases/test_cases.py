"""The cases as they are kept: enough of them, of every kind, and asking for what there is."""

import unicodedata
from collections import Counter
from datetime import date
from typing import get_args

import pytest

from app.files.universes import load_universes
from app.running.questions import Asked, understood
from core.errors import CallerError
from core.records.contracts import RESULT_OF_TOOL
from core.records.plan import ToolArguments
from core.records.request import Request
from evals.cases.reading import load_cases
from evals.records import Case, CaseKind, Expected, FaultKind, Turn

UNIVERSES = load_universes()
CASES = load_cases()
BASES = tuple(case for case in CASES if case.id == case.base)
TURNS = tuple((case, turn) for case in CASES for turn in case.turns)
FOREIGN_TOOLS = {"run_shell", "get_research"}
"""Tools a hostile question names that are none of the contract's."""
LAST_JUDGED = date(2018, 12, 31)
"""What follows on real markets is held out."""
TODAY = date(2025, 1, 2)


def closed(turn: Turn, case: Case) -> Request | str:
    """Return what the question becomes, its own words aside; the error's kind where it is none."""
    try:
        request = understood(Asked(turn.text, case.universe, case.as_of), UNIVERSES, today=TODAY)
    except CallerError as error:
        return type(error).__name__
    focus = tuple(row.model_copy(update={"said": ""}) for row in request.focus)
    return request.model_copy(update={"text": "", "inferred": (), "focus": focus})


def unmarked(text: str) -> str:
    plain = unicodedata.normalize("NFD", text.replace("đ", "d").replace("Đ", "D"))
    return "".join(mark for mark in plain if not unicodedata.combining(mark))


def test_there_are_enough_cases_of_every_kind_and_most_run_everywhere() -> None:
    kinds = Counter(case.kind for case in BASES)
    markets = Counter(case.universe for case in BASES)

    assert len(BASES) >= 110
    assert markets["demo"] >= 70
    assert {"us", "vn", "world"} <= markets.keys()
    assert set(get_args(CaseKind)) == kinds.keys()
    assert min(kinds.values()) >= 10


def test_every_kind_of_fault_happens() -> None:
    faults = Counter(fault.kind for case in BASES for fault in case.faults)

    assert set(get_args(FaultKind)) == faults.keys()
    assert all(case.faults for case in BASES if case.kind == "faulty")


@pytest.mark.parametrize(
    "number", [1, 2, 3, 5, 6, 7, 9, 10, 11, 13, 15, 17, 18, 19, 21, 23, 24, 26, 27, 29]
)
def test_each_question_people_ask_is_asked_of_the_demo_market_and_of_a_real_one(
    number: int,
) -> None:
    asked = {
        case.universe == "demo"
        for case in BASES
        if case.source.startswith("desks ")
        and str(number) in case.source.partition(":")[0].replace(",", " ").split()
    }

    assert asked == {True, False}


def test_each_question_people_ask_is_asked_in_both_languages() -> None:
    for base in (case for case in BASES if "desks-" in case.id and len(case.turns) == 1):
        spoken = {case.turns[0].language for case in CASES if case.base == base.id}
        assert spoken == {"en", "vi"}, base.id


def test_a_question_without_marks_is_understood_as_with_them() -> None:
    for case, turn in TURNS:
        if turn.language == "vi" and case.kind != "follow_up":
            bare = turn.model_copy(update={"text": unmarked(turn.text)})
            assert closed(bare, case) == closed(turn, case), turn.text


def test_expectations_name_tools_arguments_sectors_and_measures_there_are() -> None:
    for case, turn in TURNS:
        expected = turn.expected
        named = {*expected.needs, *expected.gaps, *expected.arguments}
        assert named <= RESULT_OF_TOOL.keys(), case.id
        assert {*expected.avoids} - FOREIGN_TOOLS <= RESULT_OF_TOOL.keys(), case.id
        for arguments in expected.arguments.values():
            ToolArguments.model_validate(arguments)
        _check_sectors(case, expected)


def test_real_markets_are_asked_of_no_day_that_is_held_out() -> None:
    for case, turn in TURNS:
        if case.universe == "demo" or "path" in turn.expected.topics:
            continue
        said = closed(turn, case)
        day = said.as_of if isinstance(said, Request) else case.as_of
        later = turn is not case.turns[0]
        assert later or (day is not None and day <= LAST_JUDGED), case.id


def _check_sectors(case: Case, expected: Expected) -> None:
    markets = expected.universes or (case.universe,)
    known = {name for market in markets for name in UNIVERSES[market].sector_ids}
    told = {*expected.sectors, *expected.excluded, *expected.caps, *expected.floors, *expected.held}
    assert told - {"cash"} <= known, case.id
