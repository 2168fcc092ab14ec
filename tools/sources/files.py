"""Decides whether a file can be read at all, and says in one sentence why not and what to do."""

import csv
import hashlib
import io
import os
import re
import zipfile
from dataclasses import dataclass
from pathlib import Path

import duckdb
import numpy as np
import pandas as pd
from numpy.typing import NDArray

from core.errors import ImportRejectedError
from tools.sources.parquet import parquet_frame

SUFFIXES = (".parquet", ".csv", ".txt", ".xlsx")
_SEPARATORS = ",;\t|"
_ORIGIN_CHARS = 64
_NAME_BYTES = 255
"""What a file system takes as a name."""

Table = tuple[pd.DataFrame, NDArray[np.int64] | None]
"""A table and the lines of its rows."""


@dataclass(frozen=True, slots=True)
class RawFile:
    """A file's rows under its own headings; `row` numbers count from 1 below them.

    `lines` holds the line each row begins on, counted from 1; None where a file has no lines.
    """

    name: str
    sha256: str
    frame: pd.DataFrame
    lines: NDArray[np.int64] | None = None


def raw_file(path: Path) -> RawFile:
    """Return the file's table, text as text.

    Raises:
        ImportRejectedError: missing, empty, damaged, wrong encoding or kind; the message says
            what to do.
    """
    if len(os.fsencode(path.name)) > _NAME_BYTES:
        raise ImportRejectedError(
            f"{origin_name(path)}: the file's name is longer than {_NAME_BYTES} bytes; shorten it."
        )
    if not path.is_file():
        raise ImportRejectedError(f"{path.name}: no such file; check the path.")
    content = path.read_bytes()
    if not content:
        raise ImportRejectedError(f"{path.name}: the file is empty; export it again.")
    frame, lines = _frame(path, content)
    frame.columns = pd.Index([str(name).strip() for name in frame.columns])
    if frame.empty or frame.columns.empty:
        raise ImportRejectedError(f"{path.name}: no rows below the headings; export it again.")
    _refuse_repeated(path.name, list(frame.columns))
    return RawFile(origin_name(path), hashlib.sha256(content).hexdigest(), frame, lines)


def origin_name(path: Path) -> str:
    """Return the file's name without its folder, in the characters records allow."""
    return re.sub(r"[^\w .:-]", "_", path.name)[-_ORIGIN_CHARS:]


def _frame(path: Path, content: bytes) -> Table:
    suffix = path.suffix.lower()
    if suffix == ".parquet":
        return _from_parquet(path), None
    if suffix in (".csv", ".txt"):
        return _from_csv(path.name, content)
    if suffix == ".xlsx":
        return _from_sheet(path.name, content)
    raise ImportRejectedError(
        f"{path.name}: files of kind {suffix or 'without a suffix'} are not read; "
        f"save it as one of {', '.join(SUFFIXES)}."
    )


def _from_parquet(path: Path) -> pd.DataFrame:
    try:
        return parquet_frame(path)
    except (duckdb.Error, ValueError, IndexError) as error:
        reason = str(error).splitlines()[0].replace(str(path), path.name)[:160]
        raise ImportRejectedError(
            f"{path.name}: not a readable Parquet file ({reason}); export or copy it again."
        ) from error


def _from_csv(name: str, content: bytes) -> Table:
    text = _decoded(name, content)
    heading = text.split("\n", 1)[0]
    separator = max(_SEPARATORS, key=heading.count)
    try:
        headings = next(csv.reader([heading.strip()], delimiter=separator), [])
        _refuse_repeated(name, headings)
        lines = _even_lines(name, text, separator)
        frame = pd.read_csv(
            io.StringIO(text),
            sep=separator,
            dtype=str,
            keep_default_na=False,
            index_col=False,
            usecols=range(len(headings)),
        )
        return frame, lines if len(lines) == len(frame) else None
    except (pd.errors.ParserError, pd.errors.EmptyDataError, csv.Error) as error:
        raise ImportRejectedError(
            f"{name}: not a table of one heading line and rows ({str(error).strip()[:160]})."
        ) from error


def _even_lines(name: str, text: str, separator: str) -> NDArray[np.int64]:
    """Return the line of each row below the headings.

    Raises:
        ImportRejectedError: rows have more or fewer fields than the headings; empty fields at a
            row's end count only as far as the headings reach.
    """
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=separator)
    wanted = len(next(reader, []))
    lines, uneven, ended = [], [], reader.line_num
    for cells in reader:
        begun, ended = ended + 1, reader.line_num
        if not cells or (len(cells) == 1 and not cells[0].strip()):
            continue
        lines.append(begun)
        if len(cells) < wanted or any(cells[wanted:]):
            uneven.append((begun, len(cells)))
    if uneven:
        line, count = uneven[0]
        more = f" and {len(uneven) - 1} more lines do not fit" if len(uneven) > 1 else ""
        raise ImportRejectedError(
            f"{name}: not a table: line {line} has {count} fields where the headings have "
            f"{wanted}{more}; correct or delete what does not fit, then import again."
        )
    return np.array(lines, dtype=np.int64)


def _refuse_repeated(file: str, headings: list[str]) -> None:
    repeated = next((name for name in headings if headings.count(name) > 1), None)
    if repeated is not None:
        raise ImportRejectedError(
            f"{file}: the heading {repeated!r} appears twice; rename one of the columns."
        )


def _decoded(name: str, content: bytes) -> str:
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        utf16 = content[:2] in (b"\xff\xfe", b"\xfe\xff")
        likely = "UTF-16" if utf16 else "Windows-1258 or another 8-bit encoding"
        line = content.count(b"\n", 0, error.start) + 1
        raise ImportRejectedError(
            f"{name}: line {line} is not UTF-8 (it looks like {likely}); "
            'save the file again as "CSV UTF-8" or as .xlsx.'
        ) from error
    if "\x00" in text[:4096]:
        raise ImportRejectedError(
            f'{name}: not a text file, or UTF-16 without a mark; save it again as "CSV UTF-8".'
        )
    return text


def _from_sheet(name: str, content: bytes) -> Table:
    import openpyxl  # no other command reads a workbook
    from openpyxl.utils.exceptions import InvalidFileException

    try:
        book = openpyxl.load_workbook(io.BytesIO(content), read_only=True, data_only=True)
    except (zipfile.BadZipFile, InvalidFileException, KeyError, ValueError, OSError) as error:
        raise ImportRejectedError(
            f"{name}: not a readable .xlsx workbook; open it in a spreadsheet and save it again."
        ) from error
    try:
        rows = [list(row) for row in book.worksheets[0].iter_rows(values_only=True)]
    finally:
        book.close()
    heading = next((i for i, row in enumerate(rows) if _cells(row) > 1), None)
    if heading is None:
        raise ImportRejectedError(f"{name}: the first sheet holds no table of two or more columns.")
    names = rows[heading]
    used = [i for i, cell in enumerate(names) if cell is not None and str(cell).strip()]
    body = [[row[i] if i < len(row) else None for i in used] for row in rows]
    lines = [i for i in range(heading + 1, len(body)) if _cells(body[i])]
    columns = [str(names[i]) for i in used]
    frame = pd.DataFrame([body[i] for i in lines], columns=columns)
    return frame, np.array(lines, dtype=np.int64) + 1


def _cells(row: list[object]) -> int:
    return sum(cell is not None and str(cell).strip() != "" for cell in row)
