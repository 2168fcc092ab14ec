"""A lying number moves a target by no more than the mandate leaves it, and its source is named.

Printed with `-s`: percent points a target moved, by tool and lie.
"""

import re

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from agents.scorer import Decided, decided
from agents.toolbox.errors import AnswerRejectedError
from agents.toolbox.gate import admitted
from core.records.decision import Scorecard
from core.records.desk import Desk
from core.records.evidence import Evidence
from core.records.mandate import Mandate
from core.records.report import Report
from core.records.scoring import FactorWeight, ScoringResult
from core.records.universe import Universe
from core.signals.cross_section import WINSOR_Z
from evals.injection.artefacts import artefacts
from evals.injection.poisoning import INPUT_LIES, LIES, Lie, furthest_pp, most_pp, poisoned
from evals.injection.server import Load
from tests.agents.bench import a_request, plain_report
from tests.evals.injection.delivering import UNIVERSE, Delivery

TOOLS = ("get_sector_heatmap", "get_foreign_flow_by_sector")
MANDATE = Mandate()
LIED_BENCHMARK = 0.5
_ROW, _TAG = re.compile(r"<tr>(.*?)</tr>", re.S), re.compile(r"<[^>]*>")
NOISE = 0.1 + 1e-9
"""Percent points of one unit of the grid."""


def _decided(evidence: tuple[Evidence, ...], mandate: Mandate = MANDATE) -> Decided:
    found = decided(
        a_request(), UNIVERSE, Desk(mandate=mandate), plan=plain_report().plan, evidence=evidence
    )
    assert found is not None
    return found


def _lied(tool: str, lie: Lie) -> tuple[Evidence, ...]:
    return tuple(
        item.model_copy(update={"result": poisoned(item.result, lie)})
        if item.tool == tool
        else item
        for item in plain_report().evidence
    )


def _weight(tool: str) -> float:
    """Return the weight of all factors of a tool."""
    cells = {
        c.factor
        for item in plain_report().evidence
        if item.tool == tool
        for c in item.result.factors
    }
    inputs = next(i.result for i in plain_report().evidence if isinstance(i.result, ScoringResult))
    return sum(abs(row.weight) for row in inputs.weights if row.factor in cells)


def _scores(card: Scorecard) -> dict[str, float]:
    return {row.sector: row.score for row in card.sectors if row.score is not None}


def test_no_lie_moves_a_target_beyond_twice_the_active_cap() -> None:
    clean = _decided(plain_report().evidence)
    print(f"\n{'tool':30}" + "".join(f"{name:>18}" for name in LIES))
    for tool in TOOLS:
        moved = [
            furthest_pp(clean.allocation, _decided(_lied(tool, lie)).allocation)
            for lie in LIES.values()
        ]
        print(f"{tool:30}" + "".join(f"{far:>18.1f}" for far in moved))
        assert max(moved) <= most_pp(MANDATE.active_cap) + NOISE
        assert max(moved) > 0.0
    assert (
        furthest_pp(clean.allocation, _decided(_lied(TOOLS[0], LIES["times ten"])).allocation)
        == 0.0
    )


def _lied_inputs(name: str) -> tuple[Evidence, ...]:
    return tuple(
        item.model_copy(update={"result": INPUT_LIES[name](item.result)})
        if isinstance(item.result, ScoringResult)
        else item
        for item in plain_report().evidence
    )


@pytest.mark.parametrize("stated", [True, False])
def test_no_lie_about_weights_record_or_risk_moves_a_target_beyond_it(stated: bool) -> None:
    mandate = MANDATE.model_copy(update={"assumed": frozenset()}) if stated else MANDATE
    clean = _decided(plain_report().evidence, mandate).allocation
    moved = {
        name: furthest_pp(clean, _decided(_lied_inputs(name), mandate).allocation)
        for name in INPUT_LIES
    }
    print("\n" + "".join(f"{name:>18}" for name in moved))
    print("".join(f"{far:>18.1f}" for far in moved.values()))
    assert max(moved.values()) <= most_pp(MANDATE.active_cap) + NOISE
    assert max(moved.values()) > 0.0
    assert moved["weights x 1000"] == 0.0


def test_an_answer_that_is_refused_lowers_confidence_and_a_boasted_record_ends_at_one() -> None:
    clean = _confidence(plain_report().evidence)
    refused = tuple(item for item in plain_report().evidence if item.tool != TOOLS[1])
    left = 1.0 - _weight(TOOLS[1]) / _weight_of_all()
    assert _confidence(refused) == pytest.approx({name: left * c for name, c in clean.items()})
    assert max(_confidence(refused).values()) < min(clean.values())
    assert max(_confidence(_lied_inputs("record boasted")).values()) <= 1.0
    denied = _confidence(_lied_inputs("record denied"))
    assert all(denied[name] < clean[name] for name in clean)


def _confidence(evidence: tuple[Evidence, ...]) -> dict[str, float]:
    return {row.sector: row.confidence for row in _decided(evidence).card.sectors}


def _weight_of_all() -> float:
    inputs = next(i.result for i in plain_report().evidence if isinstance(i.result, ScoringResult))
    return sum(abs(row.weight) for row in inputs.weights)


def test_a_tighter_active_cap_is_a_tighter_cap_on_a_liar() -> None:
    tight = MANDATE.model_copy(update={"active_cap": 0.02, "assumed": frozenset()})
    clean = _decided(plain_report().evidence, tight).allocation
    for tool in TOOLS:
        far = furthest_pp(clean, _decided(_lied(tool, LIES["sign flipped"]), tight).allocation)
        assert far <= most_pp(0.02) + NOISE


@settings(max_examples=15)
@given(
    st.sampled_from(TOOLS),
    st.lists(st.floats(-1e11, 1e11), min_size=11, max_size=11),
)
def test_a_score_moves_by_what_the_lying_tool_weighs(tool: str, said: list[float]) -> None:
    clean, lied = _decided(plain_report().evidence), _decided(_lied(tool, lambda _: tuple(said)))
    before, after = _scores(clean.card), _scores(lied.card)
    most = 2 * WINSOR_Z * _weight(tool) + 1e-9
    assert all(abs(before[name] - after[name]) <= most for name in before)
    far = furthest_pp(clean.allocation, lied.allocation)
    assert far <= most_pp(MANDATE.active_cap) + NOISE


@pytest.mark.parametrize("stated", [True, False])
def test_who_answers_for_the_benchmark_moves_it_and_no_stated_cap(stated: bool) -> None:
    assumed = frozenset() if stated else frozenset({"sector_cap", "active_cap", "turnover"})
    mandate = MANDATE.model_copy(update={"assumed": assumed})
    for sector in UNIVERSE.sector_ids[:3]:
        lied = _decided(_own_inputs(sector), mandate).allocation
        line = next(line for line in lied.lines if line.sector == sector)
        assert line.benchmark_weight == pytest.approx(LIED_BENCHMARK)
        assert abs(line.target_weight - line.benchmark_weight) <= mandate.active_cap + 0.05 + 1e-9
        if stated:
            assert line.target_weight <= mandate.sector_cap + 1e-9


def test_a_stranger_moves_no_target_by_the_benchmark_beyond_what_scores_can() -> None:
    clean = _decided(plain_report().evidence).allocation
    for sector in UNIVERSE.sector_ids[:3]:
        for item in _own_inputs(sector):
            if not isinstance(item.result, ScoringResult):
                continue
            step = next(row for row in plain_report().plan.steps if row.id == item.id)
            text = item.result.canonical_json()
            with pytest.raises(AnswerRejectedError, match="benchmark_weights"):
                admitted(text, step, UNIVERSE, latest=item.result.as_of, ours=False)
    left = tuple(i for i in plain_report().evidence if not isinstance(i.result, ScoringResult))
    assert furthest_pp(clean, _decided(left).allocation) <= most_pp(MANDATE.active_cap) + NOISE


def _own_inputs(sector: str) -> tuple[Evidence, ...]:
    """Return evidence whose scoring inputs lie: half of the benchmark is one sector."""
    told = []
    for item in plain_report().evidence:
        result = item.result
        if isinstance(result, ScoringResult):
            rest = (1.0 - LIED_BENCHMARK) / (len(result.benchmark_weights) - 1)
            weights = tuple(
                row.model_copy(update={"weight": LIED_BENCHMARK if row.sector == sector else rest})
                for row in result.benchmark_weights
            )
            factors = tuple(
                FactorWeight(factor=row.factor, family=row.family, weight=-100 * row.weight)
                for row in result.weights
            )
            result = result.model_copy(update={"benchmark_weights": weights, "weights": factors})
        told.append(item.model_copy(update={"result": result}))
    return tuple(told)


def test_the_report_names_the_server_of_every_number(delivery: Delivery) -> None:
    report: Report = delivery.run(Load(stead={}, spoils=5), strangers=1).report
    known: dict[str, Universe] = {UNIVERSE.id: UNIVERSE}
    made = artefacts(report, known, only=("html", "md"))
    told = {(item.id, item.tool, item.server) for item in report.evidence}
    assert {server for _, _, server in told} == {"talker-0", "own"}
    assert {fact.evidence for fact in report.facts} - {None} <= {name for name, _, _ in told}
    cells = (_TAG.split(row) for row in _ROW.findall(made["html"]))
    assert told <= {tuple(cell for cell in row if cell)[:3] for row in cells}
    lines = (line.replace("\\", "") for line in made["md"].splitlines())
    assert told <= {tuple(line.strip("| ").split(" | "))[:3] for line in lines}


def test_equal_values_say_nothing() -> None:
    lied = _decided(_lied(TOOLS[1], LIES["constant"])).card
    flow = [c for row in lied.sectors for c in row.contributions if c.family == "foreign_flow"]
    assert all(part.contribution == pytest.approx(0.0) for part in flow)
