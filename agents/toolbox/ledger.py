"""The one append-only table of calls: recording, replay, resume, cache and history at once.

It decides whether a call is made again, never what an answer means. What is written here, and
nowhere else, is freed of secrets first.
"""

import asyncio
import json
from collections.abc import Awaitable, Callable, Sequence
from datetime import UTC, datetime, timedelta
from functools import partial
from typing import Final, Literal, TypeVar

from pydantic import ValidationError
from sqlalchemy import (
    Column,
    Date,
    DateTime,
    Integer,
    MetaData,
    RowMapping,
    Select,
    String,
    Table,
    Text,
    insert,
    select,
)

from agents.toolbox.calls import (
    CallRequest,
    Outcome,
    RecordedCall,
    Told,
    canonical,
    content_sha256,
)
from agents.toolbox.database import Database
from agents.toolbox.redaction import Redactor
from core.errors import DataError
from core.records.result import GapReason

Mode = Literal["live", "replay"]
T = TypeVar("T")
_SHARED: Final = ("kind", "server", "name", "as_of", "schema_hash", "request_hash")
"""What a row of the table and an exported call have alike."""

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
    Column("fetched_at", DateTime, nullable=False, index=True),
    Column("response", Text, nullable=False),
    Column("run", String(128), nullable=False, index=True),
    Column("arguments", Text),
    Column("response_sha256", String(64)),
)


class Ledger:
    """Calls in SQLite, in memory by default, or in PostgreSQL; processes may share it.

    live: a call is made unless this run already has its answer (resume), or any run has one fresh
    enough. replay: only recorded answers, and a miss is an outcome of its own. Failures are
    recorded too, so that a replay fails where the run failed; only a replay reuses them.
    """

    def __init__(
        self,
        url: str = "sqlite://",
        *,
        clock: Callable[[], datetime],
        mode: Mode = "live",
        redactor: Redactor | None = None,
    ) -> None:
        self._database = Database(url, _METADATA)
        self._clock, self.mode = clock, mode
        self._redactor = redactor or Redactor()

    async def outcome(
        self,
        request: CallRequest,
        *,
        run: str,
        call: Callable[[], Awaitable[Outcome]],
        fresh_for: timedelta | None = None,
    ) -> Outcome:
        """Return the recorded outcome that may be used again, else make the call and record it.

        Args:
            request: what is asked.
            run: whose call it is; an answer of another run becomes one of this run's too.
            call: makes it; its text is canonical JSON.
            fresh_for: how old another run's answer may be; None takes none.
        """
        asked = self._clean(request)
        found = await _landed(partial(self._found, asked, run, fresh_for))
        if found is not None:
            return found
        if self.mode == "replay":
            return Outcome(failed="replay_miss")
        brought = await call()
        if brought.text is not None:
            brought = Outcome(text=self._redactor.json(brought.text))
        await _landed(partial(self._append, asked, brought, run, self._now()))
        return brought

    async def failed(self, request: CallRequest, reason: GapReason, *, run: str) -> None:
        """Record that a call failed, whatever was recorded of it: a replay reads the last."""
        if self.mode == "live":
            asked, failed = self._clean(request), Outcome(failed=reason)
            await _landed(partial(self._append, asked, failed, run, self._now()))

    def holds(self, request: CallRequest, *, run: str, fresh_for: timedelta | None = None) -> bool:
        """Tell whether `outcome` would find a usable answer, without taking it."""
        return self._usable(self._clean(request), run, fresh_for) is not None

    def calls(self, run: str) -> tuple[RecordedCall, ...]:
        """Return the run's calls, in the order they were recorded."""
        query = select(_CALLS).where(_CALLS.c.run == run).order_by(_CALLS.c.id)
        with self._database.reading() as connection:
            rows = connection.execute(query).mappings().all()
        return tuple(_recorded(row) for row in rows)

    def load(self, calls: Sequence[RecordedCall], *, run: str) -> None:
        """Append exported calls as those of a run."""
        rows = [
            call.model_dump(include=set(_SHARED))
            | {"run": run}
            | _written(call.outcome())
            | {"fetched_at": _naive(call.fetched_at)}
            | {"arguments": None if call.arguments is None else canonical(call.arguments)}
            for call in calls
        ]
        if rows:
            with self._database.writing() as connection:
                connection.execute(insert(_CALLS), rows)

    def history(self, request: CallRequest, *, until: datetime) -> tuple[Told, ...]:
        """Return every answer any run was given to a request up to a moment, oldest first."""
        same = _CALLS.c.request_hash == self._clean(request).content_hash()
        query = select(_CALLS).where(same, _CALLS.c.fetched_at <= _naive(until))
        with self._database.reading() as connection:
            rows = connection.execute(query.order_by(_CALLS.c.fetched_at, _CALLS.c.id)).mappings()
            told: dict[datetime, Told] = {}
            for row in rows:
                text = _outcome(row).text
                if text is not None:
                    moment = _aware(row["fetched_at"])
                    told.setdefault(moment, Told(moment, text))
        return tuple(told.values())

    def close(self) -> None:
        """Release the database."""
        self._database.close()

    def _clean(self, request: CallRequest) -> CallRequest:
        text = request.canonical_json()
        clean = self._redactor.json(text)
        return request if clean == text else CallRequest.model_validate_json(clean)

    def _found(self, request: CallRequest, run: str, fresh_for: timedelta | None) -> Outcome | None:
        """Return the recorded outcome that may be used; it becomes the last of this run."""
        row = self._usable(request, run, fresh_for)
        if row is None:
            return None
        last = self._last(_same(request, run), failed_too=True)
        if self.mode == "live" and (last is None or last["id"] != row["id"]):
            self._append(request, _outcome(row), run, row["fetched_at"])
        return _outcome(row)

    def _usable(
        self, request: CallRequest, run: str, fresh_for: timedelta | None
    ) -> RowMapping | None:
        same = _same(request)
        if self.mode == "replay":
            return self._last(same, failed_too=True)
        own = self._last(_same(request, run))
        if own is not None or fresh_for is None:
            return own
        return self._last(same.where(_CALLS.c.fetched_at >= self._now() - fresh_for))

    def _last(
        self, query: Select[tuple[object, ...]], *, failed_too: bool = False
    ) -> RowMapping | None:
        """Return the latest answer among these calls."""
        with self._database.reading() as connection:
            rows = connection.execute(query.order_by(_CALLS.c.id.desc())).mappings()
            return next((row for row in rows if failed_too or _outcome(row).text is not None), None)

    def _append(self, request: CallRequest, outcome: Outcome, run: str, moment: datetime) -> None:
        row = {
            "request_hash": request.content_hash(),
            "kind": request.kind,
            "server": request.server,
            "name": request.name,
            "schema_hash": request.schema_hash,
            "as_of": request.as_of,
            "fetched_at": moment,
            "run": run,
            "arguments": canonical(request.arguments),
            **_written(outcome),
        }
        with self._database.writing() as connection:
            connection.execute(insert(_CALLS), row)

    def _now(self) -> datetime:
        return _naive(self._clock())


def _same(request: CallRequest, run: str | None = None) -> Select[tuple[object, ...]]:
    """Return the query of the calls that ask the same, of one run or of all."""
    same = select(_CALLS).where(_CALLS.c.request_hash == request.content_hash())
    return same if run is None else same.where(_CALLS.c.run == run)


async def _landed(made: Callable[[], T]) -> T:
    """Return what a thread makes; who is cancelled leaves after it, so that no row lands later."""
    landing = asyncio.create_task(asyncio.to_thread(made))
    try:
        return await asyncio.shield(landing)
    except asyncio.CancelledError:
        await asyncio.wait({landing})
        raise


def _written(outcome: Outcome) -> dict[str, str]:
    text = outcome.canonical_json()
    return {"response": text, "response_sha256": content_sha256(text)}


def _outcome(row: RowMapping) -> Outcome:
    """Return what a call brought, as it was written; earlier versions left no sha256."""
    text, sha256 = row["response"], row["response_sha256"]
    try:
        if sha256 in {None, content_sha256(text)}:
            return Outcome.model_validate_json(text)
    except ValidationError as error:
        raise _altered(row) from error
    raise _altered(row)


def _altered(row: RowMapping) -> DataError:
    return DataError(
        f"call {row['id']} of run {row['run']} in the ledger is not what was written: "
        "`sectorwise doctor --repair` moves it aside"
    )


def _recorded(row: RowMapping) -> RecordedCall:
    outcome = _outcome(row)
    return RecordedCall(
        **{name: row[name] for name in _SHARED},
        arguments=None if row["arguments"] is None else json.loads(row["arguments"]),
        fetched_at=_aware(row["fetched_at"]),
        answer=None if outcome.text is None else json.loads(outcome.text),
        failed=outcome.failed,
    )


def _naive(moment: datetime) -> datetime:
    return moment.astimezone(UTC).replace(tzinfo=None)


def _aware(moment: datetime) -> datetime:
    return moment.replace(tzinfo=UTC)
