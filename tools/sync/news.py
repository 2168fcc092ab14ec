"""Decides which fetched rows tell something the store does not hold, and from when they are known.

A price that a source tells otherwise than before, or adds between stored ones, becomes known on the
day that is noticed: reports as of earlier days stay what they were. History from before the first
stored day is as if it had been there from the first.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Final

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from core.records.result import Dataset
from tools.storage.schema import SCHEMAS, VINTAGED

SAME_FRACTION: Final = 1e-5
"""Prices nearer than a thousandth of a per mille are one price: undoing a split leaves rounding."""
SAME_VOLUME_FRACTION: Final = 0.005
"""Volumes are settled after the close; half a percent of one changes no signal."""

Mask = NDArray[np.bool_]


@dataclass(frozen=True, slots=True)
class News:
    """Rows to store; `revised_count` of them correct stored ones."""

    rows: pd.DataFrame
    revised_count: int


def news(
    rows: pd.DataFrame,
    stored: pd.DataFrame,
    dataset: Dataset,
    *,
    today: date,
    begun: Mapping[str, date],
) -> News:
    """Return the rows that are new or differ from what is stored.

    Args:
        rows: checked rows of the data set's schema.
        stored: the stored rows of the same names, of the rows' periods at least.
        dataset: of both.
        today: when a difference is noticed.
        begun: first stored day of each name; of vintages not looked at.
    """
    if stored.empty:
        return News(rows.reset_index(drop=True), 0)
    if dataset in VINTAGED:
        return _new_vintages(rows, stored, dataset, today)
    key = list(SCHEMAS[dataset].key)
    numbers = SCHEMAS[dataset].numbers
    beside = rows[key].merge(stored[[*key, *numbers, "known_at"]], on=key, how="left")
    there = beside["known_at"].notna().to_numpy()
    same = np.logical_and.reduce([_same(rows[name], beside[name], name) for name in numbers])
    revised = there & ~same
    noticed = revised | (~there & _between(rows, stored, key[:-1], begun))
    late = noticed & (rows["known_at"] < pd.Timestamp(today)).to_numpy()
    fresh = rows.assign(known_at=rows["known_at"].mask(late, pd.Timestamp(today)))
    return News(fresh[~there | revised].reset_index(drop=True), int(revised.sum()))


def _between(
    rows: pd.DataFrame, stored: pd.DataFrame, names: list[str], begun: Mapping[str, date]
) -> Mask:
    """Mark rows of a day between the first and the last one stored of their names."""
    last = stored.groupby(names, as_index=False)["period"].max()
    until = rows[names].merge(last, on=names, how="left")["period"].to_numpy()
    first = pd.to_datetime(rows[names[0]].map(dict(begun))).to_numpy()
    days = rows["period"].to_numpy()
    inside: Mask = (first <= days) & (days <= until)
    return inside


def _same(ours: "pd.Series[float]", theirs: "pd.Series[float]", name: str) -> Mask:
    here, there = ours.to_numpy(), theirs.to_numpy()
    if name in ("dividend", "split"):
        here, there = np.nan_to_num(here), np.nan_to_num(there)
    volume = name in ("volume", "value_bn")
    share = SAME_VOLUME_FRACTION if volume else SAME_FRACTION
    return np.isclose(here, there, rtol=share, atol=0.0, equal_nan=True)


def _new_vintages(rows: pd.DataFrame, stored: pd.DataFrame, dataset: Dataset, today: date) -> News:
    """Return values unlike the one stored as known by then; undated ones also unlike the newest."""
    known_then = _beside(rows, stored, dataset, rows["known_at"])
    newest = _beside(rows, stored, dataset, pd.Series(pd.Timestamp.max.floor("us"), rows.index))
    assumed = rows["assumed"].to_numpy()
    old = _equal(rows, known_then, dataset) | (assumed & _equal(rows, newest, dataset))
    revised = ~old & newest["there"].to_numpy()
    noticed = revised & assumed
    fresh = rows.assign(
        known_at=rows["known_at"].mask(noticed, pd.Timestamp(today)), assumed=assumed & ~noticed
    )
    return News(fresh[~old].reset_index(drop=True), int(revised.sum()))


def _beside(
    rows: pd.DataFrame, stored: pd.DataFrame, dataset: Dataset, moments: pd.Series
) -> pd.DataFrame:
    """Return, in the rows' order, the stored numbers known at each moment; `there` if any are."""
    key, numbers = list(SCHEMAS[dataset].key), list(SCHEMAS[dataset].numbers)
    asked = rows[key].assign(known_at=moments.astype("datetime64[us]"), place=range(len(rows)))
    held = stored[[*key, *numbers, "known_at"]].assign(there=True)
    found = pd.merge_asof(
        asked.sort_values("known_at", kind="stable"),
        held.sort_values("known_at", kind="stable"),
        on="known_at",
        by=key,
    )
    ordered = found.sort_values("place", ignore_index=True)
    return ordered.assign(there=ordered["there"].eq(True))


def _equal(rows: pd.DataFrame, beside: pd.DataFrame, dataset: Dataset) -> Mask:
    equal = [
        np.isclose(
            rows[name].to_numpy(), beside[name].to_numpy(), rtol=1e-12, atol=0.0, equal_nan=True
        )
        for name in SCHEMAS[dataset].numbers
    ]
    there: Mask = beside["there"].to_numpy(dtype=np.bool_)
    whole: Mask = np.logical_and.reduce([*equal, there])
    return whole
