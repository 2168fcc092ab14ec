"""Decides what is told next at a sink, when it is tried again and when given up; it sends nothing.

One row a message, its key unique. Rows are posted inside the poster's own transaction, so that a
thing is told exactly if it happened. Who works a sink holds that sink's lease; whoever lost it can
mark nothing any more.
"""

import json
from collections.abc import Callable, Sequence
from datetime import datetime, timedelta
from typing import Final

from sqlalchemy import ColumnElement, Connection, Select, delete, func, select, update

from agents.toolbox.database import Database
from app.delivery.crowding import room_made
from app.delivery.message import Message, Outcome, Row, State
from app.delivery.table import EMPTIED, OUTBOX, TABLES, added, found, in_line, stamp
from app.state.leases import Lease, fenced
from core.errors import ConflictError, UnknownIdError

__all__ = ["Message", "Outbox", "posted"]

FIRST_WAIT: Final = timedelta(seconds=5)
LONGEST_WAIT: Final = timedelta(minutes=10)
"""Between two tries: doubled from the first to the longest."""
MOST_FAILURES: Final = 24
"""A message its sink does not take is given up after about three hours."""
MOST_TRIES: Final = 1_000
"""A message nobody is there for, or whose worker dies of it, is given up after about a week."""


def posted(connection: Connection, messages: Sequence[Message], *, now: datetime) -> int:
    """Add the messages whose key is unknown, inside the caller's transaction; how many were new.

    Raises:
        BusyError: too many that cannot be told together wait for a sink.
    """
    new = [message.sink for message in messages if added(connection, message, now=now)]
    for sink in sorted(set(new)):
        room_made(connection, sink, now=now)
    return len(new)


class Outbox:
    """What is to be told, in one database, SQLite's or PostgreSQL's; safe across processes."""

    def __init__(self, url: str, *, clock: Callable[[], datetime]) -> None:
        self._database = Database(url, TABLES)
        self._clock = clock

    def add(self, messages: Sequence[Message]) -> int:
        """Add the messages whose key is unknown, and return how many were new.

        Raises:
            BusyError: too many that cannot be told together wait for a sink.
        """
        with self._database.alone() as connection:
            return posted(connection, messages, now=self._clock())

    def waiting(self) -> tuple[Row, ...]:
        """Return what is still to be told, in order, sink by sink."""
        return self.rows("waiting")

    def rows(self, state: State | None = None) -> tuple[Row, ...]:
        """Return the rows of a state, or all, in order, sink by sink."""
        query = select(OUTBOX).order_by(OUTBOX.c.sink, OUTBOX.c.place, OUTBOX.c.id)
        with self._database.reading() as connection:
            return found(connection, query if state is None else query.where(_is(state)))

    def counts(self) -> dict[tuple[str, State], int]:
        """Return how many messages of each sink are in each state."""
        query = select(OUTBOX.c.sink, OUTBOX.c.state, func.count()).group_by(
            OUTBOX.c.sink, OUTBOX.c.state
        )
        with self._database.reading() as connection:
            return {(sink, state): count for sink, state, count in connection.execute(query)}

    def begun(self, sink: str, lease: Lease) -> Row | None:
        """Return the first in a sink's line, its sending noted as begun.

        None where nobody waits, where the first is not due yet (order is kept: nobody overtakes,
        except who waits for some of a message's recipients only), or where another holds the lease
        by now.
        """
        now = stamp(self._clock())
        with self._database.alone() as connection:
            first = _first_due(connection, sink, now) if fenced(connection, lease) else None
            if first is None:
                return None
            tries = first.tries_count + 1
            values = {"tries": tries, "next_try_at": None}
            connection.execute(update(OUTBOX).where(_same(first)).values(values))
        return first.model_copy(update={"tries_count": tries, "next_try_at": None})

    def ended(self, row: Row, outcome: Outcome, lease: Lease) -> State | None:
        """Mark what a sending came to, and return the state it leaves.

        None where another holds the lease by now: then nothing is marked.
        """
        values = _after(row, outcome, stamp(self._clock()))
        with self._database.alone() as connection:
            if not fenced(connection, lease):
                return None
            connection.execute(update(OUTBOX).where(_same(row), _is("waiting")).values(values))
        state: State = values["state"]  # type: ignore[assignment]  # one of ours
        return state

    def retried(self, key: str) -> Row:
        """Put a message that was given up back to its place, due at once.

        Raises:
            UnknownIdError: there is no such message.
            ConflictError: it was not given up.
        """
        with self._database.alone() as connection:
            rows = found(connection, select(OUTBOX).where(OUTBOX.c.key == key))
            if not rows:
                raise UnknownIdError(
                    f"no message has the key {key!r}: see `sectorwise deliver list`"
                )
            if rows[0].state != "dead":
                raise ConflictError(f"message {key!r} is {rows[0].state}, not given up")
            values = {"state": "waiting", "tries": 1, "failures": 0, "done_at": None}
            connection.execute(update(OUTBOX).where(_same(rows[0])).values(values))
            return found(connection, select(OUTBOX).where(_same(rows[0])))[0]

    def forgotten(self, *, before: datetime) -> int:
        """Delete what was delivered or merged before a moment; how many. Its keys are new again."""
        over = OUTBOX.c.state.in_(("delivered", "merged")) & (OUTBOX.c.done_at < stamp(before))
        with self._database.alone() as connection:
            return connection.execute(delete(OUTBOX).where(over)).rowcount

    def close(self) -> None:
        """Release the database."""
        self._database.close()


def _first_due(connection: Connection, sink: str, now: datetime) -> Row | None:
    """Return the first in line if it is due, or else a message some recipients have already."""
    partly = OUTBOX.c.taken.is_not(None)
    first = _first(connection, in_line(sink).where(~partly).limit(2), now)
    if first is not None and _due(first, now):
        return first
    rest = found(connection, in_line(sink).where(partly))
    return next((row for row in rest if _due(row, now)), None)


def _first(connection: Connection, line: "Select[tuple[object, ...]]", now: datetime) -> Row | None:
    """Return the first in line; who was begun too often without an end is given up on the way."""
    for row in found(connection, line):
        if row.tries_count < MOST_TRIES:
            return row
        values = {"state": "dead", "reason": row.reason or "its sending never ended"}
        connection.execute(update(OUTBOX).where(_same(row)).values(values | {"done_at": now}))
    return None


def _due(row: Row, now: datetime) -> bool:
    """Tell whether to try; a time further off than any wait is of a clock that was set back."""
    if row.next_try_at is None:
        return True
    next_try = stamp(row.next_try_at)
    return next_try <= now or next_try > now + LONGEST_WAIT


def _after(row: Row, outcome: Outcome, now: datetime) -> dict[str, object]:
    """Return the columns a sending changes."""
    if outcome.result == "sent":
        sent = {"state": "delivered", "done_at": now, "next_try_at": None}
        return sent | {"reason": outcome.reason} | EMPTIED
    failures = row.failures_count + (outcome.result != "unreachable")
    taken = json.dumps(outcome.taken or row.taken) if outcome.taken or row.taken else None
    values = {"failures": failures, "reason": outcome.reason, "taken": taken}
    over = failures >= MOST_FAILURES or row.tries_count >= MOST_TRIES
    if outcome.result == "refused" or over:
        return values | {"state": "dead", "done_at": now, "next_try_at": None}
    wait = min(FIRST_WAIT * 2 ** min(row.tries_count - 1, 16), LONGEST_WAIT)
    return values | {"state": "waiting", "next_try_at": now + wait}


def _same(row: Row) -> ColumnElement[bool]:
    return OUTBOX.c.id == row.id


def _is(state: State) -> ColumnElement[bool]:
    return OUTBOX.c.state == state
