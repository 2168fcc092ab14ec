"""Decides what becomes of a line too long: its alerts are told together, the rest refused."""

import hashlib
from datetime import datetime
from typing import Final

from sqlalchemy import Connection, func, select, update

from app.delivery.message import LONGEST_TEXT, Message, Row
from app.delivery.table import EMPTIED, OUTBOX, added, found, in_line, stamp
from core.errors import BusyError

MOST_WAITING: Final = 1_000
"""Messages of one sink."""
MOST_WHOLE: Final = MOST_WAITING // 2
"""Of those, the ones that cannot be told together with others: reports and orders."""
FEWEST: Final = 2
"""Messages that make a digest."""
TOGETHER: Final = ("alert", "digest")


def room_made(connection: Connection, sink: str, *, now: datetime) -> None:
    """Tell the oldest half of the alerts of a line that is too long as one digest in their place.

    What a sending was begun of stays as it is: its receiver may know it already.

    Raises:
        BusyError: what waits cannot be told together.
    """
    total, whole = _counts(connection, sink)
    if whole > MOST_WHOLE:
        raise BusyError(f"{MOST_WHOLE:,} reports wait for the sink {sink}: see `deliver list`")
    free = OUTBOX.c.kind.in_(TOGETHER) & (OUTBOX.c.tries == 0)
    while total > MOST_WAITING:
        oldest = found(connection, in_line(sink).where(free).limit(MOST_WHOLE))
        if len(oldest) < FEWEST:
            return
        _merge(connection, oldest, now=now)
        total -= len(oldest) - 1


def _counts(connection: Connection, sink: str) -> tuple[int, int]:
    """Return how many wait for a sink, and how many of those cannot be told together."""
    waiting = (OUTBOX.c.sink == sink) & (OUTBOX.c.state == "waiting")
    query = select(OUTBOX.c.kind, func.count()).where(waiting).group_by(OUTBOX.c.kind)
    counts = {str(kind): int(count) for kind, count in connection.execute(query)}
    return sum(counts.values()), sum(n for kind, n in counts.items() if kind not in TOGETHER)


def _merge(connection: Connection, rows: tuple[Row, ...], *, now: datetime) -> None:
    ids = [row.id for row in rows]
    place = select(func.min(OUTBOX.c.place)).where(OUTBOX.c.id.in_(ids))
    whole = together(rows)
    added(connection, whole, now=now, place=int(connection.execute(place).scalar_one()))
    gone = {"state": "merged", "merged_into": whole.key, "done_at": stamp(now)}
    connection.execute(update(OUTBOX).where(OUTBOX.c.id.in_(ids)).values(**gone, **EMPTIED))


def together(rows: tuple[Row, ...]) -> Message:
    """Return one digest of alerts and digests: a line each, the latest kept where room ends."""
    lines = [line for row in rows for line in _lines(row)]
    kept: list[str] = []
    for line in reversed(lines):
        if sum(map(len, kept)) + len(kept) + len(line) > LONGEST_TEXT - 20:
            break
        kept.insert(0, line)
    left = [f"(+{len(lines) - len(kept)})"] if len(kept) < len(lines) else []
    keys = hashlib.sha256("\n".join(row.message.key for row in rows).encode()).hexdigest()
    return Message(
        key=f"together:{keys[:32]}",
        sink=rows[0].message.sink,
        kind="digest",
        subject=f"({len(lines)}) {rows[0].message.subject}"[:300],
        text="\n".join([*left, *kept]),
    )


def _lines(row: Row) -> list[str]:
    if row.message.kind == "digest":
        return row.message.text.splitlines() or [row.message.subject]
    return [f"{row.created_at:%Y-%m-%d %H:%M} UTC · {row.message.subject}"]
