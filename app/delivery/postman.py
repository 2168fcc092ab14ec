"""Decides who works which sink, and works it: one at a time, in order, until nobody is due.

A sink's lease lasts longer than one sending may; who slept through its end marks nothing. Nothing
is lost by a kill: what was begun and not marked is sent again under the same key.
"""

import asyncio
import logging
import os
import secrets
import socket
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import partial
from pathlib import Path
from typing import Final, TypeVar

from agents.tracing import span
from app.delivery.message import Outcome, Row, State
from app.delivery.outbox import Outbox
from app.delivery.sinks import Sink, opened
from app.state.leases import Lease, Leases
from core.errors import CallerError
from core.records.sink import SinkSpec

SPARE_SECONDS: Final = 30.0
"""How much longer a lease stands than one sending may take."""
A_MINUTE: Final = timedelta(minutes=1)
LOG: Final = logging.getLogger(__name__)

Waiting = Callable[[float], Awaitable[None]]
Written = TypeVar("Written")


@dataclass(frozen=True, slots=True)
class Round:
    """What one round through the sinks came to."""

    delivered: int = 0
    failed: int = 0
    dead: int = 0

    def and_(self, other: "Round") -> "Round":
        """Return both together."""
        return Round(
            self.delivered + other.delivered, self.failed + other.failed, self.dead + other.dead
        )


ROUND_OF: Final[Mapping[State, Round]] = {
    "delivered": Round(delivered=1),
    "waiting": Round(failed=1),
    "dead": Round(failed=1, dead=1),
}


class Postman:
    """Works the outbox of one database towards the sinks of the settings; many may at once."""

    def __init__(
        self,
        url: str,
        sinks: Mapping[str, SinkSpec],
        *,
        home: Path,
        environment: Callable[[], Mapping[str, str]],
        clock: Callable[[], datetime],
        spare_seconds: float = SPARE_SECONDS,
        open_sink: Callable[[str, SinkSpec, Mapping[str, str]], Sink] = opened,
        succeeded: Callable[[datetime], None] = lambda _: None,
    ) -> None:
        """Open the outbox.

        Args:
            url: of the database.
            sinks: by name.
            home: the files of messages are in.
            environment: what `${NAME}` stands for, asked at every sending.
            clock: tells the moment.
            spare_seconds: how much longer a lease stands than one sending may take.
            open_sink: makes a sink of its address.
            succeeded: is told of a round without a failure, at most once a minute.
        """
        self.outbox = Outbox(url, clock=clock)
        self._leases = Leases(url, clock=clock)
        self._sinks, self._home = dict(sinks), home
        self._environment, self._open = environment, open_sink
        self._spare, self._clock = spare_seconds, clock
        self._succeeded, self._told_at = succeeded, datetime.min.replace(tzinfo=UTC)
        self._owner = f"{socket.gethostname()}:{os.getpid()}:{secrets.token_hex(4)}"[-128:]

    async def round(self) -> Round:
        """Deliver what is due at every sink, all sinks at once; a sink another works is left.

        What stops one sink's work, as a database that fails, is raised when the others are done.
        """
        working = (self._worked(name) for name in sorted(self._sinks))
        total = Round()
        for one in await asyncio.gather(*working, return_exceptions=True):
            if isinstance(one, BaseException):
                raise one
            total = total.and_(one)
        if not total.failed:
            await asyncio.to_thread(self._tell)
        return total

    async def forever(self, *, seconds: float, wait: Waiting = asyncio.sleep) -> None:
        """Go round until cancelled, waiting so long between two rounds."""
        while True:
            await self.round()
            await wait(seconds)

    def close(self) -> None:
        """Release the database."""
        self.outbox.close()
        self._leases.close()

    def _tell(self) -> None:
        """Tell of a success, unless that was told within the minute; a clock set back counts."""
        now = self._clock()
        if not timedelta() <= now - self._told_at < A_MINUTE:
            self._succeeded(now)
            self._told_at = now

    async def _worked(self, name: str) -> Round:
        seconds = self._sinks[name].deadline_seconds + self._spare
        async with self._leased(f"deliver:{name}", seconds) as lease:
            return Round() if lease is None else await self._emptied(name, lease, seconds)

    @asynccontextmanager
    async def _leased(self, name: str, seconds: float) -> AsyncIterator[Lease | None]:
        """Yield the lease, and give it back; who is stopped while it is taken gives it back too."""
        taking = asyncio.ensure_future(
            asyncio.to_thread(self._leases.taken, name, self._owner, seconds=seconds)
        )
        try:
            yield await asyncio.shield(taking)
        finally:
            lease = await taking
            if lease is not None:
                await _whole(partial(self._leases.released, lease))

    async def _emptied(self, name: str, lease: Lease, seconds: float) -> Round:
        """Send the first in line until nobody is due, one fails, or the lease is another's."""
        total = Round()
        while await _whole(partial(self._leases.renewed, lease, seconds=seconds)):
            row = await _whole(partial(self.outbox.begun, name, lease))
            if row is None:
                break
            with span("delivery", sink=name, kind=row.message.kind) as work:
                outcome = await self._outcome(name, row)
                work.note(outcome=outcome.result)
            state = await _whole(partial(self.outbox.ended, row, outcome, lease))
            if state is None:
                break
            total = total.and_(ROUND_OF[state])
            if state != "delivered":
                LOG.warning("sink %s: %s is %s: %s", name, row.message.key, state, outcome.reason)
            if state == "waiting" and not outcome.taken:
                break
        return total

    async def _outcome(self, name: str, row: Row) -> Outcome:
        spec = self._sinks[name]
        try:
            async with asyncio.timeout(spec.deadline_seconds + self._spare / 2):
                sink = await asyncio.to_thread(self._open, name, spec, self._environment())
                return await sink.sent(_resolved(row, self._home))
        except CallerError as error:
            return Outcome(result="unreachable", reason=str(error)[:300])
        except TimeoutError:
            return Outcome(result="unreachable", reason="its deadline passed")
        except Exception as error:  # noqa: BLE001 - a plugin's own: it stops no other sink
            return Outcome(result="failed", reason=f"its sink broke ({type(error).__name__})")


async def _whole(write: Callable[[], Written]) -> Written:
    """Return what a write gives; who is stopped meanwhile stops after it.

    So it stops before its lease ends, or once that is given back.
    """
    writing = asyncio.ensure_future(asyncio.to_thread(write))
    try:
        return await asyncio.shield(writing)
    except asyncio.CancelledError:
        await asyncio.wait({writing})
        raise


def _resolved(row: Row, home: Path) -> Row:
    """Return the row with its files where the home is now."""
    files = tuple(str(home.absolute() / path) for path in row.message.attachments)
    message = row.message.model_copy(update={"attachments": files})
    return row.model_copy(update={"message": message})
