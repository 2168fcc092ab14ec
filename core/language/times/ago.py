"""Recognises how long before a report's date something is said to begin: "since last Friday".

What day that is depends on the report's date, which no words tell.
"""

import re
from datetime import date, timedelta
from typing import Final, get_args

from core.days import before
from core.records.request import Ago

_DAYS: Final[dict[str, Ago]] = {
    "thu hai": "monday", "thu ba": "tuesday", "thu tu": "wednesday", "thu nam": "thursday",
    "thu sau": "friday", "thu bay": "saturday", "chu nhat": "sunday", "hom qua": "yesterday",
    "tuan": "week", "thang": "month", "quy": "quarter", "nam": "year",
}  # fmt: skip
_WEEKDAYS: Final[tuple[Ago, ...]] = (
    "monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday",
)  # fmt: skip
_LENGTHS: Final[dict[Ago, int]] = {
    "yesterday": 1, "week": 7, "month": 30, "quarter": 91, "year": 365,
}  # fmt: skip
"""Calendar days."""
_ENGLISH: Final = re.compile(
    rf"\b(?P<day>yesterday|{'|'.join(_WEEKDAYS)})\b"
    r"|\b(?:last|past|previous|this|a|one) (?P<length>week|month|quarter|year)\b"
)
_VIETNAMESE: Final = re.compile(
    r"\b(?P<day>hom qua|thu (?:hai|ba|tu|nam|sau|bay)|chu nhat)\b"
    r"|\b(?P<length>tuan|thang|quy|nam) (?:truoc|qua|roi|vua roi|vua qua|nay|ngoai)\b"
)


def ago_in(words: str) -> Ago | None:
    """Return the first such length or day in folded words."""
    for pattern in (_ENGLISH, _VIETNAMESE):
        match = pattern.search(words)
        if match is not None:
            said = match["day"] or match["length"]
            return next((one for one in get_args(Ago) if one == said), None) or _DAYS[said]
    return None


def day_of(ago: Ago, as_of: date) -> date:
    """Return the day that is so long before a report's date; a weekday is the last one before."""
    if ago in _LENGTHS:
        return before(as_of, timedelta(days=_LENGTHS[ago]))
    back = (as_of.weekday() - _WEEKDAYS.index(ago)) % 7
    return before(as_of, timedelta(days=back or 7))
