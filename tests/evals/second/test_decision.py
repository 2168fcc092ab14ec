"""Weights, stances, scores and ranks that do not follow from each other are told."""

from typing import Final

import pytest

from evals.second.decision import score_faults, weight_faults
from evals.second.reading import Object

LINES: Final = (
    {"sector": "a", "benchmark_weight": 0.5, "target_weight": 0.6, "stance": "overweight"},
    {"sector": "b", "benchmark_weight": 0.5, "target_weight": 0.4, "stance": "underweight"},
)


def allocation(**changes: object) -> Object:
    first = {**LINES[0], **changes}
    return {"lines": [first, LINES[1]], "limits": []}


def test_weights_that_follow_are_left_alone() -> None:
    assert list(weight_faults(allocation())) == []


@pytest.mark.parametrize(
    "changes",
    [{"target_weight": 0.61}, {"stance": "underweight"}, {"benchmark_weight": 0.4}],
)
def test_weights_that_do_not_follow_are_told(changes: dict[str, object]) -> None:
    assert list(weight_faults(allocation(**changes)))


def card(**changes: object) -> Object:
    part = {"factor": "f", "weight": 0.5, "z": 2.0, "contribution": 1.0}
    first = {"sector": "a", "score": 1.0, "rank": 1, "contributions": [part], **changes}
    second = {"sector": "b", "score": 0.0, "rank": 2, "contributions": []}
    return {"sectors": [first, second]}


def test_scores_that_are_their_parts_are_left_alone() -> None:
    assert list(score_faults(card())) == []


@pytest.mark.parametrize("changes", [{"score": 1.1}, {"rank": 2}, {"contributions": []}])
def test_scores_that_are_not_are_told(changes: dict[str, object]) -> None:
    assert list(score_faults(card(**changes)))
