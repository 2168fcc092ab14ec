"""Makes one call of one server when it may be made, or finds it where it was recorded.

Pins are looked at before the quota, and the quota is taken last: what is refused costs no call.
"""

import asyncio
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import Protocol, TypeVar
from weakref import WeakValueDictionary

from agents.toolbox.calls import CallRequest, Outcome, Told
from agents.toolbox.errors import (
    NotServedError,
    QuotaSpentError,
    TodayOnlyError,
    ToolCallError,
    ToolChangedError,
    failure,
)
from agents.toolbox.freshness import day_end, stands_for
from agents.toolbox.ledger import Ledger
from agents.toolbox.pins import Pins
from agents.toolbox.quota import Quota
from agents.toolbox.sessions import Sessions
from agents.toolbox.spec import ServerSpec
from core.records.universe import Universe

Make = Callable[[], Awaitable[str]]
T = TypeVar("T")
Brought = TypeVar("Brought", covariant=True)


class Ask(Protocol[Brought]):
    """How a session is asked: for structured content, or for a text."""

    async def __call__(
        self, server: str, tool: str, arguments: Mapping[str, object], *, repeat: bool
    ) -> Brought:
        """Return what the call brings."""
        ...


@dataclass(frozen=True, slots=True)
class Call:
    """One call as its server knows it; `reading` is the hash of how its own answer is read.

    An answer that is read by an alias map is none of our records, and is kept under the server's
    name and the tool's.
    """

    spec: ServerSpec
    tool: str
    arguments: Mapping[str, object]
    reading: str = ""

    @property
    def kept_as(self) -> str:
        """The name the answer is kept under."""
        return f"{self.spec.name}/{self.tool}" if self.reading else self.tool

    def request(self) -> CallRequest:
        """Return what identifies the call in the ledger."""
        return CallRequest(
            kind="upstream",
            server=self.spec.name,
            name=self.kept_as,
            arguments=dict(self.arguments),
            schema_hash=self.reading,
        )


@dataclass(frozen=True, slots=True)
class Calling:
    """What a call takes. `pace_seconds`: how long it may wait for its server's minute.

    Steps that need the same call at the same time wait for one another: it is made once.
    """

    sessions: Sessions
    ledger: Ledger
    clock: Callable[[], datetime]
    quota: Quota | None = None
    pins: Pins | None = None
    pace_seconds: float = 0.0
    _making: WeakValueDictionary[str, asyncio.Lock] = field(default_factory=WeakValueDictionary)

    async def structured(self, call: Call) -> object:
        """Return the raw structured content of a call that may be made.

        Raises:
            ToolCallError: by the gap it becomes.
        """
        return await self._made(call, self.sessions.call)

    async def text(self, call: Call) -> str:
        """Return the one text block of a call that may be made.

        Raises:
            ToolCallError: by the gap it becomes.
        """
        return await self._made(call, self.sessions.call_text)

    async def kept(self, call: Call, make: Make, *, run: str, fresh: timedelta | None) -> str:
        """Return the text of a fresh answer, else the one `make` fetches; either is recorded.

        Raises:
            ToolCallError: by the gap it becomes.
        """

        async def outcome() -> Outcome:
            try:
                return Outcome(text=await make())
            except ToolCallError as error:
                return Outcome(failed=error.reason)

        request = call.request()
        async with self._making.setdefault(request.content_hash(), asyncio.Lock()):
            found = await self.ledger.outcome(request, run=run, call=outcome, fresh_for=fresh)
        if found.text is None:
            raise failure(found.gap or "tool_failed", f"{call.spec.name}/{call.tool}")
        return found.text

    async def recorded(
        self, call: Call, universe: Universe, day: date, *, fresh: timedelta | None
    ) -> str:
        """Return the last answer to the call recorded on a day, or before it and still fresh.

        Raises:
            TodayOnlyError: there is none.
        """
        told = await asyncio.to_thread(self.of_day, call, universe, day, fresh=fresh)
        if told is None:
            raise TodayOnlyError(f"{call.spec.name}/{call.tool}: nothing recorded of {day}")
        return told.text

    def of_day(
        self, call: Call, universe: Universe, day: date, *, fresh: timedelta | None
    ) -> Told | None:
        """Return what `recorded` would, None when there is none."""
        told = self.ledger.history(call.request(), until=day_end(universe, day))
        standing = (
            row for row in reversed(told) if stands_for(universe, row.fetched_at, day, fresh=fresh)
        )
        return next(standing, None)

    async def history(self, call: Call, *, until: datetime) -> tuple[Told, ...]:
        """Return every recorded answer to the call that was read as it is now, oldest first."""
        return await asyncio.to_thread(self.ledger.history, call.request(), until=until)

    async def _made(self, call: Call, ask: Ask[T]) -> T:
        await self._permitted(call)
        repeat = not _metered(call.spec)
        return await ask(call.spec.name, call.tool, dict(call.arguments), repeat=repeat)

    async def _permitted(self, call: Call) -> None:
        spec = call.spec
        if spec.transport == "memory":
            return
        announced = await self.sessions.announced(spec.name)
        if call.tool not in announced:
            raise NotServedError(f"server {spec.name} has no tool {call.tool}")
        if self.pins is not None:
            changed = await asyncio.to_thread(self.pins.changed, spec.name, announced)
            if call.tool in changed:
                raise ToolChangedError(f"{spec.name}/{call.tool} is not what was pinned")
        if self.quota is None or not _metered(spec):
            return
        taken = await self.quota.paced(
            spec.name,
            a_minute=spec.calls_a_minute,
            a_day=spec.calls_a_day,
            patience_seconds=self.pace_seconds,
        )
        if not taken.granted:
            raise QuotaSpentError(f"server {spec.name}: its calls are spent")


def _metered(spec: ServerSpec) -> bool:
    return spec.calls_a_minute is not None or spec.calls_a_day is not None
