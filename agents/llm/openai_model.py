"""Any OpenAI-compatible endpoint as a language model; decides when to retry, step down, give up.

The answer's form is asked for as strongly as the endpoint allows: a JSON schema, else a JSON object
with the schema in the prompt, else the prompt alone. The rung that worked is remembered.
"""

import asyncio
import json
from urllib.parse import urlsplit

import openai
from openai import AsyncOpenAI, Omit, omit
from openai.types.chat import ChatCompletionMessageParam
from openai.types.chat.completion_create_params import ResponseFormat
from openai.types.shared_params.response_format_json_schema import JSONSchema
from pydantic import BaseModel, Field, ValidationError

from agents.llm.protocol import ModelAnswer
from core.errors import LimitError, ModelOutputError, ProviderError
from core.records.record import Record

_RUNGS = ("json_schema", "json_object", "prompt")
_TUNING: dict[str, object] = {"temperature": 0, "seed": 0}
TEXT_CAP = 400_000
"""Longest answer in characters; a flood is refused before it is parsed."""


class ModelLimits(Record):
    """Bounds of one completion; `deadline_seconds` covers retries and waiting."""

    deadline_seconds: float = Field(default=60.0, gt=0)
    read_seconds: float = Field(default=45.0, gt=0)
    attempts: int = Field(default=4, ge=1)
    wait_seconds: float = Field(default=8.0, ge=0, description="longest wait between attempts")


class _Message(BaseModel):
    content: str | None = None
    refusal: str | None = None


class _Choice(BaseModel):
    message: _Message
    finish_reason: str | None = None


class _Usage(BaseModel):
    prompt_tokens: int | None = None
    completion_tokens: int | None = None


class _Completion(BaseModel):
    choices: list[_Choice] = Field(min_length=1)
    model: str | None = None
    usage: _Usage | None = None


class OpenAIModel:
    """A model at `base_url` (None: OpenAI's own). Use as long as the event loop lives."""

    def __init__(
        self,
        model: str,
        *,
        api_key: str,
        base_url: str | None = None,
        limits: ModelLimits | None = None,
    ) -> None:
        self._model = model
        self._limits = limits or ModelLimits()
        self._client = AsyncOpenAI(
            api_key=api_key,
            base_url=base_url,
            timeout=self._limits.read_seconds,
            max_retries=0,
        )
        self._rung = 0
        self._refused: set[str] = set()

    @property
    def name(self) -> str:
        """The model's name at the endpoint."""
        return self._model

    @property
    def server(self) -> str:
        """The endpoint's host and path."""
        parts = urlsplit(str(self._client.base_url))
        return f"{parts.hostname}{parts.path}"

    async def complete(
        self, *, system: str, user: str, schema: dict[str, object], max_tokens: int
    ) -> ModelAnswer:
        """Return the answer within the deadline; see `LanguageModel.complete` for the errors."""
        try:
            async with asyncio.timeout(self._limits.deadline_seconds):
                return await self._persist(system, user, schema, max_tokens)
        except TimeoutError as error:
            seconds = self._limits.deadline_seconds
            raise ProviderError(f"no answer from {self.server} in {seconds:g} s") from error

    async def close(self) -> None:
        """Close the connections."""
        await self._client.close()

    async def _persist(
        self, system: str, user: str, schema: dict[str, object], max_tokens: int
    ) -> ModelAnswer:
        failures = 0
        while True:
            try:
                return await self._once(system, user, schema, max_tokens)
            except (openai.BadRequestError, openai.UnprocessableEntityError) as error:
                if not self._gives_in(error):
                    raise ProviderError(f"{self.server} refuses the request") from error
            except openai.APIError as error:
                failures += 1
                await self._wait(error, failures)

    async def _once(
        self, system: str, user: str, schema: dict[str, object], max_tokens: int
    ) -> ModelAnswer:
        if _RUNGS[self._rung] != "json_schema":
            system = f"{system}\n\nAnswer with one JSON object of this schema:\n{_compact(schema)}"
        messages: list[ChatCompletionMessageParam] = [
            {"role": "system", "content": system},
            {"role": "user", "content": user},
        ]
        extra = {name: value for name, value in _TUNING.items() if name not in self._refused}
        cap = "max_completion_tokens" if "max_tokens" in self._refused else "max_tokens"
        response = await self._client.chat.completions.with_raw_response.create(
            model=self._model,
            messages=messages,
            response_format=_response_format(_RUNGS[self._rung], schema),
            extra_body={**extra, cap: max_tokens},
        )
        return _answer(response.http_response.content, self._model)

    def _gives_in(self, error: openai.APIStatusError) -> bool:
        """Drop a refused parameter, else ask for the form more weakly; False when neither helps."""
        if error.param in {"max_tokens", *_TUNING} and error.param not in self._refused:
            self._refused.add(error.param)
            return True
        return self._step_down()

    def _step_down(self) -> bool:
        if self._rung + 1 == len(_RUNGS):
            return False
        self._rung += 1
        return True

    async def _wait(self, error: Exception, failures: int) -> None:
        """Sleep before the next attempt, or raise when another cannot help."""
        if isinstance(error, openai.RateLimitError) and error.code == "insufficient_quota":
            raise LimitError(f"{self.server}: the account's quota is spent") from error
        lasting = (openai.AuthenticationError, openai.PermissionDeniedError, openai.NotFoundError)
        if isinstance(error, lasting):
            raise ProviderError(f"{self.server} refuses: {type(error).__name__}") from error
        if failures >= self._limits.attempts:
            raise ProviderError(f"{self.server} failed: {type(error).__name__}") from error
        if isinstance(error, openai.InternalServerError) and failures % 2 == 0:
            self._step_down()
        asked = _retry_after(error)
        if asked is not None and asked > self._limits.wait_seconds:
            raise ProviderError(f"{self.server} asks to wait {asked:g} s") from error
        await asyncio.sleep(min(self._limits.wait_seconds, asked or 0.25 * 2 ** (failures - 1)))


def _answer(body: bytes, model: str) -> ModelAnswer:
    try:
        completion = _Completion.model_validate_json(body)
    except ValidationError as error:
        raise ModelOutputError("the endpoint did not answer with a completion") from error
    choice = completion.choices[0]
    if choice.finish_reason not in {"stop", "eos", None}:
        raise ModelOutputError(f"the answer ended early: {choice.finish_reason[:32]}")
    text = choice.message.content
    if choice.message.refusal or not text or not text.strip():
        raise ModelOutputError("the model refused, or its answer is empty")
    if len(text) > TEXT_CAP or not _sound(text):
        raise ModelOutputError("the answer is too long, or not text")
    usage = completion.usage or _Usage()
    return ModelAnswer(
        text=text,
        model=completion.model or model,
        input_tokens=usage.prompt_tokens,
        output_tokens=usage.completion_tokens,
    )


def _response_format(rung: str, schema: dict[str, object]) -> ResponseFormat | Omit:
    if rung == "json_schema":
        described: JSONSchema = {"name": "answer", "strict": True, "schema": schema}
        return {"type": "json_schema", "json_schema": described}
    return {"type": "json_object"} if rung == "json_object" else omit


def _sound(text: str) -> bool:
    return "\x00" not in text and not any("\ud800" <= char <= "\udfff" for char in text)


def _retry_after(error: Exception) -> float | None:
    if not isinstance(error, openai.APIStatusError):
        return None
    try:
        return float(error.response.headers.get("retry-after", ""))
    except ValueError:
        return None


def _compact(schema: dict[str, object]) -> str:
    return json.dumps(schema, ensure_ascii=False, separators=(",", ":"))
