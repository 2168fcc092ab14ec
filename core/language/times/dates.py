"""Reads the dates of a question; a month, quarter or year means its last day, or its first."""

import re
from calendar import monthrange
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import date
from itertools import zip_longest

from core.errors import DateError

_MONTHS = (
    "january", "february", "march", "april", "may", "june", "july", "august", "september",
    "october", "november", "december",
)  # fmt: skip
MONTH_WORDS = "|".join(rf"{name[:3]}(?:{name[3:]})?" for name in _MONTHS) + "|sept"
"""A pattern of the English months, in whole and short."""
_MONTH = rf"(?P<month>{MONTH_WORDS})\.?"
_YEAR = r"(?P<year>(?:19|20)[0-9]{2})"
_DAY_YEAR = r"(?P<year>[1-9][0-9]{3})"
"""Beside a day and a month in digits any year is read, to be refused rather than passed over."""
_YEARS = range(1900, 2100)
_DAY = r"(?P<day>[0-9]{1,2})(?:st|nd|rd|th)?"
_EDGE, _STOP = r"(?<![a-z0-9/.-])", r"(?![a-z0-9/-])"
_BEGINS = re.compile(
    r"(?<![a-z])(?:since|from|after|between|tu|ke tu|sau|giua)"
    r"(?: (?:the )?(?:start|beginning)(?: of)?| dau)?(?: ngay| thang| nam| quy)? *$"
)
_OPENS = re.compile(r"(?<![a-z])(?:start|beginning) of *$")
"""What stands for the first day of a period, where no span begins with it."""
_SPAN = re.compile(r" *(?:-|to|until|till|through|thru|den|toi)? *(?:(?:the )?end of|cuoi|het)? *")
_MONTH_TO = re.compile(
    r"(?<![a-z])(?:from|between|tu|giua) +(?:thang +)?"
    + _MONTH.replace("|sept)", "|sept|[0-9]{1,2})")
    + r" +(?:to|until|till|through|and|den|va) *$"
)
_RATIO = re.compile(r"[0-9]{1,2}/[0-9]{1,2}/[0-9]{2}")
WHOLE_PCT = 100
"""Three numbers that are no day and make up the whole are parts of it: 50/30/20."""
_SHORT = r"(?P<year>[0-9]{2})(?! ?%)"
_SHORT_YEAR = r"(?P<year>(?:[1-9][0-9])?[0-9]{2})"


@dataclass(frozen=True, slots=True)
class SaidDate:
    """A date in folded text [start, end).

    `whole` is False when only a longer period was named, of which `value` is the last day and
    `first` the first; `begins` is True for the start of a span ("since 2020", "October to March"),
    which is no as-of date.
    """

    value: date
    first: date
    whole: bool
    begins: bool
    start: int
    end: int


def dates_in(folded: str) -> tuple[SaidDate, ...]:
    """Return the dates said, in order.

    Raises:
        DateError: a day of a year outside 1900 to 2099; the message holds the words.
        ValueError: a date that does not exist; the message holds the words.
    """
    found: list[SaidDate] = []
    for pattern, read in _FORMS:
        for match in pattern.finditer(folded):
            start, end = match.span("year") if read is _of_year else match.span()
            if any(start < other.end and other.start < end for other in found):
                continue
            try:
                value = read(match)
            except DateError:
                raise DateError(match[0].strip()) from None
            except ValueError:
                if _RATIO.fullmatch(match[0]) and sum(map(int, match[0].split("/"))) == WHOLE_PCT:
                    continue
                raise ValueError(match[0].strip()) from None
            whole = "day" in pattern.groupindex
            begins = _BEGINS.search(folded[:start]) is not None
            first = _first(value, match)
            value = first if _OPENS.search(folded[:start]) else value
            found.append(SaidDate(value, first, whole, begins, start, end))
    return _spanned(folded, sorted(found, key=lambda said: said.start))


def _first(last: date, match: re.Match[str]) -> date:
    """Return the first day of the period whose last day was read."""
    named = match.groupdict()
    if named.get("day"):
        return last
    if named.get("quarter"):
        return last.replace(month=last.month - 2, day=1)
    return last.replace(day=1) if named.get("month") else last.replace(month=1, day=1)


def _spanned(folded: str, dates: list[SaidDate]) -> tuple[SaidDate, ...]:
    """Return the dates; one joined to a later one begins, and may take its year from there."""
    found: list[SaidDate] = []
    for left, right in zip_longest(dates, dates[1:]):
        found += _yearless(folded, left)
        joined = right is not None and left.first < right.value
        between = folded[left.end : right.start] if right is not None else ""
        begins = left.begins or (joined and _SPAN.fullmatch(between) is not None)
        found.append(replace(left, begins=begins))
    return tuple(found)


def _yearless(folded: str, ends: SaidDate) -> tuple[SaidDate, ...]:
    """Return the month a span begins with when its year stands at its end alone."""
    match = None if ends.begins else _MONTH_TO.search(folded[: ends.start])
    if match is None:
        return ()
    month = _month_number(match)
    if not 1 <= month <= 12:
        return ()
    last = _month_end(ends.value.year - (month > ends.value.month), month)
    start, end = match.span("month")
    return (SaidDate(last, last.replace(day=1), whole=False, begins=True, start=start, end=end),)


def _month_number(match: re.Match[str]) -> int:
    written = match["month"]
    if written.isdigit():
        return int(written)
    return next(at for at, name in enumerate(_MONTHS, 1) if name.startswith(written[:3]))


def _year_number(match: re.Match[str]) -> int:
    said = int(match["year"])
    year = said if said >= 100 else 2000 + said
    if year not in _YEARS:
        raise DateError(match["year"])
    return year


def _of_day(match: re.Match[str]) -> date:
    return date(_year_number(match), _month_number(match), int(match["day"]))


def _of_month(match: re.Match[str]) -> date:
    return _month_end(_year_number(match), _month_number(match))


def _of_quarter(match: re.Match[str]) -> date:
    return _month_end(_year_number(match), 3 * int(match["quarter"]))


def _of_year(match: re.Match[str]) -> date:
    return date(_year_number(match), 12, 31)


def _month_end(year: int, month: int) -> date:
    if not 1 <= month <= 12:
        raise ValueError(month)
    return date(year, month, monthrange(year, month)[1])


def _form(pattern: str) -> re.Pattern[str]:
    return re.compile(_EDGE + pattern.replace(" ", " +") + _STOP)


_FORMS: tuple[tuple[re.Pattern[str], Callable[[re.Match[str]], date]], ...] = (
    (_form(_DAY_YEAR + r"-(?P<month>[0-9]{1,2})-(?P<day>[0-9]{1,2})"), _of_day),
    (_form(r"(?P<day>[0-9]{1,2})/(?P<month>[0-9]{1,2})/" + _SHORT_YEAR), _of_day),
    (_form(r"(?P<day>[0-9]{1,2})[.-](?P<month>[0-9]{1,2})[.-]" + _DAY_YEAR), _of_day),
    (_form(_DAY + r" (?:of )?" + _MONTH + r",? " + _YEAR), _of_day),
    (_form(_MONTH + r" " + _DAY + r",? " + _YEAR), _of_day),
    (
        _form(r"(?:ngay )?(?P<day>[0-9]{1,2}) thang (?P<month>[0-9]{1,2}),? (?:nam )?" + _YEAR),
        _of_day,
    ),
    (_form(r"(?:q|quy )(?P<quarter>[1-4])(?: nam |/|, | )?" + _YEAR), _of_quarter),
    (_form(_YEAR + r"(?: )?q(?P<quarter>[1-4])"), _of_quarter),
    (_form(r"(?:q|quy )(?P<quarter>[1-4])(?: )?[/']" + _SHORT), _of_quarter),
    (_form(_MONTH + r"(?: )?'" + _SHORT), _of_month),
    (_form(_MONTH + r",? (?:of )?" + _YEAR), _of_month),
    (_form(r"thang (?P<month>[0-9]{1,2})(?: nam |/|-| )" + _YEAR), _of_month),
    (_form(r"(?P<month>[0-9]{1,2})/" + _YEAR), _of_month),
    (_form(_YEAR + r"-(?P<month>[0-9]{2})"), _of_month),
    (
        _form(r"(?:nam|in|of|to|until|den|since|from|between|and|tu|giua|va|year) " + _YEAR),
        _of_year,
    ),
)
