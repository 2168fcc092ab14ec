"""Decides how many rows one answer holds, so that its text is read whole."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final, Generic, TypeVar

from core.errors import CallerError

Row = TypeVar("Row")
PAGE_ROWS: Final = 150
"""Rows of six short columns in 4,000 tokens of text."""


@dataclass(frozen=True, slots=True)
class Page(Generic[Row]):
    """Some of the rows, and how many pages they all make."""

    rows: tuple[Row, ...]
    pages_count: int


def page_of(rows: Sequence[Row], page: int) -> Page[Row]:
    """Return the rows of a page, 1 the first.

    Raises:
        CallerError: there is no such page; the message says how many there are.
    """
    pages_count = max(1, -(-len(rows) // PAGE_ROWS))
    if not 1 <= page <= pages_count:
        raise CallerError(f"page {page}: the answer has {pages_count}, from 1 on")
    return Page(tuple(rows[(page - 1) * PAGE_ROWS : page * PAGE_ROWS]), pages_count)
