"""A limit of the words that a weight breaks is found, in the first turn as in a later one."""

from functools import cache

import pytest

from core.records.decision import Allocation
from core.records.mandate import MandatePatch, SectorCap, SectorFloor
from core.records.report import Report
from evals.records import Answer, Case, Expected, Ran, Turn
from evals.scorers.asked import limits
from tests.agents.bench import Bench, a_request
from tests.evals.scorers.given import NAMED, a_report, ran_of, score, value

ALL = MandatePatch(
    caps=(SectorCap(sector="technology", cap=0.05),),
    floors=(SectorFloor(sector="utilities", floor=0.15),),
    excluded=("energy",),
    turnover=0.5,
)
KEPT = Expected(
    caps={"technology": 0.05}, floors={"utilities": 0.15}, excluded=("energy",), turnover=0.5
)


@cache
def _limited() -> Report:
    return Bench().run(a_request(intent="what_if", patch=ALL))


def test_limits_that_hold_are_held() -> None:
    assert value("limits-hold", _limited(), expected=KEPT) == 1.0
    assert len(list(limits.checks(ran_of(_limited(), expected=KEPT)))) == 4


def test_words_without_a_limit_have_none_to_hold() -> None:
    assert score("limits-hold", a_report()).value is None


@pytest.mark.parametrize(
    ("sector", "weight"), [("technology", 0.06), ("utilities", 0.14), ("energy", 0.01)]
)
def test_each_weight_beyond_its_limit_is_found(sector: str, weight: float) -> None:
    broken = _weighing(_limited(), sector, weight)
    found = score("limits-hold", broken, expected=KEPT)
    assert found.value == 0.75
    assert sector in found.why
    assert value("limits-hold", _limited(), broken, expected=KEPT) < 1.0


@pytest.mark.parametrize("turnover", [0.51, 0.0])
def test_more_turnover_than_stated_is_found_whatever_is_told_of_it(turnover: float) -> None:
    first = _limited().allocations[0]
    told = first.model_copy(update={"turnover": turnover})
    if not turnover:
        told = _swapped(told)
    found = score("limits-hold", _limited().model_copy(update={"allocations": (told,)}))
    assert found.value == 0.75
    assert "turnover" in found.why


def test_trades_are_counted_as_the_allocation_counts_them() -> None:
    for allocation in (*_limited().allocations, *a_report().allocations):
        assert abs(limits.traded(allocation) - allocation.turnover) < 1e-9


def test_limits_that_were_not_read_are_looked_for_in_the_weights() -> None:
    assert value("limits-hold", a_report(), expected=KEPT) < 1.0


def test_a_floor_of_a_sector_without_a_weight_is_found() -> None:
    bare = _limited().allocations[0]
    lines = tuple(line for line in bare.lines if line.sector != "utilities")
    without = _limited().model_copy(update={"allocations": (_with_lines(bare, lines),)})
    assert "no weight of utilities" in score("limits-hold", without).why


def test_an_error_of_limits_that_cannot_hold_names_one_of_them() -> None:
    assert _refused("MandateError: mandate default: caps.technology 5 % cannot hold") == 1.0
    assert _refused("MandateError: it cannot be done") == 0.0
    assert _refused("ProviderError: no answer") is None


def _refused(error: str) -> float | None:
    case = Case(
        id="given", kind="question", universe="toy", turns=(Turn(text="asked", language="en"),)
    )
    answer = Answer(turn=0, request=a_request(patch=ALL), report=None, error=error)
    return NAMED["limits-hold"](Ran(case=case, answers=(answer,))).value


def _weighing(report: Report, sector: str, weight: float) -> Report:
    """Return the report with another weight of a sector, its turnover told as it was."""
    first = report.allocations[0]
    lines = tuple(
        line.model_copy(update={"target_weight": weight}) if line.sector == sector else line
        for line in first.lines
    )
    return report.model_copy(update={"allocations": (_with_lines(first, lines),)})


def _swapped(allocation: Allocation) -> Allocation:
    """Return the allocation with everything in a sector no limit is on."""
    lines = tuple(
        line.model_copy(
            update={
                "target_weight": {"utilities": 0.15, "staples": 0.85}.get(line.sector, 0.0),
                "benchmark_weight": float(line.sector == "technology"),
            }
        )
        for line in allocation.lines
    )
    return _with_lines(allocation, lines)


def _with_lines(allocation: Allocation, lines: object) -> Allocation:
    return allocation.model_copy(update={"lines": lines})
