"""Serves the tools; imports nothing of the research side."""

import json
import sys
from datetime import date
from pathlib import Path

from app.data import prepare, tool_context
from app.settings import load_settings
from app.universes import load_universes, one_of
from tools.server import build_server, serve_http, serve_stdio


def serve(*, port: int | None, latest: date | None = None) -> None:
    """Serve on stdio, or on loopback HTTP at this port, until the client or operator ends it.

    With `latest` the server knows nothing later, whatever a client asks.
    """
    settings = load_settings()
    universes = load_universes(settings.universe_files)
    default = one_of(universes, settings.universe)
    if default.synthetic:
        prepare(settings, default, tell=_unheard)
    server = build_server(tool_context(settings, universes, latest=latest))
    if port is None:
        serve_stdio(server)
    else:
        sys.stderr.write(f"serving MCP on http://127.0.0.1:{port}/mcp\n")
        serve_http(server, port=port)


def config_text() -> str:
    """Return the `mcp.json` entry that starts this installation's server."""
    command = Path(sys.executable).with_name("sectorwise")
    return json.dumps(
        {"mcpServers": {"sectorwise": {"command": str(command), "args": ["mcp"]}}}, indent=2
    )


def _unheard(_: str) -> None:
    return None
