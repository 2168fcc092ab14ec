"""Files are read by one database a process: what one reading made or saw is no other's."""

import os
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pandas as pd

from tools.storage.row_files import merged_rows, unlike_schema, write_rows
from tools.storage.schema import SCHEMAS

SCHEMA = SCHEMAS["prices"]
DAYS = pd.bdate_range("2024-01-01", periods=30)


def _written(path: Path, symbol: str, close: float) -> Path:
    rows = pd.DataFrame(index=range(len(DAYS)), columns=list(SCHEMA.columns)).assign(
        **dict.fromkeys(SCHEMA.numbers, close),
        **dict.fromkeys(SCHEMA.text, symbol),
        **dict.fromkeys(SCHEMA.stamps, DAYS),
        **dict.fromkeys(SCHEMA.truths, False),
    )
    write_rows(path, rows, SCHEMA)
    return path


def _closes(path: Path) -> pd.DataFrame:
    return merged_rows({str(path): "raw"}, "prices", (*SCHEMA.key, "close"), as_of=None)


def test_threads_that_read_at_once_see_their_own_files_names(tmp_path: Path) -> None:
    paths = {name: _written(tmp_path / name, name, 1.0) for name in ("AAA", "BBB", "CCC")}
    subject = SCHEMA.subject
    with ThreadPoolExecutor(6) as threads:
        asked = [name for name in paths for _ in range(8)]
        found = list(threads.map(lambda name: _closes(paths[name]), asked))
    assert [set(rows[subject].astype(str)) for rows in found] == [{name} for name in asked]
    assert all(len(rows) == len(DAYS) for rows in found)


def test_a_file_that_was_replaced_unnoticed_is_read_anew(tmp_path: Path) -> None:
    path = _written(tmp_path / "rows", "AAA", 1.0)
    before = path.stat()
    assert set(_closes(path)["close"]) == {1.0}
    _written(path, "AAA", 2.0)
    os.utime(path, ns=(before.st_atime_ns, before.st_mtime_ns))
    assert set(_closes(path)["close"]) == {2.0}
    path.write_bytes(b"\0" * before.st_size)
    os.utime(path, ns=(before.st_atime_ns, before.st_mtime_ns))
    assert unlike_schema(path, SCHEMA) == "they cannot be read"
