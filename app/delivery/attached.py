"""Reads the files that go with a message; one that is gone or too large stops the message."""

import mimetypes
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from app.delivery.message import Row

MOST_BYTES: Final = 20_000_000
"""Of all the files of a message; mail servers take no more."""


class NotAttachedError(Exception):
    """A file cannot go with its message; the text says which, by name."""


@dataclass(frozen=True, slots=True)
class Attached:
    """A file as it goes out."""

    name: str
    media_type: str
    content: bytes


def attached(row: Row) -> tuple[Attached, ...]:
    """Return the files of a message.

    Raises:
        NotAttachedError: one cannot be read, or all are too large together.
    """
    files = tuple(_file(Path(path)) for path in row.message.attachments)
    total = sum(len(file.content) for file in files)
    if total > MOST_BYTES:
        raise NotAttachedError(f"its files have {total:,} bytes: at most {MOST_BYTES:,} go out")
    return files


def _file(path: Path) -> Attached:
    try:
        content = path.read_bytes()
    except OSError as error:
        raise NotAttachedError(f"its file {path.name} cannot be read: {error.strerror}") from error
    guessed = mimetypes.guess_type(path.name, strict=True)[0]
    return Attached(path.name, guessed or "application/octet-stream", content)
