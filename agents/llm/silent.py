"""The stand-in for a recorded run's model: it has the name, and never answers anything new."""

from agents.llm.protocol import ModelAnswer
from core.errors import ProviderError


class SilentModel:
    """A model that is only ever answered for from a recording."""

    def __init__(self, name: str, server: str) -> None:
        self.name, self.server = name, server

    async def complete(
        self, *, system: str, user: str, schema: dict[str, object], max_tokens: int
    ) -> ModelAnswer:
        """Refuse.

        Raises:
            ProviderError: always; the recording holds every answer there is.
        """
        del system, user, schema, max_tokens
        raise ProviderError(f"the recording holds no such answer of {self.name}")
