"""Decides what a page that shows nothing of a market looks like, and a page's language."""

from collections.abc import Mapping
from typing import Final

from starlette.requests import Request
from starlette.responses import HTMLResponse
from starlette.types import Scope

from app.web.pages.page import environment, words
from core.records.request import Language

LANGUAGES: Final[tuple[Language, ...]] = ("en", "vi")
COOKIE: Final = "lang"


def language_of(request: Request) -> Language:
    """Return the language asked for: the address, the cookie, the browser, English."""
    header = request.headers.get("accept-language", "")
    wanted = (
        request.query_params.get("lang"),
        request.cookies.get(COOKIE),
        header[:2].lower(),
    )
    return next((name for ask in wanted for name in LANGUAGES if name == ask), "en")


def notice(
    scope: Scope,
    name: str,
    *,
    status: int = 200,
    sentence: str = "",
    headers: Mapping[str, str] | None = None,
    following: str = "/",
) -> HTMLResponse:
    """Return the login form, or the page that says why there is no other."""
    language = language_of(Request(scope))
    said = words("door", language)
    title = said.get(f"status_{status}", said["status_other"])
    text = environment().get_template(f"{name}.html.j2").render(
        words=said, language=language, following=following, status=status, sentence=sentence,
        title=said["login"] if name == "login" else title,
    )  # fmt: skip
    return HTMLResponse(text, status, headers)
