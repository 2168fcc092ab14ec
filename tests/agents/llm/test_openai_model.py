"""Every way an endpoint can fail ends in an answer or a typed error, before the deadline."""

import asyncio
import json
import time

import pytest

from agents.llm.openai_model import ModelLimits, OpenAIModel
from agents.llm.protocol import ModelAnswer
from core.errors import LimitError, ModelOutputError, ProviderError
from tests.servers.fake_openai import FakeOpenAI

LIMITS = ModelLimits(deadline_seconds=1.2, read_seconds=1.0, attempts=2, wait_seconds=0.1)
UNUSABLE = (
    "html",
    "bad_json",
    "empty_choices",
    "null_choices",
    "null_content",
    "number_content",
    "list_choice",
    "length",
    "filtered",
    "refusal",
    "tool_call",
    "surrogate",
    "flood",
)
SCHEMA: dict[str, object] = {"type": "object", "properties": {}}


def _completed(fake: FakeOpenAI, times: int = 1) -> ModelAnswer:
    async def ask(base_url: str) -> ModelAnswer:
        model = OpenAIModel("fake", api_key="k", base_url=base_url, limits=LIMITS)
        try:
            for _ in range(times - 1):
                await model.complete(system="s", user="u", schema=SCHEMA, max_tokens=50)
            return await model.complete(system="s", user="u", schema=SCHEMA, max_tokens=50)
        finally:
            await model.close()

    with fake.serving() as base_url:
        return asyncio.run(ask(base_url))


def test_a_good_answer_comes_back_with_its_model_name() -> None:
    answer = _completed(FakeOpenAI('{"a": 1}'))
    assert (answer.text, answer.model) == ('{"a": 1}', "fake")


@pytest.mark.parametrize("fault", ["500_once", "429_once"])
def test_a_passing_failure_is_retried(fault: str) -> None:
    fake = FakeOpenAI("{}", fault)
    assert _completed(fake).text == "{}"
    assert len(fake.requests) == 2


@pytest.mark.parametrize(
    "fault",
    [
        "html",
        "bad_json",
        "empty_choices",
        "null_choices",
        "null_content",
        "number_content",
        "list_choice",
        "length",
        "filtered",
        "refusal",
        "tool_call",
        "surrogate",
        "flood",
    ],
)
def test_an_unusable_answer_is_the_models_error(fault: str) -> None:
    fake = FakeOpenAI("{}", fault)
    with pytest.raises(ModelOutputError):
        _completed(fake)
    assert len(fake.requests) == 1


@pytest.mark.parametrize("fault", ["500", "429", "429_long", "401", "truncated_body", "hang"])
def test_a_failing_endpoint_is_the_providers_error_in_time(fault: str) -> None:
    began = time.monotonic()
    with pytest.raises(ProviderError) as caught:
        _completed(FakeOpenAI("{}", fault))
    assert time.monotonic() - began < LIMITS.deadline_seconds + 1
    assert "k" not in str(caught.value).split()


def test_a_spent_quota_is_not_retried() -> None:
    fake = FakeOpenAI("{}", "quota")
    with pytest.raises(LimitError):
        _completed(fake)
    assert len(fake.requests) == 1


def test_a_dead_endpoint_is_the_providers_error() -> None:
    async def ask() -> None:
        model = OpenAIModel("m", api_key="k", base_url="http://127.0.0.1:9/v1", limits=LIMITS)
        try:
            await model.complete(system="s", user="u", schema=SCHEMA, max_tokens=5)
        finally:
            await model.close()

    with pytest.raises(ProviderError):
        asyncio.run(ask())


@pytest.mark.parametrize(("fault", "kind"), [("no_schema", "json_object"), ("prompt_only", None)])
def test_the_ladder_steps_down_and_remembers(fault: str, kind: str | None) -> None:
    fake = FakeOpenAI("{}", fault)
    _completed(fake, times=2)
    *_, last = fake.requests
    form = last.get("response_format")
    assert (form["type"] if isinstance(form, dict) else None) == kind
    assert len(fake.requests) == (3 if kind else 4)
    assert "JSON" in json.dumps(last["messages"])


def test_parameters_an_endpoint_refuses_are_left_out() -> None:
    fake = FakeOpenAI("{}", "new_parameters")
    _completed(fake)
    *_, last = fake.requests
    assert "temperature" not in last
    assert last["max_completion_tokens"] == 50
    form = last["response_format"]
    assert isinstance(form, dict)
    assert form["type"] == "json_schema"
