"""Decides where the tests' folders are: in memory where there is plenty, on the disk elsewhere."""

import fcntl
import os
import shutil
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Final

MEMORY: Final = Path("/dev/shm")  # noqa: S108 - a folder of its own is made in it
PREFIX: Final = "sectorwise-tests-"
NEEDED_BYTES: Final = 12 * 2**30
"""Several times what all tests of a run leave behind and need to run, together."""
YOUNG_SECONDS: Final = 60.0
"""A folder of this age may not be held yet."""


def is_roomy(memory: Path = MEMORY) -> bool:
    """Whether the tests' folders fit there beside the tests."""
    if not os.access(memory, os.W_OK):
        return False
    return min(shutil.disk_usage(memory).free, _available_bytes()) >= NEEDED_BYTES


@contextmanager
def held_folder(memory: Path = MEMORY) -> Iterator[Path]:
    """Yield a new folder that is gone afterwards, and remove what killed runs left of theirs."""
    _sweep(memory)
    folder = Path(tempfile.mkdtemp(prefix=PREFIX, dir=memory))
    handle = os.open(folder, os.O_RDONLY)
    try:
        fcntl.flock(handle, fcntl.LOCK_EX)
        yield folder
    finally:
        shutil.rmtree(folder, ignore_errors=True)
        os.close(handle)


def _sweep(memory: Path) -> None:
    for folder in memory.glob(f"{PREFIX}*"):
        with suppress(FileNotFoundError):  # another run's, at its end
            if time.time() - folder.stat().st_mtime > YOUNG_SECONDS and not _is_held(folder):
                shutil.rmtree(folder, ignore_errors=True)


def _is_held(folder: Path) -> bool:
    handle = os.open(folder, os.O_RDONLY)
    try:
        fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return True
    else:
        return False
    finally:
        os.close(handle)


def _available_bytes() -> int:
    """Return what Linux says further programs may take; nothing where it does not say."""
    told = Path("/proc/meminfo")
    lines = told.read_text(encoding="ascii").splitlines() if told.exists() else []
    rows = dict(line.split(":", 1) for line in lines)
    return int(rows.get("MemAvailable", "0 kB").split()[0]) * 1024
