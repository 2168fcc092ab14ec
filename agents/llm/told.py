"""A language model whose every question is told to who watches: how long, how many tokens."""

from agents.llm.protocol import ModelAnswer
from agents.llm.wrapped import Wrapped
from agents.tracing import chat_attributes, span


class ToldModel(Wrapped):
    """Wraps a model; neither what is asked nor what is answered is told."""

    async def complete(
        self, *, system: str, user: str, schema: dict[str, object], max_tokens: int
    ) -> ModelAnswer:
        """Return the answer; see `LanguageModel.complete` for the errors."""
        attributes = chat_attributes(self.name, self.server, max_tokens)
        with span(f"chat {self.name}", **attributes) as work:
            answer = await self._model.complete(
                system=system, user=user, schema=schema, max_tokens=max_tokens
            )
            work.note(
                **{
                    "gen_ai.usage.input_tokens": answer.input_tokens,
                    "gen_ai.usage.output_tokens": answer.output_tokens,
                }
            )
            return answer
