"""What a real collector is told of a run: how long and how it ended, never what was said in it."""

import json
import subprocess
import sys
import textwrap
import time
from collections.abc import Iterator

import pytest

from agents.llm.scripted import ScriptedModel
from agents.tracing import span
from app.observing.exporting import exporting
from app.settings import Settings
from core.errors import CallerError, ModelOutputError
from tests.agents.bench import Bench, a_request
from tests.app.observing.collector import Collector, collecting, said

QUESTION = "Which sectors lead? c4nary-of-the-question"
ANSWER = "c4nary-of-the-answer"
HEADER = "c4nary-of-the-header"
NODES = {"dates", "planner", "router", "macro", "heatmap", "scorer", "reporter", "verifier"}


def settings_of(url: str) -> Settings:
    given = {"OTEL_EXPORTER_OTLP_ENDPOINT": url, "OTEL_EXPORTER_OTLP_HEADERS": f"x-key={HEADER}"}
    return Settings.model_validate(given)


@pytest.fixture(scope="module")
def told() -> Iterator[Collector]:
    """A run with a model whose answers fit nothing, and a tool that is broken."""
    with collecting() as collector:
        export = exporting(settings_of(f"{collector.url}/"))
        assert export is not None
        try:
            model = ScriptedModel([ANSWER] * 4)
            bench = Bench(broken=frozenset({"get_macro_indicators"}))
            bench.run(a_request(text=QUESTION), model=model)
        finally:
            export.close()
        yield collector


def test_every_piece_of_work_is_a_span_under_the_run(told: Collector) -> None:
    spans = told.spans()
    names = {one.name for one in spans}
    assert {f"node {name}" for name in NODES} <= names
    (run,) = [one for one in spans if one.name == "run"]
    above = {one.span_id: one for one in spans}
    for one in spans:
        assert one.trace_id == run.trace_id
        assert one is run or one.parent_span_id in above
    tools = [one for one in spans if one.name.startswith("execute_tool ")]
    assert {above[one.parent_span_id].name.partition(" ")[0] for one in tools} == {"node"}


def test_a_run_tells_how_it_ended_and_why_it_has_gaps(told: Collector) -> None:
    (run,) = [one for one in told.spans() if one.name == "run"]
    facts = said(run.attributes)
    assert (facts["sectorwise.run"], facts["sectorwise.outcome"]) == ("run", "finished")
    assert facts["sectorwise.universe"] == "toy"
    assert facts["sectorwise.gaps"]


def test_a_tool_call_tells_server_tool_and_outcome_and_no_argument(told: Collector) -> None:
    calls = [said(one.attributes) for one in told.spans() if one.name.startswith("execute_tool")]
    names = {"gen_ai.operation.name", "gen_ai.tool.name", "sectorwise.server", "sectorwise.asked",
             "sectorwise.outcome"}  # fmt: skip
    assert {name for facts in calls for name in facts} == names
    assert {facts["sectorwise.outcome"] for facts in calls} > {"answered"}


def test_a_question_to_the_model_follows_the_conventions(told: Collector) -> None:
    chats = [one for one in told.spans() if one.name.startswith("chat ")]
    assert chats
    for one in chats:
        facts = said(one.attributes)
        assert facts["gen_ai.operation.name"] == "chat"
        assert facts["gen_ai.request.model"] == one.name.partition(" ")[2]
        assert facts["gen_ai.request.max_tokens"]
        assert one.kind == one.SPAN_KIND_CLIENT


def test_nothing_that_was_said_leaves(told: Collector) -> None:
    everything = b"".join(body for _, _, body in told.received)
    for canary in (QUESTION, ANSWER, HEADER, "c4nary"):
        assert canary.encode() not in everything
    assert {headers["x-key"] for _, headers, _ in told.received} == {HEADER}


def test_counts_arrive_beside_the_spans(told: Collector) -> None:
    sums = told.sums()
    assert sums["sectorwise.runs"] == 1
    calls = [one for one in told.spans() if one.name.startswith("execute_tool ")]
    assert sums["sectorwise.tool.calls"] == len(calls)
    assert sums["sectorwise.run.seconds"] > 0
    assert sums["sectorwise.gaps"] >= 1


def test_an_error_is_told_by_its_type_alone() -> None:
    with collecting() as collector:
        export = exporting(settings_of(collector.url))
        assert export is not None
        with pytest.raises(ModelOutputError), span("job"):
            raise ModelOutputError(ANSWER)
        export.close()
        with span("job"):
            pass
        (one,) = collector.spans()
        assert said(one.attributes) == {"error.type": "ModelOutputError"}
        assert one.status.code == one.status.STATUS_CODE_ERROR
        assert (one.status.message, list(one.events)) == ("", [])


def test_without_a_collector_nothing_is_loaded() -> None:
    program = """
        import json, sys
        from app.observing.started import observe
        from app.settings import Settings
        from agents.tracing import span
        observe(Settings())
        with span("run"):
            pass
        print(json.dumps([name for name in sys.modules if name.startswith("opentelemetry.sdk")]))
    """
    done = subprocess.run(
        [sys.executable, "-c", textwrap.dedent(program)], capture_output=True, text=True, check=True
    )
    assert json.loads(done.stdout) == []


def test_what_is_not_installed_is_one_sentence(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "opentelemetry.exporter.otlp.proto.http.trace_exporter", None)
    with pytest.raises(CallerError, match=r"pip install 'sectorwise\[otel\]'"):
        exporting(settings_of("http://127.0.0.1:9"))


@pytest.mark.prove
def test_a_collector_that_is_down_costs_seconds_at_the_end_and_nothing_before() -> None:
    export = exporting(settings_of("http://127.0.0.1:9"))
    assert export is not None
    start = time.monotonic()
    for _ in range(100):
        with span("job"):
            pass
    assert time.monotonic() - start < 10
    export.close()
    assert time.monotonic() - start < 60
