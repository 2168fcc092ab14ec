"""Decides what answers a call in an eval: the tape, a fault or, while recording, the server.

What a model is asked passes through: a tape holds no model's answers.
"""

import json
from collections.abc import Awaitable, Callable, MutableMapping
from datetime import UTC, date, datetime, timedelta
from typing import Literal

from agents.llm.protocol import ModelAnswer
from agents.toolbox.calls import CallRequest, Outcome, RecordedCall, canonical
from agents.toolbox.ledger import Ledger
from agents.toolbox.redaction import Redactor
from core.errors import DataError
from evals.records import Called, Fault
from evals.tapes.faults import changed

Misses = Literal["raise", "gap", "make"]
"""What becomes of a call that is not on the tape; `make`: it is made, and added."""


class TapeMissError(DataError):
    """A case asks for a call that is not on its tape."""


class TapeLedger(Ledger):
    """The calls of one turn, answered from a tape.

    `asked` are all of them; `models` is what models answered, None where that was nothing. Calls
    that are made are added to `calls`, as they were answered: faults change what is told.
    """

    def __init__(
        self,
        tape: str,
        calls: MutableMapping[str, RecordedCall],
        *,
        asked_on: date,
        misses: Misses,
        faults: tuple[Fault, ...] = (),
        redactor: Redactor | None = None,
    ) -> None:
        """Keep the calls of the tape of that name, by request hash; ledgers may share them."""
        at = datetime.combine(asked_on, datetime.min.time(), UTC)
        super().__init__(clock=lambda: at, mode="replay", redactor=redactor)
        self._tape, self._answers, self._misses, self._at = tape, calls, misses, at
        self._faults = {fault.tool: fault for fault in faults}
        self.asked: list[Called] = []
        self.models: list[ModelAnswer | None] = []

    async def outcome(
        self,
        request: CallRequest,
        *,
        run: str,
        call: Callable[[], Awaitable[Outcome]],
        fresh_for: timedelta | None = None,
    ) -> Outcome:
        """Return what the tape holds, or what is brought in its place.

        Raises:
            TapeMissError: the tape does not hold the call, and nothing may stand for it.
        """
        del run, fresh_for
        if request.kind == "model":
            return await self._model(call)
        key = request.content_hash()
        if key not in self._answers and self._misses == "make":
            self._answers[key] = self._kept(request, await call())
        found = self._answers.get(key)
        told = Outcome(failed="replay_miss") if found is None else self._told(found)
        faulty = found is not None and told != found.outcome()
        self.asked.append(_called(request, faulty=faulty, missed=found is None))
        if found is None and self._misses == "raise":
            raise TapeMissError(
                f"{request.name} {canonical(request.arguments)} is not on tape {self._tape}: "
                "record it again with `sectorwise eval record`"
            )
        return told

    def holds(self, request: CallRequest, *, run: str, fresh_for: timedelta | None = None) -> bool:
        """Tell whether `outcome` would find an answer."""
        del run, fresh_for
        return request.content_hash() in self._answers

    def _told(self, found: RecordedCall) -> Outcome:
        fault = self._faults.get(found.name)
        return found.outcome() if fault is None else changed(found, fault)

    async def _model(self, call: Callable[[], Awaitable[Outcome]]) -> Outcome:
        brought = await call()
        if brought.text is None:
            self.models.append(None)
            return brought
        text = self._redactor.json(brought.text)
        self.models.append(ModelAnswer.model_validate_json(text))
        return Outcome(text=text)

    def _kept(self, request: CallRequest, brought: Outcome) -> RecordedCall:
        """Return the call as it is recorded, without secrets."""
        text = None if brought.text is None else self._redactor.json(brought.text)
        answer = None if text is None else json.loads(text)
        return request.answered(answer, self._at, failed=brought.failed)


def _called(request: CallRequest, *, faulty: bool, missed: bool) -> Called:
    arguments = json.loads(canonical(request.arguments))
    return Called(
        tool=request.name,
        server=request.server,
        arguments=arguments,
        faulty=faulty,
        missed=missed,
    )
