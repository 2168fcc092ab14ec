"""Decides how a log is kept that nobody can rewrite unseen; not what is written in it.

One table a log, beside the call ledger. Each row's sha256 is over its own content and the sha256 of
the row before, and no two rows may follow the same one: so a log has one order whoever writes, and
a row that was edited, inserted or taken out breaks the chain where it was.

No chain shows that its last rows were cut off: note the last sha256 down where others can see it.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Final

from sqlalchemy import Connection, RowMapping, insert, select
from sqlalchemy.exc import DBAPIError, IntegrityError

from app.journals.chain_table import Layout, engine_of, filed_under, prepare, table_of
from core.errors import DataError
from core.records.record import Record

GENESIS: Final = "0" * 64
"""What the first entry follows."""

ATTEMPTS: Final = 50
"""Times an append is tried again when another process wrote first."""


@dataclass(frozen=True, slots=True)
class Chain:
    """What a check found: whole entries from the first on, the last one's sha256, what broke."""

    entries_count: int
    last_sha256: str
    broken: str | None = None


@dataclass(frozen=True, slots=True)
class Written:
    """An entry that is what was written."""

    seq: int
    recorded_at: datetime
    body: str


class _Entry(Record):
    """What an entry's sha256 is of."""

    seq: int
    previous_sha256: str
    recorded_at: str
    body: str


class ChainedLog:
    """A log on any SQLAlchemy URL.

    Raises:
        DataError: the database cannot be used; so do all its methods.
    """

    def __init__(self, url: str, layout: Layout) -> None:
        self._layout = layout
        self._table = table_of(layout)
        self._engine = engine_of(url)
        try:
            with self._engine.begin() as connection:
                prepare(connection, self._table, layout)
        except DBAPIError as error:
            raise self._unusable(error) from error

    def append(self, bodies: Sequence[str], *, recorded_at: datetime) -> int:
        """Write entries down, all or none, and return how many were added.

        Where a log takes an entry once, one that is there already adds nothing.

        Args:
            bodies: canonical JSON.
            recorded_at: now, with a time zone.
        """
        moment = recorded_at.astimezone(UTC).isoformat(timespec="seconds")
        for _ in range(ATTEMPTS if bodies else 0):
            try:
                with self._engine.begin() as connection:
                    return self._extended(connection, bodies, moment)
            except IntegrityError:
                continue  # another process took the place; the next try follows its entry
            except DBAPIError as error:
                raise self._unusable(error) from error
        if bodies:
            raise DataError(f"the {self._layout.called} was busy {ATTEMPTS} times over; run again")
        return 0

    def written(self, keys: Mapping[str, str]) -> Iterator[Written]:
        """Yield the entries filed under these keys, in the order they were written.

        Raises:
            DataError: one of them is not what was written.
        """
        for row in self._rows(keys):
            if not _is_own(row):
                raise DataError(
                    f"entry {row['seq']} of the {self._layout.called} is not what was written; "
                    f"`{self._layout.check}` tells where the log breaks"
                )
            moment = datetime.fromisoformat(row["recorded_at"])
            yield Written(seq=row["seq"], recorded_at=moment, body=row["body"])

    def verify(self) -> Chain:
        """Return the chain up to its first broken entry."""
        last, count = GENESIS, 0
        for count, row in enumerate(self._rows({}), start=1):
            broken = self._break(row, seq=count, last=last)
            if broken is not None:
                return Chain(count - 1, last, f"entry {row['seq']}: {broken}")
            last = row["sha256"]
        return Chain(count, last)

    def close(self) -> None:
        """Release the database."""
        self._engine.dispose()

    def _extended(self, connection: Connection, bodies: Sequence[str], moment: str) -> int:
        """Insert what is not there yet, after the last entry."""
        table = self._table
        tip = connection.execute(
            select(table.c.seq, table.c.sha256).order_by(table.c.seq.desc()).limit(1)
        ).first()
        seq, last = (0, GENESIS) if tip is None else (tip.seq, tip.sha256)
        fresh = [body for body in bodies if not self._is_there(connection, body)]
        for place, body in enumerate(fresh, start=seq + 1):
            entry = _Entry(seq=place, previous_sha256=last, recorded_at=moment, body=body)
            last = entry.content_hash()
            row = {**entry.model_dump(), "sha256": last, **self._layout.filing(body)}
            connection.execute(insert(table), row)
        return len(fresh)

    def _is_there(self, connection: Connection, body: str) -> bool:
        """Tell whether a log that takes an entry once has one of the same keys."""
        if not self._layout.once:
            return False
        same = filed_under(self._table, self._layout.filing(body))
        return connection.execute(select(self._table.c.seq).where(same)).first() is not None

    def _break(self, row: RowMapping, *, seq: int, last: str) -> str | None:
        """Return what is wrong with an entry; None for a whole one."""
        if row["seq"] != seq:
            return f"it stands where entry {seq} should"
        if row["previous_sha256"] != last:
            return "it does not follow the entry before it"
        if not _is_own(row):
            return "its content is not what was written"
        if any(row[key] != filed for key, filed in self._layout.filing(row["body"]).items()):
            return f"it is filed under another {' or '.join(self._layout.keys)}"
        return None

    def _rows(self, keys: Mapping[str, str]) -> list[RowMapping]:
        query = select(self._table).order_by(self._table.c.seq)
        if keys:
            query = query.where(filed_under(self._table, keys))
        try:
            with self._engine.connect() as connection:
                return list(connection.execute(query).mappings())
        except DBAPIError as error:
            raise self._unusable(error) from error

    def _unusable(self, error: DBAPIError) -> DataError:
        where = self._engine.url.render_as_string(hide_password=True)
        return DataError(f"the {self._layout.called} in {where} cannot be used ({error.orig})")


def _is_own(row: RowMapping) -> bool:
    """Tell whether an entry's content is that of its sha256."""
    entry = _Entry(**{name: row[name] for name in _Entry.model_fields})
    return entry.content_hash() == str(row["sha256"])
