"""Decides what a list of past calls says: who was asked what, when, and what came; no answers.

It reads the ledger's table and writes nothing.
"""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from typing import Final

from sqlalchemy import (
    Column,
    Connection,
    Date,
    DateTime,
    Integer,
    MetaData,
    RowMapping,
    String,
    Table,
    Text,
    func,
    inspect,
    select,
)

from agents.toolbox.calls import Outcome
from agents.toolbox.database import Database
from core.records.result import GapReason

TOOL_KINDS: Final = ("tool", "upstream")
"""Calls of tools: ours, and a stranger's own behind one of ours."""
ROWS_MAX: Final = 20_000
"""Rows counted at most, the newest: a ledger may hold years."""
_ANSWERED: Final = '{"failed":null'
"""How the canonical JSON of an outcome with an answer begins."""

_CALLS: Final = Table(
    "calls",
    MetaData(),
    Column("id", Integer, primary_key=True),
    Column("request_hash", String(64)),
    Column("kind", String(8)),
    Column("server", String(64)),
    Column("name", String(128)),
    Column("as_of", Date),
    Column("fetched_at", DateTime),
    Column("response", Text),
    Column("run", String(128)),
)
"""What is read here of the ledger's own table."""


@dataclass(frozen=True, slots=True)
class PastCall:
    """One recorded call; `known_at` is what its answer had seen, None without an answer."""

    server: str
    name: str
    upstream: bool
    as_of: date | None
    fetched_at: datetime
    run: str
    known_at: date | None
    failed: GapReason | None


@dataclass(frozen=True, slots=True)
class DayCount:
    """Calls made of one server on a day of UTC, and how many brought no answer."""

    server: str
    day: date
    calls_count: int
    failed_count: int


@dataclass(frozen=True, slots=True)
class PastCalls:
    """The last calls, newest first, and the calls of the last days, by server and day."""

    last: tuple[PastCall, ...] = ()
    days: tuple[DayCount, ...] = ()


def past_calls(url: str, *, limit: int, since: date) -> PastCalls:
    """Return what a ledger holds of tool calls.

    An answer another run used again is told as that run's call, and counted once by day.

    Args:
        url: the ledger's SQLAlchemy URL.
        limit: of the last calls.
        since: first day counted.

    Raises:
        CallerError: the URL is none.
    """
    database = Database(url, MetaData())
    try:
        with database.reading() as connection:
            if not inspect(connection).has_table(_CALLS.name):
                return PastCalls()
            return PastCalls(last=_last(connection, limit), days=_days(connection, since))
    finally:
        database.close()


def _last(connection: Connection, limit: int) -> tuple[PastCall, ...]:
    query = select(_CALLS).where(_CALLS.c.kind.in_(TOOL_KINDS)).order_by(_CALLS.c.id.desc())
    return tuple(_past(row) for row in connection.execute(query.limit(limit)).mappings())


def _past(row: RowMapping) -> PastCall:
    outcome = Outcome.model_validate_json(row["response"])
    return PastCall(
        server=row["server"],
        name=row["name"],
        upstream=row["kind"] == "upstream",
        as_of=row["as_of"],
        fetched_at=row["fetched_at"].replace(tzinfo=UTC),
        run=row["run"],
        known_at=_known_at(outcome.text),
        failed=outcome.gap,
    )


def _known_at(text: str | None) -> date | None:
    answer = None if text is None else json.loads(text)
    known = answer.get("known_at") if isinstance(answer, dict) else None
    try:
        return date.fromisoformat(known) if isinstance(known, str) else None
    except ValueError:
        return None


def _days(connection: Connection, since: date) -> tuple[DayCount, ...]:
    newest = connection.execute(select(func.max(_CALLS.c.id))).scalar() or 0
    head = func.substr(_CALLS.c.response, 1, len(_ANSWERED))
    query = select(_CALLS.c.server, _CALLS.c.fetched_at, _CALLS.c.request_hash, head).where(
        _CALLS.c.id > newest - ROWS_MAX,
        _CALLS.c.kind.in_(TOOL_KINDS),
        _CALLS.c.fetched_at >= datetime.combine(since, datetime.min.time()),
    )
    calls = {
        (str(server), moment, str(request)): head == _ANSWERED
        for server, moment, request, head in connection.execute(query)
    }
    return _counted([(server, moment.date(), came) for (server, moment, _), came in calls.items()])


def _counted(calls: Sequence[tuple[str, date, bool]]) -> tuple[DayCount, ...]:
    found: dict[tuple[str, date], list[bool]] = {}
    for server, day, came in calls:
        found.setdefault((server, day), []).append(came)
    return tuple(
        DayCount(server, day, len(found[server, day]), found[server, day].count(False))
        for server, day in sorted(found)
    )


def days_back(today: date, days: int) -> date:
    """Return the first of so many days that end today."""
    return today - timedelta(days=days - 1)
