"""Registers a list of calls as one tool: made at the same time, answered in their order.

Only tools that read may be called, and no list within a list.
"""

import asyncio
import json
from collections.abc import Mapping
from typing import Annotated, Final

from mcp.server.fastmcp import FastMCP
from mcp.server.fastmcp.exceptions import ToolError
from mcp.types import CallToolResult, TextContent
from pydantic import Field

from app.served.records import Call, CallAnswer, CallsAnswer
from core.errors import CallerError
from tools.contracts import TEXT_CAP_CHARS
from tools.registration.arguments import READ_ONLY

NAME: Final = "call_tools"
MOST: Final = 16
BYTES_CAP: Final = 2 * 1024 * 1024
"""Of all answers together: four of the largest a single tool gives."""


def add_call_tools(server: FastMCP) -> None:
    """Register it."""

    @server.tool(name=NAME, annotations=READ_ONLY)
    async def call_tools(
        calls: Annotated[list[Call], Field(min_length=1, max_length=MOST)],
    ) -> Annotated[CallToolResult, CallsAnswer]:
        """Several calls in one: each with its result, or the error it alone had.

        Only tools that read; research and backtests are asked for on their own.
        """
        readers = {
            tool.name
            for tool in await server.list_tools()
            if tool.name != NAME and tool.annotations and tool.annotations.readOnlyHint
        }
        made = await asyncio.gather(*(_made(server, call, readers) for call in calls))
        return _aggregated(made)


async def _made(server: FastMCP, call: Call, readers: set[str]) -> tuple[CallAnswer, str]:
    """Return a call's answer and its text; an error is an answer."""
    try:
        if call.name not in readers and call.name in {t.name for t in await server.list_tools()}:
            raise CallerError(f"{call.name} is called on its own, not in a list")
        result: object = await server.call_tool(call.name, dict(call.arguments))
    except (ToolError, CallerError) as error:
        return CallAnswer(name=call.name, error=str(error)), f"error: {error}"
    if not isinstance(result, CallToolResult) or result.structuredContent is None:
        return CallAnswer(name=call.name, error="no structured answer"), ""
    texts = [part.text for part in result.content if isinstance(part, TextContent)]
    return CallAnswer(name=call.name, result=result.structuredContent), "\n".join(texts)


def _aggregated(made: list[tuple[CallAnswer, str]]) -> CallToolResult:
    rows: list[CallAnswer] = []
    room = BYTES_CAP
    for answer, _ in made:
        size = _size(answer.result) if answer.result is not None else 0
        if size > room:
            rows.append(CallAnswer(name=answer.name, error="no room left: call it on its own"))
            continue
        room -= size
        rows.append(answer)
    share = TEXT_CAP_CHARS // len(made)
    parts = [f"## {answer.name}\n{_cut(text, share)}" for answer, text in made]
    structured = CallsAnswer(rows=tuple(rows)).model_dump(mode="json")
    text = TextContent(type="text", text="\n".join(parts))
    return CallToolResult(content=[text], structuredContent=structured)


def _size(result: Mapping[str, object]) -> int:
    return len(json.dumps(result, ensure_ascii=False).encode())


def _cut(text: str, share: int) -> str:
    if len(text) <= share:
        return text
    return text[:share].rpartition("\n")[0] + "\n(cut; the structured content is complete)"
