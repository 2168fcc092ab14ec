"""Decides whether the databases of a home may be opened; it mends nothing and moves nothing.

What it looks at is bounded, so that every start can afford it: a larger file is looked through by
`sectorwise doctor` only.
"""

import os
import sqlite3
import time
from collections.abc import Iterable
from contextlib import closing
from pathlib import Path
from typing import Final
from urllib.parse import quote

from app.state.wal import wal_damage
from core.errors import DataError

MAGIC: Final = b"SQLite format 3\0"
HEADER_BYTES: Final = 100
QUICK_BYTES: Final = 16 * 2**20
"""A file up to this size is looked through at every start, which takes 1 ms a megabyte."""
WAIT_SECONDS: Final = 0.02
"""How long another writer is waited for; a file somebody writes to is one he could open."""
LOOKS: Final = 3
"""A log that is being written to may look broken; a broken one looks so every time."""
DAMAGED: Final = frozenset({sqlite3.SQLITE_CORRUPT, sqlite3.SQLITE_NOTADB})
UNREAD: Final = frozenset({sqlite3.SQLITE_IOERR_READ, sqlite3.SQLITE_IOERR_SHORT_READ})
PRIMARY: Final = 0xFF
"""Of an extended error code: the bits that tell its kind."""


def require_whole(files: Iterable[Path]) -> None:
    """Refuse to open what is damaged; one that is not there yet is made, for its owner only.

    Raises:
        DataError: a file is damaged; the sentence names it and what to do.
    """
    for path in files:
        found = quick_damage(path)
        if found is not None:
            raise DataError(
                f"{path} is damaged ({found}): `sectorwise doctor --repair` moves it aside and "
                "keeps every row that can be read"
            )
        _private(path)


def quick_damage(path: Path) -> str | None:
    """Return what is wrong with a SQLite file at first sight; None where nothing is."""
    if not path.is_file() or path.stat().st_size == 0:
        return _log_damage(path)
    whole = path.stat().st_size <= QUICK_BYTES
    return _outer_damage(path) or _damage_inside(path, "quick_check(1)" if whole else None)


def whole_damage(path: Path) -> str | None:
    """Return what is wrong with a SQLite file, looked through to its last page."""
    if not path.is_file() or path.stat().st_size == 0:
        return _log_damage(path)
    return _outer_damage(path) or _damage_inside(path, "integrity_check(1)")


def beside(path: Path, suffix: str) -> Path:
    """Return the file SQLite keeps beside a database: `-wal`, `-shm` or `-journal`."""
    return path.with_name(path.name + suffix)


def read_only(path: Path) -> sqlite3.Connection:
    """Return a connection that writes nothing."""
    return sqlite3.connect(f"file:{quote(str(path))}?mode=ro", uri=True, timeout=WAIT_SECONDS)


def is_damage(error: sqlite3.DatabaseError) -> bool:
    """Tell whether an error is the file's, not another writer's, a right's or the disk's."""
    code = int(getattr(error, "sqlite_errorcode", 0))
    return code in UNREAD or code & PRIMARY in DAMAGED


def _outer_damage(path: Path) -> str | None:
    """Return what the file's length, its head and its log tell without SQLite."""
    with path.open("rb") as file:
        head = file.read(HEADER_BYTES)
    if not head.startswith(MAGIC) or len(head) < HEADER_BYTES:
        return "it is no SQLite database"
    return _log_damage(path) or _missing_pages(path, head)


def _log_damage(path: Path) -> str | None:
    found = None
    for look in range(LOOKS):
        time.sleep(WAIT_SECONDS if look else 0.0)
        found = wal_damage(beside(path, "-wal"))
        if found is None:
            break
    return found


def _missing_pages(path: Path, head: bytes) -> str | None:
    """Return how many pages were cut off; a transaction under way settles that itself."""
    if any(_size(beside(path, suffix)) for suffix in ("-wal", "-journal")):
        return None
    page_bytes = int.from_bytes(head[16:18], "big")
    page_bytes = 65_536 if page_bytes == 1 else page_bytes
    is_said = head[24:28] == head[92:96]
    pages, there = int.from_bytes(head[28:32], "big"), path.stat().st_size
    if not is_said or pages * page_bytes <= there:
        return None
    return f"it holds {there // page_bytes:,} of its {pages:,} pages"


def _damage_inside(path: Path, check: str | None) -> str | None:
    """Return what SQLite finds wrong; what it may not look at now is not damage."""
    try:
        with closing(read_only(path)) as connection:
            connection.execute("SELECT count(*) FROM sqlite_master").fetchone()
            said = "ok" if check is None else connection.execute(f"PRAGMA {check}").fetchone()[0]
    except sqlite3.DatabaseError as error:
        return str(error) if is_damage(error) else None
    return None if said == "ok" else " ".join(str(said).split())


def _size(path: Path) -> int:
    try:
        return path.stat().st_size
    except FileNotFoundError:
        return 0


def _private(path: Path) -> None:
    """Make an empty database where there is none: SQLite then keeps its rights."""
    if not path.exists() and path.parent.is_dir() and os.access(path.parent, os.W_OK):
        os.close(os.open(path, os.O_CREAT | os.O_WRONLY, 0o600))
