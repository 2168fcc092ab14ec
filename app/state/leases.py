"""Decides who may do a thing alone, for how long, and how whoever lost that right is shut out.

A lease is a row: owner, fence, end. Fences are counted over all leases, and no number comes twice:
a holder that slept through the end of its lease is known by its own, whatever its clock says.
"""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Final

from sqlalchemy import (
    Column,
    ColumnElement,
    Connection,
    DateTime,
    Integer,
    MetaData,
    RowMapping,
    Select,
    String,
    Table,
    Update,
    delete,
    func,
    insert,
    literal,
    select,
    update,
)

from agents.toolbox.database import Database

SKEW: Final = timedelta(minutes=1)
"""How far the clocks of machines may differ, well beyond what NTP leaves between them."""

_TABLES = MetaData()
_LEASES = Table(
    "leases",
    _TABLES,
    Column("name", String(160), primary_key=True),
    Column("owner", String(128)),
    Column("fence", Integer, nullable=False),
    Column("taken_at", DateTime, nullable=False),
    Column("ends_at", DateTime, nullable=False),
)
_FENCES = Table("lease_fences", _TABLES, Column("last", Integer, nullable=False))


@dataclass(frozen=True, slots=True)
class Lease:
    """The right to do what is named, alone."""

    name: str
    owner: str
    fence: int


class Leases:
    """The leases in one database, SQLite's or PostgreSQL's; safe across processes and threads."""

    def __init__(self, url: str, *, clock: Callable[[], datetime]) -> None:
        self._database = Database(url, _TABLES)
        self._clock = clock

    def taken(self, name: str, owner: str, *, seconds: float) -> Lease | None:
        """Return the lease, now the owner's; None while another's stands.

        Args:
            name: of what is done alone.
            owner: tells holders apart: host, process and start.
            seconds: how long it stands without being renewed.
        """
        with self._database.alone() as connection:
            now, row = self._now(), _row(connection, name)
            if row is not None and row["owner"] != owner and _stands(row, now):
                return None
            fence = _next_fence(connection)
            ends = now + timedelta(seconds=seconds)
            values = {"owner": owner, "fence": fence, "taken_at": now, "ends_at": ends}
            if row is None:
                connection.execute(insert(_LEASES), {"name": name} | values)
            else:
                connection.execute(update(_LEASES).where(_LEASES.c.name == name).values(values))
        return Lease(name, owner, fence)

    def renewed(self, lease: Lease, *, seconds: float) -> bool:
        """Let the lease stand so many seconds from now; False where another holds it by now."""
        now = self._now()
        values = {"taken_at": now, "ends_at": now + timedelta(seconds=seconds)}
        with self._database.alone() as connection:
            return connection.execute(_own(lease).values(values)).rowcount == 1

    def released(self, lease: Lease) -> None:
        """Let others take it at once; nothing happens where another holds it by now."""
        with self._database.alone() as connection:
            connection.execute(_own(lease).values({"owner": None}))

    def ended(self, lease: Lease) -> None:
        """Forget the lease: what it was for is over; nothing happens where another holds it."""
        with self._database.alone() as connection:
            connection.execute(delete(_LEASES).where(_is(lease)))

    def standing(self, name: str) -> Lease | None:
        """Return the lease that stands; None where anybody may take it."""
        with self._database.reading() as connection:
            row = _row(connection, name)
        if row is None or not _stands(row, self._now()):
            return None
        return Lease(name, str(row["owner"]), int(row["fence"]))

    def holds(self, lease: Lease) -> bool:
        """Tell whether nobody has taken it since."""
        with self._database.reading() as connection:
            return fenced(connection, lease)

    @contextmanager
    def kept(self, lease: Lease) -> Iterator[bool]:
        """Yield whether nobody has taken it since; nobody can before the block ends."""
        with self._database.alone() as connection:
            yield fenced(connection, lease)

    def close(self) -> None:
        """Release the database."""
        self._database.close()

    def _now(self) -> datetime:
        return self._clock().astimezone(UTC).replace(tzinfo=None)


def fenced(connection: Connection, lease: Lease) -> bool:
    """Tell, inside a transaction of the same database, whether the lease is still its holder's.

    What is written in that transaction is then written by no one who lost it.
    """
    row = _row(connection, lease.name)
    return row is not None and (row["owner"], row["fence"]) == (lease.owner, lease.fence)


def still_held(lease: Lease) -> Select[tuple[int]]:
    """Return the query that brings a row while the lease is its holder's.

    Whoever runs it on PostgreSQL keeps others from taking the lease until the transaction ends.
    """
    return select(literal(1)).select_from(_LEASES).where(_is(lease)).with_for_update(read=True)


def _row(connection: Connection, name: str) -> RowMapping | None:
    query = select(_LEASES).where(_LEASES.c.name == name)
    return connection.execute(query).mappings().first()


def _next_fence(connection: Connection) -> int:
    """Return a number no lease ever had; nobody else may write beside."""
    if connection.execute(update(_FENCES).values(last=_FENCES.c.last + 1)).rowcount == 0:
        highest = connection.execute(select(func.max(_LEASES.c.fence))).scalar() or 0
        connection.execute(insert(_FENCES), {"last": highest + 1})
    return int(connection.execute(select(_FENCES.c.last)).scalar_one())


def _stands(row: RowMapping, now: datetime) -> bool:
    """Tell whether a row's lease has not ended; one taken later than clocks differ has."""
    return row["owner"] is not None and row["taken_at"] - SKEW <= now < row["ends_at"]


def _own(lease: Lease) -> Update:
    return update(_LEASES).where(_is(lease))


def _is(lease: Lease) -> ColumnElement[bool]:
    same = (_LEASES.c.name == lease.name) & (_LEASES.c.fence == lease.fence)
    return same & (_LEASES.c.owner == lease.owner)
