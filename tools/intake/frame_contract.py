"""Decides which rows of a file are left out or marked, and refuses a file of which nothing is left.

Every defect becomes a `Finding` with file, row and symbol. The order of the rules is the order in
which a row is judged; a row is rejected once and then no longer compared with its neighbours.
"""

from dataclasses import dataclass
from datetime import date

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from core.errors import ImportRejectedError
from core.records.calendar import Calendar
from core.records.result import Dataset
from tools.intake.cell_rules import CELL_RULES
from tools.intake.finding_book import FINDINGS_KEPT as FINDINGS_KEPT
from tools.intake.finding_book import Book, Judgement
from tools.intake.price_rules import LEVEL_RULES, SEQUENCE_RULES, Marks
from tools.storage.findings import Finding, FindingCount, FindingKind
from tools.storage.schema import SCHEMAS, VINTAGED

REAL_HOLDING_PCT = 0.5
"""Ownership above this does not vanish from one session to the next."""

_READERS_MARKS: tuple[FindingKind, ...] = ("rescaled", "default_lag", "reclassified")

Mask = NDArray[np.bool_]
Cells = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Checked:
    """Sound rows in key order, and what was found wrong with the others."""

    rows: pd.DataFrame
    findings: tuple[Finding, ...]
    counts: tuple[FindingCount, ...]


def checked(rows: pd.DataFrame, judgement: Judgement) -> Checked:
    """Return the rows that may be stored, sorted by key, and all findings.

    Args:
        rows: the data set's columns and `row`, the row number in the file. Truth columns named
            after a finding kind mark rows their reader already judged; `unreadable` marks rows
            whose value is a text and no number, `cell_cleared` those with another such cell.
            `file_line` is the file's line, `date_text` what stands where a date is missing and
            `told_series` the name of a series without a category.
        judgement: file, data set, currency and the day of the import.

    Raises:
        ImportRejectedError: no row is left; the message names the commonest reason.
    """
    book = Book(judgement)
    dataset = judgement.dataset
    rows = _each_alone(rows, judgement, book)
    if dataset in ("prices", "intraday", "flows"):
        rows = _cleaned_cells(rows, dataset, book)
    rows = _ordered(rows, dataset, book)
    if dataset in ("prices", "intraday"):
        rows = _without_wrong_repeats(rows, judgement, book)
    rows = book.without(rows, "duplicated", _repeated(rows, dataset, both=False))
    if dataset in ("prices", "intraday"):
        rows = _in_sequence(rows, dataset, judgement.currency, book)
    elif dataset == "flows":
        rows = _owned(rows, book)
    if rows.empty:
        raise ImportRejectedError(book.nothing_left())
    return Checked(
        rows[[*SCHEMAS[dataset].columns]].reset_index(drop=True),
        tuple(book.findings),
        book.totals(),
    )


def _each_alone(rows: pd.DataFrame, judgement: Judgement, book: Book) -> pd.DataFrame:
    """Judge each row by its own cells."""
    dataset = judgement.dataset
    for kind in _READERS_MARKS:
        if kind in rows:
            book.note(rows, kind, rows[kind].to_numpy())
    rows = _valued(rows, dataset)
    for kind, rule in CELL_RULES[dataset]:
        mask = rule(rows)
        if kind == "weekend":
            mask = mask & ~_extra(rows, judgement.calendar)
        rows = book.without(rows, kind, mask)
    if dataset in ("prices", "intraday", "flows"):
        rows = book.without(rows, "not_a_session", _closed(rows, judgement.calendar))
    if judgement.today is not None and "period" in rows:
        rows = book.without(rows, "future", _future(rows, dataset, judgement.today))
    return rows


def _valued(rows: pd.DataFrame, dataset: Dataset) -> pd.DataFrame:
    """Leave out rows of a price file that are a date and nothing else: a day without the series."""
    if dataset not in ("prices", "intraday"):
        return rows
    numbers = [name for name in SCHEMAS[dataset].numbers if name not in ("dividend", "split")]
    blank = rows[numbers].isna().all(axis=1).to_numpy()
    if "unreadable" in rows:
        blank = blank & ~rows["unreadable"].to_numpy(dtype=np.bool_)
    return rows[~blank] if blank.any() else rows


def _closed(rows: pd.DataFrame, calendar: Calendar) -> Mask:
    """Mark rows of days the calendar calls closed; a halt's rows are other exchanges' trades."""
    days = [day for year in calendar.years for day in year.closed]
    return np.asarray(rows["period"].dt.normalize().isin(pd.DatetimeIndex(days)))


def _extra(rows: pd.DataFrame, calendar: Calendar) -> Mask:
    """Mark rows of weekend days the calendar has sessions on."""
    days = [day for year in calendar.years for day in year.extra]
    return np.asarray(rows["period"].dt.normalize().isin(pd.DatetimeIndex(days)))


def _future(rows: pd.DataFrame, dataset: Dataset, today: date) -> Mask:
    """Mark rows of later days; a macro value may be of a period that ends with today's quarter."""
    last = pd.Timestamp(today)
    if dataset == "macro":
        last = last.to_period("Q").end_time
    return np.asarray(rows["period"].dt.normalize() > last)


def _cleaned_cells(rows: pd.DataFrame, dataset: Dataset, book: Book) -> pd.DataFrame:
    """Turn single impossible cells of otherwise good rows into missing ones."""
    numbers = list(SCHEMAS[dataset].numbers)
    cells = rows[numbers].to_numpy(copy=True)
    bad = np.isinf(cells) | (cells < 0.0)
    if "own_pct" in numbers:
        bad[:, numbers.index("own_pct")] |= rows["own_pct"].to_numpy() > 100.0
    cleared = bad.any(axis=1)
    if "cell_cleared" in rows:
        cleared |= rows["cell_cleared"].to_numpy(dtype=np.bool_)
    book.note(rows, "cell_cleared", cleared)
    if not bad.any():
        return rows
    cells[bad] = np.nan
    return rows.assign(**{name: cells[:, i] for i, name in enumerate(numbers)})


def _owned(rows: pd.DataFrame, book: Book) -> pd.DataFrame:
    """Turn foreign ownership that falls to exactly zero from a real holding into a missing one."""
    reached = rows.groupby(["symbol", "investor"], sort=False)["own_pct"].cummax()
    gone = ((rows["own_pct"] == 0.0) & (reached > REAL_HOLDING_PCT)).to_numpy()
    book.note(rows, "zero_ownership", gone)
    return rows.assign(own_pct=rows["own_pct"].mask(gone)) if gone.any() else rows


def _ordered(rows: pd.DataFrame, dataset: Dataset, book: Book) -> pd.DataFrame:
    """Sort by key, rows with the same key in the file's order."""
    codes = _key_codes(rows, dataset)
    order = np.lexsort((rows["row"].to_numpy(), *reversed(codes)))
    if not np.array_equal(order, np.arange(len(order))):
        moved = _moved_back(codes)
        book.note(rows, "unsorted", moved)
    return rows.iloc[order]


def _repeated(rows: pd.DataFrame, dataset: Dataset, *, both: bool) -> Mask:
    """Mark rows, in key order, whose successor has the same key; with `both` that one too."""
    same = np.zeros(len(rows), dtype=np.bool_)
    if len(rows) > 1:
        codes = _key_codes(rows, dataset)
        same[:-1] = np.logical_and.reduce([code[1:] == code[:-1] for code in codes])
    if both:
        same[1:] |= same[:-1].copy()
    return same


def _key_codes(rows: pd.DataFrame, dataset: Dataset) -> list[NDArray[np.int64]]:
    schema = SCHEMAS[dataset]
    key = [*schema.key, "known_at"] if dataset in VINTAGED else list(schema.key)
    return [_codes(rows[name]) for name in key]


def _codes(column: pd.Series) -> NDArray[np.int64]:
    if column.dtype.kind == "M":
        return column.to_numpy().astype(np.int64)
    codes, _ = pd.factorize(column, sort=True)
    return codes.astype(np.int64)


def _moved_back(codes: list[NDArray[np.int64]]) -> Mask:
    """Mark the first row that is dated before its predecessor of the same subject."""
    moved = np.zeros(len(codes[0]), dtype=np.bool_)
    subject, period = codes[0], codes[-1]
    back = (subject[1:] == subject[:-1]) & (period[1:] < period[:-1])
    if back.any():
        moved[int(np.argmax(back)) + 1] = True
    return moved


def _without_wrong_repeats(rows: pd.DataFrame, judgement: Judgement, book: Book) -> pd.DataFrame:
    """Leave out rows off their symbol's level that would stand for a key other rows have too."""
    for rule in LEVEL_RULES:
        while (shared := _repeated(rows, judgement.dataset, both=True)).any():
            last = np.flatnonzero(~_repeated(rows, judgement.dataset, both=False))
            standing = rows.iloc[last]
            marks = rule(standing, judgement.currency, daily=judgement.dataset == "prices")
            wrong = marks.mask & shared[last]
            if not wrong.any():
                break
            book.note(standing, marks.kind, wrong, marks.values)
            rows = rows.iloc[np.delete(np.arange(len(rows)), last[wrong])]
    return rows


def _in_sequence(rows: pd.DataFrame, dataset: Dataset, currency: str, book: Book) -> pd.DataFrame:
    rows = rows.assign(symbol=rows["symbol"].astype("category"))
    for rule in SEQUENCE_RULES:
        marks: Marks = rule(rows, currency, daily=dataset == "prices")
        rows = book.without(rows, marks.kind, marks.mask, marks.values)
    return rows.assign(symbol=rows["symbol"].astype("str"))
