"""Prints tool servers and tools, accepts changed ones, and writes the reference."""

import asyncio
from pathlib import Path

from mcp.types import Tool

from app.cli.output import counted, say, say_json, say_table
from app.cli.reporting import composition
from app.reference.tool_reference import first_paragraph, reference_text
from app.reference.tool_servers import (
    ListedServer,
    accepted,
    configured,
    listed_servers,
    own_tools,
    unanswered,
)
from core.errors import CallerError, ProviderError

SERVER_HEADINGS = ("server", "by", "state", "left this minute", "left today", "alias map")
TOOL_HEADINGS = ("server", "tool", "stands for", "state")


def show_tools(*, as_json: bool) -> None:
    """Show the servers of mcp.json with their tools, or those of our own server.

    Raises:
        ProviderError: no configured server can be reached; what was seen of them is shown first.
    """
    base = composition()
    if not configured(base):
        _show_own(asyncio.run(own_tools(base)), as_json=as_json)
        return
    servers = asyncio.run(listed_servers(base))
    lacking = unanswered(servers)
    if as_json:
        say_json({"servers": [row.model_dump(mode="json") for row in servers], "lacking": lacking})
    else:
        say_table("servers", SERVER_HEADINGS, [_server_row(row) for row in servers])
        rows = [
            (server.name, tool.name, ", ".join(tool.stands_for), tool.standing)
            for server in servers
            for tool in server.tools
        ]
        say_table("tools", TOOL_HEADINGS, rows)
        _say_what_to_do(servers, lacking)
    if not any(server.reachable for server in servers):
        raise ProviderError("no configured server answers: see `sectorwise tools --json`")


def accept_tools(server: str, tool: str | None, *, as_json: bool) -> None:
    """Accept one changed tool of a server, or all, as announced now."""
    base = composition()
    asyncio.run(listed_servers(base))  # what is accepted is what is announced now
    moved = accepted(base, server, tool)
    if as_json:
        say_json({"server": server, "accepted": moved})
    else:
        say(f"{server}: accepted {', '.join(moved)}" if moved else f"{server}: nothing changed")


def write_reference(out: Path) -> None:
    """Write the reference of our own tools.

    Raises:
        CallerError: the file cannot be written.
    """
    tools = asyncio.run(own_tools(composition()))
    try:
        out.write_text(reference_text(tools), encoding="utf-8")
    except OSError as error:
        raise CallerError(f"--out {out} cannot be written: {error.strerror}") from error
    say(f"wrote {out}: {counted(len(tools), 'tool')}")


def _show_own(tools: tuple[Tool, ...], *, as_json: bool) -> None:
    ordered = sorted(tools, key=lambda tool: tool.name)
    if as_json:
        rows = [{"name": row.name, "answers": first_paragraph(row)} for row in ordered]
        own = {"name": "sectorwise", "transport": "memory", "reachable": True, "tools": rows}
        say_json({"servers": [own], "lacking": []})
        return
    title = f"sectorwise, our own server in this process: {counted(len(ordered), 'tool')}"
    say_table(title, ("tool", "answers"), [(row.name, first_paragraph(row)) for row in ordered])


def _server_row(server: ListedServer) -> tuple[object, ...]:
    return (
        server.name,
        "in process" if server.transport == "memory" else server.transport,
        "answers" if server.reachable else "down",
        _left(server.left_this_minute, server.calls_a_minute),
        _left(server.left_today, server.calls_a_day),
        f"{server.alias_map or ''}{', today only' if server.today_only else ''}",
    )


def _left(left: int | None, limit: int | None) -> str:
    return "no limit" if limit is None else f"{left} of {limit}"


def _say_what_to_do(servers: tuple[ListedServer, ...], lacking: tuple[str, ...]) -> None:
    for server in servers:
        changed = [tool.name for tool in server.tools if tool.standing == "changed"]
        if changed:
            say(
                f"{server.name} changed {', '.join(changed)} since first use: not called until "
                f"`sectorwise tools accept {server.name}`"
            )
    if lacking:
        say(f"no server answers {', '.join(lacking)}: a report says what is missing")
