"""Decides what is said of the databases: their files, the logs in them, and what waits there."""

import sqlite3
from collections.abc import Callable, Iterator, Mapping
from contextlib import closing
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Final

from sqlalchemy import MetaData, inspect, text
from sqlalchemy.exc import DBAPIError

from agents.toolbox.database import Database
from app.delivery.outbox import Outbox
from app.journals.journal import Journal
from app.journals.trials import Trials
from app.settings import CHECKPOINTS, Settings
from app.state.integrity import read_only, whole_damage
from app.state.opening import database_file
from app.state.schema import MIGRATIONS, require_known, schema_version
from app.upkeep.calls import is_altered
from app.upkeep.finding import Finding
from app.upkeep.pages import Value
from core.errors import DataError

ALTERED: Final = "{count:,} recorded calls are not what was written"
BACKLOG: Final = timedelta(hours=1)
"""A message that waits longer is told of."""
AT_ONCE: Final = 500
"""Calls a server sends at a time: an answer may be large."""


def database_findings(settings: Settings, clock: Callable[[], datetime]) -> Iterator[Finding]:
    """Yield what is wrong with checkpoints, ledger, logs and outbox."""
    checkpoints = settings.home_dir / CHECKPOINTS
    found = whole_damage(checkpoints)
    if found is not None:
        yield Finding(
            severity="broken",
            what=f"the checkpoints of unfinished runs are damaged: {found}",
            where=CHECKPOINTS,
            do="--repair moves them aside; runs begin anew and no paid call is made again",
            mend="restart",
        )
    file = database_file(settings)
    if file is not None:
        if not file.exists():
            return
        damage = tuple(_file_damage(file))
        yield from damage
        if any(row.mend == "salvage" and row.severity == "broken" for row in damage):
            return
    yield from _inside(settings, "the database" if file is None else file.name, clock)


def altered_calls(file: Path) -> int:
    """Return how many calls of the ledger are not what was written."""
    with closing(read_only(file)) as connection:
        connection.text_factory = _text
        connection.row_factory = sqlite3.Row
        there = connection.execute("SELECT 1 FROM sqlite_master WHERE name = 'calls'").fetchone()
        if there is None:
            return 0
        return sum(is_altered(dict(row)) for row in connection.execute("SELECT * FROM calls"))


def _file_damage(file: Path) -> Iterator[Finding]:
    do = "--repair moves the file aside and keeps every row that can be read"
    found = whole_damage(file)
    if found is not None:
        what = f"the ledger, threads and logs are damaged: {found}"
        yield Finding(severity="broken", what=what, where=file.name, do=do, mend="salvage")
        return
    try:
        count = altered_calls(file)
    except sqlite3.DatabaseError as error:
        what = f"the ledger cannot be read: {error}"
        yield Finding(severity="warning", what=what, where=file.name, do="look again later")
        return
    if count:
        what = ALTERED.format(count=count)
        yield Finding(severity="broken", what=what, where=file.name, do=do, mend="salvage")


def _served_calls(url: str, where: str) -> Iterator[Finding]:
    """Yield whether calls a server keeps are not what was written; nothing here mends them."""
    with closing(Database(url, MetaData())) as database, database.reading() as connection:
        if not inspect(connection).has_table("calls"):
            return
        query = text("SELECT * FROM calls").execution_options(yield_per=AT_ONCE)
        rows = connection.execute(query)
        count = sum(is_altered(_as_in_a_file(row._asdict())) for row in rows)
    if count:
        do = "take the table calls from a dump, or begin the runs they are of anew"
        yield Finding(severity="broken", what=ALTERED.format(count=count), where=where, do=do)


def _as_in_a_file(row: Mapping[str, Value | date]) -> dict[str, Value]:
    """Return a row with its days as SQLite keeps them."""
    return {
        name: value.isoformat() if isinstance(value, date) else value for name, value in row.items()
    }


def _inside(settings: Settings, where: str, clock: Callable[[], datetime]) -> Iterator[Finding]:
    """Yield what the tables tell of themselves."""
    url = settings.database
    try:
        version = schema_version(url)
        require_known(version)
        if version is not None and version < len(MIGRATIONS):
            what = f"the schema is version {version} of {len(MIGRATIONS)}"
            do = "the next command that uses it brings it up to date"
            yield Finding(severity="note", what=what, where=where, do=do)
        if database_file(settings) is None:
            yield from _served_calls(url, where)
        yield from _logs(url, where)
        yield from _outbox(url, where, clock)
    except (DataError, DBAPIError) as error:
        said = str(error.orig) if isinstance(error, DBAPIError) else str(error)
        do = "free the database, or set SECTORWISE_DATABASE_URL"
        yield Finding(severity="broken", what=" ".join(said.split()), where=where, do=do)


def _logs(url: str, where: str) -> Iterator[Finding]:
    for name, opened in (("log of calls", Journal), ("registry of trials", Trials)):
        log = opened(url)
        try:
            chain = log.verify()
        finally:
            log.close()
        if chain.broken is not None:
            yield Finding(
                severity="broken",
                what=f"the {name} is broken at {chain.broken}",
                where=where,
                do=f"its {chain.entries_count:,} entries before are whole; take it from a backup",
            )


def _outbox(url: str, where: str, clock: Callable[[], datetime]) -> Iterator[Finding]:
    outbox = Outbox(url, clock=clock)
    try:
        waiting, counts = outbox.waiting(), outbox.counts()
    finally:
        outbox.close()
    now = clock().astimezone(UTC)
    late = [row for row in waiting if now - row.created_at.astimezone(UTC) > BACKLOG]
    dead = sum(count for (_, state), count in counts.items() if state == "dead")
    if late:
        what = f"{len(late):,} messages wait for more than an hour"
        do = "run `sectorwise deliver`, and see whether their sinks answer"
        yield Finding(severity="warning", what=what, where=where, do=do)
    if dead:
        do = "see `sectorwise deliver list`, then retry them"
        what = f"{dead:,} messages were given up"
        yield Finding(severity="warning", what=what, where=where, do=do)


def _text(content: bytes) -> str:
    return content.decode("utf-8", "surrogateescape")
