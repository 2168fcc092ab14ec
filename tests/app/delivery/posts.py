"""Messages, clocks and sinks the delivery tests share."""

import asyncio
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path

from app.delivery.message import Message, Outcome, Row
from app.delivery.postman import Postman, Round
from app.state.leases import Leases
from core.records.sink import MessageKind, SinkSpec

NOON = datetime(2026, 3, 2, 12, tzinfo=UTC)
SENT = Outcome(result="sent")
DOWN = Outcome(result="unreachable", reason="not reached")
FAILED = Outcome(result="failed", reason="answered with 500")
REFUSED = Outcome(result="refused", reason="answered with 400")


class Clock:
    """A clock set by hand."""

    def __init__(self) -> None:
        self.now = NOON

    def __call__(self) -> datetime:
        return self.now

    def passes(self, **time: float) -> None:
        """Let time pass."""
        self.now += timedelta(**time)


def alert(key: str, *, sink: str = "desk", kind: MessageKind = "alert") -> Message:
    """Return a message of that key."""
    return Message(key=key, sink=sink, kind=kind, subject=f"about {key}", text=f"text of {key}")


def row(message: Message) -> Row:
    """Return a message as a sink gets it."""
    return Row(
        id=1, message=message, state="waiting", tries_count=1, failures_count=0,
        created_at=NOON, next_try_at=None, done_at=None,
    )  # fmt: skip


@dataclass
class Box:
    """A sink that remembers, and does what it is told to do next."""

    outcome: Outcome = SENT
    refuses: frozenset[str] = frozenset()
    got: list[str] = field(default_factory=list)

    @property
    def effects(self) -> list[str]:
        """The keys in the order they first came."""
        return list(dict.fromkeys(self.got))

    async def sent(self, row: Row) -> Outcome:
        """Take the message, or do not."""
        await asyncio.sleep(0)
        if row.message.key in self.refuses:
            return REFUSED
        if self.outcome.result == "sent":
            self.got.append(row.message.key)
        return self.outcome


@contextmanager
def a_postman(url: str, clock: Clock, **boxes: Box) -> Iterator[Postman]:
    """Yield a postman whose sinks are these boxes."""

    def opened(name: str, spec: SinkSpec, environment: Mapping[str, str]) -> Box:
        del spec, environment
        return boxes[name]

    specs = {name: SinkSpec(url="file:///unused", deadline_seconds=10) for name in boxes}
    postman = Postman(
        url, specs, home=Path(), environment=dict, clock=clock, spare_seconds=20, open_sink=opened
    )
    try:
        yield postman
    finally:
        postman.close()


def rounds(postman: Postman, clock: Clock, *, hours: float, step_seconds: float = 60) -> Round:
    """Let time pass, a round every step."""
    total = Round()
    for _ in range(int(hours * 3600 / step_seconds)):
        clock.passes(seconds=step_seconds)
        total = total.and_(asyncio.run(postman.round()))
    return total


@contextmanager
def leases(url: str, clock: Clock) -> Iterator[Leases]:
    """Yield the leases of a database."""
    held = Leases(url, clock=clock)
    try:
        yield held
    finally:
        held.close()
