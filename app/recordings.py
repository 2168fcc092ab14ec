"""A recording: a run's request, its day, its desks and every call: enough to replay it offline."""

import json
from datetime import date
from pathlib import Path
from typing import Literal

from pydantic import ValidationError

from agents.toolbox.ledger import RecordedCall
from core.errors import CallerError
from core.records.desk import Desk, Signatures
from core.records.record import Record
from core.records.request import Request


class Recording(Record):
    """What `sectorwise runs export` writes and `--replay` reads."""

    contract: Literal["2"] = "2"
    run: str
    asked_on: date
    request: Request
    desks: dict[str, Desk]
    signatures: Signatures = Signatures()
    calls: tuple[RecordedCall, ...]

    def calls_json(self) -> str:
        """Return the calls as the ledger loads them."""
        return json.dumps([call.model_dump(mode="json") for call in self.calls])


def load_recording(path: Path) -> Recording:
    """Return the recording of the file.

    Raises:
        CallerError: the file cannot be read or is not a recording.
    """
    try:
        return Recording.model_validate_json(path.expanduser().read_bytes())
    except OSError as error:
        raise CallerError(f"recording {path} cannot be read: {error.strerror}") from error
    except ValidationError as error:
        where = ".".join(str(part) for part in error.errors()[0]["loc"])
        raise CallerError(f"{path} is not a recording (field {where})") from error
