"""A language model that says what it was told to: for tests, evaluations and recordings."""

from collections.abc import Sequence

from agents.llm.protocol import ModelAnswer
from core.errors import ModelOutputError, SectorwiseError


class ScriptedModel:
    """Answers in order; an exception in the script is raised, an exhausted script raises too."""

    def __init__(self, script: Sequence[str | SectorwiseError], *, name: str = "scripted") -> None:
        self._script = list(script)
        self._name = name
        self.prompts: list[str] = []

    @property
    def name(self) -> str:
        """The name given."""
        return self._name

    @property
    def server(self) -> str:
        """A script runs nowhere."""
        return "script"

    async def complete(
        self, *, system: str, user: str, schema: dict[str, object], max_tokens: int
    ) -> ModelAnswer:
        """Return the next answer of the script."""
        self.prompts.append(f"{system}\n{user}")
        if len(self.prompts) > len(self._script):
            raise ModelOutputError(f"the script has {len(self._script)} answers, one more asked")
        answer = self._script[len(self.prompts) - 1]
        if isinstance(answer, SectorwiseError):
            raise answer
        return ModelAnswer(text=answer, model=self._name)
