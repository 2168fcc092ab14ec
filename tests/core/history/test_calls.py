from datetime import date

import pytest

from core.history.calls import calls_made
from core.records.mandate import MandatePatch, SectorCap
from core.records.request import Intent
from tests.core.decisions import FRIDAY, NAMES, report_of, taken


def test_every_sector_is_a_call_with_its_weights_and_forecasts() -> None:
    found = taken()
    report = report_of(found)
    (made,) = calls_made(report)
    assert (made.universe, made.as_of, made.horizon) == ("toy", FRIDAY, "1M")
    assert made.settles == date(2024, 7, 21)
    assert made.trained_until == date(2024, 5, 31)
    assert made.report_sha256 == report.content_hash()
    assert [call.sector for call in made.calls] == list(NAMES)
    lines = {line.sector: line for line in found.allocation.lines}
    for call in made.calls:
        assert call.stance == lines[call.sector].stance
        assert call.target_weight == lines[call.sector].target_weight
        assert call.expected[0].excess_pct == 1.0


def test_momentum_ranks_the_strongest_first() -> None:
    (made,) = calls_made(report_of(taken()))
    assert {call.sector: call.momentum_rank for call in made.calls} == dict(
        zip(NAMES, (6, 5, 4, 3, 2, 1), strict=True)
    )


@pytest.mark.parametrize("intent", ["what_if", "off_topic"])
def test_a_what_if_recommends_nothing(intent: Intent) -> None:
    assert calls_made(report_of(taken(), intent=intent)) == ()


def test_a_question_with_limits_of_its_own_recommends_nothing() -> None:
    patch = MandatePatch(caps=(SectorCap(sector="a", cap=0.1),))
    assert calls_made(report_of(taken(), patch=patch)) == ()


def test_a_report_without_a_decision_makes_no_calls() -> None:
    report = report_of(taken()).model_copy(update={"allocations": ()})
    assert calls_made(report) == ()
