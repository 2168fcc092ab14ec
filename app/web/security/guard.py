"""Puts everything that protects the doors in front of them, in the one order that holds.

Outermost the headers, so that refusals have them; then whose request it is, how often, with which
key; then its body, how many are answered at once, and last what leaves.
"""

from dataclasses import dataclass, field

from mcp.server.transport_security import TransportSecuritySettings
from starlette.types import ASGIApp, Receive, Scope, Send

from agents.toolbox.redaction import Redactor
from app.web.security.flow import Flow
from app.web.security.headers import Sealed
from app.web.security.keys import Keyed
from app.web.security.limits import Limits
from app.web.security.names import Named
from app.web.security.rates import Paced
from app.web.security.refusals import refusal
from app.web.security.secrets import Redacted
from app.web.security.tokens import Tokens
from tools.guard import WholeBody


@dataclass(frozen=True, slots=True)
class Rules:
    """Who may use the doors.

    named: the hosts and origins that are ours. tokens: what opens the doors; None: no key is asked.
    shared_with: other origins whose pages may ask other people's interfaces.
    """

    named: TransportSecuritySettings
    tokens: Tokens | None = None
    shared_with: tuple[str, ...] = ()
    limits: Limits = field(default_factory=Limits)


class Guarded:
    """The doors behind their guard."""

    def __init__(self, app: ASGIApp, rules: Rules, redactor: Redactor) -> None:
        """Build the guard.

        Args:
            app: what is guarded.
            rules: who may use it.
            redactor: what knows the secrets.
        """
        limits = rules.limits
        self._app = app
        self.flow = Flow(Redacted(app, redactor), limits)
        inner: ASGIApp = WholeBody(
            self.flow, seconds=limits.body_seconds, cap_bytes=limits.body_bytes, refuse=refusal
        )
        if rules.tokens is not None:
            inner = Keyed(inner, rules.tokens)
        self._outer = Sealed(Named(Paced(inner, limits), rules.named, rules.shared_with))

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer a request behind the guard; there are no web sockets."""
        if scope["type"] == "http":
            await self._outer(scope, receive, send)
        elif scope["type"] == "lifespan":
            await self._app(scope, receive, send)
        else:
            await send({"type": "websocket.close", "code": 1008})
