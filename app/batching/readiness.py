"""Decides whether a day's data are whole enough to begin, and how long to wait until they are.

Whole means: every series that had a row on most of the sessions before has one on the day.
"""

import time as clocks
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Final
from zoneinfo import ZoneInfo

import pandas as pd

from app.batching.records import Absence, Gate
from core.markets.sessions import is_session
from core.records.result import Dataset
from core.records.universe import Universe
from tools.storage.store import Store

POLL_SECONDS: Final = 30.0
LOOK_BACK: Final = timedelta(days=45)
"""Reaches over twenty sessions and the longest holidays."""
USUAL_SESSIONS, USUAL_SHARE = 20, 0.5
"""A series is expected when at least this share of the sessions before had a row of it."""
_ROWS: Final[Mapping[Gate, tuple[Dataset, str]]] = {
    "prices": ("prices", ""),
    "foreign": ("flows", "foreign"),
    "proprietary": ("flows", "proprietary"),
}
"""The stored data set of each gate, and its investor."""


@dataclass(frozen=True, slots=True)
class Waiting:
    """What is waited for, and until when of the day it begins on, in the universe's own zone."""

    gates: tuple[Gate, ...]
    until: time
    poll_seconds: float = POLL_SECONDS
    sleep: Callable[[float], None] = clocks.sleep


def waited(
    days: Mapping[str, date],
    universes: Mapping[str, Universe],
    store: Store,
    *,
    waiting: Waiting,
    clock: Callable[[], datetime],
    tell: Callable[[str], None],
) -> tuple[Absence, ...]:
    """Return what is still not whole once everything is, or once it is too late to wait.

    Args:
        days: by universe, the day whose rows are waited for.
        universes: by id.
        store: where they arrive; another process writes to it.
        waiting: for what, and until when.
        clock: now, with a time zone.
        tell: hears what is waited for.
    """
    begun_at = clock()
    ends = {name: _end(universes[name], begun_at, waiting.until) for name in days}
    while True:
        missing = absences(days, universes, store, waiting.gates)
        now = clock()
        open_ones = [row for row in missing if now < ends[row.universe]]
        if not open_ones:
            return missing
        told = ", ".join(absence_text(row) for row in open_ones)
        tell(f"waiting until {waiting.until:%H:%M} for {told}")
        waiting.sleep(waiting.poll_seconds)


def absences(
    days: Mapping[str, date],
    universes: Mapping[str, Universe],
    store: Store,
    gates: Sequence[Gate],
) -> tuple[Absence, ...]:
    """Return each data set of each universe that is not whole on its day.

    What is not published for a market is not missing.
    """
    found = []
    for name, day in days.items():
        for gate in gates:
            if gate != "prices" and not universes[name].foreign_flow:
                continue
            have, expected = completeness(store, universes[name], gate, day)
            if have < expected or not expected:
                found.append(
                    Absence(universe=name, dataset=gate, day=day, have=have, expected=expected)
                )
    return tuple(found)


def completeness(store: Store, universe: Universe, gate: Gate, day: date) -> tuple[int, int]:
    """Return how many of the usual series have a row on the day, and how many are usual.

    Both are 0 where nothing of the kind was stored for weeks.
    """
    dataset, investor = _ROWS[gate]
    columns = ("symbol", "period", "investor") if investor else ("symbol", "period")
    rows = store.read(universe.id, dataset, since=day - LOOK_BACK, columns=columns)
    rows = rows[rows["period"] < pd.Timestamp(day) + pd.Timedelta(days=1)]
    if investor:
        rows = rows[rows["investor"] == investor]
    on_day = rows["period"] >= pd.Timestamp(day)
    before = rows[~on_day].drop_duplicates(["symbol", "period"])
    sessions = sorted(before["period"].unique())[-USUAL_SESSIONS:]
    counts = before[before["period"].isin(sessions)]["symbol"].value_counts()
    usual = set(counts.index[counts >= USUAL_SHARE * len(sessions)])
    return len(usual & set(rows[on_day]["symbol"])), len(usual)


def awaited_day(universe: Universe, now: datetime) -> date:
    """Return the session a batch begun now is about: today's where it is one, else the last.

    Raises:
        DataError: the calendar does not cover the days looked at.
    """
    day = now.astimezone(ZoneInfo(universe.timezone)).date()
    while not is_session(universe, day):
        day -= timedelta(days=1)
    return day


def absence_text(row: Absence) -> str:
    """Return what was not whole, in a few words."""
    return f"{row.universe} {row.dataset}: {row.have} of {row.expected} on {row.day}"


def _end(universe: Universe, begun_at: datetime, until: time) -> datetime:
    """Return the instant of the day the waiting began on."""
    zone = ZoneInfo(universe.timezone)
    return datetime.combine(begun_at.astimezone(zone).date(), until, zone)
