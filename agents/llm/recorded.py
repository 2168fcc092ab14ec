"""A language model whose every call goes through the ledger, like any other call."""

import json

from agents.llm.failures import error_of, failure_of
from agents.llm.protocol import LanguageModel, ModelAnswer
from agents.llm.told import ToldModel
from agents.llm.wrapped import Wrapped
from agents.toolbox.calls import CallRequest, Outcome, content_sha256
from agents.toolbox.ledger import Ledger
from core.errors import LimitError, ModelOutputError, ProviderError


class RecordedModel(Wrapped):
    """Wraps a model for one run; in replay the model itself is never called."""

    def __init__(self, model: LanguageModel, ledger: Ledger, *, run: str) -> None:
        super().__init__(ToldModel(model))
        self._ledger, self._run = ledger, run

    async def complete(
        self, *, system: str, user: str, schema: dict[str, object], max_tokens: int
    ) -> ModelAnswer:
        """Return the recorded answer, or ask and record.

        Raises:
            ModelOutputError: the answer is unusable, now or when it was recorded.
            PromptTooLongError: the question is longer than the model reads, now or then.
            ProviderError: the endpoint failed, or a replay holds no answer.
            LimitError: the account's quota is spent, now or when it was recorded.
            OverBudgetError: it did not fit what a run, a day or a batch may spend.
        """
        request = CallRequest(
            kind="model",
            server=self.server,
            name=self.name,
            arguments={"system": system, "user": user, "max_tokens": max_tokens},
            schema_hash=content_sha256(json.dumps(schema, sort_keys=True)),
        )

        async def make() -> Outcome:
            try:
                answer = await self._model.complete(
                    system=system, user=user, schema=schema, max_tokens=max_tokens
                )
            except (ModelOutputError, LimitError, ProviderError) as error:
                return Outcome(failed=failure_of(error))
            return Outcome(text=answer.canonical_json())

        outcome = await self._ledger.outcome(request, run=self._run, call=make)
        if outcome.text is None:
            raise error_of(outcome.failed or "server_down")
        return ModelAnswer.model_validate_json(outcome.text)
