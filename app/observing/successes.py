"""Keeps when each job that nobody looks at first began and last succeeded; it judges neither."""

from collections.abc import Mapping
from contextlib import closing
from datetime import UTC, datetime
from typing import Final

from sqlalchemy import (
    Column,
    Connection,
    DateTime,
    MetaData,
    String,
    Table,
    insert,
    inspect,
    select,
    update,
)
from sqlalchemy.schema import CreateTable

from agents.toolbox.database import Database

NAME_CAP: Final = 160
TABLE: Final = "successes"
BEGUN: Final = "first_begun"

_TABLES = MetaData()
_SUCCESSES = Table(
    TABLE,
    _TABLES,
    Column("name", String(NAME_CAP), primary_key=True),
    Column("at", DateTime, nullable=False),
)
_BEGUN = Table(
    BEGUN,
    _TABLES,
    Column("name", String(NAME_CAP), primary_key=True),
    Column("at", DateTime, nullable=False),
)


def begun(url: str, name: str, at: datetime) -> None:
    """Keep when a job began for the first time, so that one that never succeeds is known.

    Args:
        url: the database.
        name: of the job, as in `succeeded`.
        at: when, with a time zone.
    """
    kept = name[:NAME_CAP]
    with closing(Database(url, _TABLES)) as database, database.alone() as connection:
        if kept not in beginnings(connection):
            connection.execute(insert(_BEGUN), {"name": kept, "at": _moment(at)})


def succeeded(where: Connection | str, name: str, at: datetime) -> None:
    """Keep that a job succeeded, in place of when it did before.

    Args:
        where: the caller's transaction, which alone decides whether it counts, or the database.
        name: of the job: `watch:vn`, `batch:nightly`, `sync:vn`, `deliver`.
        at: when, with a time zone.
    """
    if isinstance(where, Connection):
        if not inspect(where).has_table(TABLE):
            where.execute(CreateTable(_SUCCESSES, if_not_exists=True))
        _keep(where, name[:NAME_CAP], at)
        return
    with closing(Database(where, _TABLES)) as database, database.alone() as connection:
        _keep(connection, name[:NAME_CAP], at)


def successes(connection: Connection) -> Mapping[str, datetime]:
    """Return when each job last succeeded, in UTC, by name in order."""
    query = select(_SUCCESSES.c.name, _SUCCESSES.c.at).order_by(_SUCCESSES.c.name)
    return {str(name): at.replace(tzinfo=UTC) for name, at in connection.execute(query)}


def beginnings(connection: Connection) -> Mapping[str, datetime]:
    """Return when each job first began, in UTC, by name in order."""
    query = select(_BEGUN.c.name, _BEGUN.c.at).order_by(_BEGUN.c.name)
    return {str(name): at.replace(tzinfo=UTC) for name, at in connection.execute(query)}


def _moment(at: datetime) -> datetime:
    return at.astimezone(UTC).replace(tzinfo=None)


def _keep(connection: Connection, name: str, at: datetime) -> None:
    moment = _moment(at)
    again = update(_SUCCESSES).where(_SUCCESSES.c.name == name).values(at=moment)
    if connection.execute(again).rowcount == 0:
        connection.execute(insert(_SUCCESSES), {"name": name, "at": moment})
