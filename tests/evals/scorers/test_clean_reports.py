"""No scorer finds fault with a report nothing is wrong with, in either language."""

from collections.abc import Callable
from functools import partial

import pytest

from core.records.report import Report
from evals.scorers.registry import SCORERS
from tests.evals.scorers.given import (
    STATED,
    a_gapped_report,
    a_limited_report,
    a_report,
    an_answer,
    ran_of,
)

UNNAMED = {"basis-named"}
"""Where no question is about rotation, no sentence names the benchmark."""


@pytest.mark.parametrize("language", ["en", "vi"])
def test_an_answer_about_rotation_is_faultless(language: str) -> None:
    assert _faults(an_answer(language)) == {}


@pytest.mark.parametrize(
    "made", [a_report, partial(a_report, "vi"), a_gapped_report, a_limited_report]
)
def test_a_report_is_faultless_but_for_its_benchmark(made: Callable[[], Report]) -> None:
    assert set(_faults(made())) <= UNNAMED


def _faults(report: Report) -> dict[str, str]:
    expected = STATED if report.request.patch is not None else None
    scores = [scorer(ran_of(report, expected=expected)) for scorer in SCORERS]
    return {score.scorer: score.why for score in scores if score.value not in (None, 1.0)}
