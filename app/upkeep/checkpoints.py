"""Decides whose checkpoints serve no resume any more, in SQLite's file or in PostgreSQL."""

from collections.abc import Iterable
from datetime import UTC, datetime
from typing import Final
from uuid import UUID

from sqlalchemy import MetaData, bindparam, column, delete, func, inspect, select, table
from sqlalchemy.engine import Connection

from agents.toolbox.database import Database
from app.settings import CHECKPOINTS, Settings
from app.state.opening import database_file

NAMES: Final = ("writes", "checkpoint_writes", "checkpoint_blobs", "checkpoints")
"""Tables of LangGraph's savers; each has the run as `thread_id`."""
GREGORIAN: Final = datetime(1582, 10, 15, tzinfo=UTC)
"""Where the clock in a UUID begins (RFC 9562, 5.1)."""
TICKS: Final = 10_000_000
"""Of a UUID's clock, a second."""


class KeptCheckpoints:
    """The checkpoints of one home's runs."""

    def __init__(self, settings: Settings) -> None:
        """Open where they are; `is_there` tells whether any ever were."""
        file = settings.home_dir / CHECKPOINTS
        own = database_file(settings) is not None
        self.is_there = not own or file.is_file()
        url = f"sqlite:///{file}" if own else settings.database
        self._database = Database(url, MetaData()) if self.is_there else None

    def last(self) -> dict[str, datetime]:
        """Return when each run last wrote one; its id tells, without reading what it holds."""
        if self._database is None:
            return {}
        kept = table("checkpoints", column("thread_id"), column("checkpoint_id"))
        query = select(kept.c.thread_id, func.max(kept.c.checkpoint_id)).group_by(kept.c.thread_id)
        with self._database.reading() as connection:
            if "checkpoints" not in _there(connection):
                return {}
            return {str(run): _moment(str(name)) for run, name in connection.execute(query)}

    def forget(self, runs: Iterable[str]) -> None:
        """Delete the checkpoints of runs."""
        chosen = sorted(runs)
        if self._database is None or not chosen:
            return
        with self._database.writing() as connection:
            for name in _there(connection):
                rows = table(name, column("thread_id"))
                query = delete(rows).where(rows.c.thread_id == bindparam("run"))
                connection.execute(query, [{"run": run} for run in chosen])

    def close(self) -> None:
        """Release the database."""
        if self._database is not None:
            self._database.close()


def _there(connection: Connection) -> tuple[str, ...]:
    names = set(inspect(connection).get_table_names())
    return tuple(name for name in NAMES if name in names)


def _moment(name: str) -> datetime:
    """Return the moment in a checkpoint's id, a UUID of version 6; one of no version is old."""
    try:
        found = UUID(name)
    except ValueError:
        return GREGORIAN
    if found.version != 6:
        return GREGORIAN
    ticks = (found.int >> 80) << 12 | (found.int >> 64) & 0x0FFF
    return datetime.fromtimestamp(ticks / TICKS + GREGORIAN.timestamp(), UTC)
