"""A model of the test kit: a rule from the question to the text of its answer."""

from abc import ABC, abstractmethod
from collections.abc import Callable

from agents.llm.protocol import ModelAnswer
from agents.llm.tokens import pieces_count
from core.errors import ModelOutputError
from evals.kit.asked import Asked, Body, asked_over

LONGEST = 400_000
"""Characters of an answer (`agents.llm.protocol.ModelAnswer`)."""


class KitModel(ABC):
    """A `LanguageModel` whose answer follows from the prompt and its seed alone."""

    server = "kit"

    def __init__(self, name: str, *, seed: int = 0) -> None:
        self.name, self.seed = name, seed
        self.asked: list[Asked] = []
        """Every question it got."""

    @abstractmethod
    def answered(self, asked: Asked) -> str:
        """Return the answer's text."""

    async def complete(
        self, *, system: str, user: str, schema: dict[str, object], max_tokens: int
    ) -> ModelAnswer:
        """Return the answer.

        Raises:
            ModelOutputError: the answer is empty or too long, as an endpoint's would be.
        """
        del schema, max_tokens
        asked = Asked(system, user)
        self.asked.append(asked)
        text = self.answered(asked)
        if not text.strip() or len(text) > LONGEST:
            raise ModelOutputError("the model refused, or its answer is empty or too long")
        read = pieces_count(system) + pieces_count(user)
        return ModelAnswer(
            text=text, model=self.name, input_tokens=read, output_tokens=pieces_count(text)
        )


class Answering(KitModel):
    """A model that answers whatever a function says: a script, or what a generator draws."""

    def __init__(self, answer: Callable[[Asked], str], *, name: str = "answering") -> None:
        super().__init__(name)
        self._answer = answer

    def answered(self, asked: Asked) -> str:
        """Return what the function says."""
        return self._answer(asked)


def over_http(model: KitModel) -> Callable[[Body], str]:
    """Return a model as an endpoint's answer to a request."""

    def answer(body: Body) -> str:
        asked = asked_over(body)
        model.asked.append(asked)
        return model.answered(asked)

    return answer
