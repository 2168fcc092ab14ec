"""Refuses limits that the mandate alone states, and signs that bound over a span; it reads none."""

import re

from core.errors import RequestError
from core.language.limits.bounds import (
    CAP_VERB,
    EVERY,
    FILLS,
    LEAST,
    MOST,
    PERCENT,
    Limits,
    in_percent,
)
from core.language.limits.clauses import is_asked, is_stated
from core.language.limits.grouped import counted_sectors, hearsay, is_of_several
from core.language.times.durations import UNITS
from core.language.words.fold import fold
from core.language.words.refusals import refusal
from core.records.request import Language

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
_OVER = (
    r"(?:exceeds?|exceeding|above|over|more than|bigger than|larger than|greater than|beyond|qua"
    r"|vuot|vuot qua|tren)"
)
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
_SIGN_OVER = re.compile(
    r"[a-z] ?[<>] ?[0-9]+(?:[.,][0-9]+)? ?(?:%|pct) (?:(?:over|in|for|within|during|trong|the|last"
    rf"|past|qua|a) )*(?:[0-9]+|one|two|three|six|twelve) (?:{UNITS})\b[^?]*$"
)
_ASKS = re.compile(
    r"^ *(?:which|what|why|is|are|did|does|how|nganh nao|nhung nganh|tai sao|vi sao)\b"
)


def refuse_elsewhere(source: str, words: str, limits: Limits, language: Language) -> None:
    """Refuse a limit that a question cannot carry.

    Raises:
        RequestError: a limit on tracking error, cash, each company or the difference from the
            benchmark, on several sectors together or how many are held, one that another advises,
            or a sector's bound over a span of time.
    """
    told = in_percent(words)
    if (said := counted_sectors(told)) is not None:
        raise RequestError(refusal("limit_counted", language, said=said))
    if limits != Limits() and (said := hearsay(words)) is not None:
        raise RequestError(refusal("limit_hearsay", language, said=said))
    if is_of_several(told):
        raise RequestError(refusal("limit_grouped", language))
    field = _of_companies_or_difference(source) or _field_of_mandate(told)
    if field is not None:
        raise RequestError(refusal("limit_of_mandate", language, said=field))
    if "<" in words and limits == Limits() and _is_bound_over_span(source):
        raise RequestError(refusal("limit_dropped", language))


def _field_of_mandate(told: str) -> str | None:
    """Return the mandate's name of a limit the folded words state that is its alone, else None."""
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
    return "active_cap" if _ACTIVE.search(told) and not _ASKS.search(told) else None


def _is_bound_over_span(source: str) -> bool:
    """Tell whether a sign bounds by a return over a span, as a text says that asks nothing."""
    text = fold(source).text
    return _SIGN_OVER.search(text) is not None and _ASKS.search(text) is None
