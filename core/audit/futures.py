"""Decides which other futures a signal is shown: none, other prices, other releases.

All are equal to the data up to the close of the cut; equal seeds draw equal futures.
"""

from dataclasses import fields, replace
from datetime import date
from typing import overload

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from core.panel import FlowPanel, MarketPanels, PricePanel, Table

Data = MarketPanels | pd.DataFrame
"""What a signal is computed from: all a universe knows, or one frame, dates x columns."""

SPREAD = 0.5
"""Standard deviation of the logarithm of what a future value is multiplied by."""

SHARE = 0.5
"""Share of later releases left out, of known ones revised, and of members that move."""

REVISED_WITHIN_DAYS = 30


@overload
def forgotten(data: MarketPanels, cut: date) -> MarketPanels: ...
@overload
def forgotten(data: pd.DataFrame, cut: date) -> pd.DataFrame: ...
@overload
def forgotten(data: Data, cut: date) -> Data: ...
def forgotten(data: Data, cut: date) -> Data:
    """Return what was known at the close of the cut."""
    if isinstance(data, MarketPanels):
        return data.until(cut)
    return data.iloc[: _known_rows(data, cut)].copy()


@overload
def perturbed(data: MarketPanels, cut: date, *, seed: int) -> MarketPanels: ...
@overload
def perturbed(data: pd.DataFrame, cut: date, *, seed: int) -> pd.DataFrame: ...
@overload
def perturbed(data: Data, cut: date, *, seed: int) -> Data: ...
def perturbed(data: Data, cut: date, *, seed: int) -> Data:
    """Return the data with the rows after the cut shuffled and scaled, and later members others.

    Gaps move with their rows; columns of 0 and 1 are turned over.
    """
    rng = np.random.default_rng(seed)
    if isinstance(data, MarketPanels):
        parts: dict[str, PricePanel | FlowPanel | Table] = {}
        for field in fields(data):
            part = getattr(data, field.name)
            if isinstance(part, PricePanel):
                frames = (getattr(part, inner.name) for inner in fields(part))
                parts[field.name] = PricePanel(*(_shuffled(frame, cut, rng) for frame in frames))
            elif isinstance(part, FlowPanel):
                parts[field.name] = part.each(lambda frame: _shuffled(frame, cut, rng))
            elif isinstance(part, Table) and part.kind == "members":
                parts[field.name] = _other_members(part, cut, rng)
        return replace(data, **parts)  # type: ignore[arg-type]  # each part keeps its type
    return _shuffled(data, cut, rng)


def revised(panels: MarketPanels, cut: date, *, seed: int) -> MarketPanels:
    """Return the panels with other releases after the cut: fewer, scaled, and old ones revised."""
    rng = np.random.default_rng(seed)
    parts = {
        field.name: _other_releases(part, cut, rng)
        for field in fields(panels)
        if isinstance(part := getattr(panels, field.name), Table) and part.kind != "members"
    }
    return replace(panels, **parts)  # type: ignore[arg-type]  # tables stay tables


def has_releases(data: Data) -> bool:
    """Tell whether there are tables of two dates, which `revised` changes."""
    return isinstance(data, MarketPanels) and any(
        isinstance(part := getattr(data, field.name), Table) and part.kind != "members"
        for field in fields(data)
    )


def _known_rows(frame: pd.DataFrame, cut: date) -> int:
    index = pd.DatetimeIndex(frame.index)
    return int(index.searchsorted(pd.Timestamp(cut) + pd.Timedelta(days=1)))


def _shuffled(frame: pd.DataFrame, cut: date, rng: np.random.Generator) -> pd.DataFrame:
    known = _known_rows(frame, cut)
    values = frame.to_numpy(dtype=np.float64, copy=True)
    future = values[known:]
    order = rng.permutation(len(future))
    if np.isin(values[~np.isnan(values)], (0.0, 1.0)).all():
        values[known:] = 1.0 - future[order]
    else:
        values[known:] = future[order] * _factors(rng, future.shape)
    return pd.DataFrame(values, index=frame.index, columns=frame.columns)


def _factors(rng: np.random.Generator, shape: tuple[int, ...]) -> NDArray[np.float64]:
    return np.exp(rng.normal(0.0, SPREAD, shape))


def _other_members(table: Table, cut: date, rng: np.random.Generator) -> Table:
    """Return spells begun by the cut, half of the open ones ended after it in another sector."""
    stamp = pd.Timestamp(cut)
    rows = table.rows[table.rows["start"] <= stamp]
    open_then = (rows["end"].isna() | (rows["end"] > stamp)).to_numpy()
    moving = open_then & (rng.random(len(rows)) < SHARE)
    moved_on = stamp + pd.Timedelta(days=1)
    never = pd.Series(pd.NaT, index=rows.index, dtype="datetime64[us]")
    end = rows["end"].where(~open_then, never).mask(moving, moved_on)
    sectors = np.sort(table.rows["sector"].unique())
    joined = rows[moving].assign(
        start=moved_on, end=never[moving], sector=rng.choice(sectors, int(moving.sum()))
    )
    every = pd.concat([rows.assign(end=end), _typed(joined, rows)], ignore_index=True)
    return Table(
        table.kind, every.sort_values(["start", "symbol"], kind="stable", ignore_index=True)
    )


def _other_releases(table: Table, cut: date, rng: np.random.Generator) -> Table:
    rows, stamp = table.rows, pd.Timestamp(cut)
    numeric = rows.select_dtypes("float64").columns
    later = rows["known_at"] > stamp
    revised_rows = rows[~later & (rng.random(len(rows)) < SHARE)]
    delays = pd.to_timedelta(rng.integers(1, REVISED_WITHIN_DAYS + 1, len(revised_rows)), unit="D")
    revisions = revised_rows.assign(known_at=stamp + delays)
    others = pd.concat(
        [rows[later & (rng.random(len(rows)) >= SHARE)], _typed(revisions, rows)], ignore_index=True
    )
    others[numeric] = others[numeric] * _factors(rng, (len(others), len(numeric)))
    every = pd.concat([rows[~later], others], ignore_index=True)
    keys = [name for name in rows.columns if name not in ("known_at", "period", *numeric)]
    order = ["known_at", "period", *keys]
    return Table(table.kind, every.sort_values(order, kind="stable", ignore_index=True))


def _typed(rows: pd.DataFrame, like: pd.DataFrame) -> pd.DataFrame:
    """Return the rows in the columns' types of another frame."""
    return rows.astype(like.dtypes.to_dict())
