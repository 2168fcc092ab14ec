"""The options several commands share, spelled once."""

from datetime import UTC, date, datetime, timedelta
from typing import Annotated, Literal

import typer

from core.errors import DateError

Language = Literal["en", "vi"]
Horizon = Literal["1W", "1M", "3M"]
Frequency = Literal["15min", "daily", "weekly", "monthly"]

UniverseOption = Annotated[
    str, typer.Option("--universe", "-u", help="us, vn, world, europe, vn_hose, demo or your own")
]
AsOfOption = Annotated[
    str | None,
    typer.Option("--as-of", metavar="YYYY-MM-DD", help="see only what was known then"),
]
JsonOption = Annotated[bool, typer.Option("--json", help="machine-readable output on stdout")]
ReplayOption = Annotated[
    str | None, typer.Option("--replay", metavar="FILE", help="answer from a recording, offline")
]


def parsed_date(text: str | None) -> date | None:
    """Return the date of YYYY-MM-DD, or None.

    Raises:
        DateError: the text is not such a date, or the date is yet to come.
    """
    day = parsed_day(text)
    return None if day is None else past(day)


def parsed_day(text: str | None) -> date | None:
    """Return the date of YYYY-MM-DD, also one to come, or None.

    Raises:
        DateError: the text is not such a date.
    """
    if text is None:
        return None
    try:
        return datetime.strptime(text, "%Y-%m-%d").date()  # noqa: DTZ007 - a calendar date
    except ValueError as error:
        raise DateError(f"date {text!r}: expected YYYY-MM-DD, for example 2024-12-31") from error


def past(day: date) -> date:
    """Return the date, which somewhere has begun.

    Raises:
        DateError: nothing can be known as of a day to come.
    """
    if day > datetime.now(UTC).date() + timedelta(days=1):
        raise DateError(f"date {day} is yet to come: take one up to today")
    return day
