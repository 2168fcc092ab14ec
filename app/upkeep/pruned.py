"""Takes out of a home what may go, and gives the room back to the disk."""

import shutil
import sqlite3
from contextlib import closing
from datetime import datetime
from pathlib import Path
from tempfile import mkdtemp
from typing import Final

from pydantic import Field
from sqlalchemy import MetaData, bindparam, delete

from agents.toolbox.database import Database
from agents.toolbox.purse import Purse
from app.delivery.letters import LETTERS
from app.delivery.outbox import Outbox
from app.settings import CHECKPOINTS, Settings
from app.snapshots import RUNS
from app.state.opening import database_file
from app.upkeep.checkpoints import KeptCheckpoints
from app.upkeep.pruning import CALLS, Going, Limits, is_old_call
from app.watching.memory import TABLES as WATCHED
from app.watching.memory import forgotten
from core.records.record import Record

SCRATCH: Final = ".pruning-"
"""How the folder begins that others are moved to before they are deleted: no list shows it."""
SLACK: Final = 0.1
"""A file with a larger part of free pages is written anew."""
LOCK_SECONDS: Final = 30.0


class Gone(Record):
    """What a pruning came to."""

    freed_bytes: int
    rows_count: int = Field(ge=0, description="that told only of what is over")


def pruned(settings: Settings, chosen: Going, limits: Limits, *, now: datetime) -> Gone:
    """Take out what was chosen, and what its owners know to be over."""
    home = settings.home_dir
    before = _bytes(home)
    if limits.calls is not None:
        _forget_calls(settings.database, chosen.calls_of, now - limits.calls)
    over = 0 if limits.runs is None else _forget_over(settings.database, now - limits.runs)
    with closing(KeptCheckpoints(settings)) as kept:
        kept.forget(chosen.checkpoints_of)
    runs = [home / RUNS / name for name in chosen.runs]
    _delete_folders(home, (*runs, *(home / LETTERS / name for name in chosen.letters)))
    for file in (database_file(settings), home / CHECKPOINTS):
        if file is not None:
            _compact(file)
    return Gone(freed_bytes=before - _bytes(home), rows_count=over)


def _forget_calls(url: str, runs: tuple[str, ...], oldest: datetime) -> None:
    if not runs:
        return
    query = delete(CALLS).where(CALLS.c.run == bindparam("gone"), is_old_call(oldest))
    with closing(Database(url, MetaData())) as database, database.alone() as connection:
        connection.execute(query, [{"gone": run} for run in runs])


def _forget_over(url: str, before: datetime) -> int:
    """Let each owner forget what is over, and return how many rows that were."""
    with (
        closing(Outbox(url, clock=lambda: before)) as outbox,
        closing(Purse(url, clock=lambda: before)) as purse,
        closing(Database(url, WATCHED)) as watched,
    ):
        count = outbox.forgotten(before=before) + purse.forgotten(before)
        with watched.alone() as connection:
            return count + forgotten(connection, before=before)


def _delete_folders(home: Path, folders: tuple[Path, ...]) -> None:
    """Delete folders, out of every list at once; what a kill leaves goes the next time."""
    for left in home.glob(f"{SCRATCH}*"):
        shutil.rmtree(left, ignore_errors=True)
    if not folders:
        return
    scratch = Path(mkdtemp(dir=home, prefix=SCRATCH))
    for number, folder in enumerate(folders):
        folder.rename(scratch / str(number))
    shutil.rmtree(scratch)


def _compact(file: Path) -> None:
    """Write a SQLite file anew where much of it is free; one in use is left for the next time."""
    if not file.is_file() or file.stat().st_size == 0:
        return
    with closing(sqlite3.connect(file, timeout=LOCK_SECONDS, isolation_level=None)) as connection:
        free = connection.execute("PRAGMA freelist_count").fetchone()[0]
        pages = connection.execute("PRAGMA page_count").fetchone()[0]
        if free > SLACK * pages:
            connection.execute("VACUUM")


def _bytes(home: Path) -> int:
    return sum(path.stat().st_size for path in home.rglob("*") if path.is_file())
