"""Decides what of a server's announcement counts: names, and hashes of names and schemas.

Descriptions, titles, annotations and the schemas themselves go no further: no schema of a server's
is resolved, compiled or shown.
"""

import hashlib
import json
import re
from collections.abc import Callable
from datetime import timedelta

from anyio.streams.memory import MemoryObjectReceiveStream, MemoryObjectSendStream
from mcp import ClientSession
from mcp.shared.message import MessageMetadata, SessionMessage
from mcp.shared.session import ProgressFnT, ReceiveResultT
from mcp.types import CallToolResult, ClientRequest, PaginatedRequestParams, Tool

from agents.toolbox.errors import AnswerRejectedError

TOOLS_CAP = 500
"""Tools a server may announce; beyond it the listing is refused."""
PAGES_CAP = 50
_NAME = re.compile(r"[A-Za-z0-9_.-]{1,128}")
_OPEN: dict[str, object] = {"type": "object", "properties": {}}
"""Arguments are ours, by the contract; what a server asks for is not looked at."""


class ContractSession(ClientSession):
    """Leaves result validation to the ingest gate, and reads a listing page by page.

    `settled` is told the id of every question that is no longer waited for, answered or not.
    """

    def __init__(
        self,
        read: MemoryObjectReceiveStream[SessionMessage | Exception],
        write: MemoryObjectSendStream[SessionMessage],
        *,
        read_timeout_seconds: timedelta | None = None,
        settled: Callable[[int], None] = lambda _: None,
    ) -> None:
        super().__init__(read, write, read_timeout_seconds=read_timeout_seconds)
        self._settled = settled

    async def send_request(
        self,
        request: ClientRequest,
        result_type: type[ReceiveResultT],
        request_read_timeout_seconds: timedelta | None = None,
        metadata: MessageMetadata = None,
        progress_callback: ProgressFnT | None = None,
    ) -> ReceiveResultT:
        """Return the answer to a question, as the SDK does; then it is settled."""
        name = self._request_id
        try:
            return await super().send_request(
                request, result_type, request_read_timeout_seconds, metadata, progress_callback
            )
        finally:
            self._settled(name)

    async def _validate_tool_result(self, name: str, result: CallToolResult) -> None:
        """Skip the SDK's per-call jsonschema run: `gate` validates with the contract's record."""

    async def announced(self) -> dict[str, str]:
        """Return every tool's announcement hash, by name; a name no tool could have is left out.

        Raises:
            AnswerRejectedError: too many tools or pages, or a name that is there twice.
        """
        found: dict[str, str] = {}
        cursor: str | None = None
        for _ in range(PAGES_CAP):
            page = await self.list_tools(params=PaginatedRequestParams(cursor=cursor))
            for tool in page.tools:
                if tool.name in found:
                    raise AnswerRejectedError("the server announces a name twice")
                if _NAME.fullmatch(tool.name):
                    found[tool.name] = announcement_hash(tool)
            if len(page.tools) > TOOLS_CAP or len(found) > TOOLS_CAP:
                break
            if not page.nextCursor:
                return found
            cursor = page.nextCursor
        raise AnswerRejectedError("the server announces too many tools")


def bare_tool(name: str) -> Tool:
    """Return a tool of that name that says nothing about itself."""
    return Tool(name=name, inputSchema=_OPEN)


def announcement_hash(tool: Tool) -> str:
    """Return the sha256 of a tool's name and schemas, in hex: what a pin holds."""
    named = [tool.name, tool.inputSchema, tool.outputSchema]
    text = json.dumps(named, sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(text.encode(errors="replace")).hexdigest()
