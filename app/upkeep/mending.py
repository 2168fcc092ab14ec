"""Decides how each thing a look found is mended; whatever it replaces is moved aside first."""

import fcntl
import os
import struct
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path
from typing import Final

from app.settings import Settings
from app.state.integrity import beside
from app.state.opening import database_file
from app.upkeep.finding import Finding, Mended
from app.upkeep.folders import made_private
from app.upkeep.owners import tables_made
from app.upkeep.quarantine import Quarantine
from app.upkeep.runs import derived_made, record_made
from app.upkeep.salvage import salvaged
from core.errors import DataError

COMPANIONS: Final = ("-wal", "-shm", "-journal")
FIRST_LOCKED, LOCKED_BYTES = 0x40000000, 512
"""What SQLite locks of a file, whoever uses it (file format, 1.4)."""
FLOCK: Final = "hhqqi4x"
"""Linux's struct flock: kind, whence, start, length, process (fcntl(2))."""
Clock = Callable[[], datetime]


def mended(finding: Finding, settings: Settings, *, stamp: str, clock: Clock) -> Iterator[Mended]:
    """Mend one thing, and yield each step once it is done; nothing where a repair cannot help.

    Args:
        finding: what was found.
        settings: of the home.
        stamp: names the quarantine's folder.
        clock: of new databases.

    Raises:
        DataError: a damaged database is in use by another process.
    """
    home = settings.home_dir
    aside, path = Quarantine(home, stamp), home / finding.where
    match finding.mend:
        case None:
            return
        case "rights":
            made_private(home)
            yield Mended(where=".", what="others have no rights on the home any more")
        case "aside":
            yield from _aside(aside, path)
        case "restart":
            yield from _restarted(aside, path)
        case "salvage":
            yield from _salvaged(aside, database_file(settings) or path, clock)
        case "record" | "derived":
            yield from _written_again(aside, path, finding.mend == "record")


def _aside(aside: Quarantine, path: Path) -> Iterator[Mended]:
    """Move a file or folder aside; a partition's other half goes with it."""
    paths = [path]
    if path.suffix == ".json" and path.with_suffix(".parquet").exists():
        paths.append(path.with_suffix(".parquet"))
    for each in paths:
        place = aside.moved(each)
        if place is not None:
            yield Mended(where=aside.named(each), what=f"moved to {aside.named(place)}")


def _restarted(aside: Quarantine, path: Path) -> Iterator[Mended]:
    with _alone(path):
        for suffix in ("", *COMPANIONS):
            yield from _aside(aside, beside(path, suffix))


def _salvaged(aside: Quarantine, path: Path, clock: Clock) -> Iterator[Mended]:
    """Put a whole database in the place of a damaged one, which keeps a name of its own.

    What SQLite keeps beside the damaged one is gone before: it would be played into the whole one.
    """
    ready = path.with_name(f".{path.name}.salvaged")
    with _alone(path):
        ready.unlink(missing_ok=True)
        found = salvaged(path, ready, blank=lambda fresh: tables_made(f"sqlite:///{fresh}", clock))
        ready.chmod(0o600)
        place = aside.kept(path)
        companions = [each for suffix in COMPANIONS if (each := beside(path, suffix)).exists()]
        for each in companions:
            aside.kept(each)
        for each in companions:
            each.unlink()
        ready.replace(path)
    kept = ", ".join(f"{count:,} of {name}" for name, count in sorted(found.kept.items()) if count)
    lost = f"; {found.left:,} that were not what was written stayed behind" if found.left else ""
    where = aside.named(path)
    yield Mended(where=where, what=f"moved to {aside.named(place)}")
    yield Mended(where=where, what=f"rows kept: {kept or 'none'}{lost}")


def _written_again(aside: Quarantine, path: Path, is_record: bool) -> Iterator[Mended]:
    """Write a run's record, or what follows from its report, again."""
    folder = path if path.is_dir() else path.parent
    if path.is_file():
        yield from _aside(aside, path)
    if is_record:
        record_made(folder)
    else:
        derived_made(folder)
    what = "the record was" if is_record else f"{path.name} was"
    yield Mended(where=aside.named(path), what=f"{what} written again from the report")


@contextmanager
def _alone(path: Path) -> Iterator[None]:
    """Keep everybody from reading or writing a database, without opening it as one.

    Who has it open but does nothing is not noticed: SQLite itself refuses to write to a file that
    was replaced. The lock is the open file's, so that closing another copy of it ends nothing.

    Raises:
        DataError: one does.
    """
    if not path.is_file():
        yield
        return
    with path.open("r+b") as file:
        wanted = (fcntl.F_WRLCK, os.SEEK_SET, FIRST_LOCKED, LOCKED_BYTES, 0)
        try:
            fcntl.fcntl(file, fcntl.F_OFD_SETLK, struct.pack(FLOCK, *wanted))
        except OSError as error:
            raise DataError(
                f"{path} is in use: end every other sectorwise first, then repair again"
            ) from error
        yield
