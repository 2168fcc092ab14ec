"""Registers the login: a token in a form becomes a cookie no script can read."""

from datetime import timedelta
from typing import Final
from urllib.parse import parse_qs

from fastapi import APIRouter, Request
from fastapi.responses import RedirectResponse, Response

from app.web.pages.notice import notice
from app.web.security.keys import COOKIE
from app.web.security.paths import LOGIN, LOGOUT
from app.web.security.tokens import Tokens

LASTING: Final = timedelta(days=7)
"""How long a browser stays in."""


def add_login(router: APIRouter, tokens: Tokens | None) -> None:
    """Register its pages; without tokens there is nothing to log in to."""
    door = _Door(tokens)
    for path, answer, method in (
        (LOGIN, door.form, "GET"), (LOGIN, door.opened, "POST"), (LOGOUT, door.closed, "POST"),
    ):  # fmt: skip
        router.add_api_route(path, answer, methods=[method], include_in_schema=False)


class _Door:
    def __init__(self, tokens: Tokens | None) -> None:
        self._tokens = tokens

    async def form(self, request: Request) -> Response:
        """Show where to write the token."""
        if self._tokens is None:
            return RedirectResponse("/", 303)
        return notice(request.scope, "login", following=_local(request.query_params.get("next")))

    async def opened(self, request: Request) -> Response:
        """Set the cookie, or show the form again."""
        form = parse_qs((await request.body()).decode("utf-8", "replace"), max_num_fields=8)
        following = _local(form.get("next", [None])[0])
        said = form.get("token", [""])[0].strip()
        if self._tokens is None or not self._tokens.accepts(said):
            return notice(request.scope, "login", status=401, sentence="-", following=following)
        answer = RedirectResponse(following, 303)
        answer.set_cookie(
            COOKIE, self._tokens.timed(LASTING), max_age=int(LASTING.total_seconds()),
            httponly=True, samesite="strict", secure=request.url.scheme == "https",
        )  # fmt: skip
        return answer

    async def closed(self) -> Response:
        """Take the cookie back."""
        answer = RedirectResponse(LOGIN, 303)
        answer.delete_cookie(COOKIE, httponly=True, samesite="strict")
        return answer


def _local(address: str | None) -> str:
    """Return an address of ours; the first page for any other."""
    said = address or "/"
    plain = said.isascii() and said.isprintable() and "\\" not in said
    return said if plain and said.startswith("/") and not said.startswith("//") else "/"
