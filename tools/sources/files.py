"""Decides whether a file can be read at all, and says in one sentence why not and what to do."""

import csv
import hashlib
import io
import re
import zipfile
from dataclasses import dataclass
from pathlib import Path

import duckdb
import openpyxl
import pandas as pd
from openpyxl.utils.exceptions import InvalidFileException

from core.errors import ImportRejectedError
from tools.sources.parquet import parquet_frame

SUFFIXES = (".parquet", ".csv", ".txt", ".xlsx")
_SEPARATORS = ",;\t|"
_ORIGIN_CHARS = 64


@dataclass(frozen=True, slots=True)
class RawFile:
    """A file's rows under its own headings; `row` numbers in messages count from 1 below them."""

    name: str
    sha256: str
    frame: pd.DataFrame


def raw_file(path: Path) -> RawFile:
    """Return the file's table, text as text.

    Raises:
        ImportRejectedError: missing, empty, damaged, wrong encoding or kind; the message says
            what to do.
    """
    if not path.is_file():
        raise ImportRejectedError(f"{path.name}: no such file; check the path.")
    content = path.read_bytes()
    if not content:
        raise ImportRejectedError(f"{path.name}: the file is empty; export it again.")
    frame = _frame(path, content)
    frame.columns = pd.Index([str(name).strip() for name in frame.columns])
    if frame.empty or frame.columns.empty:
        raise ImportRejectedError(f"{path.name}: no rows below the headings; export it again.")
    _refuse_repeated(path.name, list(frame.columns))
    return RawFile(origin_name(path), hashlib.sha256(content).hexdigest(), frame)


def origin_name(path: Path) -> str:
    """Return the file's name without its folder, in the characters records allow."""
    return re.sub(r"[^\w .:-]", "_", path.name)[-_ORIGIN_CHARS:]


def _frame(path: Path, content: bytes) -> pd.DataFrame:
    suffix = path.suffix.lower()
    if suffix == ".parquet":
        return _from_parquet(path)
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


def _from_csv(name: str, content: bytes) -> pd.DataFrame:
    text = _decoded(name, content)
    heading = text.split("\n", 1)[0]
    separator = max(_SEPARATORS, key=heading.count)
    _refuse_repeated(name, next(csv.reader([heading.strip()], delimiter=separator), []))
    try:
        return pd.read_csv(
            io.StringIO(text), sep=separator, dtype=str, keep_default_na=False, index_col=False
        )
    except (pd.errors.ParserError, pd.errors.EmptyDataError, csv.Error) as error:
        raise ImportRejectedError(
            f"{name}: not a table of one heading line and rows ({str(error).strip()[:160]})."
        ) from error


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


def _from_sheet(name: str, content: bytes) -> pd.DataFrame:
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
    body = [[row[i] if i < len(row) else None for i in used] for row in rows[heading + 1 :]]
    columns = [str(names[i]) for i in used]
    return pd.DataFrame([row for row in body if _cells(row)], columns=columns)


def _cells(row: list[object]) -> int:
    return sum(cell is not None and str(cell).strip() != "" for cell in row)
