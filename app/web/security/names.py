"""Decides by host, origin and fetch metadata whose requests are looked at at all."""

from typing import Final

from mcp.server.transport_security import TransportSecuritySettings
from starlette.datastructures import Headers, MutableHeaders
from starlette.responses import Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from app.web.security.paths import SAFE, is_shared
from app.web.security.refusals import refusal

METHODS: Final = "GET, POST"
HEAD_BYTES: Final = 16 * 1024
"""The longest address and all headers of a browser are far below."""
OWN_SITES: Final = frozenset({"same-origin", "none"})
"""`Sec-Fetch-Site` of our pages, and of an address the user typed."""


class Named:
    """Lets requests through that name this server, and whose page is ours or none."""

    def __init__(
        self, app: ASGIApp, named: TransportSecuritySettings, shared_with: tuple[str, ...] = ()
    ) -> None:
        """Keep the names.

        Args:
            app: what is guarded.
            named: the hosts and origins that are ours.
            shared_with: other origins whose pages may ask other people's interfaces (CORS).
        """
        self._app, self._shared_with = app, frozenset(shared_with)
        self._hosts = frozenset(named.allowed_hosts)
        self._origins = frozenset(named.allowed_origins)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Hand it on, or refuse it: 421 for the host, 403 for the page, 431 for its head."""
        headers = Headers(scope=scope)
        origin = headers.get("origin")
        is_shared_with = origin in self._shared_with and is_shared(scope)
        refused = self._refused(scope, headers)
        if refused is None and not is_shared_with and not self._is_ours(scope, headers):
            refused = 403, "a page of another origin asked: it may not"
        if refused is not None:
            await refusal(scope, *refused)(scope, receive, send)
        elif is_shared_with:
            await self._shared(origin or "", scope, receive, send)
        else:
            await self._app(scope, receive, send)

    def _refused(self, scope: Scope, headers: Headers) -> tuple[int, str] | None:
        if sum(len(name) + len(value) for name, value in scope["headers"]) > HEAD_BYTES:
            return 431, f"the request's head is larger than {HEAD_BYTES} bytes"
        hosts = headers.getlist("host")
        if len(hosts) != 1 or hosts[0] not in self._hosts:
            return 421, "this server answers to no such host: see serve --name"
        return None

    def _is_ours(self, scope: Scope, headers: Headers) -> bool:
        origin = headers.get("origin")
        site = headers.get("sec-fetch-site")
        if origin == "null":  # forms of pages that send no referrer
            return site == "same-origin"
        if origin is not None:
            return origin in self._origins and site in {None, *OWN_SITES}
        if site is None or site in OWN_SITES:
            return True
        followed = headers.get("sec-fetch-mode") == "navigate"
        return scope["method"] in SAFE and followed and headers.get("sec-fetch-dest") == "document"

    async def _shared(self, origin: str, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer another origin's page; a browser asks first (preflight), without a token."""
        told = {"access-control-allow-origin": origin, "vary": "Origin"}
        if scope["method"] == "OPTIONS":
            asked = Headers(scope=scope).get("access-control-request-headers", "")
            told |= {
                "access-control-allow-methods": METHODS,
                "access-control-allow-headers": asked[:500],
                "access-control-allow-private-network": "true",
                "access-control-max-age": "600",
            }
            await Response(status_code=204, headers=told)(scope, receive, send)
            return

        async def readable(message: Message) -> None:
            if message["type"] == "http.response.start":
                MutableHeaders(scope=message).update(told)
            await send(message)

        await self._app(scope, receive, readable)
