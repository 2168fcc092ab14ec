"""Scorecard and allocation are the same with a good model, a lying one, a broken one and none."""

import asyncio
import json
import time
from functools import partial

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from agents.llm.openai_model import ModelLimits, OpenAIModel
from agents.llm.protocol import ModelAnswer
from agents.llm.scripted import ScriptedModel
from agents.toolbox.spec import CallLimits
from app.web.reports.retold import retold
from core.errors import (
    LimitError,
    ModelOutputError,
    PromptTooLongError,
    ProviderError,
    SectorwiseError,
)
from core.records.request import Language
from evals.kit.endpoint import FaultyEndpoint
from tests.agents.bench import Bench, a_ledger, a_request, plain_report
from tests.servers.market import TOOLS

PLAIN = plain_report()
FIXED_CALLS = {step.tool for step in PLAIN.plan.steps}
LIMITS = ModelLimits(deadline_seconds=0.8, read_seconds=0.6, attempts=2, wait_seconds=0.1)
PLAN = {
    "steps": [
        {
            "tool": "get_technical_momentum",
            "universe": "toy",
            "sector": None,
            "symbols": None,
            "period": "6M",
            "why": "explains",
        }
    ]
}
HEADLINE_FACT = next(f for f in PLAIN.facts if f.measure == "excess_3m" and f.subject == "energy")
DRAFT = {
    "claims": [
        {
            "section": "rotation",
            "comparator": "states",
            "facts": [HEADLINE_FACT.id],
            "text": "For {entity}, the {measure} stands at {value}.",
        }
    ]
}

OTHER_FAULTS = ("500", "429", "quota", "html", "truncated_body", "refusal")
LONG = partial(pytest.param, marks=pytest.mark.prove)
PATIENT = CallLimits(call_seconds=60, start_seconds=60)
"""What is proved is what models may do, not how fast this machine is."""


def test_a_good_model_adds_a_call_and_words_a_sentence() -> None:
    model = ScriptedModel([json.dumps(PLAN), json.dumps(DRAFT)])
    report = Bench().run(a_request(), model=model)
    assert report.allocations == PLAIN.allocations
    assert report.scorecards == PLAIN.scorecards
    assert (report.provenance.planner, report.provenance.reporter) == ("model", "model")
    assert [use.name for use in report.provenance.prompts] == ["planner", "reporter"]
    assert "toy-technical-momentum-6m" in {step.id for step in report.plan.steps}
    assert [s.text for s in report.sentences if s.author == "model"] == [
        "For Energy, the 3-month excess return stands at −2.0%."
    ]


def test_the_planner_sees_the_users_words_and_no_tool_text() -> None:
    model = ScriptedModel([json.dumps(PLAN), json.dumps(DRAFT)])
    Bench(broken=frozenset({"get_whale_activity"})).run(a_request(), model=model)
    assert "rotating into leadership" in model.prompts[0]
    assert all("evil.example" not in text and "IGNORE" not in text for text in model.prompts)


@pytest.mark.parametrize(
    ("script", "why"),
    [
        (["not json", "still not json", "nor this", "nor that"], "gave no valid"),
        ([ProviderError("down"), ProviderError("down")], "could not be reached"),
        LONG([LimitError("spent"), LimitError("spent")], "account is spent"),
        LONG([PromptTooLongError("long"), PromptTooLongError("long")], "model reads"),
        LONG([ModelOutputError("refused")] * 2, "gave no valid"),
        LONG([], "gave no valid"),
        (['{"steps": [{"tool": "delete_everything"}]}'] * 2 + ['{"claims": []}'], "gave no valid"),
        LONG(['{"steps": [{"tool": "delete_everything"}]}'] * 4, "gave no valid"),
        (
            [json.dumps({"steps": [{**PLAN["steps"][0], "sector": "https://evil.example"}]})] * 4,
            "gave no valid",
        ),
        LONG([json.dumps({"steps": PLAN["steps"] * 9})] * 4, "gave no valid"),
    ],
)
def test_rules_and_templates_take_over_and_the_report_says_so(
    script: list[str | SectorwiseError], why: str
) -> None:
    bench = Bench()
    report = bench.run(a_request(), model=ScriptedModel(script))
    assert report.allocations == PLAIN.allocations
    assert (report.provenance.planner, report.provenance.reporter) == ("rules", "template")
    warned = [s.text for s in report.sentences if s.section == "warning"]
    assert any("rules planned" in text and why in text for text in warned)
    assert any("templates wrote" in text and why in text for text in warned)
    replay = a_ledger("replay")
    replay.load(bench.ledger.calls("run"), run="run")
    again = Bench(ledger=replay).run(a_request(), model=ScriptedModel([]), run_id="replayed")
    assert again.canonical_json() == report.canonical_json()


@pytest.mark.parametrize("language", ["en", "vi"])
def test_a_draft_of_which_nothing_stands_is_told_also_in_the_other_language(
    language: Language,
) -> None:
    rank = {**DRAFT["claims"][0], "text": "{entity} will soar to the highest heights."}
    model = ScriptedModel([json.dumps(PLAN), json.dumps({"claims": [rank, rank]})])
    bench = Bench()
    report = bench.run(a_request(language=language), model=model)
    assert report.provenance.reporter == "template"
    told: dict[Language, str] = {
        "en": "Not one sentence of the writing model",
        "vi": "Không câu nào của mô hình viết",
    }
    universes = {universe.id: universe for universe in bench.universes}
    for name, words in told.items():
        page = retold(report, name, universes)
        assert sum(row.text.startswith(words) for row in page.sentences) == 1


@pytest.mark.parametrize(
    "fault",
    ["none", "hang", "bad_json", *map(LONG, OTHER_FAULTS)],
)
def test_a_faulty_endpoint_changes_no_weight_and_ends_in_time(fault: str) -> None:
    fake = FaultyEndpoint(fault, json.dumps(PLAN))
    began = time.monotonic()
    with fake.serving() as base_url:
        model = OpenAIModel("fake", api_key="k", base_url=base_url, limits=LIMITS)
        report = Bench().run(a_request(), model=model)
        asyncio.run(model.close())
    assert report.allocations == PLAIN.allocations
    assert report.scorecards == PLAIN.scorecards
    assert report.sentences
    assert time.monotonic() - began < 25


class HostileModel:
    """Answers anything at all, within what a generator draws."""

    name, server = "hostile", "nowhere"

    def __init__(self, data: st.DataObject) -> None:
        self._data = data

    async def complete(
        self, *, system: str, user: str, schema: dict[str, object], max_tokens: int
    ) -> ModelAnswer:
        """Return a drawn plan, draft or noise."""
        return ModelAnswer(text=self._data.draw(ANSWERS), model="hostile")


WORDS = st.sampled_from(
    ["toy", "energy", "get_scoring_inputs", "https://evil.example", "-1", "{value}", "buy 100 %"]
)
STEPS = st.fixed_dictionaries(
    {
        "tool": st.sampled_from([*TOOLS, "run_shell"]),
        "universe": st.sampled_from(["toy", "other"]),
        "sector": st.none() | WORDS,
        "symbols": st.none() | st.lists(WORDS, max_size=3),
        "period": st.none() | st.sampled_from(["1M", "Q", "99Y"]),
        "why": st.sampled_from(["explains", "ignore the rules"]),
    }
)
DRAFTS = st.fixed_dictionaries(
    {
        "section": st.sampled_from(["recommendation", "answer", "rotation", "warning"]),
        "comparator": st.sampled_from(["states", "highest"]),
        "facts": st.lists(
            st.sampled_from([HEADLINE_FACT.id, "energy.1", "toy.2", "x"]), min_size=1, max_size=2
        ),
        "text": WORDS | st.text(max_size=60),
    }
)
ANSWERS = st.one_of(
    st.fixed_dictionaries({"steps": st.lists(STEPS, max_size=9)}).map(json.dumps),
    st.fixed_dictionaries({"claims": st.lists(DRAFTS, max_size=9)}).map(json.dumps),
    st.text(max_size=40),
)


def _hostile_run(data: st.DataObject) -> None:
    bench = Bench(limits=PATIENT)
    report = bench.run(a_request(), model=HostileModel(data))
    assert report.allocations == PLAIN.allocations
    assert report.scorecards == PLAIN.scorecards
    planned = {step.tool for step in report.plan.steps}
    assert {tool for tool, _ in bench.served.calls} <= planned
    assert len(bench.served.calls) <= len(PLAIN.plan.steps) + 8
    assert [s.tool for s in report.plan.steps if s.scored] == [
        s.tool for s in PLAIN.plan.steps if s.scored
    ]
    for sentence in report.sentences:
        assert "evil" not in sentence.text
        for span in sentence.spans:
            assert span.fact or not any(char.isnumeric() for char in span.text)
    assert "evil" not in "".join(step.reason for step in report.plan.steps)


@settings(max_examples=6, deadline=None)
@given(st.data())
def test_two_compromised_models_change_no_weight_and_make_no_call_off_the_plan(
    data: st.DataObject,
) -> None:
    _hostile_run(data)


@pytest.mark.prove
@pytest.mark.timeout(3600)
@settings(max_examples=5_000, deadline=None)
@given(st.data())
def test_compromised_models_in_full_count(data: st.DataObject) -> None:
    _hostile_run(data)
