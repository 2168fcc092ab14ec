"""The one append-only table of calls: cache, recording, replay, resume and history at once.

It decides whether a call is made again, never what an answer means.
"""

import asyncio
import hashlib
import json
import threading
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from typing import Literal

from pydantic import Field, TypeAdapter
from sqlalchemy import (
    Column,
    Date,
    DateTime,
    Engine,
    Integer,
    MetaData,
    String,
    Table,
    Text,
    create_engine,
    insert,
    select,
)
from sqlalchemy.pool import StaticPool

from core.records.record import Record
from core.records.result import GapReason

Mode = Literal["live", "cache", "replay"]

_METADATA = MetaData()
_CALLS = Table(
    "calls",
    _METADATA,
    Column("id", Integer, primary_key=True, autoincrement=True),
    Column("request_hash", String(64), nullable=False, index=True),
    Column("kind", String(8), nullable=False),
    Column("server", String(64), nullable=False),
    Column("name", String(128), nullable=False),
    Column("schema_hash", String(64), nullable=False),
    Column("as_of", Date),
    Column("fetched_at", DateTime, nullable=False),
    Column("response", Text, nullable=False),
    Column("run", String(128), nullable=False, index=True),
)


class CallRequest(Record):
    """What identifies a call: two equal requests may share an answer."""

    kind: Literal["tool", "model"]
    server: str
    name: str
    arguments: dict[str, object]
    schema_hash: str

    @property
    def as_of(self) -> date | None:
        """The as_of among the arguments, when there is one."""
        value = self.arguments.get("as_of")
        return date.fromisoformat(value) if isinstance(value, str) else None


class Outcome(Record):
    """What a call brought: canonical JSON text, or the reason there is none."""

    text: str | None = None
    failed: GapReason | None = None


class RecordedCall(Record):
    """One row of an exported run."""

    request_hash: str = Field(pattern=r"^[0-9a-f]{64}$")
    kind: Literal["tool", "model"]
    server: str
    name: str
    schema_hash: str
    as_of: date | None
    fetched_at: datetime
    response: str
    run: str


@dataclass(frozen=True, slots=True)
class LedgerPolicy:
    """When an answer is reused. `fresh_for` bounds the cache; None never expires."""

    mode: Mode = "live"
    fresh_for: timedelta | None = None


class Ledger:
    """Calls on any SQLAlchemy URL; SQLite in memory by default.

    live: a call is made unless this run already has its answer (resume). cache: any run's fresh
    answer does. replay: only recorded answers, and a miss is an outcome of its own. Failures are
    recorded too, so that a replay fails where the run failed; only a replay reuses them.
    """

    def __init__(
        self,
        url: str = "sqlite://",
        *,
        clock: Callable[[], datetime],
        policy: LedgerPolicy | None = None,
    ) -> None:
        self._engine = _engine(url)
        self._clock = clock
        self.policy = policy or LedgerPolicy()
        self._one_at_a_time = threading.Lock()
        _METADATA.create_all(self._engine)

    async def outcome(
        self, request: CallRequest, *, run: str, call: Callable[[], Awaitable[Outcome]]
    ) -> Outcome:
        """Return the recorded outcome the policy allows, else make the call and record it."""
        request_hash = request.content_hash()
        found = await asyncio.to_thread(self._find, request_hash, run)
        if found is not None:
            return found
        if self.policy.mode == "replay":
            return Outcome(failed="replay_miss")
        outcome = await call()
        await asyncio.to_thread(self._append, request, request_hash, outcome, run)
        return outcome

    def export(self, run: str) -> str:
        """Return the run's calls as JSON, in the order they were recorded."""
        query = select(_CALLS).where(_CALLS.c.run == run).order_by(_CALLS.c.id)
        with self._one_at_a_time, self._engine.connect() as connection:
            rows = connection.execute(query).mappings().all()
        calls = [
            RecordedCall.model_validate({k: v for k, v in row.items() if k != "id"}) for row in rows
        ]
        dumped = [call.model_dump(mode="json") for call in calls]
        return json.dumps(dumped, ensure_ascii=False, indent=1, sort_keys=True)

    def load(self, recording: str) -> int:
        """Append the calls of an export and return how many there were.

        Raises:
            pydantic.ValidationError: the text is not an export.
        """
        calls = TypeAdapter(tuple[RecordedCall, ...]).validate_json(recording)
        if calls:
            with self._one_at_a_time, self._engine.begin() as connection:
                connection.execute(insert(_CALLS), [call.model_dump() for call in calls])
        return len(calls)

    def close(self) -> None:
        """Release the database."""
        self._engine.dispose()

    def _find(self, request_hash: str, run: str) -> Outcome | None:
        query = select(_CALLS.c.response).where(_CALLS.c.request_hash == request_hash)
        if self.policy.mode == "live":
            query = query.where(_CALLS.c.run == run)
        elif self.policy.mode == "cache" and self.policy.fresh_for is not None:
            query = query.where(_CALLS.c.fetched_at >= self._now() - self.policy.fresh_for)
        with self._one_at_a_time, self._engine.connect() as connection:
            responses = connection.execute(query.order_by(_CALLS.c.id.desc())).scalars()
            for response in responses:
                outcome = Outcome.model_validate_json(response)
                if outcome.failed is None or self.policy.mode == "replay":
                    return outcome
        return None

    def _append(self, request: CallRequest, request_hash: str, outcome: Outcome, run: str) -> None:
        row = {
            "request_hash": request_hash,
            "kind": request.kind,
            "server": request.server,
            "name": request.name,
            "schema_hash": request.schema_hash,
            "as_of": request.as_of,
            "fetched_at": self._now(),
            "response": outcome.canonical_json(),
            "run": run,
        }
        with self._one_at_a_time, self._engine.begin() as connection:
            connection.execute(insert(_CALLS), row)

    def _now(self) -> datetime:
        return self._clock().astimezone(UTC).replace(tzinfo=None)


def content_sha256(text: str) -> str:
    """Return the sha256 of a text's UTF-8 bytes, in hex."""
    return hashlib.sha256(text.encode()).hexdigest()


def _engine(url: str) -> Engine:
    if url in {"sqlite://", "sqlite:///:memory:"}:
        return create_engine(
            "sqlite://", poolclass=StaticPool, connect_args={"check_same_thread": False}
        )
    waits = {"timeout": 30} if url.startswith("sqlite") else {}
    return create_engine(url, connect_args=waits)
