"""Decides which closes make a bar, and whether the last bar's period is over.

It never invents a bar: a week or month without a session does not exist.
"""

import calendar
from dataclasses import dataclass
from datetime import date, timedelta

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from core.markets.sessions import covers, is_session
from core.records.universe import Frequency, Universe

FRIDAY = 4
"""`date.weekday()` of the last weekday of an ISO week."""

MONDAY_SHIFT_DAYS = 3
"""1970-01-01 was a Thursday: days since then plus 3, in sevens, count ISO weeks."""


@dataclass(frozen=True, slots=True)
class Bars:
    """Bars x symbols. `provisional`: the last bar's period is still running at as_of."""

    closes: pd.DataFrame
    provisional: bool


def to_bars(
    closes: pd.DataFrame, frequency: Frequency, *, as_of: date, universe: Universe | None = None
) -> Bars:
    """Return the bars of the sessions dated as_of or earlier.

    A weekly bar gathers an ISO week (Monday to Sunday), a monthly one a calendar month. A bar is
    labelled with the last session of its period, so no label lies in the future, and holds each
    symbol's last known close within the period, NaN when it has none. Daily and 15-minute closes
    are bars already and pass through.

    Provisional: a weekly bar until as_of reaches its week's Friday, a monthly bar until as_of
    reaches its month's last weekday. With a universe, also final once its calendar has no session
    left before that day; a year the calendar does not cover leaves the bar provisional. Daily and
    15-minute bars are final.

    Args:
        closes: sessions x symbols, ascending unique dates, price units; NaN means no close.
        frequency: of the bars wanted.
        as_of: later rows are not seen.
        universe: whose calendar says when a period is over; None: weekdays.
    """
    stop = pd.Timestamp(as_of) + pd.Timedelta(days=1)
    seen = closes.iloc[: closes.index.searchsorted(stop)]
    if frequency in ("15min", "daily") or seen.empty:
        return Bars(seen, provisional=False)
    weekly = frequency == "weekly"
    index = pd.DatetimeIndex(seen.index)
    keys = _weeks(index) if weekly else _months(index)
    ends = np.append(np.flatnonzero(np.diff(keys)), len(keys) - 1)
    bars = seen.groupby(keys).last().set_axis(index[ends], axis=0)
    over = period_end(index[-1].date(), frequency)
    return Bars(bars, provisional=_running(as_of, over, universe))


def period_end(session: date, frequency: Frequency) -> date:
    """Return the last weekday of a session's week or month; of shorter bars, the session."""
    if frequency in ("15min", "daily"):
        return session
    weekly = frequency == "weekly"
    return max(session, _friday(session) if weekly else _last_weekday_of_month(session))


def _running(as_of: date, over: date, universe: Universe | None) -> bool:
    """Tell whether a session may follow as_of before the period's last weekday has passed."""
    left = [as_of + timedelta(days=n) for n in range(1, (over - as_of).days + 1)]
    if universe is None:
        return bool(left)
    return any(not covers(universe, day) or is_session(universe, day) for day in left)


def _weeks(index: pd.DatetimeIndex) -> NDArray[np.int64]:
    days = index.to_numpy().astype("datetime64[D]").astype(np.int64)
    return (days + MONDAY_SHIFT_DAYS) // 7


def _months(index: pd.DatetimeIndex) -> NDArray[np.int64]:
    return index.to_numpy().astype("datetime64[M]").astype(np.int64)


def _friday(session: date) -> date:
    return session + timedelta(days=FRIDAY - session.weekday())


def _last_weekday_of_month(session: date) -> date:
    last = session.replace(day=calendar.monthrange(session.year, session.month)[1])
    return last - timedelta(days=max(0, last.weekday() - FRIDAY))
