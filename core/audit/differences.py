"""Decides where two computations of one signal differ; it does not judge why."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

import numpy as np
import pandas as pd
from numpy.typing import NDArray

Matrix = NDArray[np.float64]
Mask = NDArray[np.bool_]


@dataclass(frozen=True, slots=True)
class Difference:
    """One column's change: where it begins, over how many dates, and its largest size.

    before, after: the column's values on the first date; None where it has none. size: None when
    values only appeared or vanished.
    """

    column: str
    first: date
    cells_count: int
    size: float | None
    before: float | None
    after: float | None


def differences(
    before: pd.DataFrame,
    after: pd.DataFrame,
    *,
    until: date | None = None,
    tolerance: float = 0.0,
) -> Iterator[Difference]:
    """Yield each column that differs in a row dated by `until`, in order of columns.

    A row or column only one of them has counts as NaN in the other; NaN equals NaN. Rows of `after`
    behind the last of `before` by then are left out: a running week or month has one.

    Args:
        before: dates x columns, float64, dates ascending and unique.
        after: another computation, alike.
        until: all rows when None.
        tolerance: allowed change as a share of the column's largest magnitude in both.
    """
    columns = before.columns.union(after.columns, sort=False)
    index = before.index.union(after.index)
    if until is not None:
        stop = pd.Timestamp(until) + pd.Timedelta(days=1)
        settled = before.index[before.index < stop]
        index = index[index <= settled[-1]] if len(settled) else index[:0]
    old, new = (
        frame.reindex(index=index, columns=columns).to_numpy(dtype=np.float64)
        for frame in (before, after)
    )
    changed = _changed(old, new, tolerance)
    for place in np.flatnonzero(changed.any(axis=0)).tolist():
        rows = np.flatnonzero(changed[:, place])
        sizes = np.abs(new[rows, place] - old[rows, place])
        known = sizes[np.isfinite(sizes)]
        yield Difference(
            column=str(columns[place]),
            first=index[rows[0]].date(),
            cells_count=len(rows),
            size=float(known.max()) if len(known) else None,
            before=_number(old[rows[0], place]),
            after=_number(new[rows[0], place]),
        )


def outside(frame: pd.DataFrame, cut: date, dates: pd.DatetimeIndex) -> Iterator[Difference]:
    """Yield columns with values on more than one of `dates` after the cut.

    One is allowed: the label of a running week or month. More come from data the signal fetched
    itself, so no audit of it is possible.
    """
    begun = frame.index >= pd.Timestamp(cut) + pd.Timedelta(days=1)
    later = frame[begun & frame.index.isin(dates)]
    for name in later.columns:
        known = later[name].dropna()
        if len(known) > 1:
            value = _number(float(known.iloc[0]))
            yield Difference(str(name), known.index[0].date(), len(known), None, None, value)


def _changed(old: Matrix, new: Matrix, tolerance: float) -> Mask:
    same: Mask = (old == new) | (np.isnan(old) & np.isnan(new))
    if tolerance > 0.0 and old.size:
        magnitudes = np.where(np.isfinite(old), np.abs(old), 0.0).max(axis=0)
        magnitudes = np.maximum(
            magnitudes, np.where(np.isfinite(new), np.abs(new), 0.0).max(axis=0)
        )
        finite = np.isfinite(old) & np.isfinite(new)
        gaps = np.abs(np.where(finite, old, 0.0) - np.where(finite, new, 0.0))
        same |= finite & (gaps <= tolerance * magnitudes)
    return np.logical_not(same)


def _number(value: float) -> float | None:
    return float(value) if np.isfinite(value) else None
