"""Decides whether a file is a table of dated rows with one column a name; not what its numbers are.

Three columns with a text among them are a long table and are spread; everything else is wide.
"""

import re
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path

import numpy as np
import pandas as pd

from core.errors import ImportRejectedError
from tools.sources.cells import dates, names, numbers, unreadable
from tools.sources.fields import plain
from tools.sources.files import RawFile, raw_file

DATE_HEADINGS = (
    "date", "period", "month", "day", "time", "datetime", "timestamp", "ngay", "thang", "ky",
)  # fmt: skip
SLUG_CHARS = 64
HEADING_LINES = 1
LONG_COLUMNS = 3
MONTH = re.compile(r"\d{4}(?:0[1-9]|1[0-2])")
"""A month as Kenneth French's files write it: 192607."""


@dataclass(frozen=True, slots=True)
class DatedTable:
    """Dates x names, ascending unique dates, NaN for empty cells; columns are slugs.

    titles: each column's own heading.
    """

    file: str
    sha256: str
    frame: pd.DataFrame
    titles: dict[str, str]


def dated_table(path: Path, *, today: date) -> DatedTable:
    """Return the file's table.

    Args:
        path: CSV, Parquet or XLSX.
        today: no row may be dated later than the day after.

    Raises:
        ImportRejectedError: the file cannot be read, has no date column, repeated, unordered or
            future dates, or cells that are no number; the message says which and where.
    """
    raw = raw_file(path)
    column = _date_column(raw)
    days = _days(raw, column, today)
    rest = [name for name in raw.frame.columns if name != column]
    if not rest:
        raise ImportRejectedError(f"{raw.name}: no column beside {column!r}; add one a sector.")
    texts = [name for name in rest if bool(unreadable(raw.frame[name]).all())]
    if len(raw.frame.columns) == LONG_COLUMNS and len(texts) == 1:
        frame = _spread(raw, days, names(raw.frame[texts[0]]), rest)
    else:
        frame = pd.DataFrame({name: _cells(raw, name) for name in rest}).set_axis(days, axis=0)
    _require_ordered(raw, pd.DatetimeIndex(frame.index))
    return _titled(raw, frame)


def has_dates(path: Path) -> bool:
    """Tell whether the file has a column of dates.

    Raises:
        ImportRejectedError: the file cannot be read.
    """
    return _dates_of(raw_file(path)) is not None


def named_numbers(path: Path) -> dict[str, float]:
    """Return a number by slug of name, from a file of two columns without dates.

    Raises:
        ImportRejectedError: the file cannot be read, or is another table.
    """
    raw = raw_file(path)
    columns = list(raw.frame.columns)
    wrong = "needs two columns, the sector and its weight, or a date and one column a sector"
    if len(columns) != LONG_COLUMNS - 1:
        raise ImportRejectedError(f"{raw.name}: {wrong}; it has {len(columns)}.")
    values = _cells(raw, columns[1])
    if bool(values.isna().any()):
        raise ImportRejectedError(
            f"{raw.name}: {wrong}; line {_line(raw, values.isna())} is empty."
        )
    keys = [plain(str(name))[:SLUG_CHARS] for name in raw.frame[columns[0]]]
    repeated = next((key for key in keys if keys.count(key) > 1), None)
    if repeated is not None:
        raise ImportRejectedError(f"{raw.name}: {repeated!r} stands there twice.")
    return dict(zip(keys, values.tolist(), strict=True))


def _date_column(raw: RawFile) -> str:
    found = _dates_of(raw)
    if found is None:
        raise ImportRejectedError(
            f"{raw.name}: no column of dates; name one `date`, with cells like 2024-12-31."
        )
    return found


def _dates_of(raw: RawFile) -> str | None:
    """Return the column named like a date, else the first whose every cell is one."""
    columns = list(raw.frame.columns)
    named = [name for name in columns if plain(name) in DATE_HEADINGS]
    if named:
        return named[0]
    texts = [name for name in columns if not pd.api.types.is_numeric_dtype(raw.frame[name].dtype)]
    return next((name for name in texts if bool(_read(raw.frame[name]).notna().all())), None)


def _read(values: pd.Series) -> pd.Series:
    months = names(values)
    coded = months.str.fullmatch(MONTH.pattern).fillna(False).astype(bool)
    if coded.all():
        ends = pd.to_datetime(months, format="%Y%m") + pd.offsets.MonthEnd(0)
        return ends.astype("datetime64[us]")
    return dates(values, timezone="UTC", day_first=True)


def _days(raw: RawFile, column: str, today: date) -> pd.DatetimeIndex:
    stamps = _read(raw.frame[column]).dt.normalize()
    if bool(stamps.isna().any()):
        raise ImportRejectedError(
            f"{raw.name}: {column!r} holds no date in line {_line(raw, stamps.isna())}; "
            "write dates like 2024-12-31."
        )
    late = stamps > pd.Timestamp(today + timedelta(days=1))
    if bool(late.any()):
        raise ImportRejectedError(
            f"{raw.name}: {stamps[late].iloc[0].date()} in line {_line(raw, late)} is yet to come; "
            "take the row out."
        )
    return pd.DatetimeIndex(stamps)


def _cells(raw: RawFile, column: str) -> "pd.Series[float]":
    text = unreadable(raw.frame[column])
    if bool(text.any()):
        cell = str(raw.frame[column][text].iloc[0])[:40]
        raise ImportRejectedError(
            f"{raw.name}: {cell!r} in column {column!r}, line {_line(raw, text)}, is no number; "
            "leave cells without a value empty."
        )
    found = numbers(raw.frame[column])
    infinite = pd.Series(np.isinf(found.to_numpy()), index=found.index)
    if bool(infinite.any()):
        raise ImportRejectedError(
            f"{raw.name}: column {column!r} is infinite in line {_line(raw, infinite)}."
        )
    return found


def _spread(
    raw: RawFile, days: pd.DatetimeIndex, labels: pd.Series, rest: list[str]
) -> pd.DataFrame:
    """Return a long table wide, names in the order they first appear."""
    if bool(labels.isna().any()):
        raise ImportRejectedError(f"{raw.name}: line {_line(raw, labels.isna())} names no sector.")
    value = next(name for name in rest if not bool(unreadable(raw.frame[name]).all()))
    rows = pd.DataFrame({"day": days, "name": labels, "value": _cells(raw, value)})
    twice = rows.duplicated(["day", "name"])
    if bool(twice.any()):
        first = rows[twice].iloc[0]
        raise ImportRejectedError(
            f"{raw.name}: {first['name']} has two values on {first['day'].date()}; keep one."
        )
    wide = rows.pivot(index="day", columns="name", values="value")
    return wide[list(dict.fromkeys(labels))].rename_axis(index=None, columns=None)


def _require_ordered(raw: RawFile, index: pd.DatetimeIndex) -> None:
    if not index.is_unique:
        raise ImportRejectedError(
            f"{raw.name}: {index[index.duplicated()][0].date()} has more than one row; keep one."
        )
    if not index.is_monotonic_increasing:
        place = int(np.argmax(np.diff(index.to_numpy()) < np.timedelta64(0))) + 1
        raise ImportRejectedError(
            f"{raw.name}: {index[place].date()} stands after {index[place - 1].date()}; sort the "
            "rows by date, oldest first."
        )


def _titled(raw: RawFile, frame: pd.DataFrame) -> DatedTable:
    slugs = [plain(str(name))[:SLUG_CHARS] for name in frame.columns]
    for slug, name in zip(slugs, frame.columns, strict=True):
        if not slug or slugs.count(slug) > 1:
            raise ImportRejectedError(
                f"{raw.name}: column {str(name)!r} has no name of its own; rename it."
            )
    titles = {slug: str(name) for slug, name in zip(slugs, frame.columns, strict=True)}
    return DatedTable(raw.name, raw.sha256, frame.set_axis(slugs, axis=1), titles)


def _line(raw: RawFile, wrong: pd.Series) -> int:
    """Return the line of the first wrong cell."""
    place = int(np.argmax(wrong.to_numpy()))
    return place + HEADING_LINES + 1 if raw.lines is None else int(raw.lines[place])
