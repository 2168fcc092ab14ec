"""Serves the tools, on stdio or over HTTP, until the client or the operator ends it."""

import sys
from datetime import date

from app.cli.address import Address
from app.data import prepare_synthetic
from app.files.universes import load_universes, one_of
from app.served.server import served_server
from app.settings import load_settings
from core.errors import CallerError
from tools.guard import is_loopback
from tools.server import serve_http, serve_stdio


def serve(address: Address | None, *, latest: date | None = None) -> None:
    """Serve at this address, or on stdio without one.

    With `latest` the server knows nothing later, whatever a client asks.

    Raises:
        CallerError: an address others can reach, and no token.
    """
    settings = load_settings()
    token = settings.mcp_token
    if address is not None and token is None and not is_loopback(address.host):
        raise CallerError(
            f"--host {address.host} can be reached from elsewhere: set SECTORWISE_MCP_TOKEN"
        )
    universes = load_universes(settings.universe_files)
    default = one_of(universes, settings.universe)
    prepare_synthetic(settings, default, tell=_unheard)
    server = served_server(settings, universes, latest=latest)
    if address is None:
        serve_stdio(server)
        return
    serve_http(
        server,
        address.host,
        address.port,
        names=address.names,
        token=token.get_secret_value() if token else None,
        tell=_told,
    )


def _told(url: str) -> None:
    sys.stderr.write(f"serving MCP on {url}\n")
    sys.stderr.flush()


def _unheard(_: str) -> None:
    return None
