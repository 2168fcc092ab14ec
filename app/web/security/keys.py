"""Decides whether a request shows a token: in its header, or in the cookie the login set."""

from typing import Final
from urllib.parse import quote

from starlette.requests import HTTPConnection
from starlette.responses import RedirectResponse
from starlette.types import ASGIApp, Receive, Scope, Send

from app.web.security.paths import LOGIN, SAFE, is_open, is_page
from app.web.security.refusals import refusal
from app.web.security.tokens import Tokens

COOKIE: Final = "sectorwise_key"
CHALLENGE: Final = {"www-authenticate": 'Bearer realm="sectorwise"'}


class Keyed:
    """Lets requests with a token through; a person without one is shown the login."""

    def __init__(self, app: ASGIApp, tokens: Tokens) -> None:
        """Keep the tokens that open the doors."""
        self._app, self._tokens = app, tokens

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Hand the request on, or answer 401."""
        if is_open(scope) or self._has_key(HTTPConnection(scope)):
            await self._app(scope, receive, send)
        elif scope["method"] in SAFE and is_page(scope):
            asked = f"{scope['path']}?{scope.get('query_string', b'').decode('latin-1')}"
            shown = RedirectResponse(f"{LOGIN}?next={quote(asked.rstrip('?'), safe='')}", 303)
            await shown(scope, receive, send)
        else:
            why = "no token, a wrong or an expired one: send Authorization: Bearer TOKEN"
            await refusal(scope, 401, why, CHALLENGE)(scope, receive, send)

    def _has_key(self, asked: HTTPConnection) -> bool:
        """Look at the header alone where there is one: a cookie never mends a wrong token."""
        said = asked.headers.get("authorization")
        if said is not None:
            kind, _, token = said.partition(" ")
            return kind.lower() == "bearer" and self._tokens.accepts(token)
        token = asked.cookies.get(COOKIE, "")
        return self._tokens.accepts(token) and _comes_from_a_page(asked)


def _comes_from_a_page(asked: HTTPConnection) -> bool:
    """Tell whether a request that changes something came from a page; `Named` knows whose."""
    if asked.scope["method"] in SAFE:
        return True
    return "origin" in asked.headers or asked.headers.get("sec-fetch-site") == "same-origin"
