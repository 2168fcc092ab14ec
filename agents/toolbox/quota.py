"""Decides whether a server may be called now: so many calls a minute and a day, for all processes.

A minute is any 60 seconds, a day a calendar day of UTC. A call counts when it is granted, whatever
becomes of it; which calls of a plan are worth one is decided elsewhere.
"""

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import UTC, datetime, time, timedelta
from typing import Final

from sqlalchemy import (
    Column,
    Connection,
    DateTime,
    Index,
    Integer,
    MetaData,
    String,
    Table,
    delete,
    func,
    insert,
    select,
)

from agents.toolbox.database import Database

MINUTE: Final = timedelta(seconds=60)
MARGIN: Final = timedelta(seconds=1)
"""Kept clear beyond a minute: a server counts when a call arrives, not when we grant it."""

_TABLES = MetaData()
_TAKEN = Table(
    "quota_taken",
    _TABLES,
    Column("id", Integer, primary_key=True, autoincrement=True),
    Column("server", String(64), nullable=False),
    Column("at", DateTime, nullable=False),
    Index("quota_taken_server_at", "server", "at"),
)


@dataclass(frozen=True, slots=True)
class Taken:
    """What asking for a call brought.

    Attributes:
        granted: the call may be made, and counts.
        wait_seconds: until the minute has room again; 0.0 when granted or the day is spent.
        spent_until: when the next day's calls begin; None unless the day's are spent.
    """

    granted: bool
    wait_seconds: float = 0.0
    spent_until: datetime | None = None


@dataclass(frozen=True, slots=True)
class Left:
    """Calls still to be had, None where there is no limit."""

    this_minute: int | None
    today: int | None


@dataclass(frozen=True, slots=True)
class Way:
    """A server that may answer a step, and how many of its calls that takes; 0 for a known answer.

    A step's ways stand in the order they are tried.
    """

    server: str
    calls: int = 1


class Quota:
    """Calls taken of every server, in the ledger's database; safe across processes.

    Args:
        url: SQLite's or PostgreSQL's.
        clock: now, with a time zone.
        sleep: waits so many seconds.
    """

    def __init__(
        self,
        url: str = "sqlite://",
        *,
        clock: Callable[[], datetime],
        sleep: Callable[[float], Awaitable[None]] = asyncio.sleep,
    ) -> None:
        self._database = Database(url, _TABLES)
        self._clock, self._sleep = clock, sleep

    def take(self, server: str, *, a_minute: int | None, a_day: int | None) -> Taken:
        """Take one call of the server, if it has one; limits are at least 1, None is no limit."""
        if a_minute is None and a_day is None:
            return Taken(granted=True)
        with self._database.alone() as connection:
            now = self._now()
            refused = _refused(connection, server, now, a_minute=a_minute, a_day=a_day)
            if refused is not None:
                return refused
            old = min(_day(now), now - MINUTE - MARGIN)
            connection.execute(delete(_TAKEN).where(_TAKEN.c.server == server, _TAKEN.c.at < old))
            connection.execute(insert(_TAKEN), {"server": server, "at": now})
        return Taken(granted=True)

    async def paced(
        self, server: str, *, a_minute: int | None, a_day: int | None, patience_seconds: float
    ) -> Taken:
        """Take one call, waiting for the minute to have room, but never longer than told."""
        left = patience_seconds
        while True:
            taken = await asyncio.to_thread(self.take, server, a_minute=a_minute, a_day=a_day)
            if taken.granted or taken.spent_until is not None or taken.wait_seconds > left:
                return taken
            left -= taken.wait_seconds
            await self._sleep(taken.wait_seconds)

    def left(self, server: str, *, a_minute: int | None, a_day: int | None) -> Left:
        """Return what the server still grants."""
        with self._database.reading() as connection:
            now = self._now()
            minute = _count(connection, server, now - MINUTE - MARGIN)
            day = _count(connection, server, _day(now))
        return Left(
            this_minute=None if a_minute is None else max(a_minute - minute, 0),
            today=None if a_day is None else max(a_day - day, 0),
        )

    def within(
        self, server: str, *, a_minute: int | None, a_day: int | None, seconds: float
    ) -> int | None:
        """Return how many calls the server grants within so many seconds; None without a limit."""
        if a_minute is None:
            return self.left(server, a_minute=None, a_day=a_day).today
        with self._database.reading() as connection:
            now = self._now()
            recent = _recent(connection, server, now)
            left = None if a_day is None else max(a_day - _count(connection, server, _day(now)), 0)
        end, granted = now + timedelta(seconds=seconds), 0
        while left is None or granted < left:
            free = now if len(recent) < a_minute else recent[-a_minute] + MINUTE + MARGIN
            if free > end:
                break
            recent.append(max(now, free))
            granted += 1
        return granted

    def close(self) -> None:
        """Release the database."""
        self._database.close()

    def _now(self) -> datetime:
        return self._clock().astimezone(UTC).replace(tzinfo=None)


def _refused(
    connection: Connection,
    server: str,
    now: datetime,
    *,
    a_minute: int | None,
    a_day: int | None,
) -> Taken | None:
    """Return why no call is to be had now; None when one is."""
    if a_day is not None and _count(connection, server, _day(now)) >= a_day:
        tomorrow = _day(now) + timedelta(days=1)
        return Taken(granted=False, spent_until=tomorrow.replace(tzinfo=UTC))
    if a_minute is None or _count(connection, server, now - MINUTE - MARGIN) < a_minute:
        return None
    free = _recent(connection, server, now)[-a_minute] + MINUTE + MARGIN
    # A clock that was set back must not make anyone wait longer than a whole minute.
    wait = min(free - now, MINUTE + MARGIN)
    return Taken(granted=False, wait_seconds=max(wait.total_seconds(), 0.001))


def _count(connection: Connection, server: str, since: datetime) -> int:
    query = select(func.count()).where(_TAKEN.c.server == server, _TAKEN.c.at >= since)
    return connection.execute(query).scalar_one()


def _recent(connection: Connection, server: str, now: datetime) -> list[datetime]:
    """Return when the calls of the last minute were granted, oldest first."""
    since = _TAKEN.c.at >= now - MINUTE - MARGIN
    query = select(_TAKEN.c.at).where(_TAKEN.c.server == server, since).order_by(_TAKEN.c.at)
    return list(connection.execute(query).scalars())


def _day(now: datetime) -> datetime:
    return datetime.combine(now.date(), time())
