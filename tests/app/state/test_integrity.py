"""A database is looked at before it is opened: quickly, and without changing it."""

import os
import sqlite3
import threading
import time
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest

from app.state.integrity import beside, quick_damage, require_whole, whole_damage
from app.state.wal import wal_damage
from core.errors import DataError


@pytest.fixture
def logged(tmp_path: Path) -> Iterator[Path]:
    """Yield a database whose last commits are in its write-ahead log only."""
    path = tmp_path / "logged.sqlite"
    with closing(sqlite3.connect(path)) as connection:
        connection.execute("PRAGMA journal_mode = WAL")
        connection.execute("CREATE TABLE rows (content BLOB)")
        for number in range(20):
            connection.execute("INSERT INTO rows VALUES (?)", (bytes([number]) * 3000,))
            connection.commit()
        yield path


def test_a_file_that_is_not_there_is_made_for_its_owner_only(tmp_path: Path) -> None:
    path = tmp_path / "new.sqlite"
    require_whole([path])
    assert path.stat().st_mode & 0o777 == 0o600
    with closing(sqlite3.connect(path)) as connection:
        connection.execute("CREATE TABLE t (a)")
    assert quick_damage(path) is None
    require_whole([tmp_path / "no folder" / "x.sqlite"])


def test_a_whole_log_is_no_damage(logged: Path) -> None:
    assert wal_damage(beside(logged, "-wal")) is None
    assert quick_damage(logged) is None
    assert whole_damage(logged) is None


def test_every_frame_of_a_log_is_summed(logged: Path) -> None:
    wal = beside(logged, "-wal")
    content = wal.read_bytes()
    frame = 24 + 4096
    count = (len(content) - 32) // frame
    for number in range(1, count):  # the last one may have been written as its writer was killed
        broken = bytearray(content)
        broken[32 + (number - 1) * frame + 24 + 7 * number] ^= 16
        wal.write_bytes(bytes(broken))
        assert wal_damage(wal) == f"frame {number} of its write-ahead log is broken"
    wal.write_bytes(content)


def test_a_commit_that_was_cut_off_was_never_one(logged: Path) -> None:
    wal = beside(logged, "-wal")
    content = wal.read_bytes()
    for cut in (len(content) - 1, len(content) - 5000, 32, 10, 0):
        wal.write_bytes(content[:cut])
        assert wal_damage(wal) is None
    wal.write_bytes(content)


def test_a_log_that_was_begun_again_is_read_to_its_own_end(logged: Path) -> None:
    with closing(sqlite3.connect(logged)) as connection:
        connection.execute("PRAGMA wal_checkpoint(RESTART)")
        connection.execute("INSERT INTO rows VALUES ('last')")
        connection.commit()
        assert beside(logged, "-wal").stat().st_size > 3 * 4096, "frames of before are behind it"
        assert quick_damage(logged) is None


@pytest.mark.parametrize(
    ("content", "said"),
    [(b"not a database" * 20, "no SQLite database"), (b"SQLite format 3\0", "no SQLite database")],
)
def test_what_is_no_database_is_told(tmp_path: Path, content: bytes, said: str) -> None:
    path = tmp_path / "x.sqlite"
    path.write_bytes(content)
    with pytest.raises(DataError, match=f"{said}.*doctor --repair"):
        require_whole([path])
    assert path.read_bytes() == content


def test_a_writer_at_work_is_no_damage(tmp_path: Path) -> None:
    """Look again and again while another thread writes, begins its log anew and rolls back."""
    path, over = tmp_path / "busy.sqlite", threading.Event()

    def write() -> None:
        with closing(sqlite3.connect(path, timeout=30)) as connection:
            connection.execute("PRAGMA journal_mode = WAL")
            connection.execute("CREATE TABLE rows (content BLOB)")
            number = 0
            while not over.is_set():
                number += 1
                connection.execute("INSERT INTO rows VALUES (?)", (os.urandom(9000),))
                connection.rollback() if number % 3 == 0 else connection.commit()
                if number % 20 == 0:
                    connection.execute("DELETE FROM rows")
                    connection.commit()
                    connection.execute("PRAGMA wal_checkpoint(RESTART)")

    writer = threading.Thread(target=write)
    writer.start()
    try:
        ends = time.monotonic() + 1.0
        found = set()
        while time.monotonic() < ends:
            found.add(quick_damage(path))
    finally:
        over.set()
        writer.join()
    assert found == {None}
