"""Keeps what a watch did and told: slots, alerts, levels, silences; one transaction a look.

Every function works inside its caller's transaction, so that a slot is done exactly if what it told
is on its way.
"""

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime, timedelta
from typing import Final

from sqlalchemy import (
    Column,
    Connection,
    Date,
    DateTime,
    Float,
    Index,
    Integer,
    MetaData,
    RowMapping,
    String,
    Table,
    Text,
    and_,
    delete,
    func,
    insert,
    not_,
    select,
    update,
)

from app.alerting.records import Alert
from app.watching.noise import WAITS, Memory, Subject, Verdict
from app.watching.records import Kept, Silence, Slot, SlotState

TABLES: Final = MetaData()
SLOTS: Final = Table(
    "watch_slots",
    TABLES,
    Column("universe", String(64), primary_key=True),
    Column("slot", DateTime, primary_key=True),
    Column("state", String(16), nullable=False),
    Column("fence", Integer, nullable=False),
    Column("done_at", DateTime, nullable=False),
)
TOLD: Final = Table(
    "alerts_told",
    TABLES,
    Column("universe", String(64), primary_key=True),
    Column("id", String(64), primary_key=True),
    Column("kind", String(32), nullable=False),
    Column("subject", String(128), nullable=False),
    Column("fate", String(16), nullable=False),
    Column("seen", DateTime, nullable=False),
    Column("told", DateTime),
    Column("acknowledged", DateTime),
    Column("alert", Text, nullable=False),
    Index("alerts_told_waiting", "universe", "fate", "told"),
)
LEVELS: Final = Table(
    "watch_levels",
    TABLES,
    Column("universe", String(64), primary_key=True),
    Column("kind", String(32), primary_key=True),
    Column("subject", String(128), primary_key=True),
    Column("value", Float, nullable=False),
)
SILENCES: Final = Table(
    "silences",
    TABLES,
    Column("id", Integer, primary_key=True, autoincrement=True),
    Column("universe", String(64), nullable=False),
    Column("kind", String(32)),
    Column("sector", String(64)),
    Column("until", Date, nullable=False),
)

LONGEST_COOL_DOWN: Final = timedelta(days=400)


def memory(connection: Connection, universe: str, *, at: datetime, since: datetime) -> Memory:
    """Return what was told.

    Args:
        connection: of the look's transaction.
        universe: id.
        at: the slot.
        since: begin of the desk's day, from which pushes count.
    """
    known = select(TOLD.c.id).where(TOLD.c.universe == universe)
    return Memory(
        ids=frozenset(str(row.id) for row in connection.execute(known)),
        last=_last(connection, universe, naive(at - LONGEST_COOL_DOWN)),
        levels=levels(connection, universe),
        waiting=waiting(connection, universe),
        silences=silences(connection, universe),
        pushes=_pushes(connection, naive(since)),
    )


def remember(connection: Connection, universe: str, made: Verdict, *, now: datetime) -> None:
    """Write down what became of a look."""
    if made.kept:
        connection.execute(insert(TOLD), [_told_row(universe, row) for row in made.kept])
    fresh = {row.alert.id for row in made.kept}
    told = [r.alert.id for r in (*made.push, *made.digest) if r.alert.id not in fresh]
    mine = TOLD.c.universe == universe
    if made.demoted:
        demote = update(TOLD).where(mine, TOLD.c.id.in_(sorted(made.demoted)))
        connection.execute(demote.values(fate="digest"))
    if told:
        tell = update(TOLD).where(mine, TOLD.c.id.in_(told))
        connection.execute(tell.values(told=naive(now)))
    keep_levels(connection, universe, made.levels)


def keep_levels(connection: Connection, universe: str, values: Mapping[Subject, float]) -> None:
    """Write levels in the place of earlier ones."""
    for (kind, subject), value in values.items():
        forget_level(connection, universe, (kind, subject))
        row = {"universe": universe, "kind": kind, "subject": subject, "value": value}
        connection.execute(insert(LEVELS), row)


def forget_level(connection: Connection, universe: str, key: Subject) -> None:
    """Remove a level."""
    same = and_(LEVELS.c.universe == universe, LEVELS.c.kind == key[0], LEVELS.c.subject == key[1])
    connection.execute(delete(LEVELS).where(same))


def levels(connection: Connection, universe: str) -> dict[Subject, float]:
    """Return all levels of a universe."""
    rows = connection.execute(select(LEVELS).where(LEVELS.c.universe == universe))
    return {(row.kind, row.subject): float(row.value) for row in rows}


def waiting(connection: Connection, universe: str) -> tuple[Kept, ...]:
    """Return what was seen and is still to be told, by slot."""
    query = select(TOLD).where(
        TOLD.c.universe == universe,
        TOLD.c.told.is_(None),
        TOLD.c.acknowledged.is_(None),
        TOLD.c.fate.in_(WAITS),
    )
    rows = connection.execute(query.order_by(TOLD.c.seen, TOLD.c.id)).mappings()
    return tuple(map(_kept, rows))


def alerts_since(connection: Connection, universe: str, since: datetime) -> tuple[Kept, ...]:
    """Return what was seen from an instant on, the latest first."""
    query = select(TOLD).where(TOLD.c.universe == universe, TOLD.c.seen >= naive(since))
    rows = connection.execute(query.order_by(TOLD.c.seen.desc(), TOLD.c.id)).mappings()
    return tuple(map(_kept, rows))


def acknowledge(
    connection: Connection, universe: str, begins: str, *, now: datetime
) -> tuple[Alert, ...]:
    """Take the alerts whose ids begin so as known: what of them waits is not told any more."""
    mine = and_(TOLD.c.universe == universe, TOLD.c.id.startswith(begins, autoescape=True))
    rows = [_kept(row) for row in connection.execute(select(TOLD).where(mine)).mappings()]
    connection.execute(update(TOLD).where(mine).values(acknowledged=naive(now)))
    return tuple(row.alert for row in rows)


def silences(connection: Connection, universe: str) -> tuple[Silence, ...]:
    """Return all silences of a universe, ended ones too, in the order they were made."""
    query = select(SILENCES).where(SILENCES.c.universe == universe).order_by(SILENCES.c.id)
    return tuple(
        Silence(rule=row.kind, sector=row.sector, until=row.until)
        for row in connection.execute(query)
    )


def silence(connection: Connection, universe: str, told: Silence) -> None:
    """Keep a silence."""
    row = {"universe": universe, "kind": told.rule, "sector": told.sector, "until": told.until}
    connection.execute(insert(SILENCES), row)


def settle(
    connection: Connection,
    universe: str,
    slots: Sequence[Slot],
    state: SlotState,
    *,
    fence: int,
    now: datetime,
) -> None:
    """Mark slots as done or skipped."""
    rows = [
        {"universe": universe, "slot": naive(slot.at), "state": state, "fence": fence,
         "done_at": naive(now)}
        for slot in slots
    ]  # fmt: skip
    if rows:
        connection.execute(insert(SLOTS), rows)


def settled(connection: Connection, universe: str, *, after: datetime) -> frozenset[datetime]:
    """Return the slots later than an instant that are done or skipped, in UTC."""
    query = select(SLOTS.c.slot).where(SLOTS.c.universe == universe, SLOTS.c.slot > naive(after))
    return frozenset(row.slot.replace(tzinfo=UTC) for row in connection.execute(query))


def last_settled(connection: Connection, universe: str, *, until: datetime) -> datetime | None:
    """Return the last slot up to an instant that is done or skipped; None without one."""
    query = select(func.max(SLOTS.c.slot)).where(
        SLOTS.c.universe == universe, SLOTS.c.slot <= naive(until)
    )
    found: datetime | None = connection.execute(query).scalar()
    return None if found is None else found.replace(tzinfo=UTC)


def any_settled(connection: Connection, universe: str) -> bool:
    """Tell whether the universe was ever looked at, be it at a time that is yet to come."""
    query = select(SLOTS.c.slot).where(SLOTS.c.universe == universe).limit(1)
    return connection.execute(query).first() is not None


def forgotten(connection: Connection, *, before: datetime) -> int:
    """Delete slots but each universe's last, alerts no cool-down reaches, and ended silences.

    What waits to be told stays. Returns how many rows went.
    """
    others = SLOTS.alias("others")
    last = select(func.max(others.c.slot)).where(others.c.universe == SLOTS.c.universe)
    looked = and_(SLOTS.c.done_at < naive(before), SLOTS.c.slot < last.scalar_subquery())
    waits = and_(TOLD.c.told.is_(None), TOLD.c.acknowledged.is_(None), TOLD.c.fate.in_(WAITS))
    told = and_(TOLD.c.seen < naive(before - LONGEST_COOL_DOWN), not_(waits))
    ended = SILENCES.c.until < naive(before).date()
    over = ((SLOTS, looked), (TOLD, told), (SILENCES, ended))
    return sum(connection.execute(delete(table).where(rows)).rowcount for table, rows in over)


def naive(at: datetime) -> datetime:
    """Return an instant as the database keeps it: UTC without saying so."""
    return at.astimezone(UTC).replace(tzinfo=None)


def _last(connection: Connection, universe: str, since: datetime) -> dict[Subject, datetime]:
    query = (
        select(TOLD.c.kind, TOLD.c.subject, func.max(TOLD.c.seen).label("at"))
        .where(TOLD.c.universe == universe, TOLD.c.fate.in_(WAITS), TOLD.c.seen >= since)
        .group_by(TOLD.c.kind, TOLD.c.subject)
    )
    return {
        (row.kind, row.subject): row.at.replace(tzinfo=UTC) for row in connection.execute(query)
    }


def _pushes(connection: Connection, since: datetime) -> int:
    """Return how many messages were pushed since an instant, of all markets: one a look."""
    pushed = and_(TOLD.c.fate == "push", TOLD.c.told >= since)
    looks = select(TOLD.c.universe, TOLD.c.told).where(pushed).distinct().subquery()
    return int(connection.execute(select(func.count()).select_from(looks)).scalar_one())


def _told_row(universe: str, row: Kept) -> dict[str, object]:
    return {
        "universe": universe,
        "id": row.alert.id,
        "kind": row.alert.kind,
        "subject": row.subject,
        "fate": row.fate,
        "seen": naive(row.seen),
        "told": None if row.told is None else naive(row.told),
        "alert": row.alert.model_dump_json(exclude={"id"}),
    }


def _kept(row: RowMapping) -> Kept:
    told = row["told"]
    return Kept(
        alert=Alert.model_validate_json(row["alert"]),
        fate=row["fate"],
        seen=row["seen"].replace(tzinfo=UTC),
        told=None if told is None else told.replace(tzinfo=UTC),
        acknowledged=row["acknowledged"] is not None,
    )
