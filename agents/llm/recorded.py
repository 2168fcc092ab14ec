"""A language model whose every call goes through the ledger, like any other call."""

import json

from agents.llm.protocol import LanguageModel, ModelAnswer
from agents.toolbox.calls import CallRequest, Outcome, content_sha256
from agents.toolbox.ledger import Ledger
from core.errors import LimitError, ModelOutputError, ProviderError


class RecordedModel:
    """Wraps a model for one run; in replay the model itself is never called."""

    def __init__(self, model: LanguageModel, ledger: Ledger, *, run: str) -> None:
        self._model, self._ledger, self._run = model, ledger, run

    @property
    def name(self) -> str:
        """The wrapped model's name."""
        return self._model.name

    @property
    def server(self) -> str:
        """The wrapped model's server."""
        return self._model.server

    async def complete(
        self, *, system: str, user: str, schema: dict[str, object], max_tokens: int
    ) -> ModelAnswer:
        """Return the recorded answer, or ask and record.

        Raises:
            ModelOutputError: the answer is unusable, now or when it was recorded.
            ProviderError: the endpoint failed, or a replay holds no answer.
            LimitError: the account's quota is spent, now or when it was recorded.
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
            except ModelOutputError:
                return Outcome(failed="rejected")
            except LimitError:
                return Outcome(failed="quota_spent")
            except ProviderError:
                return Outcome(failed="server_down")
            return Outcome(text=answer.canonical_json())

        outcome = await self._ledger.outcome(request, run=self._run, call=make)
        if outcome.text is not None:
            return ModelAnswer.model_validate_json(outcome.text)
        if outcome.failed == "rejected":
            raise ModelOutputError("the model gave no usable answer")
        if outcome.failed == "quota_spent":
            raise LimitError("the quota of the model's account is spent")
        raise ProviderError(f"the model did not answer ({outcome.failed})")
