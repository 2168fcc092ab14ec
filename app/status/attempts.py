"""Keeps when a job that may have no schedule was last begun, and when it ended without a success.

Whether it has a schedule, and for how long its failure is told, is judged where that is read.
"""

import logging
from collections.abc import Callable, Iterator, Mapping
from contextlib import closing, contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Final

from sqlalchemy import (
    Column,
    Connection,
    DateTime,
    MetaData,
    String,
    Table,
    delete,
    insert,
    select,
    update,
)
from sqlalchemy.exc import DBAPIError

from agents.toolbox.database import Database
from app.observing.successes import NAME_CAP
from app.settings import Settings

LOG: Final = logging.getLogger(__name__)
ATTEMPTS: Final = "attempts"
TABLES: Final = MetaData()
_ATTEMPTS = Table(
    ATTEMPTS,
    TABLES,
    Column("name", String(NAME_CAP), primary_key=True),
    Column("begun_at", DateTime, nullable=False),
    Column("failed_at", DateTime),
)


@dataclass(frozen=True, slots=True)
class Attempt:
    """A job's last start; `failed_at` None: it goes on, was killed, or succeeded."""

    begun_at: datetime
    failed_at: datetime | None


@contextmanager
def attempted(settings: Settings, name: str, *, clock: Callable[[], datetime]) -> Iterator[None]:
    """Keep that a job begins, and, where the block raises, that it ended without a success.

    Where that cannot be kept, the job itself goes on.

    Args:
        settings: the database.
        name: of the job: `batch:nightly`.
        clock: now, with a time zone.
    """
    begun_at = clock()
    _keep(settings.database, name, Attempt(begun_at, None))
    try:
        yield
    except BaseException:
        _keep(settings.database, name, Attempt(begun_at, clock()))
        raise


def lasting(settings: Settings, name: str) -> None:
    """Keep no try of a job that runs until it is stopped: it is late where it does not succeed.

    Where that cannot be done, the job itself goes on.

    Args:
        settings: the database.
        name: of the job: `watch:vn`.
    """
    gone = delete(_ATTEMPTS).where(_ATTEMPTS.c.name == name[:NAME_CAP])
    try:
        with (
            closing(Database(settings.database, TABLES)) as database,
            database.alone() as connection,
        ):
            connection.execute(gone)
    except DBAPIError as error:
        LOG.warning("a start of %s could not be kept: %s", name, type(error.orig).__name__)


def attempts(connection: Connection) -> Mapping[str, Attempt]:
    """Return each job's last start, in UTC, by name in order."""
    query = select(_ATTEMPTS).order_by(_ATTEMPTS.c.name)
    return {
        str(name): Attempt(begun.replace(tzinfo=UTC), failed and failed.replace(tzinfo=UTC))
        for name, begun, failed in connection.execute(query)
    }


def _keep(url: str, name: str, attempt: Attempt) -> None:
    row = {"begun_at": _moment(attempt.begun_at), "failed_at": _moment(attempt.failed_at)}
    kept = name[:NAME_CAP]
    again = update(_ATTEMPTS).where(_ATTEMPTS.c.name == kept).values(row)
    try:
        with closing(Database(url, TABLES)) as database, database.alone() as connection:
            if connection.execute(again).rowcount == 0:
                connection.execute(insert(_ATTEMPTS), {"name": kept} | row)
    except DBAPIError as error:
        LOG.warning("a start of %s could not be kept: %s", name, type(error.orig).__name__)


def _moment(at: datetime | None) -> datetime | None:
    return None if at is None else at.astimezone(UTC).replace(tzinfo=None)
