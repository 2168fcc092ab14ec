"""Decides up to which day a source is asked: a running session is never taken for a close."""

from datetime import date, datetime, time, timedelta
from typing import Final
from zoneinfo import ZoneInfo

from core.markets.sessions import covers, is_session
from core.records.result import Dataset
from core.records.universe import Universe

FINAL_AFTER: Final = timedelta(minutes=60)
"""From the close until sources have the auction's price and volume."""

BY_SESSION: Final[tuple[Dataset, ...]] = ("prices", "intraday", "flows")
"""Data sets of which whole days are stored."""

LONGEST_CLOSURE: Final = timedelta(days=21)


def last_day(universe: Universe, dataset: Dataset, now: datetime) -> date:
    """Return the last finished session, or for what is published at any time, today there.

    Args:
        universe: gives the time zone, the close and the calendar.
        dataset: which.
        now: any moment with a time zone.
    """
    local = now.astimezone(ZoneInfo(universe.timezone))
    if dataset not in BY_SESSION:
        return local.date()
    close = datetime.combine(local.date(), time.fromisoformat(universe.close_time), local.tzinfo)
    day = local.date() if local >= close + FINAL_AFTER else local.date() - timedelta(days=1)
    first = day - LONGEST_CLOSURE
    while day > first and covers(universe, day) and not is_session(universe, day):
        day -= timedelta(days=1)
    return day
