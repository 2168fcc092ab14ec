"""Decides what a finished series shows of itself: the whole sample's scale, gaps filled, odd dates.

It cannot recompute the series, so it proves a leak only where no method that sees the past alone
gives such numbers.
"""

from collections.abc import Iterator
from datetime import date

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from core.records.audit import Leak, Oddity

Vector = NDArray[np.float64]

LEAST_CELLS = 60
"""Values a column needs before its mean and spread say anything."""

EXACT = 1e-5
"""How near a mean is to 0, or a spread to 1, that only standardising makes it: files carry five or
six decimals."""

SATURDAY = 5
START_RUN = 10
"""Equal values a column begins with that are taken as filled in, were no later run half as long."""

INTERPOLATED_SHARE = 0.5
"""Share of the moving values that lie on the line between their neighbours; random walks of five
digits have under 0.05."""


def scaled_by_the_whole(series: pd.DataFrame) -> tuple[Leak, ...]:
    """Return columns whose whole sample has mean 0 and standard deviation 1, or extremes 0 and 1.

    Either comes from the whole sample, later values included. The standard deviation may be the
    sample's or the population's; extremes count when each is reached once, as ranks and switches
    reach them often.

    Args:
        series: dates x columns, NaN where there is no value.
    """
    found = []
    for name in series.columns:
        values = series[name].dropna()
        if len(values) >= LEAST_CELLS and _is_scaled(values.to_numpy(dtype=np.float64)):
            first: date = values.index[0].date()
            found.append(
                Leak(
                    kind="scaling",
                    column=str(name),
                    first=first,
                    cells_count=len(values),
                    size=None,
                    before=float(values.iloc[0]),
                    after=float(values.iloc[0]),
                )
            )
    return tuple(found)


def odd_dates(series: pd.DataFrame, sessions: pd.DatetimeIndex | None) -> tuple[Oddity, ...]:
    """Return whether the dates are ends or starts of periods, or days without a session.

    Args:
        series: dates x columns.
        sessions: of the market the series speaks of; None: weekdays are.
    """
    index = pd.DatetimeIndex(series.dropna(how="all").index)
    if len(index) == 0:
        return ()
    ends = bool(index.is_month_end.all()) | bool(index.is_month_start.all())
    if ends and len(index) > 2 and _closed(index, sessions).any():
        return (Oddity(kind="period_dated", first=index[0].date(), count=len(index)),)
    closed = index[_closed(index, sessions)]
    if len(closed) == 0:
        return ()
    return (Oddity(kind="no_session", first=closed[0].date(), count=len(closed)),)


def fillings(series: pd.DataFrame, prices: pd.DataFrame | None) -> tuple[Oddity, ...]:
    """Return columns that look filled: before listing, by a constant at the start, along lines.

    Args:
        series: dates x columns.
        prices: closes, dates x columns; columns of the same name tell when the series was listed.
    """
    return tuple(odd for name in series.columns for odd in _filled(series[name].dropna(), prices))


def _is_scaled(values: Vector) -> bool:
    spreads = [float(values.std(ddof=ddof)) for ddof in (0, 1)]
    if abs(float(values.mean())) < EXACT and min(abs(sd - 1.0) for sd in spreads) < EXACT:
        return True
    extremes = float(values.min()), float(values.max())
    once = all(int((values == extreme).sum()) == 1 for extreme in extremes)
    return once and extremes == (0.0, 1.0)


def _closed(index: pd.DatetimeIndex, sessions: pd.DatetimeIndex | None) -> NDArray[np.bool_]:
    days = index.normalize()
    if sessions is None or len(sessions) == 0:
        return np.asarray(days.day_of_week >= SATURDAY)
    inside = (days >= sessions[0].normalize()) & (days <= sessions[-1].normalize())
    return np.asarray(inside & ~days.isin(sessions.normalize()))


def _filled(values: pd.Series, prices: pd.DataFrame | None) -> Iterator[Oddity]:
    if values.empty:
        return
    name, cells = str(values.name), values.to_numpy(dtype=np.float64)
    if prices is not None and values.name in prices.columns:
        closes = prices[values.name].dropna()
        early = values[values.index < closes.index[0]] if len(closes) else values
        if len(early):
            first = early.index[0].date()
            yield Oddity(kind="before_listing", column=name, first=first, count=len(early))
    runs = np.diff(np.flatnonzero(np.r_[True, np.diff(cells) != 0.0, True]))
    if len(runs) > 1 and runs[0] >= max(START_RUN, 2 * runs[1:].max() + 1):
        first = values.index[0].date()
        yield Oddity(kind="constant_start", column=name, first=first, count=int(runs[0]))
    share = _on_lines(cells)
    if share > INTERPOLATED_SHARE:
        yield Oddity(kind="interpolated", column=name, value=share)


def _on_lines(cells: Vector) -> float:
    """Return the share of moving values halfway between their neighbours, 0 with too few."""
    if len(cells) < LEAST_CELLS:
        return 0.0
    steps = np.diff(cells)
    moving = (steps[:-1] != 0.0) & (steps[1:] != 0.0)
    if moving.sum() < LEAST_CELLS // 2:
        return 0.0
    scale = float(np.median(np.abs(steps[steps != 0.0])))
    straight = moving & (np.abs(np.diff(steps)) < EXACT * scale)
    return float(straight.sum() / moving.sum())
