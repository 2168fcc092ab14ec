"""A model is neither shown nor lets say what bears a name that another value bears too."""

from dataclasses import replace
from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from agents.llm.scripted import ScriptedModel
from agents.material import Material
from agents.reporter import template_draft
from agents.sayable import namesakes
from agents.shown import shown
from agents.verifier import verified
from core.records.evidence import Evidence, Fact
from core.records.plan import ToolArguments
from core.records.report import Claim, Draft, Section, Sentence
from core.records.request import Focus
from core.records.sectors import Quadrant, RotationHistoryResult, RotationSpell
from core.wording import entity_name, measure_name, phrase
from tests.agents.bench import Bench, a_request
from tests.agents.claims.told import UNIVERSES, heatmap, material

SINCE, UNTIL = date(2025, 10, 3), date(2026, 3, 20)
TOLD = "toy-rotation-history"
PLAIN = "For {entity}, the {measure} is {value} as of {date}."


def _stay(
    sector: str, quadrant: Quadrant, first: int, last: int, **course: object
) -> RotationSpell:
    entered, left = (SINCE + timedelta(days=7 * week) for week in (first, last))
    fields: dict[str, object] = {
        "sector": sector, "frequency": "weekly", "quadrant": quadrant, "entered": entered,
        "left": left, "bars_count": last - first + 1, "ratio_low_index": 99.0,
        "ratio_high_index": 104.0, "momentum_peak_index": 101.0 + last, "ratio_last_index": 103.0,
        "momentum_peak_period": left, "momentum_last_index": 101.0, "running": last == 24,
    }  # fmt: skip
    return RotationSpell.model_validate({**fields, **course})


TURN = {"momentum_turn_index": 100.49, "momentum_turn_period": SINCE + timedelta(days=140)}
STAYS = (
    _stay("financials", "IMPROVING", 0, 10),
    _stay("financials", "LEADING", 11, 24, **TURN),
    _stay("energy", "LAGGING", 0, 24),
)


def _retraced(**changes: object) -> Material:
    """Return the run's material with two stays of one sector and one of another."""
    envelope = heatmap().model_dump(exclude={"rows", "skill", "tool"})
    result = RotationHistoryResult.model_validate(
        {**envelope, "tool": "get_rotation_history", "frequency": "weekly", "since": SINCE,
         "rows": STAYS}
    )  # fmt: skip
    item = Evidence(
        id=TOLD, node="heatmap", tool="get_rotation_history", server="own",
        arguments=ToolArguments(region="toy", since=SINCE), sha256="0" * 64, result=result,
    )  # fmt: skip
    asked = {"intent": "question", "topics": ("path", "rotation"), "since": SINCE, "as_of": UNTIL}
    made = material(**{**asked, **changes})
    return replace(made, evidence=(*made.evidence, item))


FOCUS = tuple(Focus(universe="toy", sector=name, said=name) for name in ("financials", "energy"))
MATERIAL = _retraced(focus=FOCUS)
FACTS = MATERIAL.facts


def _said(
    text: str, *measures: str, sector: str = "financials", section: Section = "answer"
) -> list[str]:
    """Return what stands of a model's sentence about facts of a sector's stays."""
    facts = tuple(f"{TOLD}.{sector}.{measure}" for measure in measures)
    assert set(facts) <= set(FACTS)
    claim = Claim(section=section, universe="toy", entity=sector, facts=facts, text=text)
    return [row.text for row in _verified(MATERIAL, claim) if row.author == "model"]


def _verified(made: Material, *claims: Claim) -> tuple[Sentence, ...]:
    language = made.request.language
    return verified(
        made, (Draft(language=language, author="model", claims=claims), template_draft(made))
    )


@pytest.mark.parametrize("section", ["answer", "rotation", "macro"])
@pytest.mark.parametrize("measure", ["quadrant", "momentum_peak", "quadrant.2", "left", "bars.2"])
def test_no_stay_is_told_as_if_it_were_the_only_one(section: Section, measure: str) -> None:
    assert _said(PLAIN, measure, section=section) == []
    assert _said("{entity}: {measure} {value}.", measure, section=section) == []


def test_two_stays_are_not_mixed() -> None:
    mixed = "{entity}: {measure} {value}, {measure_2} {value_2}."
    assert _said(mixed, "quadrant", "left.2") == []
    assert _said(mixed, "quadrant.2", "momentum_peak") == []


def test_what_only_one_of_the_stays_states_is_not_told_of_the_other() -> None:
    assert _said(PLAIN, "momentum_turn") == []
    assert _said(PLAIN, "ratio_last") == []


def test_a_sectors_only_stay_is_told() -> None:
    assert _said(PLAIN, "ratio_last", sector="energy") == [
        "For Energy, the last RS-Ratio is 103.00 as of "
        f"{heatmap().as_of.day} {heatmap().as_of:%b %Y}."
    ]


def test_what_has_a_namesake_is_not_shown() -> None:
    seen = shown(MATERIAL, template_draft(MATERIAL)).facts.values()
    stays = {fact.subject for fact in seen if fact.evidence == TOLD}
    assert stays - {"toy"} == {"energy"}


def test_templates_tell_every_stay_beside_a_models_answer() -> None:
    peer = next(f for f in FACTS.values() if f.measure == "excess_3m" and f.subject == "energy")
    claim = Claim(
        section="answer", universe="toy", entity="energy", facts=(peer.id,), text=PLAIN
    )  # fmt: skip
    told = [row for row in _verified(MATERIAL, claim) if row.section == "answer"]
    assert [row.author for row in told].count("model") == 1
    assert any("LEADING" in row.text and row.entity == "financials" for row in told)


def test_a_model_is_not_asked_to_word_what_it_cannot_say() -> None:
    model = ScriptedModel(['{"steps": []}'])
    path = {"intent": "question", "topics": ("path",), "since": SINCE, "as_of": UNTIL}
    report = Bench().run(a_request(**path), model=model)
    assert len(model.prompts) == 1
    assert report.provenance.reporter == "template"


def _fact(name: str, **changes: object) -> Fact:
    fields: dict[str, object] = {
        "id": name, "universe": "toy", "subject": "energy", "measure": "net", "value": 1.0,
        "unit": "bn", "as_of": UNTIL, "evidence": "e1", "pointer": "/rows/0/net_bn",
    }  # fmt: skip
    return Fact.model_validate({**fields, **changes})


def _alike(*facts: Fact) -> frozenset[str]:
    return namesakes(facts, "en", UNIVERSES)


@pytest.mark.parametrize(
    "changes",
    [
        {"pointer": "/rows/3/net_bn"},
        {"evidence": "e2"},
        {"evidence": "e2", "as_of": SINCE},
        {"evidence": None, "formula": "scorecard", "pointer": "/sectors/0/net"},
        {"measure": "top_buys_net", "pointer": "/rows/0/top_buys/0/net_bn"},
        {"benchmark": "basket"},
        {"frequency": "daily"},
    ],
)
def test_another_value_under_the_same_printed_name_is_a_namesake(changes: object) -> None:
    assert isinstance(changes, dict)
    assert _alike(_fact("a"), _fact("b", value=2.0, **changes)) == {"a", "b"}
    assert _alike(_fact("a"), _fact("b", **changes)) == frozenset()


@pytest.mark.parametrize(
    "changes",
    [{"measure": "buy"}, {"measure": "net.1m"}, {"subject": "banks"}, {"universe": "other"}],
)
def test_another_name_is_none(changes: object) -> None:
    assert isinstance(changes, dict)
    other = _fact("b", value=2.0, **changes)
    assert "b" not in namesakes((_fact("a"), other), "en", {**UNIVERSES, "other": UNIVERSES["toy"]})


def test_a_name_without_its_key_is_a_namesake_of_every_key() -> None:
    weekly, daily = _fact("w", measure="net.weekly"), _fact("d", measure="net.daily", value=2.0)
    assert _alike(_fact("bare"), weekly, daily) == {"bare"}
    assert _alike(_fact("bare"), weekly) == frozenset()


@pytest.mark.parametrize("formula", ["before", "portfolio", "request", "trades"])
def test_what_a_model_may_not_say_takes_no_name_from_what_it_may(formula: str) -> None:
    assert _alike(_fact("a"), _fact("b", value=2.0, evidence=None, formula=formula)) == frozenset()


@given(st.lists(st.sampled_from(list(FACTS.values())), max_size=60, unique=True))
def test_no_two_sayable_facts_print_one_name_with_two_values(facts: list[Fact]) -> None:
    universe, hidden = UNIVERSES["toy"], namesakes(facts, "en", UNIVERSES)
    printed: dict[tuple[str, str], str] = {}
    for fact in facts:
        if fact.id not in hidden and fact.formula is None:
            name = entity_name(fact.subject, "en", universe), measure_name(fact.measure, "en")
            text = phrase(fact, "en", universe)
            assert printed.setdefault(name, text) == text
