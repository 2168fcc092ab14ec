"""Decides what is told of tool servers over HTTP, and how often they are asked for it.

Servers are asked for their announcements at most once a minute, however many pages are open. No
text of theirs is told: a name that is no plain id is counted, not shown.
"""

import asyncio
import re
import threading
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from typing import Final

from agents.toolbox.past_calls import DayCount, PastCall, days_back, past_calls
from agents.toolbox.pins import PinEvent, Pins
from app.compose import OWN_SERVER, Composition
from app.reference.tool_servers import (
    ListedServer,
    ListedTool,
    configured,
    listed_servers,
    own_tools,
    unanswered,
)
from app.web.servers.answers import CallTold, DayTold, PinTold, ServersAnswer, ServerTold, ToolTold
from core.records.request import Language
from core.wording import label_text

FRESH: Final = timedelta(seconds=60)
CALLS_SHOWN: Final = 40
PINS_SHOWN: Final = 20
DAYS: Final = 14
_PLAIN: Final = re.compile(r"[a-z0-9][a-z0-9_-]{0,63}")


@dataclass(frozen=True, slots=True)
class _Asked:
    """What the servers said, and when."""

    at: datetime
    servers: tuple[ListedServer, ...]


@dataclass(slots=True)
class Listing:
    """The servers of one home; several threads may ask at once."""

    composition: Composition
    _last: _Asked | None = field(default=None, init=False)
    _one: threading.Lock = field(default_factory=threading.Lock, init=False)

    def answer(self, language: Language) -> ServersAnswer:
        """Return the servers, their pins and quota, and the last calls.

        Raises:
            CallerError: `mcp.json` cannot be used.
            DataError: the ledger cannot be read.
        """
        asked = self._asked()
        today = self.composition.today
        url = self.composition.settings.database
        past = past_calls(url, limit=CALLS_SHOWN, since=days_back(today, DAYS))
        own = not configured(self.composition)
        pins = {} if own else self._pins([row.name for row in asked.servers])
        return ServersAnswer(
            source="own" if own else "configured",
            asked_at=asked.at,
            servers=tuple(
                _server(place, row, pins.get(row.name, ()), past.days, today)
                for place, row in enumerate(asked.servers, start=1)
            ),
            lacking=() if own else unanswered(asked.servers),
            calls=tuple(_call(row, language) for row in past.last),
        )

    def _asked(self) -> _Asked:
        """Return what the servers said within the last minute, else ask them."""
        with self._one:
            now = self.composition.clock()
            if self._last is None or now - self._last.at > FRESH:
                self._last = _Asked(now, asyncio.run(_said(self.composition)))
            return self._last

    def _pins(self, names: list[str]) -> dict[str, tuple[PinEvent, ...]]:
        pins = Pins(self.composition.settings.database, clock=self.composition.clock)
        try:
            return {name: pins.events(name) for name in names}
        finally:
            pins.close()


async def _said(composition: Composition) -> tuple[ListedServer, ...]:
    """Return the configured servers, or our own, which is asked in process without any file."""
    if configured(composition):
        return await listed_servers(composition)
    tools = sorted(tool.name for tool in await own_tools(composition))
    rows = tuple(ListedTool(name=name, stands_for=(name,), standing="ours") for name in tools)
    return (ListedServer(name=OWN_SERVER, transport="memory", reachable=True, tools=rows),)


def _server(
    place: int,
    row: ListedServer,
    events: tuple[PinEvent, ...],
    counted: tuple[DayCount, ...],
    today: date,
) -> ServerTold:
    shown = [tool for tool in row.tools if _plain(tool.name)]
    return ServerTold(
        place=place,
        **row.model_dump(exclude={"tools", "alias_map"}),
        alias_map=_plain(row.alias_map or ""),
        tools=tuple(ToolTold(**tool.model_dump()) for tool in shown),
        unshown_count=len(row.tools) - len(shown),
        pins=tuple(_pin(event) for event in reversed(events[-PINS_SHOWN:])),
        days=_days(row.name, counted, today),
    )


def _pin(event: PinEvent) -> PinTold:
    return PinTold(tool=_plain(event.tool), what=event.what, at=event.at)


def _days(server: str, counted: tuple[DayCount, ...], today: date) -> tuple[DayTold, ...]:
    """Return every one of the last days, those without a call too."""
    known = {row.day: row for row in counted if row.server == server}
    first = days_back(today, DAYS)
    days = [first + timedelta(days=place) for place in range(DAYS)]
    return tuple(
        DayTold(day=day, calls_count=known[day].calls_count, failed_count=known[day].failed_count)
        if day in known
        else DayTold(day=day, calls_count=0, failed_count=0)
        for day in days
    )


def _call(row: PastCall, language: Language) -> CallTold:
    return CallTold(
        server=_plain(row.server),
        tool=_plain(row.name.removeprefix(f"{row.server}/")),
        upstream=row.upstream,
        as_of=row.as_of,
        fetched_at=row.fetched_at.astimezone(UTC),
        known_at=row.known_at,
        failed=row.failed,
        failed_name="" if row.failed is None else label_text(row.failed, language),
    )


def _plain(name: str) -> str | None:
    """Return a name that is a plain id, else None."""
    return name if _PLAIN.fullmatch(name) else None
