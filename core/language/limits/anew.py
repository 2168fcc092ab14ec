"""Tells what sets another number for a limit that was stated before and is not named."""

import re

from core.language.limits.bare import BARE
from core.language.limits.bounds import PERCENT, in_percent
from core.language.words.numerals import number_of
from core.language.words.plain import PLAIN_WORDS

_SET = r"\b(?:make|lower|raise|cut|bring|set|giam|tang|doi|ha|nang)"
ANEW = re.compile(
    rf"{_SET} "
    r"(?:(?:it|that|this|the|cap|limit|no|xuong|len|thanh|con|to|at|down|up|tran) )+"
    rf"{PERCENT}(?! [a-z<])"
)
INSTEAD = re.compile(rf"{PERCENT} (?:instead(?: of)?|rather(?: than)?|thay vi|thay cho) [0-9]")
"""Another number for a limit that is not named."""
_BARE_ANEW = re.compile(
    rf"{_SET} "
    rf"(?:(?:it|that|this|the|cap|limit|xuong|len|thanh|con|to|at|down|up|tran) )+{BARE}"
)
_PAIR_ALONE = re.compile(rf"(?:<[0-9]+> )?{PERCENT}(?: <[0-9]+>)?")
_NOTHING = PLAIN_WORDS | {
    "&", ".", "!", ";", ":", "change", "about", "how", "only", "to", "make", "len", "xuong",
    "thanh", "con", "nang", "ha", "giam", "doi", "raise", "lower", "set", "cut", "tang",
}  # fmt: skip
"""What stands beside a percentage and says nothing of it."""
_BY = re.compile(
    r"\b(?:up|down|by|more|less|plus|minus|them|bot)\b(?! to\b)"
    r"|\b(?:tang|giam)\b(?! (?:len|xuong|con|thanh|toi)\b)"
)
"""What makes of a percentage a difference, which is not guessed."""


def is_changed(words: str) -> bool:
    """Tell whether a text is a percentage, with or without a sector, and else says nothing.

    After limits were stated it may be another number for one of them.
    """
    return _PAIR_ALONE.fullmatch(_left(words)) is not None


def percent_alone(words: str) -> float | None:
    """Return the percentage a text consists of; None where a sector or a difference is named."""
    found = None if _BY.search(words) else re.fullmatch(PERCENT, _left(words))
    return number_of(found["number"]) if found else None


def _left(words: str) -> str:
    """Return what says something; a question about a sector says more than its percentage."""
    nothing = _NOTHING if "<" in words else _NOTHING | {"?"}
    return " ".join(word for word in in_percent(words).split() if word not in nothing)


def sets_anew(words: str) -> bool:
    """Tell whether another percentage is set for a limit nobody named: "make it 25 %"."""
    told = in_percent(words)
    return any(pattern.search(told) for pattern in (ANEW, INSTEAD))


def bare_anew(words: str) -> str | None:
    """Return the number, not said to be a percentage, that is set for a limit; None without one."""
    found = _BARE_ANEW.search(in_percent(words))
    return None if found is None else found["number"]
