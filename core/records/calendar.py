"""When an exchange trades and settles: its days, its phases of a day; never what was traded."""

from datetime import date
from itertools import pairwise
from typing import Literal, Self

from pydantic import Field, model_validator

from core.records.record import Record, Slug

PhaseName = Literal[
    "open_auction", "continuous", "lunch", "closing_auction", "put_through", "post_close"
]
SATURDAY = 5


class CalendarYear(Record):
    """One covered year: every weekday is a session but those closed or halted."""

    year: int = Field(ge=1900, le=2200)
    closed: tuple[date, ...] = Field(description="weekdays without a session: holidays, closures")
    halted: tuple[date, ...] = Field(
        default=(), description="weekdays the main exchange stood still while others traded"
    )
    extra: tuple[date, ...] = Field(default=(), description="Saturdays or Sundays with a session")

    @model_validator(mode="after")
    def _dated(self) -> Self:
        for name in ("closed", "halted", "extra"):
            days: tuple[date, ...] = getattr(self, name)
            if list(days) != sorted(set(days)):
                raise ValueError(f"{self.year}: {name} dates must be ascending and unique")
            wrong = [day for day in days if day.year != self.year or _off(day) != (name == "extra")]
            if wrong:
                raise ValueError(f"{self.year}: {name} cannot hold {wrong[0]}")
        return self


class Phase(Record):
    """One part of the trading day, local time, start included and end excluded."""

    name: PhaseName
    start: str = Field(pattern=r"^\d{2}:\d{2}$")
    end: str = Field(pattern=r"^\d{2}:\d{2}$")


class Settlement(Record):
    """Sessions from a trade to its cash and shares, for trades from a date on."""

    since: date
    sessions: int = Field(ge=0, le=10)


class Calendar(Record):
    """An exchange's days.

    A year it does not list is not covered, unless `every_weekday` says that all Mondays to Fridays
    of all years are sessions.
    """

    id: Slug
    every_weekday: bool = False
    years: tuple[CalendarYear, ...] = ()
    phases: tuple[Phase, ...] = ()
    settlement: tuple[Settlement, ...] = ()

    @model_validator(mode="after")
    def _ordered(self) -> Self:
        listed = [item.year for item in self.years]
        if listed != sorted(set(listed)):
            raise ValueError(f"calendar {self.id}: years must be ascending and unique")
        if self.every_weekday == bool(listed):
            raise ValueError(f"calendar {self.id}: list years, or say every_weekday, not both")
        rules = [rule.since for rule in self.settlement]
        if rules != sorted(set(rules)):
            raise ValueError(f"calendar {self.id}: settlement dates must ascend")
        for phase in self.phases:
            if phase.start >= phase.end:
                raise ValueError(f"calendar {self.id}: {phase.name} ends before it starts")
        if any(before.end > after.start for before, after in pairwise(self.phases)):
            raise ValueError(f"calendar {self.id}: phases must not overlap")
        return self


def _off(day: date) -> bool:
    return day.weekday() >= SATURDAY


WEEKDAYS = Calendar(
    id="weekdays",
    every_weekday=True,
    settlement=(
        Settlement(since=date(1900, 1, 1), sessions=3),
        Settlement(since=date(2014, 10, 6), sessions=2),
    ),
)
"""Monday to Friday, for universes without an exchange's own calendar; European settlement (T+2
from 2014-10-06, Regulation 909/2014)."""
