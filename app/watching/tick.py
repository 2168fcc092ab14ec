"""Works one planned look whole: what it found, what it tells and that it is done are one write.

Killed at any point it leaves the slot as due as it was. Who lost the lease writes nothing.
"""

import os
import secrets
import socket
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from functools import partial
from pathlib import Path
from typing import Final, Literal

from sqlalchemy import Connection

from agents.toolbox.database import Database
from agents.tracing import span
from app.delivery.message import Message
from app.delivery.outbox import Outbox, posted
from app.observing.successes import succeeded
from app.state.leases import Lease, Leases, fenced
from app.state.rights import Held
from app.watching import memory as kept
from app.watching.freshness import Fetch, failures
from app.watching.letters import letters, order_letters
from app.watching.noise import Memory, Moment, Verdict, verdict
from app.watching.records import Rules, Slot
from app.watching.sightings import Lookout, Sightings
from app.watching.slots import Grid
from app.watching.upkeep import failing, of_upkeep
from core.records.sink import SinkSpec
from core.records.universe import Universe

LEASE_SECONDS: Final = 300.0
"""For which a look may hold its market without a sign of life."""
NEWLY: Final = timedelta(days=7)
"""How far back slots are compared with those done: further than any clock is set."""


@dataclass(frozen=True, slots=True)
class Desk:
    """What one watch is told: a market, its slots, its rules, where it tells and fetches.

    home: holds order files. fetch, sources: None and none: only what is stored is looked at.
    """

    universe: Universe
    grid: Grid
    rules: Rules
    sinks: Mapping[str, SinkSpec]
    home: Path
    sources: tuple[str, ...] = ()
    fetch: Fetch | None = None


@dataclass(frozen=True, slots=True)
class Step:
    """What came of one step.

    what: `idle`: nothing is due; `busy`: another works it; `lost`: another took it over; `worked`.
    """

    what: Literal["idle", "busy", "lost", "worked"]
    universe: str
    slot: Slot | None = None
    skipped: int = 0
    verdict: Verdict | None = None
    messages: int = 0


class Watch:
    """Looks at one market when a slot is due. Any number may, in any number of processes."""

    def __init__(
        self,
        desk: Desk,
        look: Callable[[Slot], Sightings],
        *,
        url: str,
        clock: Callable[[], datetime],
        lease_seconds: float = LEASE_SECONDS,
        tell: Callable[[str], None] = lambda _: None,
    ) -> None:
        """Open the database.

        Args:
            desk: what to watch.
            look: tells what is to be seen at a slot.
            url: of the database.
            clock: now, with a time zone.
            lease_seconds: for which a look may go on without a sign of life.
            tell: hears what is under way: waiting, fetching, looking, writing, written.
        """
        self._desk = desk
        self._look = look
        self._clock = clock
        self._seconds = lease_seconds
        self._tell = tell
        self._idle = Step("idle", desk.universe.id)
        self._owner = f"{socket.gethostname()}:{os.getpid()}:{secrets.token_hex(4)}"[-128:]
        self._leases = Leases(url, clock=clock)
        Outbox(url, clock=clock).close()  # its table
        self._database = Database(url, kept.TABLES)

    def step(self) -> Step:
        """Work the last slot that is due, if any.

        Raises:
            SectorwiseError: the market cannot be looked at; the slot stays due.
        """
        if not self._due(self._clock()):
            return self._idle
        lease = self._leases.taken(
            f"watch:{self._desk.universe.id}", self._owner, seconds=self._seconds
        )
        if lease is None:
            return Step("busy", self._desk.universe.id)
        held = Held(self._leases, lease, self._seconds)
        try:
            due = self._due(self._clock())
            return self._worked(due, lease) if due else self._idle
        finally:
            held.end()

    def following(self) -> datetime | None:
        """Return when the next slot is; None where none is within three weeks."""
        slot = self._desk.grid.following(self._clock())
        return None if slot is None else slot.at

    def close(self) -> None:
        """Release the databases."""
        self._leases.close()
        self._database.close()

    def _due(self, now: datetime) -> list[Slot]:
        """Return the slots that have come and are neither done nor skipped, ascending.

        On the first look of all, only the last one: what was before is nobody's debt.
        """
        grid, universe = self._desk.grid, self._desk.universe.id
        with self._database.reading() as connection:
            last = kept.last_settled(connection, universe, until=now)
            if last is None:
                slot = None if kept.any_settled(connection, universe) else grid.last(now)
                return [] if slot is None else [slot]
            done = kept.settled(connection, universe, after=last - NEWLY)
        return [slot for slot in grid.between(last, now) if slot.at not in done]

    def _worked(self, due: list[Slot], lease: Lease) -> Step:
        slot, skipped, desk = due[-1], due[:-1], self._desk
        with span("watch", universe=desk.universe.id, slot=slot.at.isoformat()):
            failed = self._fetched()
            self._tell("looking")
            found = self._look(slot)
            self._tell("writing")
            with self._database.alone() as connection:
                now = self._clock()
                if not fenced(connection, lease):
                    return Step("lost", desk.universe.id, slot)
                if slot.at in kept.settled(connection, desk.universe.id, after=slot.at - NEWLY):
                    return self._idle
                made, messages = self._written(connection, slot, skipped, found, failed, now)
                settle = partial(kept.settle, connection, desk.universe.id, now=now)
                settle(skipped, "skipped", fence=lease.fence)
                settle([slot], "done", fence=lease.fence)
                succeeded(connection, f"watch:{desk.universe.id}", now)
                self._tell("ending")
        self._tell("written")
        return Step("worked", desk.universe.id, slot, len(skipped), made, messages)

    def _fetched(self) -> frozenset[str] | None:
        """Fetch what is new, and return what failed; None where nothing is to be fetched."""
        desk = self._desk
        if desk.fetch is None or not desk.sources:
            return None
        self._tell("fetching")
        return failures(desk.fetch, desk.universe, desk.sources, now=self._clock())

    def _written(
        self,
        connection: Connection,
        slot: Slot,
        skipped: Sequence[Slot],
        found: Sightings,
        failed: frozenset[str] | None,
        now: datetime,
    ) -> tuple[Verdict, int]:
        """Write what becomes of a look and post what is told; return both, counted."""
        desk, universe = self._desk, self._desk.universe
        known = self._memory(connection, slot, now)
        troubles = failing(failed, known.levels, now)
        upkeep = tuple(of_upkeep(universe.id, troubles, skipped, now))
        seen = replace(found, alerts=(*found.alerts, *upkeep))
        made = verdict(seen, known, desk.rules, self._moment(slot, now))
        kept.remember(connection, universe.id, made, now=now)
        kept.keep_levels(connection, universe.id, troubles.since)
        for key in troubles.over:
            kept.forget_level(connection, universe.id, key)
        messages = self._messages(made, slot, found)
        return made, posted(connection, messages, now=now)

    def _memory(self, connection: Connection, slot: Slot, now: datetime) -> Memory:
        grid = self._desk.grid
        begin = grid.midnight(now)
        return kept.memory(connection, self._desk.universe.id, at=slot.at, since=begin)

    def _moment(self, slot: Slot, now: datetime) -> Moment:
        grid = self._desk.grid
        return Moment(
            at=slot.at,
            now=now,
            day=grid.desk_day(now),
            quiet=grid.quiet(now),
            digest=grid.last_digest(max(now, slot.at)),
        )

    def _messages(self, made: Verdict, slot: Slot, found: Sightings) -> list[Message]:
        desk = self._desk
        return [
            *letters(made.push, "alert", desk.universe, desk.sinks, at=slot.at),
            *letters(made.digest, "digest", desk.universe, desk.sinks, at=slot.at),
            *order_letters(
                found.proposal, (*made.push, *made.digest), desk.universe, desk.sinks,
                home=desk.home,
            ),
        ]  # fmt: skip


def looking(lookout: Lookout, grid: Grid) -> Callable[[Slot], Sightings]:
    """Return what looks at a market as of the last session that was over at a slot."""

    def look(slot: Slot) -> Sightings:
        return lookout.look(grid.last_session(slot.at.astimezone(UTC)))

    return look
