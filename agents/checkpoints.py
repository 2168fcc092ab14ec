"""Keeps the checkpoints of runs, in SQLite; whoever stops leaves the file to others, whole."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Final

import aiosqlite
from langgraph.checkpoint.base import BaseCheckpointSaver
from langgraph.checkpoint.serde import _msgpack
from langgraph.checkpoint.serde.jsonplus import JsonPlusSerializer
from langgraph.checkpoint.sqlite.aio import AsyncSqliteSaver

from core.errors import DataError

LOCK_SECONDS: Final = 30.0
"""How long one run's checkpoint waits for another's."""


def require_strict_msgpack() -> None:
    """Refuse to run where a checkpoint could name classes to build.

    Raises:
        DataError: LANGGRAPH_STRICT_MSGPACK was not true when langgraph was imported.
    """
    if not _msgpack.STRICT_MSGPACK_ENABLED:
        raise DataError("set LANGGRAPH_STRICT_MSGPACK=true before langgraph is imported")


@asynccontextmanager
async def checkpointer(path: str | None) -> AsyncIterator[BaseCheckpointSaver[str] | None]:
    """Yield what keeps checkpoints in the file; nothing without one.

    Raises:
        DataError: checkpoints are not protected.
    """
    require_strict_msgpack()
    if path is None:
        yield None
        return
    connection = await _connected(path)
    serde = JsonPlusSerializer(allowed_msgpack_modules=None)
    saver = AsyncSqliteSaver(connection, serde=serde)
    try:
        yield saver
    finally:
        # langgraph may still write for a cancelled node: a connection closed under a write keeps
        # the file locked for as long as the write's cursor lives.
        async with saver.lock:
            await connection.close()


async def forget_run(run_id: str, path: str) -> None:
    """Delete a run's checkpoints: once its report is kept they serve no resume."""
    async with checkpointer(path) as saver:
        if saver is not None:
            await saver.adelete_thread(run_id)


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
