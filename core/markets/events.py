"""Decides on which sessions a universe's dated events fall: index reviews, funds' rebalancing.

It says when funds must trade, not what that does to a price.
"""

from collections.abc import Iterator
from datetime import date, timedelta
from typing import assert_never

from core.markets.sessions import covers, is_session, next_session
from core.records.payloads import FlowEvent
from core.records.universe import EventPlan, EventRule, Universe

MONDAY, FRIDAY = 0, 4
LONGEST_SHIFT_DAYS = 14
"""A closed event day moves to the next session; no holiday is longer."""


def events_between(universe: Universe, first: date, last: date) -> tuple[FlowEvent, ...]:
    """Return the universe's events from first to last, both included, by date, then name.

    An event planned for a day without a session is of the next session; where the calendar does
    not cover the year, the planned day stands.
    """
    found = [
        FlowEvent(kind=plan.kind, period=day, name_en=plan.name_en, name_vi=plan.name_vi)
        for plan in universe.events
        for day in _sessions(universe, plan, first, last)
    ]
    return tuple(sorted(found, key=lambda event: (event.period, event.name_en)))


def planned_day(rule: EventRule, year: int, month: int) -> date:
    """Return the day a rule names in a month, before closed days are looked at."""
    match rule:
        case "first_monday":
            return _nth(year, month, weekday=MONDAY, n=1)
        case "third_friday":
            return _nth(year, month, weekday=FRIDAY, n=3)
        case other:
            assert_never(other)


def _sessions(universe: Universe, plan: EventPlan, first: date, last: date) -> Iterator[date]:
    for planned in _planned(plan, first - timedelta(days=LONGEST_SHIFT_DAYS), last):
        day = planned
        if covers(universe, planned) and not is_session(universe, planned):
            day = next_session(universe, planned)
        if first <= day <= last:
            yield day


def _planned(plan: EventPlan, first: date, last: date) -> Iterator[date]:
    yield from (day for day in plan.dates if first <= day <= last)
    if plan.rule is None:
        return
    for year in range(first.year, last.year + 1):
        days = (planned_day(plan.rule, year, month) for month in plan.months)
        yield from (day for day in days if first <= day <= last)


def _nth(year: int, month: int, *, weekday: int, n: int) -> date:
    start = date(year, month, 1)
    ahead = (weekday - start.weekday()) % 7
    return start + timedelta(days=ahead + 7 * (n - 1))
