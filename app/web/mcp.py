"""The MCP server at `/mcp`: the same tools and runs as the site's, behind the same guard."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from mcp.server.fastmcp import FastMCP
from mcp.server.transport_security import TransportSecuritySettings
from starlette.concurrency import run_in_threadpool
from starlette.routing import Route
from starlette.types import Receive, Scope, Send

from app.running.runs import Runs
from app.served.server import mounted
from app.web.house import House
from app.web.security.paths import MCP


class McpDoor:
    """Answers MCP while it is open; the site's guard has looked at host, origin, key and body."""

    def __init__(self, house: House, runs: Runs) -> None:
        """Keep what it serves."""
        self._house, self._runs = house, runs
        self._server: FastMCP | None = None

    @asynccontextmanager
    async def open(self) -> AsyncIterator[None]:
        """Answer until this is left; the SDK opens a server once, so each opening has its own."""
        server = await run_in_threadpool(self._made)
        async with server.session_manager.run():
            self._server = server
            try:
                yield
            finally:
                self._server = None

    def route(self) -> Route:
        """Return where it answers."""
        return Route(MCP, self, include_in_schema=False)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request."""
        assert self._server is not None, "asked before the site opened"  # noqa: S101
        await self._server.session_manager.handle_request(scope, receive, send)

    def _made(self) -> FastMCP:
        house = self._house
        server, _ = mounted(
            house.settings, house.universes, latest=house.latest, context=house.tools,
            runs=self._runs,
        )  # fmt: skip
        unguarded = TransportSecuritySettings(enable_dns_rebinding_protection=False)
        server.settings.transport_security = unguarded
        server.streamable_http_app()  # makes the session manager
        return server
