"""Which calls are told first: by size, then by what the score says, and backed ones on top."""

from core.portfolio.precedence import (
    active_weight,
    backs,
    departures,
    in_order,
    scores_of,
    top_call,
)
from core.records.decision import AllocationLine, Stance
from tests.core.decisions import FRIDAY, taken

TIED = {"real_estate": 0.1, "technology": 0.1, "industrials": 0.1, "materials": -0.066}


def _line(
    sector: str, benchmark: float, target: float, stance: Stance | None = None
) -> AllocationLine:
    return AllocationLine(
        sector=sector,
        instrument=sector.upper(),
        benchmark_weight=benchmark,
        target_weight=target,
        stance=stance or ("overweight" if target > benchmark else "underweight"),
    )


def test_the_largest_comes_first_and_of_equal_ones_that_with_the_best_score() -> None:
    scores = {"real_estate": 0.21, "technology": 0.45, "industrials": 0.53, "materials": -0.5}
    told = in_order(TIED, scores)
    assert told == ("industrials", "technology", "real_estate", "materials")


def test_of_equal_underweights_that_with_the_worst_score_comes_first() -> None:
    assert in_order({"a": -0.1, "b": -0.1}, {"a": -0.2, "b": -0.5}) == ("b", "a")


def test_without_scores_equal_ones_come_by_id_and_after_those_with_one() -> None:
    assert in_order(TIED, {"technology": -0.3}) == (
        "technology",
        "industrials",
        "real_estate",
        "materials",
    )


def test_weights_that_print_alike_are_alike_whatever_floats_make_of_them() -> None:
    lines = [_line("a", 0.067, 0.167), _line("b", 0.184, 0.284), _line("c", 0.053, 0.153)]
    assert {active_weight(line) for line in lines} == {0.1}
    assert top_call(lines, {"a": 0.1, "b": 0.3, "c": 0.2}, "overweight") == "b"


def test_the_top_call_is_one_the_score_backs_where_there_is_one() -> None:
    lines = [_line("staples", 0.1, 0.14), _line("materials", 0.1, 0.121)]
    told = {"staples": -0.06, "materials": 0.21}
    assert top_call(lines, told, "overweight") == "materials"
    assert top_call(lines, {"staples": -0.06, "materials": -0.01}, "overweight") == "staples"
    assert top_call(lines, {}, "overweight") == "staples"
    assert top_call(lines, told, "underweight") is None


def test_what_was_not_weighed_is_no_call() -> None:
    lines = [_line("a", 0.1, 0.0, "not_weighted"), _line("b", 0.1, 0.1, "neutral")]
    assert departures(lines) == {}


def test_a_score_of_nothing_backs_nothing() -> None:
    assert backs(0.1, 0.05)
    assert backs(-0.1, -0.05)
    assert not any((backs(-0.1, 0.05), backs(0.0, 0.05), backs(None, 0.05)))


def test_the_scores_are_those_of_the_scorecard() -> None:
    card = taken(FRIDAY).card
    told = scores_of(card)
    assert told == {row.sector: row.score for row in card.sectors if row.score is not None}
    assert scores_of(None) == {}
