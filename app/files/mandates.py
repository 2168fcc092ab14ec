"""Reads the user's limits from a TOML file and finds the version in force at a date."""

import re
from datetime import date
from pathlib import Path

from core.errors import DateError, MandateError
from core.mandate import parse_mandate
from core.records.mandate import Mandate, MandateBook

PACKAGED = "default"


def load_book(path: Path | None) -> MandateBook:
    """Return all versions of the file's mandate, or the packaged one.

    Raises:
        MandateError: the file cannot be read or a limit does not fit.
    """
    if path is None:
        return MandateBook(id=PACKAGED, versions=(Mandate(),))
    try:
        text = path.expanduser().read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise MandateError(f"mandate {path} cannot be read: {error}") from error
    return parse_mandate(text, _slug(path))


def mandate_at(book: MandateBook, as_of: date, *, universe: str | None = None) -> Mandate:
    """Return the version in force that day; a book of another universe gives the packaged one.

    Raises:
        DateError: the day is before the first version.
    """
    if universe is not None and book.universe not in {None, universe}:
        return Mandate()
    found = book.at(as_of)
    if found is None:
        first = book.versions[0].valid_from
        raise DateError(
            f"mandate {book.id} begins on {first}, {as_of} is before; take a date from then on, or "
            "add the version that was in force"
        )
    return found


def _slug(path: Path) -> str:
    plain = re.sub(r"[^a-z0-9_-]+", "-", path.stem.lower()).strip("-_")
    return plain[:64] or "own"
