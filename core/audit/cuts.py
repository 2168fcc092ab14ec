"""Decides where the future is cut off: where look-ahead shows, and at random.

A value filled backwards shows only when the cut falls right after a missing cell, one put on its
whole week or month only inside it; the rest shows at almost any cut.
"""

from collections.abc import Iterator
from dataclasses import fields
from datetime import date

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from core.panel import FlowPanel, MarketPanels, PricePanel, Table

Rows = NDArray[np.int64]


def audit_cuts(
    data: MarketPanels | pd.DataFrame, *, count: int, seed: int = 0, since: date | None = None
) -> tuple[date, ...]:
    """Return the last dates known, ascending: every kind of place in turn, none drawn twice.

    The kinds, each for each panel or table: the row of a missing cell before the column is listed,
    of one after it, the row after a gap, the session before a release, the session before days
    without one, and any row, which also fills up what the others leave.

    Args:
        data: panels, or one frame of dates x columns.
        count: cuts wanted; fewer come back from fewer rows.
        seed: of the draw.
        since: no cut before it, as where a signal has no value yet nothing can leak.
    """
    index = _index(data)
    from_row = 0 if since is None else int(index.searchsorted(pd.Timestamp(since)))
    rng = np.random.default_rng(seed)
    usable = np.arange(from_row, len(index) - 1)
    places = (np.intersect1d(rows, usable) for rows in (*_places(data, index), usable))
    drawn: list[list[int]] = [rng.permutation(rows).tolist() for rows in places]
    chosen: set[int] = set()
    while len(chosen) < count and any(drawn):
        for left in drawn:
            if left and len(chosen) < count:
                chosen.add(left.pop())
    return tuple(index[row].date() for row in sorted(chosen))


def _index(data: MarketPanels | pd.DataFrame) -> pd.DatetimeIndex:
    frame = data.sectors.closes if isinstance(data, MarketPanels) else data
    return pd.DatetimeIndex(frame.index)


def _places(data: MarketPanels | pd.DataFrame, index: pd.DatetimeIndex) -> Iterator[Rows]:
    gaps = np.diff(index.to_numpy()) > np.timedelta64(1, "D")
    yield np.flatnonzero(gaps)
    if isinstance(data, pd.DataFrame):
        yield from _gap_rows((data,), index)
        return
    for field in fields(data):
        part = getattr(data, field.name)
        if isinstance(part, PricePanel):
            yield from _gap_rows((part.closes, part.volumes, part.values), index)
        elif isinstance(part, FlowPanel):
            yield from _gap_rows((part.buys, part.sells, part.traded), index)
        elif isinstance(part, Table):
            name = "start" if part.kind == "members" else "known_at"
            stamps = pd.DatetimeIndex(part.rows[name].unique())
            yield index.searchsorted(stamps) - 1


def _gap_rows(frames: tuple[pd.DataFrame, ...], index: pd.DatetimeIndex) -> Iterator[Rows]:
    """Yield the rows of missing cells before and after listing, and the rows after gaps."""
    early = np.zeros(len(index), dtype=bool)
    inside, after = early.copy(), early.copy()
    for frame in frames:
        if not frame.index.equals(index):
            continue
        missing = frame.isna().to_numpy()
        unlisted = np.logical_and.accumulate(missing, axis=0)
        gap = missing & ~unlisted
        early |= unlisted.any(axis=1) & ~unlisted.all(axis=1)
        inside |= gap.any(axis=1)
        after[1:] |= (gap[:-1] & ~gap[1:]).any(axis=1)
    yield from (np.flatnonzero(rows) for rows in (early, inside, after))
