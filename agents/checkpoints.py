"""Keeps the checkpoints of runs, in SQLite or PostgreSQL; whoever stops leaves them whole.

Who may write one is the caller's to say, by a query that PostgreSQL answers as it is written.
"""

import asyncio
import sqlite3
from collections.abc import AsyncIterator
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from typing import Final

import aiosqlite
from langgraph.checkpoint.base import BaseCheckpointSaver
from langgraph.checkpoint.serde import _msgpack
from langgraph.checkpoint.serde.jsonplus import JsonPlusSerializer
from langgraph.checkpoint.sqlite.aio import AsyncSqliteSaver
from sqlalchemy import Select

from core.errors import CallerError, DataError

LOCK_SECONDS: Final = 30.0
"""How long one run's checkpoint waits for another's."""

Saver = BaseCheckpointSaver[str]
Guard = Select[tuple[int]]
"""Brings a row, and holds it, while its asker may write checkpoints."""


def require_strict_msgpack() -> None:
    """Refuse to run where a checkpoint could name classes to build.

    Raises:
        DataError: LANGGRAPH_STRICT_MSGPACK was not true when langgraph was imported.
    """
    if not _msgpack.STRICT_MSGPACK_ENABLED:
        raise DataError("set LANGGRAPH_STRICT_MSGPACK=true before langgraph is imported")


@asynccontextmanager
async def checkpointer(
    where: str | None, guard: Guard | None = None
) -> AsyncIterator[Saver | None]:
    """Yield what keeps checkpoints; nothing without a place.

    Args:
        where: SQLite's file or PostgreSQL's URL.
        guard: no checkpoint is written in PostgreSQL unless it brings a row.

    Raises:
        DataError: checkpoints are not protected, or the place cannot be used.
        CallerError: PostgreSQL's URL without what speaks to it.
    """
    require_strict_msgpack()
    if where is None:
        yield None
        return
    async with _in_postgres(where, guard) if "://" in where else _in_file(where) as saver:
        yield saver


async def forget_run(run_id: str, where: str) -> None:
    """Delete a run's checkpoints: once its report is kept they serve no resume."""
    async with checkpointer(where) as saver:
        if saver is not None:
            await saver.adelete_thread(run_id)


def _serde() -> JsonPlusSerializer:
    return JsonPlusSerializer(allowed_msgpack_modules=None)


def _in_postgres(url: str, guard: Guard | None) -> AbstractAsyncContextManager[Saver]:
    try:
        from agents.postgres_checkpoints import opened  # an extra brings what it imports
    except ModuleNotFoundError as error:
        raise CallerError(
            f"checkpoints in PostgreSQL need {error.name}: pip install 'sectorwise[postgres]'"
        ) from error
    return opened(url, guard, serde=_serde())


@asynccontextmanager
async def _in_file(path: str) -> AsyncIterator[Saver]:
    connection = await _connected(path)
    saver = AsyncSqliteSaver(connection, serde=_serde())
    try:
        await _set_up(saver, path)
        yield saver
    finally:
        # langgraph may still write for a cancelled node: a connection closed under a write keeps
        # the file locked for as long as the write's cursor lives.
        async with saver.lock:
            await connection.close()


async def _set_up(saver: AsyncSqliteSaver, path: str) -> None:
    """Make the tables where they are not there yet: forgetting a run needs them too."""
    try:
        await saver.setup()
    except sqlite3.DatabaseError as error:
        raise DataError(
            f"checkpoints in {path} cannot be used ({error}): `sectorwise doctor` tells why"
        ) from error


async def _connected(path: str) -> aiosqlite.Connection:
    """Return an open connection; who is cancelled meanwhile closes it first."""
    opening = asyncio.create_task(_opened(path))
    try:
        return await asyncio.shield(opening)
    except asyncio.CancelledError:
        await (await opening).close()
        raise


async def _opened(path: str) -> aiosqlite.Connection:
    return await aiosqlite.connect(path, timeout=LOCK_SECONDS)
