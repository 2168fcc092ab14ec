"""Decides how a client is told that a run brought no answer, and that asking again is of no use."""

from typing import Final

from app.sentences import sentence_of
from app.web.api.errors import status_of
from app.web.security.refusals import DOCUMENTED, KINDS
from core.errors import SectorwiseError
from core.records.record import Record

NOT_AGAIN: Final = {"x-should-retry": "false"}
"""Clients of this interface ask again by themselves unless told not to; a run is not free."""


class ErrorText(Record):
    """Why there is no answer."""

    message: str
    type: str
    param: str | None = None
    code: str | None = None


class ErrorBody(Record):
    """The body of every error of this interface."""

    error: ErrorText


ERRORS: Final[dict[int | str, dict[str, object]]] = {
    status: told | {"model": ErrorBody} for status, told in DOCUMENTED.items()
}


def error_body(error: SectorwiseError) -> ErrorBody:
    """Return an error as a stream tells it."""
    kind = KINDS.get(status_of(error), "api_error")
    return ErrorBody(error=ErrorText(message=sentence_of(error), type=kind))
