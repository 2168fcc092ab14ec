"""Refuses limits that the mandate alone states, and signs that bound over a span; it reads none."""

import re

from core.errors import RequestError
from core.language.limits.bounds import FILLS, LEAST, MOST, PERCENT, Limits, in_percent
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
        RequestError: a limit on tracking error or cash, on several sectors together or how many are
            held, one that another advises, or a sector's bound over a span of time.
    """
    told = in_percent(words)
    if (said := counted_sectors(told)) is not None:
        raise RequestError(refusal("limit_counted", language, said=said))
    if limits != Limits() and (said := hearsay(words)) is not None:
        raise RequestError(refusal("limit_hearsay", language, said=said))
    if is_of_several(told):
        raise RequestError(refusal("limit_grouped", language))
    field = _field_of_mandate(told)
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


def _is_bound_over_span(source: str) -> bool:
    """Tell whether a sign bounds by a return over a span, as a text says that asks nothing."""
    text = fold(source).text
    return _SIGN_OVER.search(text) is not None and _ASKS.search(text) is None
