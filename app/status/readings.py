"""Reads how the jobs stand from the database every process shares.

It judges only what is late, and what failed without having a schedule.
"""

from collections.abc import Iterator, Mapping, Sequence
from contextlib import closing
from datetime import UTC, datetime, timedelta
from importlib.metadata import version
from platform import python_version
from typing import Final

from pydantic import AwareDatetime
from sqlalchemy import Connection, MetaData, func, inspect, select
from sqlalchemy.exc import DBAPIError

from agents.toolbox.database import Database
from app.delivery.table import OUTBOX
from app.observing.successes import BEGUN, TABLE, beginnings, successes
from app.status.attempts import ATTEMPTS, Attempt, attempts
from core.errors import DataError
from core.records.record import Record

_NO_TABLES: Final = MetaData()
"""Reading makes none."""
TOLD_DAYS: Final = 7
"""A job that never succeeded is told until so long after it was last begun."""
AGAIN: Final = timedelta(hours=12)
"""A job that is begun so long after its first start has a schedule: tries of one day are closer."""


class Job(Record):
    """A job nobody looks at, and when it last succeeded; None: it began, and never did.

    `age_seconds` are since then; of one that never succeeded, since it first began.
    """

    name: str
    succeeded_at: AwareDatetime | None
    age_seconds: float


class Failed(Record):
    """A job that never succeeded and that nobody began on another day: it has no schedule."""

    name: str
    begun_at: AwareDatetime
    failed_at: AwareDatetime


class Line(Record):
    """What a sink is still to be told. `oldest_seconds` None: nothing."""

    sink: str
    waiting_count: int
    given_up_count: int
    oldest_seconds: float | None


class Status(Record):
    """How the jobs stand."""

    version: str
    python: str
    database: str
    jobs: tuple[Job, ...]
    outbox: tuple[Line, ...]
    failed: tuple[Failed, ...] = ()

    def late(self, longest: timedelta, names: Sequence[str] = ()) -> tuple[str, ...]:
        """Return the jobs that succeeded longer ago, or never, by name.

        Args:
            longest: how long ago a success may be.
            names: the jobs that are looked at; none: all that ever began and have a schedule.
        """
        ages = {job.name: job.age_seconds for job in self.jobs}
        looked_at = names or tuple(ages)
        most = longest.total_seconds()
        return tuple(name for name in looked_at if name not in ages or ages[name] > most)

    def unsuccessful(self, names: Sequence[str]) -> tuple[str, ...]:
        """Return those of the named jobs that never succeeded."""
        known = {job.name for job in self.jobs if job.succeeded_at is not None}
        return tuple(name for name in names if name not in known)


class Standing:
    """How the jobs of one database stand, asked again and again; what is opened stays open."""

    def __init__(self, url: str) -> None:
        """Keep where; nothing is opened yet."""
        self._url = url
        self._opened: Database | None = None

    def read(self, *, now: datetime) -> Status:
        """Return how they stand.

        Raises:
            DataError: the database cannot be read.
        """
        try:
            self._opened = self._opened or Database(self._url, _NO_TABLES)
            with self._opened.reading() as connection:
                return read(connection, now=now)
        except DBAPIError as error:
            raise DataError("the database cannot be read: see `sectorwise doctor`") from error

    def close(self) -> None:
        """Release the database."""
        opened, self._opened = self._opened, None
        if opened is not None:
            opened.close()


def status(url: str, *, now: datetime) -> Status:
    """Return how the jobs of one database stand.

    Raises:
        DataError: the database cannot be read.
    """
    with closing(Standing(url)) as standing:
        return standing.read(now=now)


def read(connection: Connection, *, now: datetime) -> Status:
    """Return how the jobs stand, from a connection."""
    there = set(inspect(connection).get_table_names())
    first = beginnings(connection) if BEGUN in there else {}
    last = successes(connection) if TABLE in there else {}
    tries = attempts(connection) if ATTEMPTS in there else {}
    never = {name: tries[name] for name in sorted(first.keys() & tries.keys() - last.keys())}
    told = {name: row for name, row in never.items() if not _is_forgotten(row, now)}
    failed = tuple(_failed(first, told))
    untold = {row.name for row in failed} | never.keys() - told.keys()
    return Status(
        version=version("sectorwise"),
        python=python_version(),
        database=connection.dialect.name,
        jobs=_jobs({name: at for name, at in first.items() if name not in untold}, last, now=now),
        outbox=_lines(connection, now) if OUTBOX.name in there else (),
        failed=failed,
    )


def _failed(first: Mapping[str, datetime], never: Mapping[str, Attempt]) -> Iterator[Failed]:
    """Yield the jobs that ended without a success and have no schedule."""
    for name, attempt in never.items():
        if attempt.failed_at is not None and attempt.begun_at - first[name] < AGAIN:
            yield Failed(name=name, begun_at=attempt.begun_at, failed_at=attempt.failed_at)


def _is_forgotten(attempt: Attempt, now: datetime) -> bool:
    """Tell whether nobody begins a job any more that never succeeded."""
    return attempt.begun_at < now - timedelta(days=TOLD_DAYS)


def _jobs(
    first: Mapping[str, datetime], last: Mapping[str, datetime], *, now: datetime
) -> tuple[Job, ...]:
    since = {**first, **last}
    return tuple(
        Job(name=name, succeeded_at=last.get(name), age_seconds=_age(since[name], now))
        for name in sorted(since)
    )


def _lines(connection: Connection, now: datetime) -> tuple[Line, ...]:
    query = (
        select(OUTBOX.c.sink, OUTBOX.c.state, func.count(), func.min(OUTBOX.c.created_at))
        .where(OUTBOX.c.state.in_(("waiting", "dead")))
        .group_by(OUTBOX.c.sink, OUTBOX.c.state)
    )
    found = {(sink, state): (count, at) for sink, state, count, at in connection.execute(query)}
    return tuple(
        Line(
            sink=sink,
            waiting_count=found.get((sink, "waiting"), (0, None))[0],
            given_up_count=found.get((sink, "dead"), (0, None))[0],
            oldest_seconds=_oldest(found.get((sink, "waiting")), now),
        )
        for sink in sorted({sink for sink, _ in found})
    )


def _oldest(row: tuple[int, datetime] | None, now: datetime) -> float | None:
    return None if row is None else _age(row[1].replace(tzinfo=UTC), now)


def _age(at: datetime, now: datetime) -> float:
    """Return the seconds since; a moment that is yet to come, by a clock set back, is now."""
    return max(0.0, (now - at).total_seconds())
