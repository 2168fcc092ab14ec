"""The language model behind one protocol: a prompt in, text out, nothing else."""

from typing import Protocol

from pydantic import Field

from core.records.record import Record


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
            ProviderError: the endpoint failed or stayed silent beyond the deadline.
            LimitError: the account's quota is spent.
        """
        ...
