"""Decides what a refusal looks like: one sentence, in the form its client reads."""

from collections.abc import Mapping
from typing import Final

from pydantic import Field
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.types import Scope

from app.web.pages.notice import language_of, notice
from app.web.pages.page import words
from app.web.security.paths import OPENAI, OPENBB, is_page
from core.records.record import Record

KINDS: Final[Mapping[int, str]] = {
    400: "invalid_request_error", 401: "authentication_error", 403: "permission_error",
    404: "not_found_error", 422: "invalid_request_error", 429: "rate_limit_error",
    503: "overloaded_error",
}  # fmt: skip
"""What an OpenAI-compatible client calls an error, by status."""


class Refusal(Record):
    """Why there is no answer."""

    error: str = Field(description="one sentence")


DOCUMENTED: Final[dict[int | str, dict[str, object]]] = {
    status: {"model": Refusal, "description": said}
    for status, said in (
        (400, "a value is wrong"),
        (401, "no token, a wrong or an expired one"),
        (403, "a page of another origin"),
        (404, "nothing has this id"),
        (405, "another method"),
        (409, "it does not fit what stands there"),
        (413, "the body is too large"),
        (415, "the body is no JSON"),
        (422, "the request has another shape"),
        (429, "too many at once: Retry-After says when to ask again"),
        (500, "an error of ours"),
        (502, "a tool server or the model failed"),
        (503, "data are missing, or it took too long"),
    )
}


def refusal(
    scope: Scope, status: int, sentence: str, headers: Mapping[str, str] | None = None
) -> Response:
    """Return the refusal of this request."""
    path = str(scope["path"])
    if path.startswith(OPENAI) and path not in OPENBB:
        kind = KINDS.get(status, "api_error")
        told = {"message": sentence, "type": kind, "param": None, "code": None}
        return JSONResponse({"error": told}, status, headers)
    if is_page(scope):
        titled = f"status_{status}" in words("door", language_of(Request(scope)))
        said = "" if titled else sentence
        return notice(scope, "error", status=status, sentence=said, headers=headers)
    return JSONResponse({"error": sentence}, status, headers)
