"""Decides which stretches of a backtest to look at: falls, worst windows, years, months, lags.

It refuses to say why they were good or bad. Returns are fractions a bar, indexed by ascending
dates, without NaN; a reference has the same dates.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from itertools import pairwise

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from core.backtest.metrics import performance
from core.records.backtest import Lagged, Span, Window

CALENDAR: dict[Window, str] = {"month": "M", "quarter": "Q", "year": "Y"}
"""Calendar windows and their pandas period."""

WORST_FALLS = 5
WORST_WINDOWS = 3

Vector = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class _Fall:
    """Places of a drawdown's first bar under the peak, its trough and its recovery."""

    first: int
    trough: int
    recovered: int | None
    depth: float


def worst(
    returns: pd.Series, reference: pd.Series | None = None, *,
    falls: int = WORST_FALLS, windows: int = WORST_WINDOWS,
) -> tuple[Span, ...]:  # fmt: skip
    """Return the deepest drawdowns, then the worst months, quarters and years, worst first.

    A window at either end of the bars may be a part of one; its dates tell. Of equal ones the
    earlier comes first.
    """
    found = list(drawdowns(returns, reference, count=falls))
    for window in CALENDAR:
        spans = calendar(returns, reference, window=window)
        found += sorted(spans, key=lambda span: span.strategy)[:windows]
    return tuple(found)


def drawdowns(
    returns: pd.Series, reference: pd.Series | None = None, *, count: int = WORST_FALLS
) -> tuple[Span, ...]:
    """Return the deepest falls from a peak, deepest first; they never overlap.

    A span is dated from the first bar under the peak to the trough, so that what the reference
    brought is over the same bars. `recovered` is the first bar at or above the old peak.
    """
    deepest = sorted(_falls(_values(returns)), key=lambda fall: (fall.depth, fall.first))[:count]
    return tuple(
        Span(
            window="drawdown",
            first=_day(returns, fall.first),
            last=_day(returns, fall.trough),
            strategy=fall.depth,
            reference=_grown(reference, returns, fall.first, fall.trough + 1),
            recovered=None if fall.recovered is None else _day(returns, fall.recovered),
        )
        for fall in deepest
    )


def years(returns: pd.Series, reference: pd.Series | None = None) -> tuple[Span, ...]:
    """Return every calendar year, the first and last as far as there are bars."""
    return calendar(returns, reference, window="year")


def calendar(
    returns: pd.Series, reference: pd.Series | None = None, *, window: Window
) -> tuple[Span, ...]:
    """Return every month, quarter or year with its compound return, in order."""
    _values(returns)
    keys = _dates(returns).to_period(CALENDAR[window])
    edges = np.flatnonzero(np.r_[True, keys[1:] != keys[:-1], True])
    return tuple(
        Span(
            window=window,
            first=_day(returns, int(start)),
            last=_day(returns, int(stop) - 1),
            strategy=_compound(returns.to_numpy(np.float64)[start:stop]),
            reference=_grown(reference, returns, int(start), int(stop)),
        )
        for start, stop in pairwise(edges)
    )


def months(returns: pd.Series) -> pd.DataFrame:
    """Return compound returns, years x months 1 to 12; NaN where there is no bar."""
    days = _dates(returns)
    grown = (1.0 + returns).groupby([days.year, days.month]).prod() - 1.0
    table = grown.unstack()
    first, last = int(days.year.min()), int(days.year.max())
    return table.reindex(index=range(first, last + 1), columns=range(1, 13))


def decay(by_lag: Mapping[int, pd.Series], *, bars_a_year: float) -> tuple[Lagged, ...]:
    """Return what is left of a strategy when it is filled later; one a lag, shortest first."""
    found = []
    for lag in sorted(by_lag):
        made = performance(by_lag[lag], f"lag {lag}", bars_a_year=bars_a_year)
        found.append(Lagged(lag_bars=lag, cagr=made.cagr, sharpe=made.sharpe))
    return tuple(found)


def _falls(values: Vector) -> list[_Fall]:
    """Return every stretch under a peak, in order."""
    wealth = np.r_[1.0, np.cumprod(1.0 + values)]
    peaks = np.maximum.accumulate(wealth)
    under = wealth < peaks
    starts = np.flatnonzero(under & ~np.r_[False, under[:-1]])
    ends = np.flatnonzero(~under & np.r_[False, under[:-1]])
    falls = []
    for place, start in enumerate(starts):
        stop = int(ends[place]) if place < len(ends) else len(wealth)
        ratio = wealth[start:stop] / peaks[start] - 1.0
        trough = int(start) + int(ratio.argmin())
        back = stop - 1 if place < len(ends) else None
        falls.append(_Fall(int(start) - 1, trough - 1, back, float(ratio.min())))
    return falls


def _values(returns: pd.Series) -> Vector:
    values = returns.to_numpy(np.float64)
    if len(values) == 0 or np.isnan(values).any():
        raise ValueError("returns: at least one bar, and none of them NaN")
    return values


def _dates(returns: pd.Series) -> pd.DatetimeIndex:
    index = returns.index
    if not isinstance(index, pd.DatetimeIndex):
        raise TypeError(f"returns: the index must be dates, got {type(index).__name__}")
    return index


def _grown(reference: pd.Series | None, returns: pd.Series, start: int, stop: int) -> float | None:
    """Return the reference's compound return; None where it has no value for all of it."""
    if reference is None:
        return None
    if not reference.index.equals(returns.index):
        raise ValueError("reference: must have the dates of the returns")
    values = reference.to_numpy(np.float64)[start:stop]
    return None if np.isnan(values).any() else _compound(values)


def _compound(values: Vector) -> float:
    return float(np.prod(1.0 + values)) - 1.0


def _day(returns: pd.Series, place: int) -> date:
    return _dates(returns)[place].date()
