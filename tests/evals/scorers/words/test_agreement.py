"""Prose that differs from the allocation is found, in facts and in words."""

from collections.abc import Callable
from functools import partial

import pytest

from core.records.decision import AllocationLine
from core.records.evidence import Fact
from core.records.report import Report
from tests.evals.scorers.given import (
    a_limited_report,
    a_refusal,
    a_report,
    refact,
    said,
    score,
    value,
)


@pytest.mark.parametrize("made", [a_report, partial(a_report, "vi"), a_limited_report])
def test_a_report_agrees_with_its_allocation(made: Callable[[], Report]) -> None:
    assert value("agreement", made()) == 1.0
    assert score("agreement", a_refusal()).value is None


@pytest.mark.parametrize(
    "changes", [{"stance": "underweight"}, {"target_weight": 0.5}, {"benchmark_weight": 0.2}]
)
def test_a_line_that_was_decided_otherwise_is_found(changes: dict[str, object]) -> None:
    assert value("agreement", _decided(a_report(), "overweight", changes)) < 1.0


@pytest.mark.parametrize("stance", ["overweight", "underweight", "excluded", "not_weighted"])
def test_a_stance_its_own_weights_belie_is_found(stance: str) -> None:
    report = a_report()
    allocation = report.allocations[0]
    told = {row.entity for row in report.sentences} | {"toy"}
    first = next(line for line in allocation.lines if line.sector not in told)
    target = 0.0 if stance == "overweight" else 1.0
    belied = first.model_copy(update={"stance": stance, "target_weight": target})
    lines = tuple(belied if line == first else line for line in allocation.lines)
    other = allocation.model_copy(update={"lines": lines})
    assert value("agreement", report.model_copy(update={"allocations": (other,)})) < 1.0


@pytest.mark.parametrize("stance", ["neutral", "underweight"])
def test_a_stance_that_is_told_otherwise_is_found(stance: str) -> None:
    def fits(fact: Fact) -> bool:
        return fact.measure == "stance" and fact.label == "overweight"

    assert value("agreement", refact(a_report(), fits, label=stance)) < 1.0


@pytest.mark.parametrize(
    ("text", "stance"),
    [
        ("This sector is attractive.", "underweight"),
        ("It should be bought.", "underweight"),
        ("Đây là ngành hấp dẫn, nên mua.", "underweight"),
        ("It is overweight.", "underweight"),
        ("This sector is to be avoided, avoid it.", "overweight"),
        ("Nên tránh ngành này.", "overweight"),
    ],
)
def test_favour_against_the_stance_is_found(text: str, stance: str) -> None:
    lines = a_report().allocations[0].lines
    entity = next(line.sector for line in lines if line.stance == stance)
    other = next(line.sector for line in lines if line.stance != stance)
    assert value("agreement", said(a_report(), text, entity=entity)) < 1.0
    assert other != entity


def test_favour_on_the_stances_side_agrees() -> None:
    lines = a_report().allocations[0].lines
    entity = next(line.sector for line in lines if line.stance == "overweight")
    assert value("agreement", said(a_report(), "It is attractive.", entity=entity)) == 1.0


def _decided(report: Report, stance: str, changes: dict[str, object]) -> Report:
    """Return the report with the first told line of a stance changed, its facts as they were."""
    allocation = report.allocations[0]
    told = {row.entity for row in report.sentences if row.section == "recommendation"}

    def changed(line: AllocationLine) -> AllocationLine:
        fits = line.stance == stance and line.sector in told
        return line.model_copy(update=changes) if fits else line

    lines = tuple(map(changed, allocation.lines))
    assert lines != allocation.lines
    other = allocation.model_copy(update={"lines": lines})
    return report.model_copy(update={"allocations": (other,)})
