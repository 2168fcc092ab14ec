"""Decides whether a table of dated numbers is one of returns a bar, in fractions; fills nothing in.

Percent are refused unless they are said to be percent: a return of 3 is either 3 % or a mistake.
"""

from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Literal

import numpy as np
import pandas as pd

from core.errors import CallerError, ImportRejectedError
from tools.sources.dated import DatedTable, dated_table
from tools.sources.fields import plain

Unit = Literal["fraction", "percent"]

MARKET = "market"
"""The column that is no sector, whichever market is named."""

LARGE = 1.5
"""Hardly any bar of a sector returns more than 150 %."""

OFTEN = 0.005
"""Share of large cells above which a file is taken to be in percent."""

MISSING_CODES = (-99.99, -999.0, -999.99)
"""What data libraries write, in percent, where there is no return."""

CODE_TOLERANCE = 1e-4
PERCENT = 100.0


@dataclass(frozen=True, slots=True)
class ReturnsFile:
    """Fractions a bar: dates x sectors, a sector NaN before its first bar; and the market's."""

    file: str
    sha256: str
    returns: pd.DataFrame
    market: pd.Series | None
    titles: dict[str, str]


def returns_file(
    path: Path, *, today: date, unit: Unit = "fraction", market: str | None = None
) -> ReturnsFile:
    """Return the file's returns.

    Args:
        path: CSV, Parquet or XLSX; a date column and one a sector, or three columns, long.
        today: no bar may be later.
        unit: of the cells.
        market: the column of the market, or a file with one column beside its dates; None: the
            column named `market`, where there is one.

    Raises:
        ImportRejectedError: the file is no such table; the message says where and what to do.
        CallerError: neither a column nor a file of the market's name.
    """
    table = _scaled(dated_table(path, today=today), unit)
    column, level = _market(table, market, today=today, unit=unit)
    sectors = table.frame.drop(columns=[column, MARKET], errors="ignore")
    if sectors.shape[1] == 0:
        raise ImportRejectedError(f"{table.file}: no sector beside the market; add one a column.")
    _require_whole(table.file, sectors)
    if level is not None:
        level = level.reindex(sectors.index)
        if bool(level.isna().any()):
            day = level.index[int(np.argmax(level.isna().to_numpy()))].date()
            raise ImportRejectedError(
                f"{table.file}: the market has no return on {day}, where the sectors have rows."
            )
    return ReturnsFile(table.file, table.sha256, sectors, level, table.titles)


def _scaled(table: DatedTable, unit: Unit) -> DatedTable:
    """Return the table in fractions."""
    cells = table.frame.to_numpy(dtype=np.float64)
    known = cells[~np.isnan(cells)]
    large = float((np.abs(known) > LARGE).mean()) if known.size else 0.0
    if unit == "fraction" and large > OFTEN:
        raise ImportRejectedError(
            f"{table.file}: {large:.0%} of the cells are beyond +-{LARGE}, so these look like "
            "percent (or prices); say --unit percent, or give fractions such as 0.012 for 1.2 %."
        )
    percent = cells if unit == "percent" else PERCENT * cells
    for code in MISSING_CODES:
        _refuse(table, np.abs(percent - code) < CODE_TOLERANCE, "is a code for a missing return")
    _refuse(table, percent <= -PERCENT, "is a loss of 100 % or more")
    frame = table.frame / PERCENT if unit == "percent" else table.frame
    return DatedTable(table.file, table.sha256, frame, table.titles)


def _refuse(table: DatedTable, wrong: np.ndarray, what: str) -> None:
    if wrong.any():
        row, column = np.argwhere(wrong)[0]
        name = table.titles[str(table.frame.columns[column])]
        raise ImportRejectedError(
            f"{table.file}: {table.frame.iloc[row, column]:g} of {name} on "
            f"{table.frame.index[row].date()} {what}; leave the cell empty if there is none."
        )


def _market(
    table: DatedTable, market: str | None, *, today: date, unit: Unit
) -> tuple[str | None, pd.Series | None]:
    """Return the column that is the market, if it is one, and the market's returns."""
    if market is None:
        own = MARKET if MARKET in table.frame.columns else None
        return own, None if own is None else table.frame[own]
    if plain(market) in table.frame.columns:
        return plain(market), table.frame[plain(market)]
    path = Path(market).expanduser()
    if not path.is_file():
        raise CallerError(
            f"market {market!r} is neither a column of {table.file} nor a file: use one of "
            f"{', '.join(table.titles.values())}"
        )
    other = _scaled(dated_table(path, today=today), unit)
    if other.frame.shape[1] != 1:
        raise ImportRejectedError(
            f"{other.file}: a market file has one column beside the dates, this has "
            f"{other.frame.shape[1]}."
        )
    return None, other.frame.iloc[:, 0]


def _require_whole(file: str, sectors: pd.DataFrame) -> None:
    """Refuse sectors without a return and gaps after a sector's first one."""
    known = sectors.notna().to_numpy()
    empty = [str(name) for name, some in zip(sectors, known.T, strict=True) if not some.any()]
    if empty:
        raise ImportRejectedError(f"{file}: column {empty[0]!r} holds no return; leave it out.")
    begun = np.maximum.accumulate(known, axis=0)
    gaps = np.argwhere(begun & ~known)
    if len(gaps):
        row, column = gaps[0]
        raise ImportRejectedError(
            f"{file}: {sectors.columns[column]} has no return on {sectors.index[row].date()}, "
            "after its first; fill the gap or begin the column later."
        )
