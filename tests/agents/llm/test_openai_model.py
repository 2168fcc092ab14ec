"""Every way an endpoint can fail ends in an answer or a typed error, before the deadline."""

import asyncio
import json
import time

import pytest

from agents.llm.guarded import BYTES_CAP
from agents.llm.openai_model import ModelLimits, OpenAIModel
from agents.llm.protocol import ModelAnswer
from core.errors import LimitError, ModelOutputError, PromptTooLongError, ProviderError
from evals.kit.endpoint import FaultyEndpoint
from evals.kit.modes import MODES, Comes

PATIENT = ModelLimits(deadline_seconds=60, read_seconds=50, attempts=4, wait_seconds=0.05)
BRIEF = ModelLimits(deadline_seconds=0.5, read_seconds=9, attempts=4, wait_seconds=0.05)
NEVER_ENDING = ("hang", "drip", "endless")
SCHEMA: dict[str, object] = {"type": "object", "properties": {}}
ANSWER = '{"steps": [], "claims": []}'
ERRORS: dict[Comes, type[Exception]] = {
    "unusable": ModelOutputError,
    "failed": ProviderError,
    "spent": LimitError,
    "long": PromptTooLongError,
}
BOTH = [pytest.param(False, id="whole"), pytest.param(True, id="stream")]
STREAMING = pytest.mark.parametrize("stream", BOTH)


def _completed(
    fake: FaultyEndpoint, times: int = 1, *, stream: bool = False, limits: ModelLimits = PATIENT
) -> ModelAnswer:
    async def ask(base_url: str) -> ModelAnswer:
        model = OpenAIModel("fake", api_key="k", base_url=base_url, limits=limits, stream=stream)
        try:
            for _ in range(times - 1):
                await model.complete(system="s", user="u", schema=SCHEMA, max_tokens=50)
            return await model.complete(system="s", user="u", schema=SCHEMA, max_tokens=50)
        finally:
            await model.close()

    with fake.serving() as base_url:
        return asyncio.run(ask(base_url))


def _of(*comes: Comes) -> list[str]:
    return [name for name, mode in MODES.items() if mode.comes in comes]


def _forms(modes: list[str]) -> list[object]:
    """Return each mode whole and streamed; of the two, every other one only at length."""
    return [
        pytest.param(mode, stream, id=f"{mode}-{'stream' if stream else 'whole'}", marks=marks)
        for place, mode in enumerate(modes)
        for stream in (False, True)
        for marks in [() if stream == bool(place % 2) else (pytest.mark.prove,)]
    ]


@STREAMING
def test_a_good_answer_comes_back_whole_with_its_model_name_and_its_count(stream: bool) -> None:
    text = json.dumps({"a": "ngành – \u2028 \x85 \U0001f600"}, ensure_ascii=False)
    answer = _completed(FaultyEndpoint(answer=text, counts=True), stream=stream)
    assert (answer.text, answer.model) == (text, "fake")
    assert answer.input_tokens
    assert answer.output_tokens


@pytest.mark.parametrize(("mode", "stream"), _forms(_of("answer", "unfit")))
def test_an_answer_comes_back_where_there_is_one_whatever_it_says(mode: str, stream: bool) -> None:
    answer = _completed(FaultyEndpoint(mode, ANSWER), stream=stream)
    assert (answer.text == ANSWER) == (MODES[mode].comes == "answer")


@pytest.mark.parametrize(
    ("mode", "stream"),
    _forms(
        [name for name in _of("unusable", "failed", "spent", "long") if name not in NEVER_ENDING]
    ),
)
def test_anything_else_is_the_error_of_who_must_act(mode: str, stream: bool) -> None:
    with pytest.raises(ERRORS[MODES[mode].comes]) as caught:
        _completed(FaultyEndpoint(mode, ANSWER), stream=stream)
    assert "k" not in str(caught.value).split()


@pytest.mark.parametrize(("mode", "stream"), _forms(list(NEVER_ENDING)))
def test_what_never_ends_ends_at_the_deadline(mode: str, stream: bool) -> None:
    began = time.monotonic()
    with pytest.raises(ProviderError, match=r"0\.5 s"):
        _completed(FaultyEndpoint(mode, ANSWER), stream=stream, limits=BRIEF)
    assert time.monotonic() - began < BRIEF.deadline_seconds + 20


@pytest.mark.parametrize("mode", _of("unusable", "spent"))
def test_nobody_is_asked_again_where_the_answer_would_be_no_other(mode: str) -> None:
    fake = FaultyEndpoint(mode, ANSWER)
    with pytest.raises((ModelOutputError, LimitError)):
        _completed(fake)
    assert len(fake.requests) == 1


@pytest.mark.parametrize("url", ["http://127.0.0.1:9/v1", "http://nowhere.invalid/v1"])
def test_a_dead_endpoint_is_the_providers_error(url: str) -> None:
    async def ask() -> None:
        model = OpenAIModel("m", api_key="k", base_url=url, limits=PATIENT)
        try:
            await model.complete(system="s", user="u", schema=SCHEMA, max_tokens=5)
        finally:
            await model.close()

    with pytest.raises(ProviderError):
        asyncio.run(ask())


def test_an_endpoint_that_speaks_no_tls_is_the_providers_error() -> None:
    async def ask(url: str) -> None:
        secure = url.replace("http://", "https://")
        model = OpenAIModel("m", api_key="k", base_url=secure, limits=PATIENT)
        try:
            await model.complete(system="s", user="u", schema=SCHEMA, max_tokens=5)
        finally:
            await model.close()

    with FaultyEndpoint().serving() as url, pytest.raises(ProviderError):
        asyncio.run(ask(url))


def test_who_does_not_stop_sending_is_not_read_to_the_end() -> None:
    fake = FaultyEndpoint(answer=" " * (BYTES_CAP + 1))
    with pytest.raises(ModelOutputError, match="does not stop"):
        _completed(fake)
    assert len(fake.requests) == 1


def test_a_question_is_sent_nowhere_but_to_the_endpoint() -> None:
    fake = FaultyEndpoint("redirect")
    with pytest.raises(ProviderError):
        _completed(fake)
    assert len(fake.requests) == 1


@pytest.mark.parametrize(("mode", "kind"), [("no_schema", "json_object"), ("prompt_only", None)])
def test_the_ladder_steps_down_and_remembers(mode: str, kind: str | None) -> None:
    fake = FaultyEndpoint(mode)
    _completed(fake, times=2)
    *_, last = fake.requests
    form = last.get("response_format")
    assert (form["type"] if isinstance(form, dict) else None) == kind
    assert len(fake.requests) == (3 if kind else 5)
    assert "JSON" in json.dumps(last["messages"])


def test_an_endpoint_without_schemas_is_asked_for_a_grammar_of_one() -> None:
    fake = FaultyEndpoint("no_schema")
    _completed(fake)
    assert fake.requests[-1]["response_format"] == {"type": "json_object", "schema": SCHEMA}


def test_parameters_an_endpoint_refuses_are_left_out() -> None:
    fake = FaultyEndpoint("new_parameters")
    _completed(fake)
    *_, last = fake.requests
    assert "temperature" not in last
    assert last["max_completion_tokens"] == 50
    form = last["response_format"]
    assert isinstance(form, dict)
    assert form["type"] == "json_schema"


def test_an_endpoint_that_does_not_stream_is_asked_for_a_whole_from_then_on() -> None:
    fake = FaultyEndpoint("no_stream", ANSWER)
    _completed(fake, times=2, stream=True)
    *_, last = fake.requests
    assert "stream" not in last
    assert "stream_options" not in last


def test_an_endpoint_that_counts_nothing_streamed_is_still_asked_to_stream() -> None:
    fake = FaultyEndpoint("no_stream_options", ANSWER)
    _completed(fake, stream=True)
    *_, last = fake.requests
    assert last["stream"] is True
    assert "stream_options" not in last


@pytest.mark.parametrize("mode", ["500", "400", "too_long"])
def test_an_endpoint_that_failed_for_a_while_is_asked_as_before(mode: str) -> None:
    fake = FaultyEndpoint(mode)

    async def ask(url: str) -> None:
        model = OpenAIModel("fake", api_key="k", base_url=url, limits=PATIENT)
        try:
            with pytest.raises(ProviderError):
                await model.complete(system="s", user="u", schema=SCHEMA, max_tokens=5)
            fake.behave("none")
            await model.complete(system="s", user="u", schema=SCHEMA, max_tokens=5)
        finally:
            await model.close()

    with fake.serving() as url:
        asyncio.run(ask(url))
    form = fake.requests[-1]["response_format"]
    assert isinstance(form, dict)
    assert form["type"] == "json_schema"
    assert mode != "too_long" or len(fake.requests) == 2
