"""Decides which days an exchange trades, when a trade settles and which part of the day a time is.

A day of a year the calendar does not cover is refused, never guessed.
"""

from datetime import date, time, timedelta
from itertools import pairwise

from core.errors import DataError
from core.records.calendar import SATURDAY, Calendar, CalendarYear, PhaseName
from core.records.universe import Universe

LONGEST_CLOSURE_DAYS = 60
"""No exchange stands still that long; a calendar that says so is wrong."""


def is_session(universe: Universe, day: date) -> bool:
    """Tell whether the universe's exchange trades on the day.

    Raises:
        DataError: the calendar does not cover the day's year.
    """
    calendar = universe.calendar
    if calendar.every_weekday:
        return day.weekday() < SATURDAY
    return _open(_covered(calendar, day), day)


def covers(universe: Universe, day: date) -> bool:
    """Tell whether the universe's calendar says anything of the day's year."""
    calendar = universe.calendar
    return calendar.every_weekday or any(item.year == day.year for item in calendar.years)


def next_session(universe: Universe, day: date) -> date:
    """Return the first session after the day.

    Raises:
        DataError: the calendar does not cover a year that had to be looked at.
    """
    return sessions_after(universe, day, 1)[0]


def sessions_after(universe: Universe, day: date, n: int) -> tuple[date, ...]:
    """Return the next n sessions after the day, ascending; none for n = 0.

    Raises:
        DataError: the calendar does not cover a year that had to be looked at.
    """
    found: list[date] = []
    last = day
    while len(found) < n:
        day += timedelta(days=1)
        if is_session(universe, day):
            found.append(day)
            last = day
        elif (day - last).days > LONGEST_CLOSURE_DAYS:
            raise DataError(f"calendar {universe.calendar.id} has no session after {last}")
    return tuple(found)


def settlement_sessions(universe: Universe, traded: date) -> int:
    """Return how many sessions lie from a trade of that day to its cash and shares.

    Raises:
        DataError: the calendar has no settlement rule for the day.
    """
    calendar = universe.calendar
    rules = [rule.sessions for rule in calendar.settlement if rule.since <= traded]
    if not rules:
        raise DataError(
            f"calendar {calendar.id} has no settlement rule for trades of {traded}; "
            "add one under [[settlement]]"
        )
    return rules[-1]


def settlement_date(universe: Universe, traded: date) -> date:
    """Return the session on which a trade of that day settles.

    Raises:
        DataError: no rule for the day, or the calendar does not reach the settlement.
    """
    n = settlement_sessions(universe, traded)
    return sessions_after(universe, traded, n)[-1] if n else traded


def phase_at(universe: Universe, at: time) -> PhaseName | None:
    """Return the phase of the trading day at a local time; None before, after and between them."""
    told = f"{at.hour:02d}:{at.minute:02d}"
    inside = (p.name for p in universe.calendar.phases if p.start <= told < p.end)
    return next(inside, None)


def _covered(calendar: Calendar, day: date) -> CalendarYear:
    for item in calendar.years:
        if item.year == day.year:
            return item
    raise DataError(
        f"calendar {calendar.id} does not cover {day.year} (it has {_spans(calendar)}); "
        "add that year's closed days to it, or give the universe a [calendar] of its own"
    )


def _open(year: CalendarYear, day: date) -> bool:
    if day.weekday() >= SATURDAY:
        return day in year.extra
    return day not in year.closed and day not in year.halted


def _spans(calendar: Calendar) -> str:
    """Return the covered years in words: 2012-2024, 2026."""
    years = [item.year for item in calendar.years]
    starts = [years[0], *(after for before, after in pairwise(years) if after != before + 1)]
    ends = [*(before for before, after in pairwise(years) if after != before + 1), years[-1]]
    spans = zip(starts, ends, strict=True)
    return ", ".join(str(a) if a == b else f"{a}-{b}" for a, b in spans)
