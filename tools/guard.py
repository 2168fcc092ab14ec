"""Decides which HTTP requests reach the tools: by host, origin, token and size of body.

It decides nothing about what a tool may answer. Names are compared whole, with the port: a prefix
of a name is another name.
"""

import hmac
import ipaddress
from typing import Final

import anyio
from mcp.server.auth.middleware.bearer_auth import BearerAuthBackend, RequireAuthMiddleware
from mcp.server.auth.provider import AccessToken
from mcp.server.transport_security import (
    RequestBodyLimitMiddleware,
    TransportSecurityMiddleware,
    TransportSecuritySettings,
)
from starlette.middleware.authentication import AuthenticationMiddleware
from starlette.requests import HTTPConnection
from starlette.responses import PlainTextResponse
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from core.errors import CallerError

BODY_CAP_BYTES: Final = 256 * 1024
"""The longest question and its arguments are far below."""
BODY_SECONDS: Final = 10.0
"""How long a body may take to arrive."""
LOOPBACK_NAMES: Final = ("127.0.0.1", "localhost", "[::1]")


def is_loopback(host: str) -> bool:
    """Tell whether only this machine can reach a server bound to this address."""
    try:
        return ipaddress.ip_address(host.strip("[]")).is_loopback
    except ValueError:
        return host == "localhost"


def security(host: str, port: int, names: tuple[str, ...] = ()) -> TransportSecuritySettings:
    """Return the hosts and origins a server bound here answers to.

    Args:
        host: the address bound; any address (0.0.0.0, ::) is no name a client could use.
        port: the port bound.
        names: further names clients use, with the port they use if it is another one.

    Raises:
        CallerError: clients elsewhere have no name to use.
    """
    bound = f"[{host}]" if ":" in host and not host.startswith("[") else host
    anywhere = bound in {"0.0.0.0", "[::]"}  # noqa: S104 - recognised, not bound
    if anywhere and not names:
        raise CallerError(
            f"--host {host} answers under no name: add --name NAME, as clients say it"
        )
    own = [f"{name}:{port}" for name in (*LOOPBACK_NAMES, *(() if anywhere else (bound,)))]
    hosts = list(dict.fromkeys([*own, *names, *(f"{name}:{port}" for name in names)]))
    return TransportSecuritySettings(
        enable_dns_rebinding_protection=True,
        allowed_hosts=hosts,
        allowed_origins=[f"{scheme}://{host}" for host in hosts for scheme in ("http", "https")],
    )


def guarded(
    app: ASGIApp,
    *,
    named: TransportSecuritySettings,
    token: str | None,
    body_seconds: float = BODY_SECONDS,
) -> ASGIApp:
    """Return the application behind its guard.

    A wrong host is answered 421, a wrong origin 403, a missing or wrong token 401, a body over
    the cap 413, one that does not arrive in time 408.

    Args:
        app: what is guarded.
        named: the hosts and origins it answers to.
        token: what `Authorization: Bearer` must say; None asks for none.
        body_seconds: how long a body may take to arrive.
    """
    inner: ASGIApp = _Timely(app, body_seconds)
    if token is not None:
        asked = RequireAuthMiddleware(inner, required_scopes=[])
        inner = AuthenticationMiddleware(asked, backend=BearerAuthBackend(_OneToken(token)))
    return _Named(inner, unguarded=app, named=named)


class _Named:
    """Lets HTTP requests of known hosts and origins through, and the server's own life cycle."""

    def __init__(
        self, app: ASGIApp, *, unguarded: ASGIApp, named: TransportSecuritySettings
    ) -> None:
        self._app, self._unguarded = app, unguarded
        self._security = TransportSecurityMiddleware(named)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "lifespan":
            await self._unguarded(scope, receive, send)
        elif scope["type"] == "http":
            refusal = await self._security.validate_request(HTTPConnection(scope))
            await (refusal or self._app)(scope, receive, send)


class _OneToken:
    """Verifies one shared token in a time that does not tell how much of it was right."""

    def __init__(self, token: str) -> None:
        self._token = token.encode()

    async def verify_token(self, token: str) -> AccessToken | None:
        if not hmac.compare_digest(token.encode(errors="replace"), self._token):
            return None
        return AccessToken(token="", client_id="operator", scopes=[])


class _Timely:
    """Reads the whole body before the application sees anything of it."""

    def __init__(self, app: ASGIApp, seconds: float) -> None:
        self._app = RequestBodyLimitMiddleware(app, BODY_CAP_BYTES)
        self._seconds = seconds

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        deadline = anyio.current_time() + self._seconds
        arrived = False

        async def in_time() -> Message:
            nonlocal arrived
            if arrived:
                return await receive()
            with anyio.fail_after(deadline - anyio.current_time()):
                message = await receive()
            arrived = not message.get("more_body", False)
            return message

        try:
            await self._app(scope, in_time, send)
        except TimeoutError:
            if arrived:
                raise
            late = PlainTextResponse("Request body took too long", status_code=408)
            await late(scope, receive, send)
