"""Decides how messages are kept: one table, a row a message; not what becomes of them."""

import json
from datetime import UTC, datetime
from typing import Final

from sqlalchemy import (
    Column,
    Connection,
    DateTime,
    Index,
    Integer,
    MetaData,
    RowMapping,
    Select,
    String,
    Table,
    Text,
    func,
    select,
)
from sqlalchemy.dialects import postgresql, sqlite

from app.delivery.message import Message, Row

TABLES: Final = MetaData()
OUTBOX: Final = Table(
    "outbox",
    TABLES,
    Column("id", Integer, primary_key=True, autoincrement=True),
    Column("key", String(200), nullable=False, unique=True),
    Column("sink", String(64), nullable=False),
    Column("place", Integer, nullable=False),
    Column("kind", String(16), nullable=False),
    Column("subject", Text, nullable=False),
    Column("body", Text),
    Column("html", Text),
    Column("attachments", Text),
    Column("state", String(16), nullable=False),
    Column("tries", Integer, nullable=False),
    Column("failures", Integer, nullable=False),
    Column("reason", Text),
    Column("merged_into", String(200)),
    Column("taken", Text),
    Column("created_at", DateTime, nullable=False),
    Column("next_try_at", DateTime),
    Column("done_at", DateTime),
    Index("outbox_in_order", "sink", "state", "place", "id"),
)
EMPTIED: Final = {"body": None, "html": None, "attachments": None}
"""What is dropped of a row that will not be sent again; its key stays."""


def added(
    connection: Connection, message: Message, *, now: datetime, place: int | None = None
) -> bool:
    """Add a message at the end of its sink's line, or at a place; False where its key is known."""
    insert = sqlite.insert if connection.dialect.name == "sqlite" else postgresql.insert
    values = {
        "key": message.key,
        "sink": message.sink,
        "place": last_place(connection, message.sink) + 1 if place is None else place,
        "kind": message.kind,
        "subject": message.subject,
        "body": message.text,
        "html": message.html,
        "attachments": json.dumps(message.attachments, ensure_ascii=False),
        "state": "waiting",
        "tries": 0,
        "failures": 0,
        "created_at": stamp(now),
    }
    made = insert(OUTBOX).values(values).on_conflict_do_nothing(index_elements=["key"])
    return connection.execute(made.returning(OUTBOX.c.id)).first() is not None


def last_place(connection: Connection, sink: str) -> int:
    """Return the place of who came last; 0 where nobody ever came."""
    query = select(func.coalesce(func.max(OUTBOX.c.place), 0)).where(OUTBOX.c.sink == sink)
    return int(connection.execute(query).scalar_one())


def in_line(sink: str) -> "Select[tuple[object, ...]]":
    """Return the query of who waits for a sink, in order."""
    wanted = (OUTBOX.c.sink == sink) & (OUTBOX.c.state == "waiting")
    return select(OUTBOX).where(wanted).order_by(OUTBOX.c.place, OUTBOX.c.id)


def found(connection: Connection, query: "Select[tuple[object, ...]]") -> tuple[Row, ...]:
    """Return the query's rows."""
    return tuple(_row(mapping) for mapping in connection.execute(query).mappings())


def stamp(moment: datetime) -> datetime:
    """Return a moment as it is kept: in UTC, without saying so."""
    return moment.astimezone(UTC).replace(tzinfo=None)


def _row(kept: RowMapping) -> Row:
    message = Message(
        key=kept["key"],
        sink=kept["sink"],
        kind=kept["kind"],
        subject=kept["subject"],
        text=kept["body"] or "",
        html=kept["html"],
        attachments=tuple(json.loads(kept["attachments"] or "[]")),
    )
    return Row(
        id=kept["id"],
        message=message,
        state=kept["state"],
        tries_count=kept["tries"],
        failures_count=kept["failures"],
        reason=kept["reason"],
        merged_into=kept["merged_into"],
        taken=tuple(json.loads(kept["taken"] or "[]")),
        created_at=_aware(kept["created_at"]),
        next_try_at=None if kept["next_try_at"] is None else _aware(kept["next_try_at"]),
        done_at=None if kept["done_at"] is None else _aware(kept["done_at"]),
    )


def _aware(kept: datetime) -> datetime:
    return kept.replace(tzinfo=UTC)
