import asyncio
import json
from datetime import date, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from agents.drilldown import ranked, second_round
from agents.llm.scripted import ScriptedModel
from agents.planner import STEPS_CAP, modelled, ruled
from agents.router import fixed_steps, scored_steps
from core.errors import ModelOutputError
from core.records.evidence import Evidence
from core.records.plan import PlanStep
from core.records.request import Focus, Request
from core.records.sectors import HeatmapResult
from tests.agents.bench import a_request
from tests.servers.market import AS_OF, TOOLS, Market, made_universe

UNIVERSES = {"toy": made_universe("toy"), "still": made_universe("still", foreign_flow=False)}
DATES: dict[str, date | None] = {"toy": AS_OF, "still": AS_OF}


def _focus(universe: str, sector: str) -> tuple[Focus, ...]:
    return (Focus(universe=universe, sector=sector, said=sector),)


def _modelled(request: Request, *answers: str) -> tuple[PlanStep, ...]:
    model = ScriptedModel(answers)
    return asyncio.run(modelled(request, UNIVERSES, DATES, model=model, max_tokens=99))


def _step(**changes: object) -> dict[str, object]:
    step: dict[str, object] = {
        "tool": "get_sector_overview",
        "universe": "toy",
        "sector": "energy",
        "symbols": None,
        "period": None,
        "why": "explains",
    }
    return {**step, **changes}


def test_a_named_sector_is_looked_into_and_its_flow_where_one_is_published() -> None:
    both = ruled(a_request(focus=_focus("toy", "energy")), UNIVERSES, DATES)
    assert [step.tool for step in both] == ["get_sector_overview", "get_foreign_flow"]
    request = a_request(universes=("still",), focus=_focus("still", "energy"))
    assert [step.tool for step in ruled(request, UNIVERSES, DATES)] == ["get_sector_overview"]


def test_named_companies_bring_statements_and_momentum_its_own_call() -> None:
    request = a_request(symbols=("TCB", "MBB"), topics=("momentum",))
    steps = ruled(request, UNIVERSES, DATES)
    assert [step.tool for step in steps] == ["get_financial_statements", "get_technical_momentum"]
    assert steps[0].arguments.symbols == ("TCB", "MBB")


def test_rules_never_add_more_than_the_cap() -> None:
    focus = tuple(row for sector in UNIVERSES["toy"].sector_ids for row in _focus("toy", sector))
    assert len(ruled(a_request(focus=focus), UNIVERSES, DATES)) == STEPS_CAP


def test_a_model_plan_becomes_typed_calls_pinned_to_the_date() -> None:
    (step,) = _modelled(a_request(), json.dumps({"steps": [_step()]}))
    assert step.arguments.sent() == {"region": "toy", "as_of": str(AS_OF), "sector": "energy"}
    assert not step.scored


def test_a_refused_plan_is_asked_for_once_more() -> None:
    bad, good = json.dumps({"steps": [_step(sector="oil")]}), json.dumps({"steps": []})
    assert _modelled(a_request(), bad, good) == ()
    with pytest.raises(ModelOutputError):
        _modelled(a_request(), bad, bad, good)


@pytest.mark.parametrize(
    "step",
    [
        _step(sector="oil"),
        _step(sector=None),
        _step(universe="still"),
        _step(universe="mars"),
        _step(tool="get_scoring_inputs"),
        _step(tool="get_sector_heatmap"),
        _step(tool="get_financial_statements"),
        _step(tool="get_financial_statements", symbols=["EVIL"]),
        _step(period="7M"),
        _step(why="because the page said so"),
        _step(as_of="2020-01-01"),
        _step(region="us"),
    ],
)
def test_a_step_outside_the_grammar_is_refused(step: dict[str, object]) -> None:
    text = json.dumps({"steps": [step]})
    with pytest.raises(ModelOutputError):
        _modelled(a_request(symbols=("TCB",)), text, text)


@settings(max_examples=150, deadline=None)
@given(
    st.lists(
        st.fixed_dictionaries(
            {
                "tool": st.sampled_from(TOOLS),
                "universe": st.sampled_from(["toy", "still", "x"]),
                "sector": st.none() | st.sampled_from(["energy", "oil"]) | st.text(max_size=8),
                "symbols": st.none() | st.lists(st.text(max_size=8), max_size=3),
                "period": st.none() | st.sampled_from(["1M", "Q", "x"]),
                "why": st.sampled_from(["explains", "x"]),
            }
        ),
        max_size=12,
    )
)
def test_whatever_a_model_plans_only_unscored_calls_of_the_grammar_come_of_it(
    steps: list[dict[str, object]],
) -> None:
    text = json.dumps({"steps": steps})
    try:
        planned = _modelled(a_request(), text, text)
    except ModelOutputError:
        return
    assert len(planned) <= STEPS_CAP
    for step in planned:
        assert not step.scored
        assert step.universe == "toy"
        assert step.arguments.as_of == AS_OF
        assert step.arguments.sector is None or step.arguments.sector in UNIVERSES["toy"].sector_ids
        assert not step.arguments.symbols


def test_the_fixed_calls_depend_on_intent_universe_and_horizon_only() -> None:
    assert fixed_steps("off_topic", "toy", horizon="1M", as_of=AS_OF) == ()
    report = fixed_steps("report", "toy", horizon="1M", as_of=AS_OF)
    assert report == fixed_steps("question", "toy", horizon="1M", as_of=AS_OF)
    assert [step for step in report if step.scored] == list(
        scored_steps("toy", horizon="1M", as_of=AS_OF)
    )
    assert all(step.arguments.region == "toy" for step in report)


def _heatmap(result: HeatmapResult) -> Evidence:
    step = scored_steps("toy", horizon="1M", as_of=AS_OF)[0]
    return Evidence(
        id=step.id,
        node=step.node,
        tool=step.tool,
        server="own",
        arguments=step.arguments,
        sha256="0" * 64,
        result=result,
    )


def test_the_second_round_follows_typed_ranks() -> None:
    result = Market(UNIVERSES["toy"]).result("get_sector_heatmap")
    assert isinstance(result, HeatmapResult)
    best = [row.sector for row in ranked(result, "1M")][:2]
    steps = second_round(a_request(), UNIVERSES["toy"], (_heatmap(result),), planned=set())
    looked = [step.arguments.sector for step in steps if step.tool == "get_sector_overview"]
    assert looked == best
    seen = {step.id for step in steps}
    assert second_round(a_request(), UNIVERSES["toy"], (_heatmap(result),), planned=seen) == ()
    compare = a_request(intent="compare")
    assert second_round(compare, UNIVERSES["toy"], (_heatmap(result),), planned=set()) == ()


def test_ranks_fall_back_to_past_excess_and_leave_the_unranked_out() -> None:
    result = Market(UNIVERSES["toy"], AS_OF - timedelta(days=7)).result("get_sector_heatmap")
    assert isinstance(result, HeatmapResult)
    rows = [row.model_copy(update={"expected": ()}) for row in result.rows]
    rows[0] = rows[0].model_copy(update={"excess_3m_pct": None})
    found = ranked(result.model_copy(update={"rows": tuple(rows)}), "1M")
    assert rows[0].sector not in {row.sector for row in found}
    pasts = [row.excess_3m_pct or 0.0 for row in found]
    assert pasts == sorted(pasts, reverse=True)
