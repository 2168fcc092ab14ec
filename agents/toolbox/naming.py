"""Decides which ids a stranger's answer may name: a text cut to the form of an id is still a text.

An id is of our words, but for one; a symbol is what exchanges write. What is told in such names is
no instruction and no address, whatever a report or a prompt repeats of them.
"""

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import cache
from typing import Final

from core.language.printed.factors import FACTORS, FEATURES, LEARNERS
from core.language.printed.measured import MEASURES
from core.language.printed.names import LINES
from core.language.printed.series import SERIES
from core.records.result import UNITS
from core.records.universe import Universe

IDS: Final = frozenset({"series", "line", "factor", "feature", "learner", "measure"})
"""Fields that hold an id of what is measured."""
SUBJECT: Final = "subject"
"""The field that holds a sector, a symbol or an id of what is measured."""
SYMBOLS: Final = frozenset({"symbol", "ticker", "top_member", "top"})
"""Fields that hold what is traded."""
STRANGE_CHARS: Final = 16
"""Of the one word of an id that need not be ours: `vnibor3m`, a user's own series."""

_SYMBOL: Final = re.compile(r"\^?[A-Z0-9]{1,12}([.:=-][A-Z0-9]{1,4})?")
_PARTED: Final = re.compile(r"[_-]")


def strange_name(content: Mapping[str, object], universe: Universe) -> str | None:
    """Return the field of a name that may be a text; None when there is none."""
    named = {*universe.sector_ids, universe.id, *(mark.id for mark in universe.benchmarks)}
    for field, name in _names("", content):
        if field in SYMBOLS:
            sound = is_symbol(name)
        elif field == SUBJECT:
            sound = name in named or is_id(name) or is_symbol(name.upper())
        else:
            sound = is_id(name)
        if not sound:
            return field
    return None


def is_symbol(name: str) -> bool:
    """Tell whether a name is a symbol as exchanges and data sources write them."""
    return _SYMBOL.fullmatch(name) is not None


def is_id(name: str) -> bool:
    """Tell whether a name is of our words, but for one short one."""
    strange = [word for word in _PARTED.split(name) if word not in _words()]
    return len(strange) <= 1 and all(
        word.isalnum() and len(word) <= STRANGE_CHARS for word in strange
    )


@cache
def _words() -> frozenset[str]:
    """Return the words our own ids are made of."""
    ours: Iterable[str] = (*FACTORS, *FEATURES, *LEARNERS, *LINES, *SERIES, *MEASURES, *UNITS)
    return frozenset(word for name in ours for word in _PARTED.split(name)) | {"alt", "members"}


def _names(field: str, value: object) -> Iterator[tuple[str, str]]:
    if isinstance(value, str):
        if field in IDS or field in SYMBOLS or field == SUBJECT:
            yield field, value
    elif isinstance(value, Mapping):
        for key, inner in value.items():
            yield from _names(key, inner)
    elif isinstance(value, Sequence):
        for inner in value:
            yield from _names(field, inner)
