"""The language model behind one protocol: a prompt in, text out, nothing else."""

from collections.abc import Awaitable, Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from typing import Protocol

from pydantic import Field

from core.records.record import Record

Again = Callable[[bool], Awaitable[None]]
"""Is awaited before a question is sent once more, told whether its server refused the last one.

It raises where that may not be. What was refused cost no tokens; of another failure nobody knows.
"""


async def _freely(refused: bool) -> None:
    del refused


_AGAIN: ContextVar[Again] = ContextVar("again", default=_freely)


@contextmanager
def each_again(ask: Again) -> Iterator[None]:
    """Let `ask` be awaited before any question asked in the block is sent once more."""
    token = _AGAIN.set(ask)
    try:
        yield
    finally:
        _AGAIN.reset(token)


async def once_more(*, refused: bool) -> None:
    """Return once the question under way may be sent again."""
    await _AGAIN.get()(refused)


class ModelAnswer(Record):
    """A complete answer; a cut, refused or empty one is an error instead."""

    text: str = Field(max_length=400_000)
    model: str
    input_tokens: int | None = None
    output_tokens: int | None = None


class LanguageModel(Protocol):
    """Anything that completes a prompt under a JSON schema it is asked, not trusted, to keep."""

    @property
    def name(self) -> str:
        """The model's name, recorded with every answer."""
        ...

    @property
    def server(self) -> str:
        """Where it runs, without credentials; part of the ledger's key."""
        ...

    async def complete(
        self, *, system: str, user: str, schema: dict[str, object], max_tokens: int
    ) -> ModelAnswer:
        """Return the answer.

        Raises:
            ModelOutputError: nothing usable came (cut, refused, filtered, empty).
            PromptTooLongError: the endpoint says that the question is longer than the model reads.
            ProviderError: the endpoint failed or stayed silent beyond the deadline.
            LimitError: the account's quota is spent, or the question may not be sent again.
        """
        ...
