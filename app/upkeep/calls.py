"""Decides whether a call in the ledger is what was written, from what its row says of itself."""

import json
from collections.abc import Mapping

from pydantic import ValidationError

from agents.toolbox.calls import CallRequest, content_sha256
from app.upkeep.pages import Value

ASKED = ("kind", "server", "name", "schema_hash")
"""What a call's request is hashed of, beside its arguments."""


def is_altered(row: Mapping[str, Value]) -> bool:
    """Tell whether a row of the table `calls` is not what was written.

    Its answer has a sha256, its request another; rows of earlier versions may lack the first, or
    the arguments the second is of.
    """
    answer, said = row["response"], row.get("response_sha256")
    if not isinstance(answer, str) or (said is not None and _sha256(answer) != said):
        return True
    arguments = row.get("arguments")
    return arguments is not None and not _is_asked(row, arguments)


def _is_asked(row: Mapping[str, Value], arguments: Value) -> bool:
    """Tell whether a call's request is the one it is filed under."""
    try:
        request = CallRequest.model_validate(
            {name: row[name] for name in ASKED} | {"arguments": json.loads(str(arguments))}
        )
        day = None if request.as_of is None else request.as_of.isoformat()
        return request.content_hash() == row["request_hash"] and day == row["as_of"]
    except (ValidationError, ValueError):
        return False


def _sha256(answer: str) -> str | None:
    try:
        return content_sha256(answer)
    except UnicodeEncodeError:
        return None
