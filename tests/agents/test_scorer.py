from hypothesis import given, settings
from hypothesis import strategies as st

from agents.scorer import Decided, decided, scored_evidence
from core.portfolio.merging import merged_factors
from core.records.desk import Desk
from core.records.evidence import Evidence
from core.records.plan import Plan
from tests.agents.bench import Bench, a_request

BENCH = Bench()
REPORT = BENCH.run(a_request())
UNIVERSE = BENCH.universes[0]


def _decided(evidence: tuple[Evidence, ...], plan: Plan = REPORT.plan) -> object:
    return decided(a_request(), UNIVERSE, Desk(), plan=plan, evidence=evidence)


def test_the_decision_is_that_of_the_report() -> None:
    assert _decided(REPORT.evidence) == Decided(REPORT.scorecards[0], REPORT.allocations[0])


@settings(max_examples=20, deadline=None)
@given(st.permutations(REPORT.evidence))
def test_the_order_of_arrival_changes_nothing(evidence: list[Evidence]) -> None:
    assert _decided(tuple(evidence)) == _decided(REPORT.evidence)


def test_without_the_heatmaps_factors_there_is_no_decision() -> None:
    rest = tuple(item for item in REPORT.evidence if item.tool != "get_sector_heatmap")
    assert _decided(rest) is None


def test_evidence_of_unscored_steps_is_left_out() -> None:
    scored = scored_evidence(REPORT.plan, UNIVERSE, REPORT.evidence)
    assert {item.id for item in scored} == {step.id for step in REPORT.plan.steps if step.scored}
    unscored = Plan(
        author="rules",
        steps=tuple(step.model_copy(update={"scored": False}) for step in REPORT.plan.steps),
    )
    assert _decided(REPORT.evidence, unscored) is None


def test_factors_are_sorted_and_the_first_planned_answer_stands() -> None:
    scored = scored_evidence(REPORT.plan, UNIVERSE, REPORT.evidence)
    answers = [item.result for item in scored]
    factors = merged_factors(answers)
    keys = [(factor.factor, factor.sector) for factor in factors]
    assert keys == sorted(set(keys))
    forged = scored[0].result.model_copy(
        update={
            "factors": tuple(
                factor.model_copy(update={"value": 99.0}) for factor in scored[0].result.factors
            )
        }
    )
    assert merged_factors([*answers[:-1], forged]) == factors
