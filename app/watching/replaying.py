"""Decides what the rules would have told on past days: a look a session, seeing only its day.

Nothing is kept and nothing sent.
"""

from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import date, timedelta

from app.alerting.records import AlertKind
from app.watching.noise import Memory, Moment, Verdict, after, verdict
from app.watching.records import Fate, Rules
from app.watching.sightings import Sightings
from app.watching.slots import Grid
from core.errors import DateError
from core.records.record import Record, Slug


class RuleCount(Record):
    """What one rule found."""

    rule: AlertKind
    pushed_count: int = 0
    digested_count: int = 0
    cooled_count: int = 0
    silenced_count: int = 0


class MonthCount(Record):
    """Messages of one month."""

    month: str
    pushes_count: int
    digests_count: int


class Replay(Record):
    """What would have been told between two days: alerts by rule, messages by month."""

    universe: Slug
    since: date
    until: date
    sessions_count: int
    pushes_count: int
    digests_count: int
    most_pushes_a_day: int
    rules: tuple[RuleCount, ...]
    months: tuple[MonthCount, ...]


@dataclass(slots=True)
class _Counts:
    fates: Counter[tuple[AlertKind, Fate]] = field(default_factory=Counter)
    pushes: Counter[date] = field(default_factory=Counter)
    digests: Counter[date] = field(default_factory=Counter)

    def add(self, day: date, made: Verdict) -> None:
        """Count what becomes of one session's look."""
        told = {row.alert.id for row in made.push}
        for row in made.kept:
            fate: Fate = "digest" if row.fate == "push" and row.alert.id not in told else row.fate
            self.fates[row.alert.kind, fate] += 1
        self.pushes[day] += bool(made.push)
        self.digests[day] += bool(made.digest)


def replayed(
    universe: str,
    look: Callable[[date], Sightings],
    grid: Grid,
    rules: Rules,
    *,
    since: date,
    until: date,
    tell: Callable[[str], None],
) -> Replay:
    """Return what the rules would have told.

    The session before `since` is looked at first, so that what stood already is not counted.

    Args:
        universe: id.
        look: tells what was to be seen when a session was over.
        grid: its sessions.
        rules: that would have been in force.
        since: first day.
        until: last day.
        tell: hears the day under way.

    Raises:
        DateError: no session lies between the days.
        DataError: the calendar does not cover them.
    """
    days = tuple(sessions(grid, since, until))
    if not days:
        raise DateError(f"{universe} has no session between {since} and {until}")
    memory, counts = Memory(), _Counts()
    for day in (grid.last_session(grid.of_day(days[0])[0].at), *days):
        tell(str(day))
        moment = moment_of(grid, day)
        made = verdict(look(day), memory, rules, moment)
        memory = after(memory, made, moment, next_day=True)
        if day >= days[0]:
            counts.add(day, made)
    return _replay(universe, days, counts, rules)


def sessions(grid: Grid, since: date, until: date) -> Iterator[date]:
    """Yield the sessions between two days, both included."""
    for n in range((until - since).days + 1):
        day = since + timedelta(days=n)
        if grid.of_day(day):
            yield day


def moment_of(grid: Grid, session: date) -> Moment:
    """Return the moment a session is summed up at; what quiet hours would hold counts as told."""
    at = next(slot.at for slot in grid.of_day(session) if slot.digest)
    return Moment(at=at, now=at, day=session, quiet=False, digest=at)


def _replay(universe: str, days: tuple[date, ...], counts: _Counts, rules: Rules) -> Replay:
    months = sorted({f"{day:%Y-%m}" for day in days})
    by_rule = (
        RuleCount(
            rule=kind,
            pushed_count=counts.fates[kind, "push"],
            digested_count=counts.fates[kind, "digest"],
            cooled_count=counts.fates[kind, "cooled"],
            silenced_count=counts.fates[kind, "silenced"],
        )
        for kind, rule in rules.rules.items()
        if rule.on
    )
    return Replay(
        universe=universe,
        since=days[0],
        until=days[-1],
        sessions_count=len(days),
        pushes_count=counts.pushes.total(),
        digests_count=counts.digests.total(),
        most_pushes_a_day=max(counts.pushes.values(), default=0),
        rules=tuple(by_rule),
        months=tuple(
            MonthCount(
                month=month,
                pushes_count=_of(counts.pushes, month),
                digests_count=_of(counts.digests, month),
            )
            for month in months
        ),
    )


def _of(counts: Counter[date], month: str) -> int:
    return sum(count for day, count in counts.items() if f"{day:%Y-%m}" == month)
