"""Decides with which status an error is answered, and that its answer is one sentence."""

from collections.abc import Mapping
from typing import Final

from fastapi import FastAPI, Request, Response
from fastapi.exceptions import RequestValidationError
from starlette.exceptions import HTTPException

from app.sentences import sentence_of
from app.web.security.refusals import refusal
from core.errors import (
    BusyError,
    CallerError,
    ConflictError,
    DataError,
    LimitError,
    ModelOutputError,
    ProviderError,
    SectorwiseError,
    UnknownIdError,
    UnknownUniverseError,
)

STATUS_OF: Final[tuple[tuple[type[SectorwiseError], int], ...]] = (
    (UnknownUniverseError, 404),
    (UnknownIdError, 404),
    (ConflictError, 409),
    (BusyError, 429),
    (CallerError, 400),
    (LimitError, 429),
    (ProviderError, 502),
    (ModelOutputError, 502),
    (DataError, 503),
)
"""The first that fits counts: who is told to act is told by the status too."""

AGAIN: Final = {"retry-after": "10"}
SAID: Final[Mapping[str, str]] = {
    "Not Found": "there is nothing here",
    "Method Not Allowed": "this address takes another method",
}
"""Sentences for what the framework says in its own words."""


def add_errors(app: FastAPI) -> None:
    """Register an answer for every error there can be."""
    app.add_exception_handler(SectorwiseError, _ours)
    app.add_exception_handler(RequestValidationError, _misshapen)
    app.add_exception_handler(HTTPException, _plain)
    app.add_exception_handler(Exception, _internal)


def status_of(error: SectorwiseError) -> int:
    """Return the status of an error of ours."""
    return next((status for kind, status in STATUS_OF if isinstance(error, kind)), 500)


async def _ours(request: Request, error: Exception) -> Response:
    assert isinstance(error, SectorwiseError)  # noqa: S101 - what it is registered for
    status = status_of(error)
    return refusal(request.scope, status, sentence_of(error), AGAIN if status == 429 else None)


async def _misshapen(request: Request, error: Exception) -> Response:
    """Say which part has the wrong shape, and never what was in it."""
    assert isinstance(error, RequestValidationError)  # noqa: S101 - what it is registered for
    found = error.errors()[0]
    where = ".".join(str(part) for part in found["loc"])[:200]
    message = "is no JSON" if found["type"] == "json_invalid" else str(found["msg"])
    return refusal(request.scope, 422, f"{where}: {message[:300]}")


async def _plain(request: Request, error: Exception) -> Response:
    assert isinstance(error, HTTPException)  # noqa: S101 - what it is registered for
    said = SAID.get(str(error.detail), str(error.detail))
    return refusal(request.scope, error.status_code, said, error.headers)


async def _internal(request: Request, error: Exception) -> Response:
    return refusal(request.scope, 500, f"an error of ours ({type(error).__name__}); it is logged")
