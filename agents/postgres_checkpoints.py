"""Keeps checkpoints in PostgreSQL, written by nobody who lost the right to."""

import asyncio
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from typing import Final

from langchain_core.runnables import RunnableConfig
from langgraph.checkpoint.base import ChannelVersions, Checkpoint, CheckpointMetadata
from langgraph.checkpoint.postgres.aio import AsyncPostgresSaver
from langgraph.checkpoint.serde.base import SerializerProtocol
from psycopg import AsyncConnection, OperationalError
from psycopg.rows import DictRow, dict_row
from sqlalchemy import Select
from sqlalchemy.dialects.postgresql.psycopg import PGDialect_psycopg
from sqlalchemy.engine import make_url

from core.errors import ConflictError, DataError

CONNECT_SECONDS: Final = 10
"""How long the server may take to be reached."""
SETTING_UP: Final = 5368709121998
"""The lock of whoever makes the tables."""
BETWEEN_SECONDS: Final = 0.05
"""Whoever finds another making them asks again so often.

Waiting inside the server would hold back an index that is made beside running transactions.
"""
_DIALECT: Final = PGDialect_psycopg()  # type: ignore[no-untyped-call]  # it has no types


@asynccontextmanager
async def opened(
    url: str, guard: Select[tuple[int]] | None, *, serde: SerializerProtocol
) -> AsyncIterator[AsyncPostgresSaver]:
    """Yield what keeps checkpoints in the database, on a connection of its own.

    Args:
        url: SQLAlchemy's.
        guard: brings a row, and holds it, while checkpoints may be written; None: always.
        serde: writes and reads values.

    Raises:
        DataError: the database cannot be reached.
    """
    try:
        connection = await _connected(url)
    except OperationalError as error:
        where = make_url(url).render_as_string(hide_password=True)
        raise DataError(f"checkpoints in {where} cannot be used ({_said(error)})") from error
    async with connection:
        saver = _GuardedSaver(connection, guard, serde)
        await _set_up(saver, connection)
        try:
            yield saver
        finally:
            async with saver.alone:  # langgraph may still write for a cancelled node
                pass


class _GuardedSaver(AsyncPostgresSaver):
    """Writes in the transaction that looks whether it may, one after the other."""

    def __init__(
        self,
        connection: AsyncConnection[DictRow],
        guard: Select[tuple[int]] | None,
        serde: SerializerProtocol,
    ) -> None:
        super().__init__(connection, serde=serde)
        self.alone = asyncio.Lock()
        self._connection, self._guard = connection, guard

    async def aput(
        self,
        config: RunnableConfig,
        checkpoint: Checkpoint,
        metadata: CheckpointMetadata,
        new_versions: ChannelVersions,
    ) -> RunnableConfig:
        """Save a checkpoint, whole or not at all.

        Raises:
            ConflictError: another process has the run by now.
        """
        async with self._guarded(config):
            return await super().aput(config, checkpoint, metadata, new_versions)

    async def aput_writes(
        self,
        config: RunnableConfig,
        writes: Sequence[tuple[str, object]],
        task_id: str,
        task_path: str = "",
    ) -> None:
        """Save what a node brought, whole or not at all.

        Raises:
            ConflictError: another process has the run by now.
        """
        async with self._guarded(config):
            await super().aput_writes(config, writes, task_id, task_path)

    @asynccontextmanager
    async def _guarded(self, config: RunnableConfig) -> AsyncIterator[None]:
        async with self.alone, self._connection.transaction():
            if not await self._may():
                run = config["configurable"]["thread_id"]
                raise ConflictError(f"another process has taken over run {run}: it goes on there")
            yield

    async def _may(self) -> bool:
        if self._guard is None:
            return True
        compiled = self._guard.compile(dialect=_DIALECT)
        found = await self._connection.execute(compiled.string.encode(), compiled.params)
        return await found.fetchone() is not None


async def _connected(url: str) -> AsyncConnection[DictRow]:
    address = make_url(url).set(drivername="postgresql")
    if "connect_timeout" not in address.query:
        address = address.update_query_dict({"connect_timeout": str(CONNECT_SECONDS)})
    return await AsyncConnection.connect(
        address.render_as_string(hide_password=False),
        autocommit=True,
        prepare_threshold=0,
        row_factory=dict_row,
    )


async def _set_up(saver: AsyncPostgresSaver, connection: AsyncConnection[DictRow]) -> None:
    """Make the tables where they are not there yet, while nobody else does."""
    while not await _is_set_up(saver, connection):
        found = await connection.execute("SELECT pg_try_advisory_lock(%s) AS ours", (SETTING_UP,))
        row = await found.fetchone()
        if row is None or not row["ours"]:
            await asyncio.sleep(BETWEEN_SECONDS)
            continue
        try:
            await saver.setup()
        finally:
            await connection.execute("SELECT pg_advisory_unlock(%s)", (SETTING_UP,))


async def _is_set_up(saver: AsyncPostgresSaver, connection: AsyncConnection[DictRow]) -> bool:
    found = await connection.execute("SELECT to_regclass('checkpoint_migrations') AS there")
    row = await found.fetchone()
    if row is None or row["there"] is None:
        return False
    found = await connection.execute("SELECT count(*) AS made FROM checkpoint_migrations")
    row = await found.fetchone()
    return row is not None and int(row["made"]) >= len(saver.MIGRATIONS)


def _said(error: OperationalError) -> str:
    """Return what the server said, in one line."""
    return " ".join(str(error).split())
