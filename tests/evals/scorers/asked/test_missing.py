"""A gap that nobody speaks of is found."""

import pytest

from core.records.report import Report, Span
from evals.records import Expected, Fault, Ran
from tests.evals.scorers.given import (
    NAMED,
    a_gapped_report,
    a_refusal,
    a_report,
    ran_of,
    score,
    unsaid,
    value,
)

BOTH = Expected(gaps=("get_foreign_flow_by_sector", "get_whale_activity"))


def test_the_gaps_of_a_report_are_said() -> None:
    assert value("missing-said", a_gapped_report()) == 1.0
    assert value("missing-said", a_gapped_report(), expected=BOTH) == 1.0
    assert score("missing-said", a_report()).value is None
    assert score("missing-said", a_refusal()).value is None


def test_a_gap_that_is_not_said_is_found() -> None:
    silent = unsaid(a_gapped_report(), lambda row: row.section == "missing")
    assert value("missing-said", silent) == 0.0
    assert value("missing-said", silent, expected=BOTH) == 0.0


@pytest.mark.parametrize("expected", [Expected(), Expected(gaps=("get_sector_heatmap",))])
@pytest.mark.parametrize(
    ("error", "said"),
    [
        ("", 0.0),
        ("DataError: boom", 0.0),
        ("ProviderError: no answer in time", 0.0),
        ("ProviderError: foreign flow did not answer in time", 0.0),
        ("TypeError: get_sector_heatmap", 0.0),
        ("ProviderError: get_sector_heatmap did not answer in time", 1.0),
        ("ProviderError: The sector heatmap did not answer in time", 1.0),
        ("DataError: Không có bản đồ nhiệt ngành", 1.0),
    ],
)
def test_a_run_without_an_answer_says_what_is_missing(
    expected: Expected, error: str, said: float
) -> None:
    ran = ran_of(a_report(), expected=expected)
    case = ran.case.model_copy(update={"faults": (Fault(tool="get_sector_heatmap", kind="hung"),)})
    died = ran.answers[0].model_copy(update={"report": None, "error": error})
    assert NAMED["missing-said"](Ran(case=case, answers=(died,))).value == said


def test_a_gap_that_is_expected_and_is_none_is_found() -> None:
    assert value("missing-said", a_report(), expected=BOTH) == 0.0


def test_a_sentence_of_another_market_says_nothing_of_it() -> None:
    report = a_gapped_report()
    other = tuple(
        row.model_copy(update={"universe": "us"}) if row.section == "missing" else row
        for row in report.sentences
    )
    assert value("missing-said", report.model_copy(update={"sentences": other})) == 0.0


def test_a_sentence_may_name_what_is_missing_instead_of_the_call() -> None:
    report = a_gapped_report()
    flow = Expected(gaps=("get_foreign_flow_by_sector",))
    moved = tuple(
        row.model_copy(update={"entity": "toy", "spans": (row.spans[0].model_copy(update={
            "text": text}),)}) if row.section == "missing" else row
        for row in report.sentences
        for text in ("There is no foreign-flow statistic.",)
    )  # fmt: skip
    assert (
        value("missing-said", report.model_copy(update={"sentences": moved}), expected=flow) < 1.0
    )
    only = report.model_copy(update={"sentences": moved, "gaps": report.gaps[:1]})
    assert value("missing-said", only, expected=flow) == 1.0


def _doubting(words: str, *evidence: str) -> Report:
    """Return a report with one more warning, bound to a value of each of these answers."""
    report = a_report()
    tools = {str(item.tool): item.id for item in report.evidence}
    held = [next(f for f in report.facts if f.evidence == tools[tool]) for tool in evidence]
    spans = (Span(text=words), *(Span(text=f.measure, fact=f.id) for f in held))
    row = report.sentences[0].model_copy(update={"section": "warning", "spans": spans})
    return report.model_copy(update={"sentences": (*report.sentences, row)})


def test_a_contradiction_is_said_with_a_value_of_each_tool() -> None:
    flow, heat = "get_foreign_flow_by_sector", "get_sector_heatmap"
    expected = Expected(gaps=(flow,))
    for words, tools, said in (
        ("Two tools contradict each other: ", (flow, heat), 1.0),
        ("Hai công cụ mâu thuẫn: ", (flow, heat), 1.0),
        ("Two tools contradict each other: ", (heat, heat), 0.0),
        ("Two tools contradict each other: ", (flow, flow), 0.0),
        ("Beside each other: ", (flow, heat), 0.0),
    ):
        assert value("missing-said", _doubting(words, *tools), expected=expected) == said


def test_a_part_that_is_said_to_be_missing_is_no_gap_of_the_whole_call() -> None:
    report = _doubting("No forecast model was fitted.")
    row = report.sentences[-1].model_copy(
        update={"section": "missing", "entity": "get_sector_heatmap"}
    )
    said = report.model_copy(update={"sentences": (*report.sentences[:-1], row)})
    expected = Expected(gaps=("get_sector_heatmap",))
    assert value("missing-said", said, expected=expected) == 1.0
    assert value("missing-said", report, expected=expected) == 0.0
