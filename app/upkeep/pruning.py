"""Decides what of a home may go: what is old and nothing that stays refers to.

A run stays while it is young, among the last of one of its universes, unfinished, or part of a
thread; the calls of one that can be resumed stay too. The log of calls holds all a call needs, so
it keeps no run. The answers of strangers' servers stay: nobody can ask for them again.
"""

import json
from collections.abc import Iterator, Mapping
from contextlib import closing
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Final

from sqlalchemy import (
    ColumnElement,
    Connection,
    DateTime,
    MetaData,
    and_,
    column,
    func,
    inspect,
    select,
    table,
)

from agents.toolbox.database import Database
from app.delivery.letters import LETTERS
from app.delivery.outbox import Outbox
from app.running.tickets import FOLDER as TICKETS
from app.running.tickets import SUFFIX as TICKET
from app.settings import Settings
from app.snapshots import RUNS
from app.state.opening import database_file
from app.upkeep.checkpoints import KeptCheckpoints
from core.records.record import Record

STRANGERS: Final = "upstream"
"""The kind of a call whose answer nobody can ask for again."""
CALLS: Final = table(
    "calls",
    column("run"),
    column("kind"),
    column("fetched_at", DateTime),
    column("response"),
)
_RUNS_NAMED: Final = ("turns", "aliases")
"""Tables whose column `run` names runs that stay."""


@dataclass(frozen=True, slots=True)
class Limits:
    """How long things stay; None: for ever.

    Attributes:
        runs: finished runs, letters no message needs, and rows that tell only of what is over.
        calls: calls of runs that are not kept.
        latest: runs of each universe that stay, however old.
    """

    runs: timedelta | None
    calls: timedelta | None
    latest: int


class Going(Record):
    """What may go, and what that frees."""

    runs: tuple[str, ...] = ()
    runs_bytes: int = 0
    calls_of: tuple[str, ...] = ()
    calls_count: int = 0
    calls_bytes: int = 0
    checkpoints_of: tuple[str, ...] = ()
    letters: tuple[str, ...] = ()
    letters_bytes: int = 0

    @property
    def is_nothing(self) -> bool:
        """Whether all of it stays."""
        return self == Going()


@dataclass(frozen=True, slots=True)
class _Kept:
    """A finished run: its universes, when it was begun, and the folder's bytes."""

    name: str
    universes: tuple[str, ...]
    begun: datetime
    size: int


def going(settings: Settings, limits: Limits, *, now: datetime) -> Going:
    """Return what may go; nothing is changed."""
    home = settings.home_dir
    runs = tuple(_kept_runs(home))
    unfinished = {path.stem for path in (home / TICKETS).glob(f"*{TICKET}")}
    database = Database(settings.database, MetaData())
    try:
        with database.reading() as connection:
            stay = unfinished | _named(connection)
            gone = _gone(runs, limits, stay=stay, now=now)
            names = {row.name for row in gone}
            last = _last_checkpoints(settings)
            finished = {row.name for row in runs}
            over = _checkpoints(last, limits, finished, unfinished, now)
            staying = stay | finished - names | set(last) - set(over)
            calls = _calls(connection, limits, staying=staying, now=now)
            if database_file(settings) is None:  # on a server other homes' runs are nobody's here
                over = tuple(run for run in over if run in finished)
                calls = {run: size for run, size in calls.items() if run in finished}
    finally:
        database.close()
    letters = tuple(_letters(settings, limits, now))
    return Going(
        runs=tuple(sorted(names)),
        runs_bytes=sum(row.size for row in gone),
        calls_of=tuple(sorted(calls)),
        calls_count=sum(count for count, _ in calls.values()),
        calls_bytes=sum(size for _, size in calls.values()),
        checkpoints_of=over,
        letters=tuple(path.name for path in letters),
        letters_bytes=sum(map(_folder_bytes, letters)),
    )


def _kept_runs(home: Path) -> Iterator[_Kept]:
    """Yield the finished runs; one whose record cannot be read is the doctor's."""
    for path in sorted((home / RUNS).glob("*/run.json")):
        try:
            record = json.loads(path.read_bytes())
            universes = tuple(str(name) for name in record["request"]["universes"])
            begun = datetime.fromisoformat(record["started_at"])
        except (OSError, ValueError, KeyError, TypeError):
            continue
        yield _Kept(path.parent.name, universes, _aware(begun), _folder_bytes(path.parent))


def _folder_bytes(folder: Path) -> int:
    return sum(file.stat().st_size for file in folder.iterdir() if file.is_file())


def _gone(
    runs: tuple[_Kept, ...], limits: Limits, *, stay: set[str], now: datetime
) -> tuple[_Kept, ...]:
    if limits.runs is None:
        return ()
    oldest = now - limits.runs
    latest: set[str] = set()
    for universe in {name for row in runs for name in row.universes}:
        own = sorted((row.begun, row.name) for row in runs if universe in row.universes)
        latest |= {name for _, name in own[len(own) - limits.latest :]} if limits.latest else set()
    return tuple(row for row in runs if row.begun < oldest and row.name not in stay | latest)


def _named(connection: Connection) -> set[str]:
    """Return the runs that threads and other clients' histories name."""
    there = set(inspect(connection).get_table_names())
    return {
        str(run)
        for name in _RUNS_NAMED
        if name in there
        for run in connection.execute(select(table(name, column("run")).c.run)).scalars()
    }


def _calls(
    connection: Connection, limits: Limits, *, staying: set[str], now: datetime
) -> Mapping[str, tuple[int, int]]:
    """Return how many old calls, of how many bytes, each run has that does not stay."""
    if limits.calls is None or not inspect(connection).has_table("calls"):
        return {}
    size = func.sum(func.length(CALLS.c.response))
    query = select(CALLS.c.run, func.count(), size).where(is_old_call(now - limits.calls))
    rows = connection.execute(query.group_by(CALLS.c.run))
    return {str(run): (int(n), int(size)) for run, n, size in rows if run not in staying}


def _letters(settings: Settings, limits: Limits, now: datetime) -> Iterator[Path]:
    """Yield the old folders of files that go with no message that waits or may be tried again."""
    if limits.runs is None:
        return
    with closing(Outbox(settings.database, clock=lambda: now)) as outbox:
        rows = (*outbox.waiting(), *outbox.rows("dead"))
    needed = {Path(path).parent.name for row in rows for path in row.message.attachments}
    oldest = (now - limits.runs).timestamp()
    for folder in sorted((settings.home_dir / LETTERS).glob("*/")):
        if folder.name not in needed and folder.stat().st_mtime < oldest:
            yield folder


def _last_checkpoints(settings: Settings) -> Mapping[str, datetime]:
    with closing(KeptCheckpoints(settings)) as kept:
        return kept.last()


def _checkpoints(
    last: Mapping[str, datetime],
    limits: Limits,
    finished: set[str],
    unfinished: set[str],
    now: datetime,
) -> tuple[str, ...]:
    """Return the runs whose checkpoints serve nothing: finished ones, and old ones nobody resumes.

    A killed run without a ticket may be resumed by a batch, so it has to be old.
    """
    oldest = None if limits.runs is None else now - limits.runs
    return tuple(
        run
        for run, moment in sorted(last.items())
        if run in finished or (run not in unfinished and oldest is not None and moment < oldest)
    )


def is_old_call(oldest: datetime) -> ColumnElement[bool]:
    """Return the condition that a call may go as far as its age and its server tell."""
    return and_(CALLS.c.fetched_at < naive(oldest), CALLS.c.kind != STRANGERS)


def naive(moment: datetime) -> datetime:
    """Return a moment as the tables keep it."""
    return moment.astimezone(UTC).replace(tzinfo=None)


def _aware(moment: datetime) -> datetime:
    return moment if moment.tzinfo is not None else moment.replace(tzinfo=UTC)
