"""Decides what is told of the tool servers: which tools they have, for which of ours, what is left.

It asks servers for their announcements only; no tool is called, and no text of theirs is shown.
"""

import asyncio
from collections.abc import Mapping
from typing import Literal, get_args

from mcp.types import Tool

from agents.toolbox.errors import ToolCallError
from agents.toolbox.pins import PinnedTool, Pins
from agents.toolbox.quota import Quota
from agents.toolbox.sessions import Sessions
from agents.toolbox.spec import CallLimits, ServerSpec, Transport
from app.compose import Composition
from app.files.servers import load_servers
from app.served.server import served_server
from core.errors import CallerError
from core.records.contracts import RESULT_OF_TOOL
from core.records.plan import ToolName
from core.records.record import Record

Standing = Literal["ours", "pinned", "changed", "vanished"]


class ListedTool(Record):
    """A tool of a server; `stands_for` are the tools of our contract it answers."""

    name: str
    stands_for: tuple[str, ...] = ()
    standing: Standing


class ListedServer(Record):
    """A server as it is now; limits and what is left of them are None where there is no limit."""

    name: str
    transport: Transport
    reachable: bool
    alias_map: str | None = None
    today_only: bool = False
    calls_a_minute: int | None = None
    calls_a_day: int | None = None
    left_this_minute: int | None = None
    left_today: int | None = None
    tools: tuple[ListedTool, ...] = ()


def configured(composition: Composition) -> tuple[ServerSpec, ...]:
    """Return the servers of `mcp.json`, none when our own answers in process.

    Raises:
        CallerError: the file cannot be used.
    """
    settings = composition.settings
    return load_servers(settings.mcp_config, settings.server) if settings.mcp_config else ()


async def own_tools(composition: Composition) -> tuple[Tool, ...]:
    """Return what our own server publishes."""
    server = served_server(composition.settings, composition.universes)
    return tuple(await server.list_tools())


async def listed_servers(composition: Composition) -> tuple[ListedServer, ...]:
    """Return the configured servers, asked at the same time; one that is down is told as such.

    A tool seen for the first time is pinned, as by its first use.
    """
    specs = configured(composition)
    settings = composition.settings
    embedded = {
        spec.name: served_server(settings, composition.universes)
        for spec in specs
        if spec.transport == "memory"
    }
    limits = CallLimits(call_seconds=settings.call_seconds)
    pins = Pins(settings.database, clock=composition.clock)
    quota = Quota(settings.database, clock=composition.clock)
    try:
        async with Sessions(specs, embedded=embedded, limits=limits) as sessions:
            found = [_listed(spec, sessions, pins, quota) for spec in specs]
            return tuple(await asyncio.gather(*found))
    finally:
        pins.close()
        quota.close()


def accepted(composition: Composition, server: str, tool: str | None) -> tuple[str, ...]:
    """Pin what the server last announced, of one tool or of all, and return which tools moved.

    Raises:
        CallerError: no such server is configured, or the tool was never seen on it.
    """
    names = [spec.name for spec in configured(composition)]
    if server not in names:
        known = ", ".join(names) or "none, since no mcp.json is set"
        raise CallerError(f"no server {server!r} is configured: there is {known}")
    pins = Pins(composition.settings.database, clock=composition.clock)
    try:
        seen = [pin.tool for pin in pins.listed(server)]
        if tool is not None and tool not in seen:
            raise CallerError(f"{server} was never seen with a tool {tool!r}: `sectorwise tools`")
        return tuple(sorted(pins.accept(server, tool)))
    finally:
        pins.close()


def unanswered(servers: tuple[ListedServer, ...]) -> tuple[str, ...]:
    """Return the tools a plan may call and no server answers, sorted."""
    answered = {
        name
        for server in servers
        for tool in server.tools
        if tool.standing in {"ours", "pinned"}
        for name in tool.stands_for
    }
    return tuple(sorted(set(get_args(ToolName)) - answered))


async def _listed(spec: ServerSpec, sessions: Sessions, pins: Pins, quota: Quota) -> ListedServer:
    minute, day = spec.calls_a_minute, spec.calls_a_day
    left = await asyncio.to_thread(quota.left, spec.name, a_minute=minute, a_day=day)
    try:
        announced: Mapping[str, str] | None = await sessions.announced(spec.name)
    except ToolCallError:
        announced = None
    return ListedServer(
        name=spec.name,
        transport=spec.transport,
        reachable=announced is not None,
        alias_map=None if spec.alias_map is None else spec.alias_map.server,
        today_only=spec.today_only,
        calls_a_minute=minute,
        calls_a_day=day,
        left_this_minute=left.this_minute,
        left_today=left.today,
        tools=await asyncio.to_thread(_tools, spec, announced, pins),
    )


def _tools(
    spec: ServerSpec, announced: Mapping[str, str] | None, pins: Pins
) -> tuple[ListedTool, ...]:
    """Return the server's tools; those of a server that is down as they were last seen."""
    if spec.transport == "memory":
        names = sorted(announced or {})
        return tuple(_tool(spec, name, "ours") for name in names)
    if announced is not None:
        pins.changed(spec.name, announced)
    seen: tuple[PinnedTool, ...] = pins.listed(spec.name)
    return tuple(_tool(spec, pin.tool, pin.standing) for pin in seen)


def _tool(spec: ServerSpec, name: str, standing: Standing) -> ListedTool:
    ours: tuple[str, ...] = (name,) if name in RESULT_OF_TOOL else ()
    if spec.alias_map is not None:
        aliases = sorted(spec.alias_map.tools.items())
        ours = tuple(tool for tool, alias in aliases if alias.calls == name)
    if spec.tools is not None:
        ours = tuple(tool for tool in ours if tool in spec.tools)
    return ListedTool(name=name, stands_for=ours, standing=standing)
