"""Decides whether this program may use a database others wrote, and brings an earlier one up to it.

Tables and columns that are only added are their owners' (`agents.toolbox.database`); what else has
to change is a migration here. None is ever taken out: a database of any earlier version goes
through all that came after it, in one transaction.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Final

from sqlalchemy import (
    Column,
    Connection,
    DateTime,
    Integer,
    MetaData,
    String,
    Table,
    insert,
    inspect,
    select,
    update,
)

from agents.toolbox.database import Database
from core.errors import DataError

_TABLES: Final = MetaData()
_SCHEMA = Table(
    "schema_version",
    _TABLES,
    Column("name", String(32), primary_key=True),
    Column("version", Integer, nullable=False),
    Column("changed_at", DateTime, nullable=False),
)
NAME: Final = "sectorwise"


@dataclass(frozen=True, slots=True)
class Migration:
    """A step from the version before; it may find any of the tables missing."""

    version: int
    what: str
    step: Callable[[Connection], None]


def _index_calls_by_age(connection: Connection) -> None:
    if inspect(connection).has_table("calls"):
        connection.exec_driver_sql(
            "CREATE INDEX IF NOT EXISTS ix_calls_fetched_at ON calls (fetched_at)"
        )


MIGRATIONS: Final = (
    Migration(1, "calls are found by their age", _index_calls_by_age),
)  # fmt: skip
"""Each one's version is its place, from 1."""


def migrated(
    url: str,
    *,
    clock: Callable[[], datetime],
    migrations: tuple[Migration, ...] = MIGRATIONS,
) -> int:
    """Bring the database up to this program, and return how many steps that took.

    Raises:
        DataError: a later version of the program wrote to it.
    """
    database = Database(url, _TABLES)
    try:
        with database.reading() as connection:
            version = _version(connection)
        if version == len(migrations):
            return 0
        with database.alone() as connection:
            return _stepped(connection, migrations, clock())
    finally:
        database.close()


def schema_version(url: str) -> int | None:
    """Return the version of a database; None where none is noted."""
    database = Database(url, _TABLES)
    try:
        with database.reading() as connection:
            return _version(connection)
    finally:
        database.close()


def require_known(version: int | None, known: int = len(MIGRATIONS)) -> None:
    """Refuse a database of a later version.

    Raises:
        DataError: it is.
    """
    if version is not None and version > known:
        raise DataError(
            f"a later version of sectorwise wrote to this database (schema {version}, this one "
            f"knows {known}): use that version, or name another SECTORWISE_DATABASE_URL"
        )


def _stepped(connection: Connection, migrations: tuple[Migration, ...], now: datetime) -> int:
    """Take the steps that are missing; who waited for the lock may find them taken."""
    version = _version(connection)
    require_known(version, len(migrations))
    missing = [row for row in migrations if row.version > (version or 0)]
    for migration in missing:
        migration.step(connection)
    moment = now.astimezone(UTC).replace(tzinfo=None)
    values = {"version": len(migrations), "changed_at": moment}
    if version is None:
        connection.execute(insert(_SCHEMA), {"name": NAME} | values)
    elif missing:
        connection.execute(update(_SCHEMA).where(_SCHEMA.c.name == NAME).values(values))
    return len(missing)


def _version(connection: Connection) -> int | None:
    query = select(_SCHEMA.c.version).where(_SCHEMA.c.name == NAME)
    return connection.execute(query).scalar_one_or_none()
