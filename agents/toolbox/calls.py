"""What a call is in the ledger: what was asked of whom, and what came back."""

import hashlib
import json
from dataclasses import dataclass
from datetime import date, datetime
from typing import Literal, Self

from pydantic import Field, JsonValue, model_validator

from core.records.record import Record
from core.records.result import GapReason

Kind = Literal["tool", "model", "upstream"]
"""`upstream` is a stranger's own call behind one of ours; a replay needs ours alone."""


class CallRequest(Record):
    """What identifies a call: two equal requests may share an answer."""

    kind: Kind
    server: str
    name: str
    arguments: dict[str, object]
    schema_hash: str

    @property
    def as_of(self) -> date | None:
        """The as_of among the arguments, when there is one."""
        value = self.arguments.get("as_of")
        return date.fromisoformat(value) if isinstance(value, str) else None

    def answered(
        self, answer: JsonValue, fetched_at: datetime, *, failed: "Failure | None" = None
    ) -> "RecordedCall":
        """Return the call with what it brought before: an answer, or the reason there is none."""
        return RecordedCall(
            kind=self.kind,
            server=self.server,
            name=self.name,
            as_of=self.as_of,
            arguments=json.loads(canonical(self.arguments)),
            schema_hash=self.schema_hash,
            request_hash=self.content_hash(),
            fetched_at=fetched_at,
            answer=answer,
            failed=failed,
        )


Failure = GapReason | Literal["too_long"]
"""Why a call brought nothing; a question too long for its model is no gap of a tool."""


class Outcome(Record):
    """What a call brought: canonical JSON text, or the reason there is none."""

    text: str | None = None
    failed: Failure | None = None

    @property
    def gap(self) -> GapReason | None:
        """The reason, of a tool's call."""
        return "rejected" if self.failed == "too_long" else self.failed


class RecordedCall(Record):
    """One call of a run as it is exported: what was asked of whom, and what came back.

    `arguments` is None for a call an earlier version made.
    """

    kind: Kind
    server: str
    name: str
    as_of: date | None
    arguments: dict[str, JsonValue] | None
    schema_hash: str
    request_hash: str = Field(pattern=r"^[0-9a-f]{64}$")
    fetched_at: datetime
    answer: JsonValue = None
    failed: Failure | None = None

    @model_validator(mode="after")
    def _whole(self) -> Self:
        if (self.answer is None) == (self.failed is None):
            raise ValueError("a call has an answer or the reason there is none")
        return self

    def outcome(self) -> Outcome:
        """Return what the call brought, byte for byte."""
        if self.failed is not None:
            return Outcome(failed=self.failed)
        return Outcome(text=canonical(self.answer))


@dataclass(frozen=True, slots=True)
class Told:
    """An answer some run was given: when, and its canonical text."""

    fetched_at: datetime
    text: str


def content_sha256(text: str) -> str:
    """Return the sha256 of a text's UTF-8 bytes, in hex."""
    return hashlib.sha256(text.encode()).hexdigest()


def canonical(value: object) -> str:
    """Return the canonical JSON of a plain value: the form answers are kept in.

    Raises:
        ValueError: NaN or infinite.
    """
    return json.dumps(
        value, sort_keys=True, ensure_ascii=False, separators=(",", ":"), allow_nan=False
    )
