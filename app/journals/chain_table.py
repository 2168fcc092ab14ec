"""Decides what table a chained log lives in, and what that table refuses.

SQLite refuses UPDATE, DELETE and REPLACE by triggers. On PostgreSQL the rights to change rows are
revoked from everyone but the table's owner; elsewhere only the chain protects.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Final

from sqlalchemy import (
    Column,
    ColumnElement,
    Connection,
    Engine,
    Integer,
    MetaData,
    String,
    Table,
    Text,
    UniqueConstraint,
    and_,
    create_engine,
)
from sqlalchemy.schema import CreateTable

LOCK_SECONDS: Final = 30
CREATING: Final = 5368709121999
"""The lock of whoever creates a log's table; another than that of `Database.alone`."""
KEY_CHARACTERS: Final = 64


@dataclass(frozen=True, slots=True)
class Layout:
    """A log: its table, and what its entries are filed under.

    Attributes:
        table: the table's name.
        called: what a sentence calls the log.
        check: the command that tells where it breaks.
        keys: columns an entry can be looked up by.
        filing: from an entry's body to those columns.
        once: whether no two entries may have the same keys.
    """

    table: str
    called: str
    check: str
    keys: tuple[str, ...]
    filing: Callable[[str], Mapping[str, str]]
    once: bool


def table_of(layout: Layout) -> Table:
    """Return the table; a log that takes an entry once has its keys unique."""
    return Table(
        layout.table,
        MetaData(),
        Column("seq", Integer, primary_key=True, autoincrement=False),
        Column("previous_sha256", String(64), nullable=False, unique=True),
        Column("sha256", String(64), nullable=False, unique=True),
        Column("recorded_at", String(32), nullable=False),
        *(Column(key, String(KEY_CHARACTERS), nullable=False) for key in layout.keys),
        Column("body", Text, nullable=False),
        *([UniqueConstraint(*layout.keys)] if layout.once else []),
    )


def prepare(connection: Connection, table: Table, layout: Layout) -> None:
    """Create the table, and what refuses to change it, where they are not there yet."""
    dialect, name = connection.engine.dialect.name, layout.table
    if dialect == "postgresql":  # two that create one table at once are refused there
        connection.exec_driver_sql(f"SELECT pg_advisory_xact_lock({CREATING})")
    connection.execute(CreateTable(table, if_not_exists=True))
    if dialect == "sqlite":
        for act, when in _refused(layout).items():
            connection.exec_driver_sql(
                f"CREATE TRIGGER IF NOT EXISTS {name}_refuses_{act} {when} "
                f"BEGIN SELECT RAISE(ABORT, '{name} is write-once'); END"
            )
    elif dialect == "postgresql":
        connection.exec_driver_sql(f"REVOKE UPDATE, DELETE, TRUNCATE ON {name} FROM PUBLIC")


def _refused(layout: Layout) -> dict[str, str]:
    """Return what SQLite refuses, and when."""
    name = layout.table
    taken = [f"{column} = NEW.{column}" for column in ("seq", "sha256", "previous_sha256")]
    if layout.once:
        taken.append(f"({' AND '.join(f'{key} = NEW.{key}' for key in layout.keys)})")
    exists = f"EXISTS (SELECT 1 FROM {name} WHERE {' OR '.join(taken)})"  # noqa: S608 - our names
    return {
        "update": f"BEFORE UPDATE ON {name}",
        "delete": f"BEFORE DELETE ON {name}",
        "replace": f"BEFORE INSERT ON {name} WHEN {exists}",
    }


def engine_of(url: str) -> Engine:
    """Return the engine; SQLite waits for another writer's lock."""
    waits = {"timeout": LOCK_SECONDS} if url.startswith("sqlite") else {}
    return create_engine(url, connect_args=waits)


def filed_under(table: Table, keys: Mapping[str, str]) -> ColumnElement[bool]:
    """Return the condition that an entry has these keys."""
    return and_(*(table.c[key] == filed for key, filed in keys.items()))
