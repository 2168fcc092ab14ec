"""Decides whether an error says that something could not be kept, and in which sentence that reads.

What was stored before stays, and the same command goes on from there: every writer here replaces
whole files or ends whole transactions.
"""

import errno
import sqlite3
from collections.abc import Iterator
from typing import Final

FULL: Final = frozenset({errno.ENOSPC, errno.EDQUOT, errno.EFBIG})
REFUSED: Final = frozenset({errno.EROFS, errno.EACCES, errno.EPERM})
DATABASE_FULL: Final = frozenset({sqlite3.SQLITE_FULL})
DATABASE_FAILED: Final = frozenset({sqlite3.SQLITE_IOERR})
DATABASE_REFUSED: Final = frozenset({sqlite3.SQLITE_READONLY, sqlite3.SQLITE_CANTOPEN})
DATABASE_BUSY: Final = frozenset({sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED})
DATABASE_DAMAGED: Final = frozenset({sqlite3.SQLITE_CORRUPT, sqlite3.SQLITE_NOTADB})
PRIMARY: Final = 0xFF
ROWS_FULL: Final = (
    "No space left on device",
    "File too large",
    "Could not write",
    "quota exceeded",
)
"""How DuckDB, which writes partitions, tells of a full disk."""
DEEPEST: Final = 20

NO_SPACE: Final = (
    "no space is left for {what}: free some, then run the same again; what was stored stays"
)
FAILED: Final = (
    "the database cannot be written: see whether the disk is full or fails, then run the same "
    "again; what was stored stays"
)
NO_RIGHT: Final = (
    "{what} cannot be written: give its owner the right to, or set SECTORWISE_HOME; what was "
    "stored stays"
)
BUSY: Final = "the database was in use for too long: run the same again; what was stored stays"
DAMAGED: Final = (
    "the database is damaged: `sectorwise doctor --repair` moves it aside and keeps every row that "
    "can be read"
)


def storage_sentence(error: BaseException) -> str | None:
    """Return what to do about an error of keeping things; None for any other error."""
    for cause in _causes(error):
        found = _of_file(cause) or _of_database(cause) or _of_rows(cause)
        if found is not None:
            return found
    return None


def _of_file(error: BaseException) -> str | None:
    if not isinstance(error, OSError):
        return None
    what = str(error.filename or "the home")
    if error.errno in FULL:
        return NO_SPACE.format(what=what)
    return NO_RIGHT.format(what=what) if error.errno in REFUSED else None


def _of_database(error: BaseException) -> str | None:
    if not isinstance(error, sqlite3.DatabaseError):
        return None
    code = int(getattr(error, "sqlite_errorcode", 0)) & PRIMARY
    if code in DATABASE_FULL:
        return NO_SPACE.format(what="the database")
    if code in DATABASE_FAILED:
        return FAILED
    if code in DATABASE_REFUSED:
        return NO_RIGHT.format(what="the database")
    if code in DATABASE_DAMAGED:
        return DAMAGED
    return BUSY if code in DATABASE_BUSY else None


def _of_rows(error: BaseException) -> str | None:
    ours = type(error).__module__.startswith(("duckdb", "_duckdb"))
    if ours and any(sign in str(error) for sign in ROWS_FULL):
        return NO_SPACE.format(what="the store's rows")
    return None


def _causes(error: BaseException) -> Iterator[BaseException]:
    """Yield an error and what it came from, nearest first; of a group, each of its errors."""
    waiting, seen = [error], 0
    while waiting and seen < DEEPEST:
        found = waiting.pop(0)
        seen += 1
        yield found
        if isinstance(found, BaseExceptionGroup):
            waiting += found.exceptions
        waiting += [each for each in (found.__cause__, found.__context__) if each is not None]
