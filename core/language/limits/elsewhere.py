"""Refuses limits that the mandate alone states, and signs that bound over a span; it reads none."""

import re

from core.errors import RequestError
from core.language.limits.bounds import Limits, in_percent
from core.language.limits.clauses import ASKS
from core.language.limits.grouped import counted_sectors, hearsay, is_of_several
from core.language.limits.of_mandate import field_of_mandate
from core.language.times.durations import UNITS
from core.language.words.fold import fold
from core.language.words.refusals import refusal
from core.records.request import Language

_SIGN_OVER = re.compile(
    r"[a-z] ?[<>] ?[0-9]+(?:[.,][0-9]+)? ?(?:%|pct) (?:(?:over|in|for|within|during|trong|the|last"
    rf"|past|qua|a) )*(?:[0-9]+|one|two|three|six|twelve) (?:{UNITS})\b[^?]*$"
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
    if (field := field_of_mandate(source, told)) is not None:
        raise RequestError(refusal("limit_of_mandate", language, said=field))
    if "<" in words and limits == Limits() and _is_bound_over_span(source):
        raise RequestError(refusal("limit_dropped", language))


def _is_bound_over_span(source: str) -> bool:
    """Tell whether a sign bounds by a return over a span, as a text says that asks nothing."""
    text = fold(source).text
    return _SIGN_OVER.search(text) is not None and ASKS.search(text) is None
