"""The public VIMO server's envelope on stdio: its tool names, one text block, errors as text.

`python -m tests.servers.vimo_stdio DAY [NAME=VALUE …]`. DAY: the day it answers for. refuses_after:
calls it answers before it says that the rate limit is exceeded. renames: a tool it announces with
another argument than before. unit: what its flows are multiplied by. calls: a file a line is added
to for each call.
"""

import asyncio
import json
import sys
from datetime import date
from pathlib import Path

from mcp.server.lowlevel import Server
from mcp.server.stdio import stdio_server
from mcp.types import CallToolResult, TextContent, Tool

from tests.servers.vimo_answers import ANSWERS, WORDS, foreign_flow

ARGUMENTS: dict[str, dict[str, object]] = {
    "get_index_history": {"index": {"type": "string"}, "days": {"type": "number"}},
    "get_price_history": {"symbol": {"type": "string"}, "days": {"type": "number"}},
    "get_macro_snapshot": {"category": {"type": "string"}},
    "get_financials": {"symbol": {"type": "string"}},
}


def made_server(day: date, options: dict[str, str]) -> Server[object, object]:
    """Return the server."""
    server: Server[object, object] = Server("vimo-financial-intelligence", version="2.1.0")
    calls: list[str] = []
    refuses_after = int(options.get("refuses_after", "1000000"))

    async def list_tools() -> list[Tool]:
        renamed = options.get("renames")
        return [
            Tool(
                name=name,
                description=WORDS,
                inputSchema={
                    "type": "object",
                    "properties": {"sector": {"type": "string"}}
                    if name == renamed
                    else ARGUMENTS.get(name, {}),
                },
            )
            for name in ANSWERS
        ]

    async def call_tool(name: str, arguments: dict[str, object]) -> CallToolResult:
        calls.append(name)
        if "calls" in options:
            with Path(options["calls"]).open("a", encoding="utf-8") as log:
                log.write(f"{name} {json.dumps(arguments, sort_keys=True)}\n")
        if len(calls) > refuses_after:
            said = f"Error calling {name}: Rate limit exceeded. Wait and retry, or upgrade"
            return CallToolResult(content=[TextContent(type="text", text=said)], isError=True)
        told = ANSWERS[name](day)
        if name == "get_foreign_flow":
            told = foreign_flow(day, float(options.get("unit", "1")))
        text = json.dumps(told, indent=2, ensure_ascii=False)
        return CallToolResult(content=[TextContent(type="text", text=text)])

    server.list_tools()(list_tools)  # type: ignore[no-untyped-call]  # the SDK types it so
    server.call_tool(validate_input=False)(call_tool)
    return server


async def main() -> None:
    """Serve on stdio until the client leaves."""
    day, *options = sys.argv[1:]
    given = dict(option.split("=", 1) for option in options)
    server = made_server(date.fromisoformat(day), given)
    async with stdio_server() as (read, write):
        await server.run(read, write, server.create_initialization_options())


if __name__ == "__main__":
    asyncio.run(main())
