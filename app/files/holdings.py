"""Keeps what the user holds, one write-once file an import, and finds what was held at a date."""

import fcntl
import os
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date
from pathlib import Path

from pydantic import Field, ValidationError

from core.errors import DataError
from core.records.holdings import Holdings
from core.records.record import Record

FOLDER = "holdings"
HASH_CHARS = 8


class StoredHoldings(Record):
    """One import; of those of one date the one imported last counts."""

    sequence: int = Field(ge=1, description="of the universe's imports")
    holdings: Holdings


def store_holdings(home: Path, holdings: Holdings) -> bool:
    """Keep the holdings; tell whether that was needed.

    What was imported last for the date already, is not stored again. Imports of other threads and
    processes wait, so that each takes a number of its own.

    Raises:
        DataError: the holdings have no date, or the folder holds a damaged file.
    """
    if holdings.dated is None:
        raise DataError("holdings without a date are not stored; give the file a date")
    folder = home / FOLDER / holdings.universe
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    with _alone(folder):
        stored = stored_holdings(home, holdings.universe)
        current = [row for row in stored if row.holdings.dated == holdings.dated]
        if current and current[-1].holdings == holdings:
            return False
        sequence = 1 + max((row.sequence for row in stored), default=0)
        row = StoredHoldings(sequence=sequence, holdings=holdings)
        name = f"{holdings.dated}-{row.content_hash()[:HASH_CHARS]}.json"
        _write_once(folder / name, row.model_dump_json(indent=1) + "\n")
    return True


def load_holdings(home: Path, universe: str, as_of: date) -> Holdings | None:
    """Return what was held at as_of: the latest date up to it; None when nothing is stored.

    Raises:
        DataError: a stored file is damaged; the message names it.
    """
    known = [
        row.holdings
        for row in stored_holdings(home, universe)
        if row.holdings.dated is not None and row.holdings.dated <= as_of
    ]
    return known[-1] if known else None


def stored_holdings(home: Path, universe: str) -> tuple[StoredHoldings, ...]:
    """Return every import of a universe, by date, then in the order they were made.

    Raises:
        DataError: a stored file is damaged; the message names it.
    """
    rows = [_read(path) for path in sorted((home / FOLDER / universe).glob("*.json"))]
    return tuple(sorted(rows, key=lambda row: (row.holdings.dated or date.min, row.sequence)))


@contextmanager
def _alone(folder: Path) -> Iterator[None]:
    """Hold the folder's lock, which a killed process lets go of."""
    handle = os.open(folder, os.O_RDONLY)
    try:
        fcntl.flock(handle, fcntl.LOCK_EX)
        yield
    finally:
        os.close(handle)


def _read(path: Path) -> StoredHoldings:
    try:
        return StoredHoldings.model_validate_json(path.read_bytes())
    except (ValidationError, OSError) as error:
        raise DataError(
            f"{path} is no stored holdings file; delete it and import its file again with "
            "`sectorwise import --holdings FILE`"
        ) from error


def _write_once(path: Path, text: str) -> None:
    """Write the file whole or not at all; one that is there stays."""
    handle, scratch = tempfile.mkstemp(dir=path.parent, prefix=".writing-")
    try:
        with os.fdopen(handle, "w", encoding="utf-8") as file:
            file.write(text)
        if not path.exists():
            Path(scratch).replace(path)
    finally:
        Path(scratch).unlink(missing_ok=True)
