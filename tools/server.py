"""Decides how the tools are served over MCP: transports, hosts, and errors that say what to do.

It computes nothing; which tools there are is `tools.registration`'s.
"""

from collections.abc import Mapping, Sequence

from mcp.server.fastmcp import FastMCP
from mcp.server.fastmcp.exceptions import ToolError
from mcp.server.transport_security import TransportSecuritySettings
from mcp.types import ContentBlock
from pydantic import ValidationError

from core.errors import SectorwiseError
from tools.context import ToolContext
from tools.registration.tools import add_tools

INSTRUCTIONS = (
    "Sector rotation data of the markets in this server's store. Every answer names its universe, "
    "as_of and known_at, and holds only what was known then. An absent answer has a `gap` with a "
    "reason; an absent cell is null and listed in `missing`. `synthetic: true` marks demo data."
)


class SectorServer(FastMCP):
    """FastMCP whose errors say what to do: unknown arguments and bad values are named."""

    async def call_tool(
        self, name: str, arguments: Mapping[str, object]
    ) -> Sequence[ContentBlock] | dict[str, object]:
        """Call a tool; an argument it does not take is an error, never ignored."""
        for tool in await self.list_tools():
            known = tool.inputSchema.get("properties", {})
            unknown = sorted(set(arguments) - set(known))
            if tool.name == name and unknown:
                raise ToolError(f"{name} takes {', '.join(known)}; not {', '.join(unknown)}")
        try:
            return await super().call_tool(name, dict(arguments))
        except ToolError as error:
            raise ToolError(_what_to_do(name, error)) from error


def build_server(context: ToolContext) -> FastMCP:
    """Return the MCP server of the tools over this context."""
    server = SectorServer(
        name="sectorwise",
        instructions=INSTRUCTIONS,
        json_response=True,
        stateless_http=True,
        log_level="WARNING",
    )
    add_tools(server, context)
    return server


def serve_stdio(server: FastMCP) -> None:
    """Answer on standard input and output until the client closes them."""
    server.run("stdio")


def serve_http(server: FastMCP, host: str = "127.0.0.1", port: int = 8000) -> None:
    """Answer streamable HTTP at /mcp until interrupted.

    Requests must name the host served, or this machine: a web page cannot reach the server under
    another name (DNS rebinding).
    """
    names = [f"{name}:*" for name in dict.fromkeys(("127.0.0.1", "localhost", "[::1]", host))]
    server.settings.host = host
    server.settings.port = port
    server.settings.transport_security = TransportSecuritySettings(
        enable_dns_rebinding_protection=True,
        allowed_hosts=names,
        allowed_origins=[f"http://{name}" for name in names],
    )
    server.run("streamable-http")


def _what_to_do(name: str, error: ToolError) -> str:
    cause = error.__cause__
    if isinstance(cause, ValidationError):
        lines = [f"{'.'.join(map(str, e['loc']))}: {e['msg']}" for e in cause.errors()]
        return f"{name}: {'; '.join(lines)}"
    return str(cause) if isinstance(cause, (SectorwiseError, ToolError)) else str(error)
