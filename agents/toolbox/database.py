"""Decides how several processes share one database; not what they keep in it.

SQLite and PostgreSQL: whoever writes by reading first takes a lock for the whole transaction.
"""

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Final

from sqlalchemy import Column, Connection, Engine, MetaData, create_engine, inspect
from sqlalchemy.engine import make_url
from sqlalchemy.exc import ArgumentError
from sqlalchemy.pool import StaticPool
from sqlalchemy.schema import CreateIndex, CreateTable

from core.errors import CallerError

EXPECTED: Final = "expected sqlite:///FILE or postgresql://HOST/NAME"
LOCK_SECONDS: Final = 30
"""How long one writer waits for another."""
CONNECT_SECONDS: Final = 10
"""How long a server may take to be reached."""

IN_MEMORY: Final = frozenset({"sqlite://", "sqlite:///:memory:"})
_BACKENDS: Final = frozenset({"sqlite", "postgresql"})


class Database:
    """The tables of one owner, in a database others use too.

    Raises:
        CallerError: the URL is neither SQLite's nor PostgreSQL's, or its driver is not installed.
    """

    def __init__(self, url: str, tables: MetaData) -> None:
        self._one_at_a_time = threading.Lock()
        self._engine = _engine(url)
        with self.alone() as connection:
            _prepare(connection, tables)

    @contextmanager
    def alone(self) -> Iterator[Connection]:
        """Yield a transaction no other process writes beside: read, decide and write in it."""
        with self._one_at_a_time, self._engine.begin() as connection:
            for statement in _lock(self._engine.dialect.name):
                connection.exec_driver_sql(statement)
            yield connection

    @contextmanager
    def writing(self) -> Iterator[Connection]:
        """Yield a transaction that only adds rows."""
        with self._one_at_a_time, self._engine.begin() as connection:
            yield connection

    @contextmanager
    def reading(self) -> Iterator[Connection]:
        """Yield a connection that sees what is committed."""
        with self._one_at_a_time, self._engine.connect() as connection:
            yield connection

    def close(self) -> None:
        """Release the database."""
        self._engine.dispose()


def _engine(url: str) -> Engine:
    if url in IN_MEMORY:
        return create_engine(
            "sqlite://", poolclass=StaticPool, connect_args={"check_same_thread": False}
        )
    backend = _backend(url)
    try:
        return create_engine(url, connect_args=_waits(url, backend))
    except ModuleNotFoundError as error:
        raise CallerError(
            f"the database needs {error.name}: pip install 'sectorwise[postgres]'"
        ) from error


def _lock(backend: str) -> tuple[str, ...]:
    """Return how to take the one lock for all our tables: what is done under it takes little."""
    if backend == "sqlite":
        return ("BEGIN IMMEDIATE",)
    return (
        f"SET LOCAL lock_timeout = '{LOCK_SECONDS}s'",
        "SELECT pg_advisory_xact_lock(5368709121997)",
    )


def _waits(url: str, backend: str) -> dict[str, int]:
    """Return the bound of a connection's waits, unless the URL says it."""
    if backend == "sqlite":
        return {"timeout": LOCK_SECONDS}
    said = "connect_timeout" in make_url(url).query
    return {} if said else {"connect_timeout": CONNECT_SECONDS}


def _backend(url: str) -> str:
    try:
        backend = make_url(url).get_backend_name()
    except ArgumentError as error:
        raise CallerError(f"the database's URL is none; {EXPECTED}") from error
    if backend not in _BACKENDS:
        raise CallerError(f"nothing can be kept in {backend}; {EXPECTED}")
    return backend


def _prepare(connection: Connection, tables: MetaData) -> None:
    """Create what is not there yet: tables, and columns a database of an earlier version lacks."""
    for table in tables.sorted_tables:
        if inspect(connection).has_table(table.name):
            there = {column["name"] for column in inspect(connection).get_columns(table.name)}
            for column in table.columns:
                if column.name not in there:
                    _add(connection, table.name, column)
            continue
        connection.execute(CreateTable(table, if_not_exists=True))
        for index in sorted(table.indexes, key=lambda index: str(index.name)):
            connection.execute(CreateIndex(index, if_not_exists=True))


def _add(connection: Connection, table: str, column: Column[object]) -> None:
    kind = column.type.compile(connection.dialect)
    connection.exec_driver_sql(f'ALTER TABLE {table} ADD COLUMN "{column.name}" {kind}')
