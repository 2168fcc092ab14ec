"""Reads a chat completion, whole or in pieces; decides which answers are complete, and sound.

A cut, refused, filtered or empty answer is an error: no part of it is ever returned.
"""

from typing import Final

from pydantic import BaseModel, ValidationError

from agents.llm.protocol import ModelAnswer
from core.errors import ModelOutputError, ProviderError

TEXT_CAP: Final = 400_000
"""Longest answer in characters; a flood is refused before it is parsed."""
_COMPLETE: Final = frozenset({"stop", "eos"})
_DONE: Final = b"[DONE]"


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
    choices: list[_Choice] = []
    model: str | None = None
    usage: _Usage | None = None
    error: object | None = None


class _Part(BaseModel):
    delta: _Message | None = None
    index: int = 0
    finish_reason: str | None = None


class _Piece(BaseModel):
    choices: list[_Part] = []
    model: str | None = None
    usage: _Usage | None = None
    error: object | None = None


def whole(body: bytes, asked: str) -> ModelAnswer:
    """Return the answer of a response's body; `asked` is the model's name where it tells none.

    Many local servers give no reason why an answer ended; a whole body that gives none is complete.

    Raises:
        ModelOutputError: it is no completion, or an unusable one.
        ProviderError: the endpoint tells that it failed.
    """
    try:
        completion = _Completion.model_validate_json(body)
    except ValidationError as error:
        raise ModelOutputError("the endpoint did not answer with a completion") from error
    if completion.error is not None:
        raise ProviderError("the endpoint failed while it answered")
    if not completion.choices:
        raise ModelOutputError("the endpoint answered with no choice")
    choice = completion.choices[0]
    return _sound_answer(
        choice.message.content or "",
        finish=choice.finish_reason or "stop",
        refused=bool(choice.message.refusal),
        model=completion.model or asked,
        usage=completion.usage,
    )


class Streamed:
    """An answer that comes as server-sent events, as far as it was read."""

    def __init__(self) -> None:
        self._rest = b""
        self._text: list[str] = []
        self._chars = 0
        self._finish: str | None = None
        self._refused = self.done = False
        self._model: str | None = None
        self._usage: _Usage | None = None

    def feed(self, part: bytes) -> None:
        """Read on; events may begin and end anywhere in what comes.

        Raises:
            ModelOutputError: an event is no piece of a completion, or there is too much.
            ProviderError: the endpoint tells that it failed.
        """
        *lines, self._rest = (self._rest + part).split(b"\n")
        for line in lines:
            if not self.done and line.startswith(b"data:"):
                self._read(line.removeprefix(b"data:").strip())

    def answer(self, asked: str) -> ModelAnswer:
        """Return the answer once the stream ended; a stream that tells no reason was cut.

        Raises:
            ModelOutputError: it is unusable.
        """
        self.feed(b"\n")
        if self._finish is None:
            raise ModelOutputError("the answer was cut")
        return _sound_answer(
            "".join(self._text),
            finish=self._finish,
            refused=self._refused,
            model=self._model or asked,
            usage=self._usage,
        )

    def _read(self, data: bytes) -> None:
        if data == _DONE:
            self.done = True
            return
        try:
            piece = _Piece.model_validate_json(data)
        except ValidationError as error:
            raise ModelOutputError("the endpoint did not stream a completion") from error
        if piece.error is not None:
            raise ProviderError("the endpoint failed while it answered")
        self._model, self._usage = piece.model or self._model, piece.usage or self._usage
        for part in piece.choices:
            if part.index == 0:
                self._add(part)

    def _add(self, part: _Part) -> None:
        delta = part.delta or _Message()
        text = delta.content or ""
        self._chars += len(text)
        if self._chars > TEXT_CAP:
            raise ModelOutputError("the answer is too long")
        self._text.append(text)
        self._refused = self._refused or bool(delta.refusal)
        self._finish = part.finish_reason or self._finish


def _sound_answer(
    text: str, *, finish: str, refused: bool, model: str, usage: _Usage | None
) -> ModelAnswer:
    if finish not in _COMPLETE:
        raise ModelOutputError(f"the answer ended early: {finish[:32]}")
    if refused or not text.strip():
        raise ModelOutputError("the model refused, or its answer is empty")
    if len(text) > TEXT_CAP or not _is_text(text):
        raise ModelOutputError("the answer is too long, or not text")
    counted = usage or _Usage()
    return ModelAnswer(
        text=text,
        model=model,
        input_tokens=counted.prompt_tokens,
        output_tokens=counted.completion_tokens,
    )


def _is_text(text: str) -> bool:
    return "\x00" not in text and not any("\ud800" <= char <= "\udfff" for char in text)
