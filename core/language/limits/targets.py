"""Tells whether a text fixes or raises a sector's weight, which no limit can do; it reads none."""

import re

from core.language.limits.bounds import FILL, PERCENT, SECTORS, Limits, phrases_in
from core.language.limits.clauses import is_asked

_SET = r"\b(?:set|fix|put|make|raise|increase|boost|bring|allocate|invest|dat|nang|dua|tang)"
_AIMS = rf"(?:(?:{FILL}|target|up|muc tieu|len) )*"
_WISH = (
    r"\b(?:want|wish|would like|prefer|plan|aim|intend|thinking (?:of|about)"
    r"|muon|dinh|du dinh|du tinh)"
)
_WISHED = rf"(?:(?:to|go|going|hold|have|own|buy|for|a|giu|nam giu|nam|co|mua|{FILL}) )*"
_TARGETS = (
    re.compile(rf"{_WISH} {_WISHED}{PERCENT} {_WISHED}{SECTORS}"),
    re.compile(rf"{_SET} {_AIMS}{SECTORS} {_AIMS}{PERCENT}"),
    re.compile(rf"{_SET} {_AIMS}{PERCENT} {_AIMS}{SECTORS}"),
)


def sets_target(words: str, limits: Limits) -> bool:
    """Tell whether the words fix or raise a sector's weight, which no limit can do."""
    return any(
        not limits.phrases.intersection(phrases_in(match)) and not is_asked(words, match.start())
        for pattern in _TARGETS
        for match in pattern.finditer(words)
    )
