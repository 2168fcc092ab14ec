"""Decides which days are whole: of every name that still trades, all that its source will tell.

A day is whole when every name has a row of that day or a later one; a name without a row on a day
its source has passed did not trade. A name without rows on the last ten sessions has ended and is
waited for no longer. Only the newest days can be unfinished, so there is one last whole day.
"""

from collections.abc import Mapping
from datetime import date
from typing import Final

from core.records.record import Record

ENDED_SESSIONS: Final = 10
"""Two weeks; a shorter halt keeps newer days of the universe waiting."""


class Whole(Record):
    """The last whole day, and who is to blame that there is no later one."""

    last: date | None
    held_days: tuple[date, ...] = ()
    waiting_for: tuple[str, ...] = ()
    ended: tuple[str, ...] = ()


def whole_days(last_of: Mapping[str, date], days: tuple[date, ...]) -> Whole:
    """Return the last whole day.

    Args:
        last_of: the last day each name has a row of, stored or fetched.
        days: all days with a fetched row, ascending.
    """
    ended = {name for name, last in last_of.items() if _after(days, last) >= ENDED_SESSIONS}
    trading = {name: last for name, last in last_of.items() if name not in ended}
    if not trading:
        return Whole(last=None, ended=tuple(sorted(ended)))
    last = min(trading.values())
    held = tuple(day for day in days if day > last)
    late = tuple(sorted(name for name, day in trading.items() if day == last)) if held else ()
    return Whole(last=last, held_days=held, waiting_for=late, ended=tuple(sorted(ended)))


def _after(days: tuple[date, ...], last: date) -> int:
    return sum(day > last for day in days)
