"""What follows from other facts is recomputed."""

from core.records.report import Report
from tests.evals.scorers.given import a_limited_report, a_refusal, a_report, score, value


def test_differences_ranks_and_weights_of_a_report_are_right() -> None:
    assert value("derived-numbers", a_report()) == 1.0
    assert value("derived-numbers", a_limited_report()) == 1.0
    assert score("derived-numbers", a_refusal()).value is None


def test_a_wrong_difference_is_found() -> None:
    report = a_report()
    for changes in ({"value": 1.25}, {"of": ("a", "b")}, {"formula": "count"}):
        facts = tuple(
            fact.model_copy(update=changes) if fact.formula == "difference" else fact
            for fact in report.facts
        )
        assert value("derived-numbers", report.model_copy(update={"facts": facts})) < 1.0


def test_swapped_ranks_are_found() -> None:
    report = a_report()
    card = report.scorecards[0]
    first, second, *rest = card.sectors
    swapped = (
        first.model_copy(update={"rank": second.rank}),
        second.model_copy(update={"rank": first.rank}),
        *rest,
    )
    other = (card.model_copy(update={"sectors": swapped}),)
    assert value("derived-numbers", report.model_copy(update={"scorecards": other})) < 1.0


def test_weights_that_do_not_sum_to_one_are_found() -> None:
    assert value("derived-numbers", _weighing_more(a_report())) < 1.0


def _weighing_more(report: Report) -> Report:
    allocation = report.allocations[0]
    first, *rest = allocation.lines
    more = first.model_copy(update={"target_weight": first.target_weight + 0.001})
    changed = allocation.model_copy(update={"lines": (more, *rest)})
    return report.model_copy(update={"allocations": (changed,)})
