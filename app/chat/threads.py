"""Keeps threads, their turns and other clients' histories, in the ledger's database.

It decides no state of a run: a turn is a question and the name of the run that answers it.
"""

from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from typing import Final

from pydantic import ValidationError
from sqlalchemy import (
    Column,
    Connection,
    Date,
    DateTime,
    ForeignKey,
    Integer,
    MetaData,
    RowMapping,
    Select,
    String,
    Table,
    Text,
    delete,
    func,
    insert,
    select,
    update,
)
from sqlalchemy.exc import OperationalError

from agents.toolbox.database import Database
from app.chat.records import ThreadRow
from core.errors import ConflictError, UnknownIdError
from core.records.request import Request

ALIAS_DAYS: Final = 90
"""How long another client's history is known after it was last told."""

_TABLES = MetaData()
_THREADS = Table(
    "threads",
    _TABLES,
    Column("thread", String(64), primary_key=True),
    Column("title", String(120), nullable=False),
    Column("universe", String(64), nullable=False),
    Column("as_of", Date),
    Column("changed_at", DateTime, nullable=False, index=True),
)
_TURNS = Table(
    "turns",
    _TABLES,
    Column("id", Integer, primary_key=True, autoincrement=True),
    Column("run", String(64), nullable=False, unique=True),
    Column("thread", String(64), ForeignKey("threads.thread"), nullable=False, index=True),
    Column("asked_at", DateTime, nullable=False),
    Column("text", Text, nullable=False),
    Column("request", Text, nullable=False),
    Column("follows", String(64)),
)
_ALIASES = Table(
    "aliases",
    _TABLES,
    Column("key", String(128), primary_key=True),
    Column("run", String(64), nullable=False, index=True),
    Column("told_at", DateTime, nullable=False, index=True),
)


@dataclass(frozen=True, slots=True)
class KeptTurn:
    """A question of a thread; `follows` is the run of the turn it is told against."""

    run: str
    thread: str
    asked_at: str
    text: str
    request: Request
    follows: str | None


class Threads:
    """The threads of one home; safe across processes and threads."""

    def __init__(self, url: str, *, clock: Callable[[], datetime]) -> None:
        """Open the database, and forget histories nobody told for long."""
        self._database = Database(url, _TABLES)
        self._clock = clock
        old = _ALIASES.c.told_at < self._now() - timedelta(days=ALIAS_DAYS)
        with suppress(OperationalError), self._database.writing() as connection:
            connection.execute(delete(_ALIASES).where(old))  # the next start forgets them as well

    def opened(self, thread: str, universe: str, as_of: date | None) -> ThreadRow:
        """Return a new thread; its title comes with its first question."""
        row = {"thread": thread, "title": "", "universe": universe, "as_of": as_of}
        with self._database.writing() as connection:
            connection.execute(insert(_THREADS), row | {"changed_at": self._now()})
        return self.row(thread)

    def rows(self, limit: int) -> tuple[ThreadRow, ...]:
        """Return the threads, the last changed first."""
        query = _rows().order_by(_THREADS.c.changed_at.desc(), _THREADS.c.thread.desc())
        with self._database.reading() as connection:
            return tuple(_row(row) for row in connection.execute(query.limit(limit)).mappings())

    def row(self, thread: str) -> ThreadRow:
        """Return a thread.

        Raises:
            UnknownIdError: there is none.
        """
        with self._database.reading() as connection:
            query = _rows().where(_THREADS.c.thread == thread)
            found = connection.execute(query).mappings().first()
        if found is None:
            raise UnknownIdError(f"no thread {thread!r}")
        return _row(found)

    def turns(self, thread: str) -> tuple[KeptTurn, ...]:
        """Return a thread's turns, oldest first; one of another version's form is passed over."""
        query = select(_TURNS).where(_TURNS.c.thread == thread).order_by(_TURNS.c.id)
        with self._database.reading() as connection:
            found = [_turn(row) for row in connection.execute(query).mappings()]
        return tuple(turn for turn in found if turn is not None)

    def turn(self, run: str) -> KeptTurn:
        """Return a turn.

        Raises:
            UnknownIdError: there is none.
        """
        with self._database.reading() as connection:
            row = connection.execute(select(_TURNS).where(_TURNS.c.run == run)).mappings().first()
        found = None if row is None else _turn(row)
        if found is None:
            raise UnknownIdError(f"no question {run!r} in any thread")
        return found

    def add(self, turn: KeptTurn, *, title: str, after: int | None = None) -> None:
        """Keep a turn; the title is the thread's where it has none.

        Args:
            turn: what is kept.
            title: of a thread without one.
            after: how many turns the thread must have; None: whatever it has.

        Raises:
            UnknownIdError: the thread was forgotten.
            ConflictError: it has another number of turns.
        """
        row = {
            "run": turn.run,
            "thread": turn.thread,
            "asked_at": _naive(datetime.fromisoformat(turn.asked_at)),
            "text": turn.text,
            "request": turn.request.canonical_json(),
            "follows": turn.follows,
        }
        here = _THREADS.c.thread == turn.thread
        with self._database.alone() as connection:
            changed = connection.execute(
                update(_THREADS).where(here).values(changed_at=self._now())
            )
            if changed.rowcount == 0:
                raise UnknownIdError(f"no thread {turn.thread!r}")
            if after not in (None, len(_runs(connection, turn.thread))):
                raise ConflictError("another question was put here meanwhile: look, and ask again")
            connection.execute(
                update(_THREADS).where(here, _THREADS.c.title == "").values(title=title)
            )
            connection.execute(insert(_TURNS), row)

    def drop(self, run: str) -> None:
        """Forget a turn that was never begun."""
        with self._database.writing() as connection:
            connection.execute(delete(_TURNS).where(_TURNS.c.run == run))

    def forgotten(self, thread: str) -> tuple[str, ...]:
        """Forget a thread with its turns and the histories they answer; return its runs.

        Raises:
            UnknownIdError: there is none.
        """
        with self._database.alone() as connection:
            runs = _runs(connection, thread)
            connection.execute(delete(_ALIASES).where(_ALIASES.c.run.in_(runs)))
            connection.execute(delete(_TURNS).where(_TURNS.c.thread == thread))
            gone = connection.execute(delete(_THREADS).where(_THREADS.c.thread == thread))
        if gone.rowcount == 0:
            raise UnknownIdError(f"no thread {thread!r}")
        return runs

    def thread_of(self, run: str) -> str | None:
        """Return the thread of the turn that the run answers; None where it answers none."""
        with self._database.reading() as connection:
            query = select(_TURNS.c.thread).where(_TURNS.c.run == run)
            return connection.execute(query).scalar_one_or_none()

    def remembered(self, key: str, run: str) -> None:
        """Keep which run answered a history of another client; the last told counts."""
        with self._database.alone() as connection:
            connection.execute(delete(_ALIASES).where(_ALIASES.c.key == key))
            connection.execute(insert(_ALIASES), {"key": key, "run": run, "told_at": self._now()})

    def recalled(self, key: str) -> str | None:
        """Return the run that answered a history of another client."""
        with self._database.reading() as connection:
            query = select(_ALIASES.c.run).where(_ALIASES.c.key == key)
            return connection.execute(query).scalar_one_or_none()

    def close(self) -> None:
        """Release the database."""
        self._database.close()

    def _now(self) -> datetime:
        return _naive(self._clock())


def _rows() -> Select[tuple[object, ...]]:
    count = select(func.count()).where(_TURNS.c.thread == _THREADS.c.thread)
    return select(_THREADS, count.scalar_subquery().label("turns_count"))


def _row(row: RowMapping) -> ThreadRow:
    return ThreadRow(
        thread=row["thread"],
        title=row["title"],
        universe=row["universe"],
        as_of=row["as_of"],
        changed_at=_told(row["changed_at"]),
        turns_count=row["turns_count"],
    )


def _turn(row: RowMapping) -> KeptTurn | None:
    try:
        request = Request.model_validate_json(row["request"])
    except ValidationError:
        return None
    return KeptTurn(
        run=row["run"],
        thread=row["thread"],
        asked_at=_told(row["asked_at"]),
        text=row["text"],
        request=request,
        follows=row["follows"],
    )


def _runs(connection: Connection, thread: str) -> tuple[str, ...]:
    query = select(_TURNS.c.run).where(_TURNS.c.thread == thread).order_by(_TURNS.c.id)
    return tuple(connection.execute(query).scalars())


def _told(moment: datetime) -> str:
    return moment.replace(tzinfo=UTC).isoformat(timespec="seconds")


def _naive(moment: datetime) -> datetime:
    return moment.astimezone(UTC).replace(tzinfo=None)
