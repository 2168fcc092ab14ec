"""Writes down every recommendation and forecast once, in a chain that shows any later change.

One table beside the call ledger. Each row's sha256 is over its own content and the sha256 of the
row before, and no two rows may follow the same one: so the log has one order whoever writes, and a
row that was edited, inserted or taken out breaks the chain where it was.

SQLite refuses UPDATE, DELETE and REPLACE by triggers. On PostgreSQL the rights to change rows are
revoked from everyone but the table's owner; elsewhere only the chain protects. No chain shows that
its last rows were cut off: note the last sha256 down where others can see it.
"""

from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Final

from sqlalchemy import (
    Column,
    Connection,
    Engine,
    Integer,
    MetaData,
    RowMapping,
    String,
    Table,
    Text,
    UniqueConstraint,
    create_engine,
    insert,
    select,
)
from sqlalchemy.exc import DBAPIError, IntegrityError
from sqlalchemy.schema import CreateTable

from core.errors import DataError
from core.history.calls import calls_made
from core.records.history import CallsMade, LoggedCalls
from core.records.record import Record
from core.records.report import Report

GENESIS: Final = "0" * 64
"""What the first entry follows."""

ATTEMPTS: Final = 50
"""Times an append is tried again when another process wrote first."""

LOCK_SECONDS: Final = 30

_LOG = Table(
    "calls_made",
    MetaData(),
    Column("seq", Integer, primary_key=True, autoincrement=False),
    Column("previous_sha256", String(64), nullable=False, unique=True),
    Column("sha256", String(64), nullable=False, unique=True),
    Column("recorded_at", String(32), nullable=False),
    Column("report_sha256", String(64), nullable=False),
    Column("universe", String(64), nullable=False),
    Column("body", Text, nullable=False),
    UniqueConstraint("report_sha256", "universe"),
)
_REFUSED: Final = {
    "update": "BEFORE UPDATE ON calls_made",
    "delete": "BEFORE DELETE ON calls_made",
    "replace": (
        "BEFORE INSERT ON calls_made WHEN EXISTS (SELECT 1 FROM calls_made WHERE seq = NEW.seq "
        "OR sha256 = NEW.sha256 OR previous_sha256 = NEW.previous_sha256 "
        "OR (report_sha256 = NEW.report_sha256 AND universe = NEW.universe))"
    ),
}


class _Entry(Record):
    """What an entry's sha256 is of."""

    seq: int
    previous_sha256: str
    recorded_at: str
    body: str


@dataclass(frozen=True, slots=True)
class Chain:
    """What a check found: whole entries from the first on, the last one's sha256, what broke."""

    entries_count: int
    last_sha256: str
    broken: str | None = None


class Journal:
    """The log on any SQLAlchemy URL.

    Raises:
        DataError: the database cannot be used; so do all its methods.
    """

    def __init__(self, url: str) -> None:
        self._engine = _engine(url)
        try:
            with self._engine.begin() as connection:
                _prepare(connection)
        except DBAPIError as error:
            raise self._unusable(error) from error

    def append(self, report: Report, *, recorded_at: datetime) -> int:
        """Write down a report's calls and return how many entries were added.

        One entry a universe, all or none; a report already written down adds nothing.

        Args:
            report: a finished one.
            recorded_at: now, with a time zone.
        """
        moment = recorded_at.astimezone(UTC).isoformat(timespec="seconds")
        made = calls_made(report)
        for _ in range(ATTEMPTS if made else 0):
            try:
                with self._engine.begin() as connection:
                    return _extended(connection, made, moment)
            except IntegrityError:
                continue  # another process took the place; the next try follows its entry
            except DBAPIError as error:
                raise self._unusable(error) from error
        if made:
            raise DataError(f"the log of calls was busy {ATTEMPTS} times over; run again")
        return 0

    def calls(self, universe: str) -> tuple[LoggedCalls, ...]:
        """Return a universe's entries, in the order they were written.

        Raises:
            DataError: one of them is not what was written.
        """
        return tuple(_logged(row) for row in self._rows(universe))

    def verify(self) -> Chain:
        """Return the chain up to its first broken entry."""
        last, count = GENESIS, 0
        for count, row in enumerate(self._rows(), start=1):
            broken = _break(row, seq=count, last=last)
            if broken is not None:
                return Chain(count - 1, last, f"entry {row['seq']}: {broken}")
            last = row["sha256"]
        return Chain(count, last)

    def close(self) -> None:
        """Release the database."""
        self._engine.dispose()

    def _rows(self, universe: str | None = None) -> list[RowMapping]:
        query = select(_LOG).order_by(_LOG.c.seq)
        if universe is not None:
            query = query.where(_LOG.c.universe == universe)
        try:
            with self._engine.connect() as connection:
                return list(connection.execute(query).mappings())
        except DBAPIError as error:
            raise self._unusable(error) from error

    def _unusable(self, error: DBAPIError) -> DataError:
        where = self._engine.url.render_as_string(hide_password=True)
        return DataError(f"the log of calls in {where} cannot be used ({error.orig})")


def _extended(connection: Connection, made: tuple[CallsMade, ...], moment: str) -> int:
    """Insert what is not there yet, after the last entry."""
    known = select(_LOG.c.universe).where(_LOG.c.report_sha256 == made[0].report_sha256)
    written = set(connection.execute(known).scalars())
    tip = connection.execute(
        select(_LOG.c.seq, _LOG.c.sha256).order_by(_LOG.c.seq.desc()).limit(1)
    ).first()
    seq, last = (0, GENESIS) if tip is None else (tip.seq, tip.sha256)
    fresh = [row for row in made if row.universe not in written]
    for place, row in enumerate(fresh, start=seq + 1):
        entry = _Entry(
            seq=place,
            previous_sha256=last,
            recorded_at=moment,
            body=row.canonical_json(),
        )
        last = entry.content_hash()
        values = entry.model_dump() | {
            "sha256": last,
            "report_sha256": row.report_sha256,
            "universe": row.universe,
        }
        connection.execute(insert(_LOG), values)
    return len(fresh)


def _break(row: RowMapping, *, seq: int, last: str) -> str | None:
    """Return what is wrong with an entry; None for a whole one."""
    if row["seq"] != seq:
        return f"it stands where entry {seq} should"
    if row["previous_sha256"] != last:
        return "it does not follow the entry before it"
    if not _is_own(row):
        return "its content is not what was written"
    made = CallsMade.model_validate_json(row["body"])
    if (made.report_sha256, made.universe) != (row["report_sha256"], row["universe"]):
        return "it is filed under another report or universe"
    return None


def _is_own(row: RowMapping) -> bool:
    """Tell whether an entry's content is that of its sha256."""
    entry = _Entry(**{name: row[name] for name in _Entry.model_fields})
    return entry.content_hash() == str(row["sha256"])


def _logged(row: RowMapping) -> LoggedCalls:
    if not _is_own(row):
        raise DataError(
            f"entry {row['seq']} of the log of calls is not what was written; "
            "`sectorwise track --verify` tells where the log breaks"
        )
    return LoggedCalls(
        seq=row["seq"],
        recorded_at=datetime.fromisoformat(row["recorded_at"]),
        made=CallsMade.model_validate_json(row["body"]),
    )


def _prepare(connection: Connection) -> None:
    connection.execute(CreateTable(_LOG, if_not_exists=True))
    dialect = connection.engine.dialect.name
    if dialect == "sqlite":
        for name, when in _REFUSED.items():
            connection.exec_driver_sql(
                f"CREATE TRIGGER IF NOT EXISTS calls_made_refuses_{name} {when} "
                "BEGIN SELECT RAISE(ABORT, 'calls_made is write-once'); END"
            )
    elif dialect == "postgresql":
        connection.exec_driver_sql("REVOKE UPDATE, DELETE, TRUNCATE ON calls_made FROM PUBLIC")


def _engine(url: str) -> Engine:
    waits = {"timeout": LOCK_SECONDS} if url.startswith("sqlite") else {}
    return create_engine(url, connect_args=waits)
