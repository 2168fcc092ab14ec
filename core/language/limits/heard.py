"""Tells whether holdings were heard that could not be read; it states none.

Works on the words `core.language.limits.held` works on. What nobody says is theirs goes unheard.
"""

import re

from core.language.limits.bounds import FILLS, PERCENT_SIGN, Limits
from core.language.limits.clauses import is_asked
from core.language.limits.owned import OPENS, OWNED_PART, target_of
from core.language.limits.targets import sets_target
from core.language.times.durations import UNITS
from core.language.words.numerals import NUMBER, number_of

_MINE = (
    r"\b(?:(?:i|we)(?: (?:currently|now|already|also|still|am|are|ve))* (?:hold|own|holding)|i have"
    r"|(?:i|we)(?: ve)? got"
    r"|(?:toi|minh|em|chung toi|ben em)(?: (?:dang|hien|tai|da|van))*"
    r" (?:giu|nam giu|nam|cam|om|kep|so huu)|(?:dang|hien) (?:giu|nam giu|cam|om|kep|so huu))\b"
)
_FEW = r"(?: (?:only|just|about|roughly|some|mostly|mainly|khoang|chu yeu|mot it|nhieu|:))*"
_MONEY = (
    r"(?: (?:k|m|mn|bn|million|billion|thousand|usd|vnd|eur|dollars?|euros?|dong|nghin|trieu|ty|ti"
    r"|shares?|units?|cp|co phieu|cpt|lots?|lo|worth|of|in|into|tien|vao|o|trong|cho|nhom|nganh|_"
    r"|cua|la|:))*"
)
_NUMBER = rf"[0-9]+(?:[.,][0-9]+)*[a-z]{{0,3}}(?! ?{PERCENT_SIGN})(?! (?:{UNITS})\b)"

_PAIR = rf"{NUMBER} ?{PERCENT_SIGN} {FILLS}<[0-9]+>"
_PAIRS = re.compile(rf"({NUMBER}) ?{PERCENT_SIGN} {FILLS}<([0-9]+)>")
_LIST = re.compile(rf"{_PAIR}(?: (?:& )?{_PAIR})+")
_PLANS = re.compile(r"\b(?:should|could|would|put|want|move|shift|nen|muon|dinh|bo)\b[^.?!;:]*$")
"""What may be owned one day is not owned."""


def unread_holding(words: str, symbols: tuple[str, ...]) -> str | None:
    """Return the words of holdings with numbers that are no percentages; None where none are."""
    target = target_of(symbols)
    numbered = rf"(?P<said>{_NUMBER}(?: {_NUMBER})*{_MONEY} {target})"
    after = (
        rf"{target}(?: (?:& )?{target})* (?P<said_2>{_NUMBER}(?: {_NUMBER})*)(?= ?(?:[.?!;:&]|$))"
    )
    pair = rf"{target}{_MONEY} {_NUMBER}"
    listed = rf"(?P<said_3>{pair}(?: (?:& )?{pair})+)"
    for match in re.finditer(
        rf"(?:{_MINE}|{OPENS.pattern}){_FEW} (?:{numbered}|{after}|{listed})", words
    ):
        if not is_asked(words, match.start()):
            return match["said"] or match["said_2"] or match["said_3"]
    return None


def unread_list(words: str, limits: Limits) -> str | None:
    """Return a list of percentages and sectors beside limits, of which some are none of them."""
    if limits == Limits() or sets_target(words, limits):
        return None
    stated = {*limits.caps, *limits.floors}
    for match in _LIST.finditer(words):
        pairs = {(int(name), number_of(number)) for number, name in _PAIRS.findall(match[0])}
        if pairs - stated and not is_asked(words, match.start()):
            return match[0]
    return None


def hears_holding(words: str, symbols: tuple[str, ...]) -> bool:
    """Tell whether somebody says to own a sector or symbol, or a part of what is theirs in one."""
    target = target_of(symbols)
    owned = (
        rf"{_MINE}{_FEW} {target}|\b{OWNED_PART}(?: (?:is|are|in|into|the|o|vao|trong))* {target}"
    )
    found = re.search(owned, words)
    return found is not None and _PLANS.search(words[: found.start()]) is None
