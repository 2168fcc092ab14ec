"""Decides which rows of a file are left out or marked, and refuses a file of which nothing is left.

Every defect becomes a `Finding` with file, row and symbol. The order of the rules is the order in
which a row is judged; a row is rejected once and then no longer compared with its neighbours.
"""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from core.errors import ImportRejectedError
from core.records.record import Record
from core.records.result import Dataset
from tools.findings import REJECTED, WORDS, Finding, FindingCount, FindingKind
from tools.price_rules import SEQUENCE_RULES, Marks
from tools.schema import SCHEMAS, VINTAGED

FINDINGS_KEPT = 50
"""Findings of one kind kept with file and row; beyond it only their number is."""

REAL_HOLDING_PCT = 0.5
"""Ownership above this does not vanish from one session to the next."""

SATURDAY = 5

Mask = NDArray[np.bool_]
Cells = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Checked:
    """Sound rows in key order, and what was found wrong with the others."""

    rows: pd.DataFrame
    findings: tuple[Finding, ...]
    counts: tuple[FindingCount, ...]


class Judgement(Record):
    """What the contract needs to know besides the rows."""

    file: str
    dataset: Dataset
    currency: str


def checked(rows: pd.DataFrame, judgement: Judgement) -> Checked:
    """Return the rows that may be stored, sorted by key, and all findings.

    Args:
        rows: the data set's columns and `row`, the row number in the file. Truth columns named
            after a finding kind mark rows their reader already judged.
        judgement: file, data set and currency.

    Raises:
        ImportRejectedError: no row is left; the message names the commonest reason.
    """
    book = _Book(judgement)
    dataset = judgement.dataset
    for kind in ("rescaled", "default_lag"):
        if kind in rows:
            book.note(rows, kind, rows[kind].to_numpy())
    rows = _valued(rows, dataset)
    for kind, rule in _CELL_RULES[dataset]:
        rows = book.without(rows, kind, rule(rows))
    if dataset in ("prices", "intraday", "flows"):
        rows = _cleaned_cells(rows, dataset, book)
    rows = _ordered(rows, dataset, book)
    if dataset in ("prices", "intraday"):
        rows = _in_sequence(rows, dataset, judgement.currency, book)
    elif dataset == "flows":
        rows = _owned(rows, book)
    if rows.empty:
        raise ImportRejectedError(book.nothing_left())
    return Checked(
        rows.drop(columns=["row"])[[*SCHEMAS[dataset].columns]].reset_index(drop=True),
        tuple(book.findings),
        tuple(FindingCount(kind=k, rows_count=n) for k, n in sorted(book.counts.items())),
    )


class _Book:
    """Findings while they are made."""

    def __init__(self, judgement: Judgement) -> None:
        self.judgement = judgement
        self.findings: list[Finding] = []
        self.counts: dict[FindingKind, int] = {}

    def note(
        self, rows: pd.DataFrame, kind: FindingKind, mask: Mask, values: object = None
    ) -> None:
        """Record the marked rows; `values` is an array of the number that shows the defect."""
        places = np.flatnonzero(mask)
        if not len(places):
            return
        self.counts[kind] = self.counts.get(kind, 0) + len(places)
        room = FINDINGS_KEPT - sum(item.kind == kind for item in self.findings)
        subject = SCHEMAS[self.judgement.dataset].subject
        stamp = "period" if "period" in rows else "start"
        for place in places[: max(room, 0)]:
            row = rows.iloc[int(place)]
            self.findings.append(
                Finding(
                    kind=kind,
                    dataset=self.judgement.dataset,
                    file=self.judgement.file,
                    row=int(row["row"]),
                    symbol=None if pd.isna(row[subject]) else str(row[subject])[:32],
                    period=None if pd.isna(row[stamp]) else row[stamp].date(),
                    value=_shown(values, int(place)),
                )
            )

    def without(
        self, rows: pd.DataFrame, kind: FindingKind, mask: Mask, values: object = None
    ) -> pd.DataFrame:
        """Record the marked rows and return the rows, without them when the kind rejects."""
        self.note(rows, kind, mask, values)
        return rows[~mask] if kind in REJECTED and mask.any() else rows

    def nothing_left(self) -> str:
        """Return the sentence for a file without a single usable row."""
        file = self.judgement.file
        if not self.counts:
            return f"{file}: no {self.judgement.dataset} in it."
        kind = max(self.counts, key=lambda k: (k in REJECTED, self.counts[k]))
        first = next((item.row for item in self.findings if item.kind == kind), None)
        return (
            f"{file}: nothing of it can be stored: in {self.counts[kind]} rows, the first "
            f"is row {first}, {WORDS[kind]}."
        )


def _shown(values: object, place: int) -> float | None:
    if not isinstance(values, np.ndarray):
        return None
    value = float(values[place])
    return round(value, 6) if np.isfinite(value) else None


def _valued(rows: pd.DataFrame, dataset: Dataset) -> pd.DataFrame:
    """Leave out rows of a price file that are a date and nothing else: a day without the series."""
    if dataset not in ("prices", "intraday"):
        return rows
    numbers = [name for name in SCHEMAS[dataset].numbers if name not in ("dividend", "split")]
    blank = rows[numbers].isna().all(axis=1).to_numpy()
    return rows[~blank] if blank.any() else rows


def _absent(column: str) -> Callable[[pd.DataFrame], Mask]:
    return lambda rows: np.asarray(rows[column].isna())


def _marked(column: str) -> Callable[[pd.DataFrame], Mask]:
    """Mark the rows their reader already judged."""
    return lambda rows: np.asarray(rows[column], dtype=np.bool_)


def _any_cell(test: Callable[[Cells], Mask], *columns: str) -> Callable[[pd.DataFrame], Mask]:
    """Mark rows of which any of the columns passes the test; NaN passes none."""
    return lambda rows: np.asarray(np.any(test(rows[list(columns)].to_numpy()), axis=1))


def _not_positive(cells: Cells) -> Mask:
    return cells <= 0.0


def _negative(cells: Cells) -> Mask:
    return cells < 0.0


def _infinite(cells: Cells) -> Mask:
    return np.isinf(cells)


def _weekend(rows: pd.DataFrame) -> Mask:
    return np.asarray(rows["period"].dt.day_of_week >= SATURDAY)


def _no_close(rows: pd.DataFrame) -> Mask:
    return np.asarray(rows["close"].isna() & rows["adj_close"].isna())


Rule = tuple[FindingKind, Callable[[pd.DataFrame], Mask]]

_DATED: tuple[Rule, ...] = (("no_symbol", _absent("symbol")), ("no_date", _absent("period")))
_PRICE_CELLS: tuple[Rule, ...] = (
    *_DATED,
    ("weekend", _weekend),
    ("non_finite", _any_cell(_infinite, "close", "adj_close")),
    ("no_value", _no_close),
    ("negative", _any_cell(_not_positive, "close", "adj_close")),
)
_CELL_RULES: dict[Dataset, tuple[Rule, ...]] = {
    "prices": _PRICE_CELLS,
    "intraday": _PRICE_CELLS,
    "flows": (
        *_DATED,
        ("weekend", _weekend),
        ("non_finite", _any_cell(_infinite, "buy_bn", "sell_bn")),
        ("negative", _any_cell(_negative, "buy_bn", "sell_bn")),
    ),
    "fundamentals": (
        *_DATED,
        ("no_value", _absent("value")),
        ("non_finite", _any_cell(_infinite, "value")),
    ),
    "macro": (
        ("unlisted_series", _absent("series")),
        ("no_date", _absent("period")),
        ("no_value", _absent("value")),
        ("non_finite", _any_cell(_infinite, "value")),
    ),
    "members": (("no_symbol", _absent("symbol")), ("unlisted_sector", _absent("sector"))),
    "positions": (
        *_DATED,
        ("no_value", _absent("value_bn")),
        ("non_finite", _any_cell(_infinite, "shares", "value_bn")),
        ("negative", _any_cell(_negative, "shares", "value_bn")),
        ("implausible", _marked("implausible")),
    ),
}


def _cleaned_cells(rows: pd.DataFrame, dataset: Dataset, book: _Book) -> pd.DataFrame:
    """Turn single impossible cells of otherwise good rows into missing ones."""
    numbers = list(SCHEMAS[dataset].numbers)
    cells = rows[numbers].to_numpy(copy=True)
    bad = np.isinf(cells) | (cells < 0.0)
    if "own_pct" in numbers:
        bad[:, numbers.index("own_pct")] |= rows["own_pct"].to_numpy() > 100.0
    if not bad.any():
        return rows
    book.note(rows, "cell_cleared", bad.any(axis=1))
    cells[bad] = np.nan
    return rows.assign(**{name: cells[:, i] for i, name in enumerate(numbers)})


def _owned(rows: pd.DataFrame, book: _Book) -> pd.DataFrame:
    """Turn foreign ownership that falls to exactly zero from a real holding into a missing one."""
    reached = rows.groupby(["symbol", "investor"], sort=False)["own_pct"].cummax()
    gone = ((rows["own_pct"] == 0.0) & (reached > REAL_HOLDING_PCT)).to_numpy()
    book.note(rows, "zero_ownership", gone)
    return rows.assign(own_pct=rows["own_pct"].mask(gone)) if gone.any() else rows


def _ordered(rows: pd.DataFrame, dataset: Dataset, book: _Book) -> pd.DataFrame:
    """Sort by key; of rows with the same key the last in the file stands."""
    schema = SCHEMAS[dataset]
    key = [*schema.key, "known_at"] if dataset in VINTAGED else list(schema.key)
    codes = [_codes(rows[name]) for name in key]
    order = np.lexsort((rows["row"].to_numpy(), *reversed(codes)))
    if not np.array_equal(order, np.arange(len(order))):
        moved = _moved_back(codes)
        book.note(rows, "unsorted", moved)
    rows = rows.iloc[order]
    sorted_codes = [code[order] for code in codes]
    repeated = np.zeros(len(rows), dtype=np.bool_)
    if len(rows) > 1:
        repeated[:-1] = np.logical_and.reduce([code[1:] == code[:-1] for code in sorted_codes])
    return book.without(rows, "duplicated", repeated)


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


def _in_sequence(rows: pd.DataFrame, dataset: Dataset, currency: str, book: _Book) -> pd.DataFrame:
    rows = rows.assign(symbol=rows["symbol"].astype("category"))
    for rule in SEQUENCE_RULES:
        marks: Marks = rule(rows, currency, daily=dataset == "prices")
        rows = book.without(rows, marks.kind, marks.mask, marks.values)
    return rows.assign(symbol=rows["symbol"].astype("str"))
