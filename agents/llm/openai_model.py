"""Any OpenAI-compatible endpoint as a language model; decides when to retry, step down, give up.

The answer's form is asked for as strongly as the endpoint allows: a JSON schema, else a JSON object
of a grammar made from the schema, else a JSON object with the schema in the prompt, else the prompt
alone. The rung that worked is remembered, and so are parameters the endpoint refuses; what failed
on every rung teaches nothing.
"""

import asyncio
import json
import re
from typing import Final
from urllib.parse import urlsplit

import httpx2
import openai
from openai import AsyncAPIResponse, AsyncOpenAI
from openai.types.chat import ChatCompletion
from pydantic import Field

from agents.llm.completion import Streamed, whole
from agents.llm.guarded import guarded_client
from agents.llm.protocol import ModelAnswer, once_more
from core.errors import LimitError, PromptTooLongError, ProviderError
from core.records.record import Record

_RUNGS: Final = ("json_schema", "json_grammar", "json_object", "prompt")
_TUNING: Final[dict[str, object]] = {"temperature": 0, "seed": 0}
_STREAMING: Final[dict[str, object]] = {"stream_options": {"include_usage": True}, "stream": True}
_LASTING: Final = (
    openai.AuthenticationError,
    openai.PermissionDeniedError,
    openai.NotFoundError,
)
"""Errors that asking again does not mend."""
_TOO_LONG: Final = frozenset({"context_length_exceeded", "exceed_context_size_error"})
"""Codes and types of a refusal that no weaker form mends."""
_LENGTH: Final = re.compile(r"context (length|size|window)", re.I)
"""How servers that give no such code say it."""


class ModelLimits(Record):
    """Bounds of one completion; `deadline_seconds` covers retries and waiting."""

    deadline_seconds: float = Field(default=60.0, gt=0)
    read_seconds: float = Field(default=45.0, gt=0)
    attempts: int = Field(default=4, ge=1)
    wait_seconds: float = Field(default=8.0, ge=0, description="longest wait between attempts")


class OpenAIModel:
    """A model at `base_url` (None: OpenAI's own). Use as long as the event loop lives.

    With `stream` it is asked to answer in pieces, which `limits.read_seconds` then bounds one by
    one: for endpoints behind a gateway that ends connections on which nothing comes for a while.
    Nothing of an answer is used before all of it is there.
    """

    def __init__(
        self,
        model: str,
        *,
        api_key: str,
        base_url: str | None = None,
        limits: ModelLimits | None = None,
        stream: bool = False,
    ) -> None:
        self._model = model
        self._limits = limits or ModelLimits()
        self._client = AsyncOpenAI(
            api_key=api_key,
            base_url=base_url,
            timeout=self._limits.read_seconds,
            max_retries=0,
            http_client=guarded_client(read_seconds=self._limits.read_seconds),
        )
        self._rung = 0
        self._optional = {"max_tokens": None, **_TUNING, **(_STREAMING if stream else {})}
        self._refused: frozenset[str] = frozenset()

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
        before = self._rung, self._refused
        try:
            async with asyncio.timeout(self._limits.deadline_seconds):
                return await self._persist(system, user, schema, max_tokens)
        except TimeoutError as error:
            self._rung, self._refused = before
            seconds = self._limits.deadline_seconds
            raise ProviderError(f"no answer from {self.server} in {seconds:g} s") from error
        except ProviderError:
            self._rung, self._refused = before
            raise

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
                if _is_too_long(error):
                    said = f"the question is longer than {self._model} reads"
                    raise PromptTooLongError(said) from error
                if not self._gives_in(error):
                    raise ProviderError(f"{self.server} refuses the request") from error
                refused = True
            except (openai.APIError, httpx2.HTTPError) as error:
                failures += 1
                await self._wait(error, failures)
                refused = isinstance(error, openai.RateLimitError)
            await once_more(refused=refused)

    async def _once(
        self, system: str, user: str, schema: dict[str, object], max_tokens: int
    ) -> ModelAnswer:
        rung = _RUNGS[self._rung]
        if rung != "json_schema":
            system = f"{system}\n\nAnswer with one JSON object of this schema:\n{_compact(schema)}"
        given = {name: v for name, v in self._optional.items() if name not in self._refused}
        cap = "max_tokens" if "max_tokens" in given else "max_completion_tokens"
        if "stream" not in given:
            given.pop("stream_options", None)
        async with self._client.chat.completions.with_streaming_response.create(
            model=self._model,
            messages=[{"role": "system", "content": system}, {"role": "user", "content": user}],
            extra_body={**given, cap: max_tokens, **_form(rung, schema)},
        ) as response:
            return await _read(response, self._model)

    def _gives_in(self, error: openai.APIStatusError) -> bool:
        """Drop a refused parameter, else ask for the form more weakly; False when neither helps."""
        left = [name for name in self._optional if name not in self._refused]
        named = [name for name in left if name == error.param or f"'{name}'" in error.message]
        if not named and self._step_down():
            return True
        refused = named or [name for name in left if name in _STREAMING]
        self._refused |= set(refused[:1])
        return bool(refused)

    def _step_down(self) -> bool:
        if self._rung + 1 == len(_RUNGS):
            return False
        self._rung += 1
        return True

    async def _wait(self, error: Exception, failures: int) -> None:
        """Sleep before the next attempt, or raise when another cannot help."""
        if isinstance(error, openai.RateLimitError) and error.code == "insufficient_quota":
            raise LimitError(f"{self.server}: the account's quota is spent") from error
        if isinstance(error, _LASTING) or _sends_elsewhere(error):
            raise ProviderError(f"{self.server} refuses: {type(error).__name__}") from error
        if failures >= self._limits.attempts:
            raise ProviderError(f"{self.server} failed: {type(error).__name__}") from error
        if isinstance(error, openai.InternalServerError) and failures % 2 == 0:
            self._step_down()
        asked = _retry_after(error)
        if asked is not None and asked > self._limits.wait_seconds:
            raise ProviderError(f"{self.server} asks to wait {asked:g} s") from error
        await asyncio.sleep(min(self._limits.wait_seconds, asked or 0.25 * 2 ** (failures - 1)))


async def _read(response: AsyncAPIResponse[ChatCompletion], asked: str) -> ModelAnswer:
    """Return the answer in whichever form it comes; not every endpoint streams when asked to."""
    if "event-stream" not in response.headers.get("content-type", ""):
        return whole(await response.read(), asked)
    streamed = Streamed()
    async for part in response.iter_bytes():
        streamed.feed(part)
        if streamed.done:
            break
    return streamed.answer(asked)


def _form(rung: str, schema: dict[str, object]) -> dict[str, object]:
    match rung:
        case "json_schema":
            named = {"name": "answer", "strict": True, "schema": schema}
            return {"response_format": {"type": "json_schema", "json_schema": named}}
        case "json_grammar":
            return {"response_format": {"type": "json_object", "schema": schema}}
        case "json_object":
            return {"response_format": {"type": "json_object"}}
        case _:
            return {}


def _is_too_long(error: openai.APIStatusError) -> bool:
    named = {str(error.code), str(error.type)}
    return not _TOO_LONG.isdisjoint(named) or _LENGTH.search(error.message) is not None


def _sends_elsewhere(error: Exception) -> bool:
    return isinstance(error, openai.APIStatusError) and error.response.has_redirect_location


def _retry_after(error: Exception) -> float | None:
    if not isinstance(error, openai.APIStatusError):
        return None
    try:
        return float(error.response.headers.get("retry-after", ""))
    except ValueError:
        return None


def _compact(schema: dict[str, object]) -> str:
    return json.dumps(schema, ensure_ascii=False, separators=(",", ":"))
