"""Decides how long an answer may stand in for a new one, and of which day an answer is."""

from datetime import date, datetime, time, timedelta
from typing import Final
from zoneinfo import ZoneInfo

from agents.toolbox.spec import ANY_TOOL, ServerSpec
from core.errors import DataError
from core.markets.sessions import is_session
from core.records.universe import Universe

DAY: Final = timedelta(days=1)


def fresh_for(spec: ServerSpec, tool: str) -> timedelta | None:
    """Return how old an answer of another run may be, None when it is always asked again."""
    minutes = spec.fresh_minutes.get(tool, spec.fresh_minutes.get(ANY_TOOL))
    return None if minutes is None else timedelta(minutes=minutes)


def zone_of(universe: Universe) -> ZoneInfo:
    """Return the market's time zone."""
    return ZoneInfo(universe.timezone)


def local_day(universe: Universe, moment: datetime) -> date:
    """Return the market's calendar day at a moment with a time zone."""
    return moment.astimezone(zone_of(universe)).date()


def day_end(universe: Universe, day: date) -> datetime:
    """Return the midnight that ends a calendar day in the market."""
    return datetime.combine(day + DAY, time(), tzinfo=zone_of(universe))


def is_past(universe: Universe, as_of: date | None, moment: datetime) -> bool:
    """Tell whether the date asked for is over in the market, so that no answer of now is of it."""
    return as_of is not None and as_of < local_day(universe, moment)


def stands_for(
    universe: Universe, fetched_at: datetime, day: date, *, fresh: timedelta | None
) -> bool:
    """Tell whether an answer fetched then may stand for a past day: of that day, or still fresh."""
    fetched = local_day(universe, fetched_at)
    if fetched >= day:
        return fetched == day
    return fresh is not None and day_end(universe, day) - fetched_at <= fresh


def finished_session(
    universe: Universe, fetched_at: datetime, *, said: date | None = None
) -> date | None:
    """Return the session whose close the answer knows; None when it is of no whole session.

    It is the day the answer says it is of, else the day it was fetched; a session still running,
    and a day without one, are none.
    """
    local = fetched_at.astimezone(zone_of(universe))
    day = local.date() if said is None else said
    hour, minute = (int(part) for part in universe.close_time.split(":"))
    closed = datetime.combine(day, time(hour, minute), tzinfo=zone_of(universe))
    try:
        return day if local >= closed and is_session(universe, day) else None
    except DataError:
        return None
