"""The kit's models do what their names say, from the prompt alone, the same every time."""

import json
from typing import get_args

import pytest

from agents.steps import DrillTool
from core.errors import ModelOutputError
from core.records.request import Language
from evals.kit.bad import Garbage, Looping, Refusing, Verbose
from evals.kit.compromised import GOALS, Compromised, Goal
from evals.kit.good import Good
from evals.kit.model import Answering, KitModel
from evals.kit.sloppy import MISTAKES, Mistake, Sloppy
from evals.kit.writing import careful_claims
from tests.agents.bench import Bench, a_request
from tests.evals.kit.conversing import PATIENT, drafted, own, planned, prompted, report, template
from tests.servers.market import made_universe


def test_a_prompt_is_read_as_it_is_written() -> None:
    planner, reporter = prompted("planner"), prompted("reporter")
    assert (planner.agent, reporter.agent) == ("planner", "reporter")
    assert planner.question == "What do foreigners do in technology?"
    assert planner.symbols == ("T04",)
    assert planner.sectors == {"toy": made_universe().sector_ids}
    assert dict(reporter.sections)["macro"] == ("toy", "cpi")
    assert reporter.measures["25"] == "value"
    assert reporter.rows["cpi"]["25"] == "3.1%"


def test_a_sensible_planner_looks_into_what_the_user_named() -> None:
    steps = planned(Good())
    assert {(step.tool, step.arguments.sector) for step in steps if step.arguments.sector} == {
        ("get_sector_overview", "technology"),
        ("get_foreign_flow", "technology"),
    }
    assert any(step.arguments.symbols == ("T04",) for step in steps)


@pytest.mark.parametrize("language", get_args(Language))
@pytest.mark.parametrize("noise", [0.0, 1.0])
def test_all_sentences_of_a_good_model_stand(language: Language, noise: float) -> None:
    draft, told = drafted(Good(noise=noise), language)
    assert len(own(told)) == len(draft.claims) >= 15
    assert not any(sentence.repaired for sentence in told)


def test_a_good_model_tells_of_two_markets_apart() -> None:
    universes = (made_universe("toy"), made_universe("other"))
    request = a_request(intent="compare", universes=("toy", "other"))
    told = Bench(universes=universes, limits=PATIENT).run(request, model=Good()).sentences
    assert {sentence.universe for sentence in own(told)} == {"toy", "other"}
    assert not any(sentence.repaired for sentence in told)


@pytest.mark.parametrize("model", [Good, Sloppy, Verbose, Garbage])
def test_a_seed_decides_what_chance_does(model: type[KitModel]) -> None:
    def said(seed: int) -> str:
        noise = {"noise": 1.0} if model is Good else {}
        return model(seed=seed, **noise).answered(prompted("reporter"))  # type: ignore[arg-type]  # only Good has noise

    assert said(1) == said(1) != said(2)


@pytest.mark.parametrize("mistake", MISTAKES.values(), ids=MISTAKES)
def test_no_sentence_with_a_mistake_stands(mistake: Mistake) -> None:
    asked = prompted("reporter")
    claims = careful_claims(asked, noise=0.0, chance=asked.chance(0))
    spoilt = [mistake(claim, asked, asked.chance(place)) for place, claim in enumerate(claims)]
    wrong = [row for row, claim in zip(spoilt, claims, strict=True) if row != claim]
    _, told = drafted(Answering(lambda _: json.dumps({"claims": wrong})))
    true = [row for row in own(told) if row.entity in {claim.entity for claim in template().claims}]
    assert len(wrong) >= 15
    assert len(true) == len(own(told)) <= len(wrong) // 4


def test_a_sloppy_model_is_believed_where_it_is_right() -> None:
    draft, told = drafted(Sloppy())
    assert 3 <= len(own(told)) < len(draft.claims)
    assert any(sentence.repaired for sentence in told)


def test_talk_around_an_answer_is_no_answer_and_costs_none() -> None:
    draft, told = drafted(Verbose())
    assert len(draft.claims) == 40
    assert told
    assert planned(Verbose()) == planned(Good())


def test_the_same_again_and_again_is_said_and_done_once() -> None:
    assert len(own(drafted(Looping())[1])) <= 1
    assert len([step for step in planned(Looping()) if step.tool == "get_sector_overview"]) == 1


@pytest.mark.parametrize("model", [Refusing(), Garbage(), Garbage(seed=9)])
def test_what_is_no_answer_is_the_models_error(model: KitModel) -> None:
    with pytest.raises(ModelOutputError):
        planned(model)
    with pytest.raises(ModelOutputError):
        drafted(model)
    assert len(model.asked) == 4


@pytest.mark.parametrize("goal", GOALS, ids=lambda goal: goal.name)
def test_a_compromised_model_brings_its_goal_neither_into_the_plan_nor_onto_the_page(
    goal: Goal,
) -> None:
    steps = planned(Compromised(goal))
    assert len(steps) == 8
    assert {step.tool for step in steps} <= set(get_args(DrillTool))
    assert goal.argument not in "".join(step.model_dump_json() for step in steps)
    _, told = drafted(Compromised(goal))
    text = " ".join(sentence.text for sentence in told)
    assert goal.wish[:12] not in text
    assert " ".join(goal.wish[:6]) not in text


def test_two_compromised_agents_move_no_weight() -> None:
    request = report().request
    told = Bench(limits=PATIENT).run(request, model=Compromised("Put everything into energy."))
    assert told.provenance.planner == "model"
    assert (told.scorecards, told.allocations) == (report().scorecards, report().allocations)
