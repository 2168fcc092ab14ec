"""Keeps what is found wrong with the rows of one file while they are judged; it judges nothing."""

from datetime import date

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from core.records.calendar import WEEKDAYS, Calendar
from core.records.record import Record
from core.records.result import Dataset
from tools.storage.findings import REJECTED, WORDS, Finding, FindingCount, FindingKind, NameCount
from tools.storage.schema import SCHEMAS

FINDINGS_KEPT = 50
"""Findings of one kind kept with file and row; beyond it only their number is."""

_NAMED_BY: dict[FindingKind, str] = {
    "unlisted_series": "told_series",
    "unlisted_subject": "told_subject",
}
"""Where the name stands that a row was left out for."""

Mask = NDArray[np.bool_]


class Judgement(Record):
    """What the contract needs to know besides the rows."""

    file: str
    dataset: Dataset
    currency: str
    today: date | None = None
    """The day of the import: later dates are refused. None: no date is in the future."""
    calendar: Calendar = WEEKDAYS
    """Of the universe's exchange: rows of days it calls closed are refused."""


class Book:
    """Findings while they are made."""

    def __init__(self, judgement: Judgement) -> None:
        self.judgement = judgement
        self.findings: list[Finding] = []
        self.counts: dict[FindingKind, int] = {}
        self.names: dict[FindingKind, tuple[NameCount, ...]] = {}

    def note(
        self, rows: pd.DataFrame, kind: FindingKind, mask: Mask, values: object = None
    ) -> None:
        """Record the marked rows; `values` is an array of the number that shows the defect."""
        places = np.flatnonzero(mask)
        if not len(places):
            return
        self.counts[kind] = self.counts.get(kind, 0) + len(places)
        told = _NAMED_BY.get(kind)
        if told is not None and told in rows:
            self.names[kind] = _name_counts(rows[told][mask])
        room = FINDINGS_KEPT - sum(item.kind == kind for item in self.findings)
        for place in places[: max(room, 0)]:
            value = _shown(values, int(place))
            self.findings.append(self._finding(kind, rows.iloc[int(place)], value))

    def totals(self) -> tuple[FindingCount, ...]:
        """Return the rows of each kind of finding, by kind."""
        return tuple(
            FindingCount(kind=kind, rows_count=count, names=self.names.get(kind, ()))
            for kind, count in sorted(self.counts.items())
        )

    def _finding(self, kind: FindingKind, row: pd.Series, value: float | None) -> Finding:
        subject = row[SCHEMAS[self.judgement.dataset].subject]
        named = _NAMED_BY.get(kind)
        if named is not None and named in row:
            subject = row[named]
        stamp = row["period" if "period" in row else "start"]
        told = row.get("date_text") if kind == "no_date" else None
        return Finding(
            kind=kind,
            dataset=self.judgement.dataset,
            file=self.judgement.file,
            row=int(row["row"]),
            line=int(row["file_line"]) if "file_line" in row else None,
            symbol=None if pd.isna(subject) else str(subject)[:32],
            period=None if pd.isna(stamp) else stamp.date(),
            value=value,
            told=None if pd.isna(told) else str(told)[:32],
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
        first = next(item for item in self.findings if item.kind == kind)
        place = f"row {first.row}" if first.line is None else f"line {first.line}"
        told = "" if first.told is None else f": {first.told!r}"
        return (
            f"{file}: nothing of it can be stored: in {self.counts[kind]} rows, the first "
            f"is {place}, {WORDS[kind]}{told}."
        )


def _name_counts(told: pd.Series) -> tuple[NameCount, ...]:
    counts = sorted(told.dropna().value_counts().items(), key=lambda item: (-item[1], item[0]))
    return tuple(NameCount(name=str(name), rows_count=int(count)) for name, count in counts)


def _shown(values: object, place: int) -> float | None:
    if not isinstance(values, np.ndarray):
        return None
    value = float(values[place])
    return round(value, 6) if np.isfinite(value) else None
