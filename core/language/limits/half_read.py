"""Tells whether a list of holdings has parts without a sign, or amounts of money; it reads none.

Works on the words `core.language.limits.held` works on. A list of which a part would be lost is no
portfolio: what is left would pass for cash.
"""

import re

from core.language.limits.bounds import PERCENT_SIGN
from core.language.limits.clauses import is_asked, is_stated
from core.language.limits.owned import CASH, UNNAMED, in_shares, target_of
from core.language.times.durations import UNITS

_BARE = (
    r"[0-9]{1,3}(?:[.,][0-9]{1,2})?(?![0-9a-z.,]*[0-9a-z])"
    rf"(?! ?(?:{PERCENT_SIGN}|{UNITS})\b)(?! ?%)"
)
_LINK = r"(?:(?:in|into|of|the|la|o|vao|trong|nhom|nganh|cho|at|is|:|@) )*"
_JOIN = r"(?: (?:&|;|plus|cung|voi))*"
_REST = (
    r"(?:rest|remainder|remaining|balance|bal|leftover|con lai|du)"
    rf"(?: (?:is|in|into|as|all|held|la|o|vao|trong|de|bang|deu|thi|giu))* {CASH}\b"
)
_UNIT = r"(?:k|m|mn|mm|bn|mil|million|billion|thousand|usd|dollars?|vnd|dong|nghin|trieu|tr|ty|ti)"
_MONEY = rf"[0-9]+(?:[.,][0-9]+)* ?{_UNIT}(?: (?:usd|vnd|dong|dollars?))?"
_STARTS = (
    r"(?:^|[.?!;:] |\b(?:i|we|im) (?:m|am|re|are|ve|got|have|hold|own)(?: (?:at|in|about|now))* "
    r"|\b(?:portfolio|holdings|book|danh muc|port)(?: (?:is|la|gom|:))* )"
)
_WISHES = re.compile(
    r"\b(?:want|wish|like|prefer|plan|should|could|would|muon|dinh|du dinh|nen|mua|ban|bought|sold"
    r"|buy|sell|inflows?|flows?)\b[^.?!;:]*$"
)
_WHOLE = range(95, 101)
"""What bare numbers of a list add up to, in percent."""


def half_read(left: str, symbols: tuple[str, ...]) -> str | None:
    """Return what stands beside the list of a portfolio and is of it; None where nothing does.

    Args:
        left: the words without the list, a stop in its place.
        symbols: those that may be held, as they are written.
    """
    target = target_of(symbols)
    part = rf"(?P<said>{_BARE} {_LINK}{target}|{target} {_BARE})"
    found = next(
        (
            match
            for pattern in (rf"; (?:(?:&|;) )*{part}", rf"{part}(?: &)* ;", rf"(?P<said>{_REST})")
            for match in re.finditer(pattern, left)
        ),
        None,
    )
    return None if found is None or is_asked(left, found.start()) else found["said"]


def bare_list(words: str, symbols: tuple[str, ...]) -> str | None:
    """Return a list of sectors with bare numbers or amounts of money; None where there is none."""
    target = target_of(symbols)
    told = in_shares(words, symbols)
    first = rf"(?:{_BARE} {_LINK}{target}|{target} {_LINK}{_BARE})"
    money = rf"(?:{_MONEY} {_LINK}{target}|{target} {_LINK}{_MONEY})"
    signed = rf"(?:{UNNAMED} {_LINK}{target}|{target} {_LINK}{UNNAMED})"
    for pattern in (
        rf"(?P<said>(?:{first}|{money}){_JOIN} )(?:[^?!]*? )?{_REST}",
        rf"{_STARTS}(?P<said>{money}(?:{_JOIN} {money})+)",
        rf"{_STARTS}(?P<said>{signed}(?:{_JOIN} {signed})*{_JOIN} {first})",
        r"\b(?:i m|holding|(?:i|we) (?:own|hold|have)) "
        rf"(?P<said>(?:{_BARE} @ )?{first}(?:{_JOIN} {first})+)",
    ):
        for match in re.finditer(pattern, told):
            if _is_held(told, match.start("said")):
                return match["said"].strip()
    whole = re.match(rf" *(?P<said>{first}(?:{_JOIN} {first})+) *[.!;]?$", told)
    if whole is not None:
        numbers = re.findall(rf"(?<![<0-9]){_BARE}(?!>)", whole[0])
        if sum(float(number.replace(",", ".")) for number in numbers) in _WHOLE:
            return whole["said"]
    return None


def _is_held(words: str, start: int) -> bool:
    return is_stated(words, start) and _WISHES.search(words[:start]) is None
