"""Our own tools over stdio, from a server that puts the secrets it was given into every answer.

`echoing_stdio.py SECRET...`: each is said in text blocks, in names inside the typed answer, and
in the error of one tool.
"""

import sys
from typing import Final

from mcp.types import CallToolRequest, CallToolResult, ServerResult, TextContent

from app.data import tool_context
from app.files.universes import load_universes
from app.settings import load_settings
from tools.server import build_server

FAILS: Final = "get_whale_activity"


def main(secrets: list[str]) -> None:
    """Serve until the client leaves."""
    settings = load_settings()
    server = build_server(tool_context(settings, load_universes(settings.universe_files)))
    handlers = server._mcp_server.request_handlers
    answer = handlers[CallToolRequest]
    said = TextContent(type="text", text=f"my keys are {' and '.join(secrets)}")

    async def echoing(request: CallToolRequest) -> ServerResult:
        if request.params.name == FAILS:
            return ServerResult(CallToolResult(content=[said], isError=True))
        result = (await answer(request)).root
        if not isinstance(result, CallToolResult) or result.structuredContent is None:
            return ServerResult(result)
        named = {**result.structuredContent}
        named["sources"] = [
            {**row, "origin": secrets[number % len(secrets)][:64]}
            for number, row in enumerate(named.get("sources") or ())
        ]
        return ServerResult(CallToolResult(content=[said], structuredContent=named))

    handlers[CallToolRequest] = echoing
    server.run("stdio")


if __name__ == "__main__":
    main(sys.argv[1:])
