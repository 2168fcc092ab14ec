"""Decides which day lies a span before another, where the calendar may have none."""

from datetime import date, timedelta


def before(day: date, span: timedelta) -> date:
    """Return the day a span before another; the first the calendar has where it goes no further.

    A question may be asked as of any day: what it reaches back to must be one too.
    """
    return day - min(span, day - date.min)
