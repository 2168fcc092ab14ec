"""Decides at which instants a market is looked at: in its sessions, and until its day is known.

Slots are planned in the exchange's local time and are instants in UTC: a change of clocks neither
adds nor removes one. None lies in a lunch break or on a closed day.
"""

import tomllib
from collections.abc import Iterator
from datetime import UTC, date, datetime, time, timedelta
from functools import lru_cache
from importlib.resources import files
from typing import Final
from zoneinfo import ZoneInfo

from pydantic import Field

from app.watching.records import QuietHours, Slot
from core.markets.sessions import is_session, phase_at
from core.records.record import Record
from core.records.universe import Universe
from tools.events.exchange_days import declared_half_days

DAY: Final = timedelta(days=1)
LONGEST_CLOSURE: Final = 21
"""Days within which some session is."""
OTHERS: Final = "weekdays"
"""Whose hours calendars of a user's own have."""


class Hours(Record):
    """When the figures of a day can be had: minutes after its close, by data set."""

    open: str | None = Field(default=None, pattern=r"^\d{2}:\d{2}$")
    published: dict[str, int]
    digest: int = Field(ge=0, description="minutes after the close at which the day is summed up")


class Grid:
    """The slots of one universe."""

    def __init__(
        self, universe: Universe, *, every: timedelta, quiet: QuietHours | None, zone: str | None
    ) -> None:
        """Plan.

        Args:
            universe: its calendar, hours and time zone.
            every: from one look to the next within a session.
            quiet: at whose next end a session has one more slot, for what waited.
            zone: of the quiet hours; None: the universe's.
        """
        self._universe = universe
        self._every = every
        self._quiet = quiet
        self._zone = ZoneInfo(universe.timezone)
        self._quiet_zone = ZoneInfo(zone or universe.timezone)

    def between(self, after: datetime, until: datetime) -> Iterator[Slot]:
        """Yield the slots later than `after`, up to `until`, ascending.

        Raises:
            DataError: the calendar does not cover a year that had to be looked at.
        """
        day = after.astimezone(self._zone).date() - DAY
        last = until.astimezone(self._zone).date() + DAY
        while day <= last:
            yield from (slot for slot in self.of_day(day) if after < slot.at <= until)
            day += DAY

    def following(self, after: datetime) -> Slot | None:
        """Return the first slot later than an instant; None where none is within three weeks."""
        return next(self.between(after, after + LONGEST_CLOSURE * DAY), None)

    def last(self, until: datetime) -> Slot | None:
        """Return the last slot up to an instant; None where none was within three weeks."""
        found = None
        for back in range(LONGEST_CLOSURE):
            first = until - (back + 1) * DAY
            for slot in self.between(first, until - back * DAY):
                found = slot
            if found is not None:
                break
        return found

    def of_day(self, day: date) -> tuple[Slot, ...]:
        """Return the slots of a session, ascending, all before the next session's opening.

        None of a day that is no session.
        """
        if not is_session(self._universe, day):
            return ()
        opening, closing = self._instant(day, self._opens()), self._instant(day, self._closes(day))
        ending = closing + timedelta(minutes=hours_of(self._universe).digest)
        found = {ending: Slot(at=ending, session=day, digest=True)}
        at = opening
        while at < ending:
            if self._looked_at(at):
                found[at] = Slot(at=at, session=day)
            at += self._every
        for waking in self._wakings(opening, ending):
            if not self._opened_by(waking, day + DAY):
                found.setdefault(waking, Slot(at=waking, session=day))
        return tuple(found[at] for at in sorted(found))

    def last_session(self, at: datetime) -> date:
        """Return the last session whose close has passed at an instant."""
        day = at.astimezone(self._zone).date()
        for back in range(LONGEST_CLOSURE):
            session = day - back * DAY
            if is_session(self._universe, session) and self.closed_at(session) <= at:
                return session
        return day - LONGEST_CLOSURE * DAY

    def closed_at(self, session: date) -> datetime:
        """Return the instant a session closes, a half day early."""
        return self._instant(session, self._closes(session))

    def last_digest(self, at: datetime) -> datetime:
        """Return the last instant up to `at` at which a day was to be summed up."""
        minutes = timedelta(minutes=hours_of(self._universe).digest)
        return self.closed_at(self.last_session(at - minutes)) + minutes

    def quiet(self, at: datetime) -> bool:
        """Tell whether nothing is to be told at an instant."""
        local = at.astimezone(self._quiet_zone)
        return self._quiet is not None and self._quiet.hold(local.time())

    def desk_day(self, at: datetime) -> date:
        """Return the desk's calendar date at an instant."""
        return at.astimezone(self._quiet_zone).date()

    def midnight(self, at: datetime) -> datetime:
        """Return when the desk's day of an instant began."""
        return datetime.combine(self.desk_day(at), time(), self._quiet_zone).astimezone(UTC)

    def _looked_at(self, at: datetime) -> bool:
        return phase_at(self._universe, at.astimezone(self._zone).time()) != "lunch"

    def _opens(self) -> str:
        phases = self._universe.calendar.phases
        return phases[0].start if phases else hours_of(self._universe).open or "09:00"

    def _closes(self, day: date) -> str:
        early = declared_half_days().get(self._universe.calendar.id)
        if early is not None and day in early.days:
            return early.close_time
        return self._universe.close_time

    def _wakings(self, opening: datetime, ending: datetime) -> Iterator[datetime]:
        """Yield the ends of quiet hours later than an opening, to the first from `ending` on."""
        if self._quiet is None:
            return
        day, until = self.desk_day(opening), time.fromisoformat(self._quiet.until)
        at = opening
        while at < ending:
            at = datetime.combine(day, until, self._quiet_zone).astimezone(UTC)
            if at > opening:
                yield at
            day += DAY

    def _opened_by(self, at: datetime, day: date) -> bool:
        """Tell whether a day's session, if it has one, has opened by an instant."""
        return self._instant(day, self._opens()) <= at and is_session(self._universe, day)

    def _instant(self, day: date, local: str) -> datetime:
        return datetime.combine(day, time.fromisoformat(local), self._zone).astimezone(UTC)


def hours_of(universe: Universe) -> Hours:
    """Return the hours of a universe's exchange; a calendar not listed has the weekdays'."""
    listed = _hours()
    return listed.get(universe.calendar.id, listed[OTHERS])


@lru_cache(maxsize=1)
def _hours() -> dict[str, Hours]:
    text = files("app.watching").joinpath("hours.toml").read_text(encoding="utf-8")
    return {name: Hours.model_validate(row) for name, row in tomllib.loads(text).items()}
