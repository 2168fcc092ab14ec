"""Decides whether a server's tool is still the one that was first used; not what to do about it.

A tool is pinned by the hash of its name and schemas the first time its server announces it. One
that comes back different is changed until someone accepts it; one that is added or gone is only
told of.
"""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Final, Literal

from sqlalchemy import (
    Column,
    ColumnElement,
    Connection,
    DateTime,
    Integer,
    MetaData,
    RowMapping,
    String,
    Table,
    and_,
    delete,
    insert,
    select,
    update,
)

from agents.toolbox.database import Database

What = Literal["pinned", "added", "changed", "vanished", "returned", "accepted", "forgotten"]
Standing = Literal["pinned", "changed", "vanished"]

EVENTS_CAP: Final = 2_000
"""Events kept of a server; one that changes everything at every start fills no disk."""
_NAME: Final = re.compile(r"[A-Za-z0-9_.-]{1,128}")

_TABLES = MetaData()
_PINS = Table(
    "tool_pins",
    _TABLES,
    Column("server", String(64), primary_key=True),
    Column("tool", String(128), primary_key=True),
    Column("sha256", String(64), nullable=False),
    Column("announced", String(64)),
    Column("pinned_at", DateTime, nullable=False),
)
_EVENTS = Table(
    "tool_events",
    _TABLES,
    Column("id", Integer, primary_key=True, autoincrement=True),
    Column("server", String(64), nullable=False, index=True),
    Column("tool", String(128), nullable=False),
    Column("what", String(16), nullable=False),
    Column("sha256", String(64)),
    Column("at", DateTime, nullable=False),
)


@dataclass(frozen=True, slots=True)
class PinnedTool:
    """A tool as it was pinned and as it was last announced; None when it no longer is."""

    tool: str
    sha256: str
    announced: str | None
    pinned_at: datetime

    @property
    def standing(self) -> Standing:
        """Whether the tool may be used (`pinned`), is off (`changed`) or gone (`vanished`)."""
        if self.announced is None:
            return "vanished"
        return "pinned" if self.announced == self.sha256 else "changed"


@dataclass(frozen=True, slots=True)
class PinEvent:
    """What happened to a tool's pin, and when; `sha256` is what was announced then."""

    tool: str
    what: What
    sha256: str | None
    at: datetime


class Pins:
    """Every server's pinned tools, in the ledger's database; shared by processes."""

    def __init__(self, url: str = "sqlite://", *, clock: Callable[[], datetime]) -> None:
        self._database = Database(url, _TABLES)
        self._clock = clock

    def changed(self, server: str, announced: Mapping[str, str]) -> frozenset[str]:
        """Pin what is new, keep what happened, and return the tools that are not what was pinned.

        Args:
            server: its name.
            announced: every tool the server offers, by name, to the hash of name and schemas; one
                whose name is not MCP's (letters, digits, `_.-`) is not kept, nor ever called.
        """
        announced = {name: sha for name, sha in announced.items() if _NAME.fullmatch(name)}
        with self._database.reading() as connection:
            held = _held(connection, server)
        if announced != {tool: pin.announced for tool, pin in held.items() if pin.announced}:
            held = self._looked(server, announced)
        return frozenset(
            tool for tool, pin in held.items() if announced.get(tool, pin.sha256) != pin.sha256
        )

    def accept(self, server: str, tool: str | None = None) -> frozenset[str]:
        """Pin a tool, or all, as last announced; forget it when it vanished. Return which moved."""
        with self._database.alone() as connection:
            moved = {
                name: pin
                for name, pin in _held(connection, server).items()
                if tool in {None, name} and pin.standing != "pinned"
            }
            for name, pin in sorted(moved.items()):
                here = _here(server, name)
                if pin.announced is None:
                    connection.execute(delete(_PINS).where(here))
                    self._keep(connection, server, name, "forgotten", None)
                    continue
                connection.execute(
                    update(_PINS).where(here).values(sha256=pin.announced, pinned_at=self._now())
                )
                self._keep(connection, server, name, "accepted", pin.announced)
        return frozenset(moved)

    def listed(self, server: str) -> tuple[PinnedTool, ...]:
        """Return the server's tools, by name."""
        with self._database.reading() as connection:
            held = _held(connection, server)
        return tuple(held[name] for name in sorted(held))

    def events(self, server: str) -> tuple[PinEvent, ...]:
        """Return what happened to the server's tools, oldest first."""
        query = select(_EVENTS).where(_EVENTS.c.server == server).order_by(_EVENTS.c.id)
        with self._database.reading() as connection:
            rows = connection.execute(query).mappings().all()
        return tuple(
            PinEvent(tool=row["tool"], what=row["what"], sha256=row["sha256"], at=_utc(row["at"]))
            for row in rows
        )

    def close(self) -> None:
        """Release the database."""
        self._database.close()

    def _looked(self, server: str, announced: Mapping[str, str]) -> dict[str, PinnedTool]:
        """Keep what is news of what is announced; return what was held before."""
        with self._database.alone() as connection:
            held = _held(connection, server)
            for tool, sha256 in sorted(announced.items()):
                self._seen(connection, server, held.get(tool), tool, sha256, first=not held)
            for tool in sorted(set(held) - set(announced)):
                if held[tool].announced is not None:
                    _announce(connection, server, tool, None)
                    self._keep(connection, server, tool, "vanished", None)
        return held

    def _seen(
        self,
        connection: Connection,
        server: str,
        pin: PinnedTool | None,
        tool: str,
        sha256: str,
        *,
        first: bool,
    ) -> None:
        """Keep what an announced tool looks like, where that is news."""
        if pin is None:
            row = {"server": server, "tool": tool, "sha256": sha256, "announced": sha256}
            connection.execute(insert(_PINS), row | {"pinned_at": self._now()})
            self._keep(connection, server, tool, "pinned" if first else "added", sha256)
        elif pin.announced != sha256:
            _announce(connection, server, tool, sha256)
            what: What = "returned" if sha256 == pin.sha256 else "changed"
            self._keep(connection, server, tool, what, sha256)

    def _keep(
        self, connection: Connection, server: str, tool: str, what: What, sha256: str | None
    ) -> None:
        row = {"server": server, "tool": tool, "what": what, "sha256": sha256, "at": self._now()}
        connection.execute(insert(_EVENTS), row)
        here = _EVENTS.c.server == server
        newest = select(_EVENTS.c.id).where(here).order_by(_EVENTS.c.id.desc())
        first = connection.execute(newest.offset(EVENTS_CAP).limit(1)).scalar()
        if first is not None:
            connection.execute(delete(_EVENTS).where(here, _EVENTS.c.id <= first))

    def _now(self) -> datetime:
        return self._clock().astimezone(UTC).replace(tzinfo=None)


def _held(connection: Connection, server: str) -> dict[str, PinnedTool]:
    rows = connection.execute(select(_PINS).where(_PINS.c.server == server)).mappings()
    return {row["tool"]: _pinned(row) for row in rows}


def _pinned(row: RowMapping) -> PinnedTool:
    return PinnedTool(
        tool=row["tool"],
        sha256=row["sha256"],
        announced=row["announced"],
        pinned_at=_utc(row["pinned_at"]),
    )


def _announce(connection: Connection, server: str, tool: str, sha256: str | None) -> None:
    connection.execute(update(_PINS).where(_here(server, tool)).values(announced=sha256))


def _here(server: str, tool: str) -> ColumnElement[bool]:
    return and_(_PINS.c.server == server, _PINS.c.tool == tool)


def _utc(moment: datetime) -> datetime:
    return moment.replace(tzinfo=UTC)
