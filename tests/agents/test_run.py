"""A request becomes a report; without a model, with one, resumed, replayed, on broken tools."""

import asyncio
import json
from collections.abc import Callable
from datetime import timedelta
from itertools import combinations
from pathlib import Path

import pytest

from agents.llm.scripted import ScriptedModel
from agents.run import Progress, run_request
from agents.toolbox.sessions import Sessions
from agents.toolbox.spec import ServerSpec
from core.errors import CallerError, UnknownUniverseError
from core.records.mandate import Mandate, MandatePatch, SectorCap
from core.records.report import Report
from core.records.request import Focus
from tests.agents.bench import SPEC, Bench, a_ledger, a_request
from tests.servers.market import AS_OF, TOOLS, made_universe


@pytest.fixture(scope="module")
def plain() -> Report:
    """The report without a model."""
    return Bench().run(a_request())


def test_a_report_is_complete_without_a_model(plain: Report) -> None:
    sections = {sentence.section for sentence in plain.sentences}
    assert sections >= {"headline", "recommendation", "for", "rotation", "forecast", "macro"}
    assert sections >= {"flow", "whales", "fundamentals", "stocks", "warning"}
    assert plain.as_of == (AS_OF,)
    assert plain.gaps == ()
    assert plain.synthetic
    assert sum(line.target_weight for line in plain.allocations[0].lines) == pytest.approx(1.0)
    assert Report.model_validate_json(plain.model_dump_json()) == plain


def test_the_same_request_gives_the_same_bytes(plain: Report) -> None:
    assert Bench().run(a_request(), run_id="other").canonical_json() == plain.canonical_json()


def test_every_bound_piece_names_a_fact_of_the_report(plain: Report) -> None:
    known = {fact.id for fact in plain.facts}
    bound = [span.fact for sentence in plain.sentences for span in sentence.spans if span.fact]
    assert len(bound) > 100
    assert set(bound) <= known


def test_every_digit_of_a_sentence_is_bound(plain: Report) -> None:
    for language in ("en", "vi"):
        report = plain if language == "en" else Bench().run(a_request(language=language))
        for sentence in report.sentences:
            for span in sentence.spans:
                assert span.fact or not any(char.isdigit() for char in span.text), sentence.text


def test_the_scored_calls_are_fixed_and_the_second_round_is_not_scored(plain: Report) -> None:
    scored = [step.tool for step in plain.plan.steps if step.scored]
    assert scored == [
        "get_sector_heatmap",
        "get_scoring_inputs",
        "get_macro_indicators",
        "get_sector_fundamentals",
        "get_foreign_flow_by_sector",
        "get_whale_activity",
    ]
    drilled = [step for step in plain.plan.steps if "overview-" in step.id]
    assert len(drilled) == 2
    assert all(step.arguments.as_of == AS_OF for step in plain.plan.steps[1:])


def test_the_second_round_never_moves_a_weight(plain: Report) -> None:
    broken = frozenset({"get_sector_overview", "get_foreign_flow", "get_financial_statements"})
    assert Bench(broken=broken).run(a_request()).allocations == plain.allocations


@pytest.mark.parametrize("intent", ["question", "compare", "explain", "what_if"])
def test_a_question_is_answered_first(intent: str) -> None:
    report = Bench().run(a_request(intent=intent, topics=("foreign_flow",)))
    assert report.sentences[0].section == "answer"


def test_a_question_about_flow_is_answered_by_flow() -> None:
    report = Bench().run(a_request(intent="question", topics=("foreign_flow",)))
    assert "20 sessions" in report.sentences[0].text
    first = report.sentences[1]
    assert "the highest" in first.text
    rows = [item.result for item in report.evidence if item.tool == "get_foreign_flow_by_sector"]
    nets = {row.sector: row.net_bn for row in getattr(rows[0], "rows", ())}
    assert first.entity == max(nets, key=lambda sector: nets[sector])


def test_off_topic_calls_nothing_and_says_what_is_offered() -> None:
    bench = Bench()
    poem = a_request(text="Write me a poem", intent="off_topic", symbols=("TCB",))
    report = bench.run(poem, model=ScriptedModel(["{}"]))
    assert not report.evidence
    assert report.synthetic
    assert report.plan.steps == ()
    assert report.gaps == ()
    assert not [s for s in report.sentences if s.section == "missing"]
    assert bench.served.calls == []
    assert report.sentences[0].section == "answer"
    assert report.allocations == ()


def test_two_universes_are_each_scored_and_answered() -> None:
    bench = Bench(universes=(made_universe("toy"), made_universe("mirror", foreign_flow=False)))
    report = bench.run(a_request(intent="compare", universes=("toy", "mirror")))
    assert [card.universe for card in report.scorecards] == ["toy", "mirror"]
    answered = {s.universe for s in report.sentences if s.section == "answer"}
    assert answered == {"toy", "mirror"}


def test_a_statistic_its_market_does_not_have_is_a_gap_without_a_call() -> None:
    bench = Bench(universes=(made_universe(foreign_flow=False),))
    asked = a_request(intent="question", topics=("foreign_flow",), window="1W")
    report = bench.run(asked)
    flows = {"get_foreign_flow", "get_foreign_flow_by_sector"}
    gaps = [gap for gap in report.gaps if gap.tool in flows]

    assert flows.isdisjoint(tool for tool, _ in bench.served.calls)
    assert {gap.gap.reason for gap in gaps} == {"not_published"}
    assert {gap.id for gap in gaps} == {s.id for s in report.plan.steps if s.tool in flows}
    said = [s.text for s in report.sentences if s.section == "missing"]
    assert said == ["No foreign-flow statistic is published for this market."]


def test_a_named_sector_and_stated_limits_reach_plan_and_weights(plain: Report) -> None:
    patch = MandatePatch(caps=(SectorCap(sector="discretionary", cap=0.05),), excluded=("health",))
    focus = (Focus(universe="toy", sector="utilities", said="utilities"),)
    report = Bench().run(a_request(intent="what_if", patch=patch, focus=focus))
    weights = {line.sector: line.target_weight for line in report.allocations[0].lines}
    assert weights["discretionary"] <= 0.05
    assert weights["health"] == 0.0
    assert "toy-sector-overview-utilities" in {step.id for step in report.plan.steps}
    assert report.scorecards == plain.scorecards


def test_one_broken_tool_costs_a_gap_and_a_sentence() -> None:
    report = Bench(broken=frozenset({"get_foreign_flow_by_sector"})).run(a_request())
    assert [gap.gap.reason for gap in report.gaps] == ["tool_failed"]
    assert any(sentence.section == "missing" for sentence in report.sentences)
    assert not any(sentence.section == "flow" for sentence in report.sentences)
    assert "evil" not in report.canonical_json()
    assert report.allocations


@pytest.mark.parametrize(
    "broken",
    [set(pair) for pair in combinations(TOOLS, len(TOOLS) - 1)] + [set(TOOLS)],
    ids=lambda broken: str(len(broken)),
)
def test_a_report_is_made_whatever_is_broken(broken: set[str]) -> None:
    report = Bench(broken=frozenset(broken)).run(a_request())
    assert report.sentences
    assert all(gap.gap.reason == "tool_failed" for gap in report.gaps)
    assert bool(report.scorecards) == ("get_sector_heatmap" not in broken)
    if not report.scorecards:
        assert any("no score" in sentence.text for sentence in report.sentences)


def test_a_server_that_is_down_still_gives_a_report() -> None:
    down = ServerSpec(name="down", transport="stdio", command="/nonexistent/server")
    report = Bench(specs=(down,)).run(a_request())
    assert {gap.gap.reason for gap in report.gaps} == {"server_down"}
    assert report.evidence == ()


def test_an_unknown_universe_is_the_callers_error() -> None:
    with pytest.raises(UnknownUniverseError, match="atlantis"):
        Bench().run(a_request(universes=("atlantis",)))


def test_a_follow_up_reuses_evidence_instead_of_calling(plain: Report) -> None:
    bench = Bench()
    report = bench.run(a_request(horizon="1M", intent="question"), earlier=plain.evidence)
    assert [tool for tool, _ in bench.served.calls] == ["get_data_status"]
    assert report.allocations == plain.allocations


def test_evidence_of_another_date_is_not_reused(plain: Report) -> None:
    bench = Bench()
    bench.run(a_request(as_of=AS_OF - timedelta(days=1)), earlier=plain.evidence)
    assert len(bench.served.calls) > 5


def test_a_run_replays_offline_to_the_same_bytes() -> None:
    bench = Bench(broken=frozenset({"get_whale_activity"}))
    script = [json.dumps({"steps": []}), json.dumps({"claims": []})]
    live = bench.run(a_request(), model=ScriptedModel(script))
    replay = a_ledger("replay")
    replay.load(bench.ledger.calls("run"), run="run")
    down = ServerSpec(name="own", transport="stdio", command="/nonexistent/server")
    offline = Bench(ledger=replay, specs=(down,))
    again = offline.run(a_request(), model=ScriptedModel([]), run_id="replayed")
    assert again.canonical_json() == live.canonical_json()
    assert offline.served.calls == []


def test_an_incomplete_recording_fails_loudly() -> None:
    replay = Bench(ledger=a_ledger("replay"))
    report = replay.run(a_request())
    assert {gap.gap.reason for gap in report.gaps} == {"replay_miss"}


class _StopError(Exception):
    """Ends a run from outside, as a kill would between nodes."""


def _stopping(at: str) -> Callable[[Progress], None]:
    def heard(progress: Progress) -> None:
        if progress.node == at and progress.state == "started":
            raise _StopError

    return heard


@pytest.mark.parametrize("node", ["planner", "router", "heatmap", "drill_down", "scorer"])
def test_a_stopped_run_resumes_to_the_same_bytes_without_paying_twice(
    node: str, tmp_path: Path, plain: Report
) -> None:
    bench, file = Bench(), tmp_path / "run.db"

    async def stopped() -> None:
        async with Sessions((SPEC,), embedded={"own": bench.served.server}) as sessions:
            await run_request(
                a_request(),
                bench.services(sessions, None),
                run_id="run",
                checkpoints=str(file),
                progress=_stopping(node),
            )

    with pytest.raises(_StopError):
        asyncio.run(stopped())
    report = bench.run(a_request(), checkpoint=file)
    assert report.canonical_json() == plain.canonical_json()
    assert len(bench.served.calls) == len(set(bench.served.calls)) == len(plain.plan.steps)
    assert bench.run(a_request(), checkpoint=file) == report


def test_a_run_id_belongs_to_one_question(tmp_path: Path) -> None:
    bench = Bench()
    bench.run(a_request(), checkpoint=tmp_path / "run.db")
    with pytest.raises(CallerError, match="another question"):
        bench.run(a_request(language="vi"), checkpoint=tmp_path / "run.db")


def test_progress_tells_each_call_and_its_outcome() -> None:
    bench = Bench(broken=frozenset({"get_whale_activity"}))
    bench.run(a_request())
    begun = next(row for row in bench.heard if row.step == "toy-heatmap")
    assert (begun.node, begun.state) == ("heatmap", "started")
    assert begun.about is not None
    assert begun.about.tool == "get_sector_heatmap"
    assert Progress("heatmap", "finished", "toy-heatmap") in bench.heard
    assert Progress("whale_activity", "gap", "toy-whales") in bench.heard
    assert Progress("verifier", "finished") in bench.heard


def test_limits_hold_although_no_server_says_how_far_its_data_reach() -> None:
    mandate = Mandate(id="own", version=3, excluded=("energy",))
    report = Bench(mandate=mandate, broken=frozenset({"get_data_status"})).run(a_request())
    assert [row.mandate for row in report.mandates] == [mandate]
    for allocation in report.allocations:
        stances = {line.sector: line.stance for line in allocation.lines}
        assert (allocation.mandate, stances["energy"]) == ("own", "excluded")
