"""Checkpoints are whole or not there: whoever is killed in a write, or lost the right to one."""

import asyncio
import os
import random
import signal
import sqlite3
import time
from contextlib import closing
from hashlib import sha256
from itertools import count
from pathlib import Path
from typing import Final

import pytest
from langchain_core.runnables import RunnableConfig
from langgraph.checkpoint.base import CheckpointMetadata, empty_checkpoint
from sqlalchemy import literal, select

from agents.checkpoints import Saver, checkpointer, forget_run
from core.errors import ConflictError, DataError
from tests.app.running.killing import forked

pytestmark = pytest.mark.xdist_group("postgres")
THREAD: Final = RunnableConfig(configurable={"thread_id": "run", "checkpoint_ns": ""})
LONGEST_MICROSECONDS: Final = 30_000
"""Longer than a few writes take."""
BYTES: Final = 200_000


async def _put(saver: Saver, config: RunnableConfig, number: int) -> RunnableConfig:
    """Write a checkpoint that tells whether it is whole."""
    filled = random.Random(number).randbytes(BYTES).hex()  # noqa: S311 - no secret
    held = {"number": number, "filled": {"text": filled, "sha256": _sha256(filled)}}
    checkpoint = empty_checkpoint() | {
        "channel_values": held,
        "channel_versions": dict.fromkeys(held, f"{number:08}.0"),
    }
    told = CheckpointMetadata(source="loop", step=number, parents={})
    return await saver.aput(config, checkpoint, told, checkpoint["channel_versions"])


async def _standing(where: str) -> int:
    """Return the number of the last checkpoint, which is whole."""
    async with checkpointer(where) as saver:
        assert saver is not None
        found = await saver.aget_tuple(THREAD)
    assert found is not None
    held = found.checkpoint["channel_values"]
    assert _sha256(held["filled"]["text"]) == held["filled"]["sha256"]
    return int(held["number"])


def _sha256(text: str) -> str:
    return sha256(text.encode()).hexdigest()


def write_until_killed(where: str, told: Path, first: int) -> None:
    """Write checkpoint after checkpoint, and tell of each that was acknowledged."""

    async def write() -> None:
        await forget_run("run", where)
        config = THREAD
        async with checkpointer(where) as saver:
            assert saver is not None
            for number in count(first):
                config = await _put(saver, config, number)
                with told.open("a") as lines:
                    lines.write(f"{number}\n")

    asyncio.run(write())


def _killed_in_a_write(where: str, told: Path, trial: int) -> None:
    process = forked().Process(target=write_until_killed, args=(where, told, trial * 1_000_000))
    process.start()
    while not told.exists() or not told.stat().st_size:
        assert process.is_alive()
        time.sleep(0.001)
    time.sleep(random.Random(trial).randrange(LONGEST_MICROSECONDS) / 1e6)  # noqa: S311 - no secret
    os.kill(process.pid or 0, signal.SIGKILL)
    process.join(30)
    process.close()
    acknowledged = int(told.read_text().rsplit("\n", 2)[-2])
    assert asyncio.run(_standing(where)) in (acknowledged, acknowledged + 1)


def _kills(folder: Path, trials: range, *servers: str) -> None:
    file = str(folder / "checkpoints.sqlite")
    for trial in trials:
        for where in (file, *servers):
            _killed_in_a_write(where, folder / f"told-{where == file}-{trial}", trial)
        with closing(sqlite3.connect(file)) as connection:
            assert connection.execute("PRAGMA quick_check").fetchall() == [("ok",)]


def test_a_process_killed_in_a_write_leaves_the_last_whole_checkpoint(tmp_path: Path) -> None:
    _kills(tmp_path, range(1))


@pytest.mark.prove
@pytest.mark.timeout(1800)
def test_two_hundred_kills_in_a_write_leave_nothing_damaged(
    tmp_path: Path, postgres_url: str
) -> None:
    _kills(tmp_path, range(200), postgres_url)
    print("\n200 kills in a checkpoint's write a store: 0 damaged, 0 acknowledged ones lost")


async def _guarded_by(url: str, *, held: bool) -> None:
    guard = select(literal(1)).where(literal(held))
    async with checkpointer(url, guard) as saver:
        assert saver is not None
        config = await _put(saver, THREAD, 2)
        await saver.aput_writes(config, [("number", 3)], "task")


def test_nobody_who_lost_the_right_writes_a_checkpoint(postgres_url: str) -> None:
    asyncio.run(_guarded_by(postgres_url, held=True))
    with pytest.raises(ConflictError, match="another process has taken over run run"):
        asyncio.run(_guarded_by(postgres_url, held=False))
    assert asyncio.run(_standing(postgres_url)) == 2


async def _opened_together(url: str) -> None:
    async def opened() -> None:
        async with checkpointer(url) as saver:
            assert saver is not None

    await asyncio.gather(*(opened() for _ in range(4)))


def test_the_first_processes_make_the_tables_together(postgres_url: str) -> None:
    asyncio.run(_opened_together(postgres_url))


def test_a_server_that_is_not_there_is_told_without_its_password() -> None:
    url = "postgresql+psycopg://desk:secret@127.0.0.1:1/none"
    with pytest.raises(DataError, match=r"desk:\*\*\*@127.0.0.1:1/none cannot be used") as told:
        asyncio.run(_opened_together(url))
    assert "secret" not in str(told.value)
