"""Decides how a message stands in a folder: a repeat writes the same bytes under the same name."""

import asyncio
import json
from pathlib import Path

from app.delivery.attached import NotAttachedError, attached
from app.delivery.message import Outcome, Row
from app.writing import write_whole


class Folder:
    """A folder as a sink: `<hash of the key>.json`, `.txt`, and the files beside them.

    Every file appears whole, the `.json` last: where it stands, all of the message does.
    """

    def __init__(self, folder: Path) -> None:
        self._folder = folder.expanduser()

    async def sent(self, row: Row) -> Outcome:
        """Write the message's files."""
        return await asyncio.to_thread(self._written, row)

    def _written(self, row: Row) -> Outcome:
        try:
            files = attached(row)
            self._folder.mkdir(mode=0o700, parents=True, exist_ok=True)
            for file in files:
                write_whole(self._folder / f"{row.message.name}.{file.name}", file.content)
            told = f"{row.message.subject}\n\n{row.message.text}\n"
            write_whole(self._folder / f"{row.message.name}.txt", told.encode())
            listed = _json(row, [file.name for file in files])
            write_whole(self._folder / f"{row.message.name}.json", listed)
        except NotAttachedError as error:
            return Outcome(result="refused", reason=str(error))
        except OSError as error:
            return Outcome(
                result="unreachable", reason=f"the folder cannot be written: {error.strerror}"
            )
        return Outcome(result="sent")


def _json(row: Row, files: list[str]) -> bytes:
    message = row.message
    told = {
        "key": message.key,
        "kind": message.kind,
        "subject": message.subject,
        "text": message.text,
        "html": message.html,
        "files": [f"{message.name}.{name}" for name in files],
        "created_at": row.created_at.isoformat(),
    }
    return (json.dumps(told, ensure_ascii=False, indent=1, sort_keys=True) + "\n").encode()
