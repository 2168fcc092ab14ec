"""Decides what every answer tells the browser it may do with it: next to nothing."""

from typing import Final

from starlette.datastructures import MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

POLICY: Final = "; ".join(
    (
        "default-src 'none'",
        "script-src 'self'",
        "style-src 'self'",
        "img-src 'self' data: blob:",
        "connect-src 'self'",
        "form-action 'self'",
        "frame-ancestors 'none'",
        "base-uri 'none'",
    )
)
CSP: Final = "content-security-policy"
ALWAYS: Final = {
    CSP: POLICY,
    "x-content-type-options": "nosniff",
    "referrer-policy": "no-referrer",
    "cross-origin-opener-policy": "same-origin",
    "cross-origin-resource-policy": "same-origin",
    "permissions-policy": "camera=(), geolocation=(), microphone=(), payment=(), usb=()",
    "x-frame-options": "DENY",
}
KEPT: Final = "cache-control"
NOTHING: Final = "default-src 'none'"


class Sealed:
    """Adds them; what says nothing about being kept is not kept.

    A document may come with a policy of its own where that runs no script at all.
    """

    def __init__(self, app: ASGIApp) -> None:
        """Keep the application."""
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer with the headers added."""

        async def sealed(message: Message) -> None:
            if message["type"] == "http.response.start":
                headers = MutableHeaders(scope=message)
                own = headers.get(CSP, "")
                for name, value in ALWAYS.items():
                    headers[name] = value
                if own.startswith(NOTHING) and "script-src" not in own:
                    headers[CSP] = own
                headers.setdefault(KEPT, "no-store")
                del headers["server"]
            await send(message)

        await self._app(scope, receive, sealed)
