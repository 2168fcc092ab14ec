"""Finds a number that bounds a sector and is not said to be a percentage; it is asked back."""

import re

from core.language.limits.bounds import (
    ANY_SECTOR,
    CAP_VERB,
    EVERY,
    FILLS,
    LEAST,
    MOST,
    OVER,
    PERCENT_SIGN,
    in_percent,
)
from core.language.limits.clauses import is_asked
from core.language.times.durations import UNITS
from core.language.words.numerals import number_of

_COUNTED = (
    r"stocks?|names?|shares?|companies|picks?|members|sectors?|lots?|times?|points?|pp|bps?|basis"
    r"|more|or|to|pe|pb|rsi|ma|co phieu|cp|cong ty|nganh|nhom|lan|diem|den|nua"
)
"""Words that make of a number before them no percentage."""
BARE = (
    r"(?P<number>[0-9]{1,3}(?:[.,][0-9]+)?)(?![.,]?[0-9])"
    rf"(?![a-z])(?! ?(?:[%0-9]|(?:{UNITS}|{PERCENT_SIGN}|{_COUNTED})\b))"
)
_TO = r"(?:(?:at|to|under|below|o|muc|toi|con|@) )*"
_BARE_BOUNDS = (
    re.compile(rf"\b(?:{CAP_VERB}) {EVERY} {ANY_SECTOR} {_TO}{BARE}"),
    re.compile(rf"\b{EVERY} {ANY_SECTOR} {FILLS}(?:capped at|limited to|{MOST}) {BARE}"),
    re.compile(
        rf"\b(?:no|khong) {ANY_SECTOR} (?:(?:nao|is|be|goes?|may|can|should|to|duoc|co) )*"
        rf"(?:{OVER}) {FILLS}{BARE}"
    ),
    re.compile(rf"<[0-9]+> over {BARE}(?= ?(?:[.;!&]|$))"),
    re.compile(rf"\b(?:turnover|vong quay) {FILLS}(?:{MOST}) {BARE}"),
    re.compile(rf"\b(?:{CAP_VERB}) {FILLS}<[0-9]+> {_TO}{BARE}"),
    re.compile(rf"<[0-9]+> {FILLS}(?:{MOST}|{LEAST}|capped at|limited to) {BARE}"),
)
"""A number without a sign beside a limit and its sector, or all of them: a percentage, or not."""
_MAY_COUNT = (
    re.compile(
        rf"\b(?:{MOST}|{LEAST}) (?P<number>[0-9]{{1,3}}) (?:(?:in|of|cho|vao) )?{FILLS}"
        rf"<[0-9]+>(?! (?:{_COUNTED})\b)"
    ),
    re.compile(
        rf"\b(?:{MOST}) (?P<number>[0-9]{{1,3}}) (?:in |for |cho |moi )?(?:per|{EVERY})"
        rf" {ANY_SECTOR}"
    ),
)
"""The same where a small number counts what is held."""
_SHOWS = re.compile(
    r"\b(?:show|list|name|give|tell|rank|compare|print|top|liet ke|ke|neu|cho xem|xem)\b[^.?!;:]*$"
)
"""What is shown up to a number is not bound by it."""
COUNTED_BELOW = 5
"""So few may be counted: "at least 3 banks"."""


def bare_bound(words: str) -> str | None:
    """Return the number a sector is bounded by that is not said to be a percentage, else None."""
    told = in_percent(words)
    for pattern in (*_BARE_BOUNDS, *_MAY_COUNT):
        for match in pattern.finditer(told):
            counts = pattern in _MAY_COUNT and number_of(match["number"]) < COUNTED_BELOW
            shown = is_asked(told, match.start()) or _SHOWS.search(told[: match.start()])
            if not counts and not shown:
                return match["number"]
    return None
