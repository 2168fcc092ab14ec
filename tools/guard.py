"""Decides which HTTP requests reach the tools: by host, origin, token and size of body.

It decides nothing about what a tool may answer. Names are compared whole, with the port: a prefix
of a name is another name.
"""

import hmac
import ipaddress
import socket
from collections.abc import Callable
from typing import Final, Literal

import anyio
from mcp.server.auth.middleware.bearer_auth import BearerAuthBackend, RequireAuthMiddleware
from mcp.server.auth.provider import AccessToken
from mcp.server.transport_security import TransportSecurityMiddleware, TransportSecuritySettings
from starlette.datastructures import Headers
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
UNSAID_PORTS: Final = (80, 443)
"""Clients leave these out of a name."""

Refuse = Callable[[Scope, int, str], ASGIApp]
"""From a request, a status and a sentence to the answer that refuses it."""


def is_loopback(host: str) -> bool:
    """Tell whether only this machine can reach a server bound to this address."""
    try:
        return ipaddress.ip_address(host.strip("[]")).is_loopback
    except ValueError:
        return host == "localhost"


def bound(host: str, port: int) -> socket.socket:
    """Return a socket that listens at this address; port 0 takes a free one.

    Raises:
        CallerError: the address cannot be bound.
    """
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    try:
        return socket.create_server((host, port), family=family)
    except OSError as error:
        raise CallerError(f"{host}:{port} cannot be bound: {error.strerror or error}") from error


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
    said = (*LOOPBACK_NAMES, *(() if anywhere else (bound,)))
    own = [f"{name}:{port}" for name in said] + (list(said) if port in UNSAID_PORTS else [])
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
    inner: ASGIApp = WholeBody(app, seconds=body_seconds)
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


def plainly(_: Scope, status: int, sentence: str) -> ASGIApp:
    """Return a refusal as plain text."""
    return PlainTextResponse(sentence, status_code=status)


class WholeBody:
    """Reads the whole body before the application sees anything of it, or refuses it."""

    def __init__(
        self,
        app: ASGIApp,
        *,
        seconds: float = BODY_SECONDS,
        cap_bytes: int = BODY_CAP_BYTES,
        refuse: Refuse = plainly,
    ) -> None:
        """Keep the application and the limits."""
        self._app, self._seconds, self._cap, self._refuse = app, seconds, cap_bytes, refuse

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Hand the request on with its body in one message."""
        body = await self._read(scope, receive)
        if body == "gone":
            return
        if isinstance(body, int):
            why = f"the body is larger than {self._cap} bytes"
            said = why if body == 413 else f"the body took longer than {self._seconds:g} seconds"
            await self._refuse(scope, body, said)(scope, receive, send)
            return
        waiting = [body]

        async def replayed() -> Message:
            if waiting:
                return {"type": "http.request", "body": waiting.pop(), "more_body": False}
            return await receive()

        await self._app(scope, replayed, send)

    async def _read(self, scope: Scope, receive: Receive) -> bytes | Literal[408, 413, "gone"]:
        declared = Headers(scope=scope).get("content-length", "")
        if declared.isdecimal() and (len(declared) > 12 or int(declared) > self._cap):
            return 413
        body = bytearray()
        with anyio.move_on_after(self._seconds):
            while True:
                message = await receive()
                if message["type"] != "http.request":
                    return "gone"
                body += message.get("body", b"")
                if len(body) > self._cap:
                    return 413
                if not message.get("more_body", False):
                    return bytes(body)
        return 408
