"""Names the mandate's field of a limit that a question cannot state; it reads none.

Tracking error, cash, each company, and what a target may differ from the benchmark by. Works on the
words `core.language.limits.bounds` works on, percentages written as such.
"""

import re

from core.language.limits.bounds import (
    CAP_VERB,
    EVERY,
    FILLS,
    LEAST,
    MOST,
    OVER,
    PERCENT,
    in_percent,
)
from core.language.limits.clauses import ASKS, is_asked, is_stated
from core.language.times.durations import UNITS
from core.language.words.fold import fold

_FIELDS = (
    (
        "tracking_error_pct",
        r"(?:tracking error|sai so theo doi|sai lech theo doi"
        r"|(?<!kinh )(?<!thuc )(?<!quoc )(?<!\by )(?<!dan )te)",
    ),
    ("cash_floor, cash_cap", r"(?:cash|tien mat)"),
)
_TRACKING = re.compile(
    rf"\b{_FIELDS[0][1]} {FILLS}(?:{MOST}|{LEAST}|capped|limited|tran|budget|ngan sach) {FILLS}"
    rf"[0-9]+(?:[.,][0-9]+)?(?![0-9.,]*(?:[0-9a-z]| (?:{UNITS})\b))"
)
"""A bound on what is counted in percent, whose sign may be left out."""
_BOUND = rf"(?:{MOST}|{LEAST}|above|over|capped|limited|cap|limit|tran|tren)"
_BOUNDED = tuple(
    (
        field,
        re.compile(
            rf"\b{_BOUND} {FILLS}{named} {FILLS}{PERCENT}|\b{named} {FILLS}{_BOUND} {FILLS}"
            rf"{PERCENT.replace('number', 'number_2')}"
            rf"|\b{_BOUND} {PERCENT.replace('number', 'number_3')} {FILLS}{named}\b"
        ),
    )
    for field, named in _FIELDS
)
_ISSUER = (
    r"(?:(?:single |individual |one )*(?:stocks?|names?|issuers?|compan(?:y|ies)|shares?|holdings?"
    r"|positions?|lines?)|ma(?: co phieu| ck)?|co phieu|cong ty|cp|doanh nghiep)"
)
_ANY = rf"(?:{EVERY}|per|single|one|mot)"
_OVER = rf"(?:{OVER}|exceeding|bigger than|larger than|greater than)"
_ISSUERS = (
    re.compile(
        rf"\b(?:no|khong) {_ISSUER} (?:(?:nao|is|be|goes?|may|can|should|to|duoc|co|chiem"
        rf"|ty trong|weighs?|weight|with|a|of) )*{_OVER} {FILLS}{PERCENT}"
        r"(?! (?:below|off|under|from|lower|higher|duoi|so voi))"
    ),
    re.compile(
        rf"\b{_ANY} {_ISSUER} {FILLS}(?:capped at|limited to|caps?|limit|{MOST}) {FILLS}{PERCENT}"
    ),
    re.compile(
        rf"\b(?:{MOST}|cap|limit|tran) (?:of )?{PERCENT} (?:(?:in|for|on|to|cho|vao|trong) )*"
        rf"{_ANY} {_ISSUER}"
    ),
    re.compile(
        rf"\b(?:{CAP_VERB}) {_ANY} {_ISSUER} (?:(?:at|to|under|below|o|muc|duoi|toi|con) )*"
        rf"{PERCENT}"
    ),
)
"""A bound on each company, which is no sector."""
_ACTIVE = re.compile(
    rf"\b(?:{MOST}|within) [0-9.,]+ ?(?:%|pp|pct|(?:percentage )?points?|diem(?: %)?)? ?"
    r"(?:over|above|from|of|around|off|tren|so voi|quanh) (?:(?:the|my|our) )?"
    r"(?:benchmark|index|chuan|chi so)\b"
)
"""A bound on what a target may differ from the benchmark by."""


def field_of_mandate(source: str, told: str) -> str | None:
    """Return the mandate's name of a limit the text states that is its alone, else None.

    Args:
        source: the text.
        told: its words.
    """
    return _of_companies_or_difference(source) or _of_whole(told)


def _of_whole(told: str) -> str | None:
    """Return the mandate's name of a limit on tracking error or cash, None without one."""
    tracked = _TRACKING.search(told)
    if tracked is not None and not is_asked(told, tracked.start()):
        return _FIELDS[0][0]
    for field, pattern in _BOUNDED:
        if any(is_stated(told, match.start()) for match in pattern.finditer(told)):
            return field
    return None


def _of_companies_or_difference(source: str) -> str | None:
    """Return the mandate's name of a bound on each company, or on what differs from the benchmark.

    Of the text's own words: phrases stand for topics elsewhere.
    """
    told = in_percent(" ".join(token.word for token in fold(source).tokens()))
    if any(is_stated(told, m.start()) for one in _ISSUERS for m in one.finditer(told)):
        return "issuer_cap"
    return "active_cap" if _ACTIVE.search(told) and not ASKS.search(told) else None
