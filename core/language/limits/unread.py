"""Tells whether a limit was heard that names nothing that can be bounded; it states no limit.

Works on the words `core.language.limits.bounds` works on. What is no limit at all goes unheard.
"""

import re
from itertools import chain

from core.language.limits.bounds import (
    CAP_VERB,
    FILLS,
    LEAST,
    MOST,
    PERCENT,
    PERCENT_SIGN,
    Limits,
    in_percent,
)
from core.language.limits.clauses import is_asked, is_stated
from core.language.times.durations import UNITS
from core.language.words.numerals import number_of
from core.language.words.plain import PLAIN_WORDS
from core.language.words.spelling import LETTERS_FROM, meant_word

_OUT = re.compile(
    rf"\b(?:exclude|excluding|leave out|except for|loai tru|loai bo|ngoai tru) {FILLS}"
    r"(?P<named>[a-z][a-z0-9]*|<[0-9]+>)"
)
_NO_LIMIT = frozenset(
    (
        "nothing", "none", "no", "any", "anything", "dividends", "dividend", "fees", "costs",
        "cash", "tax", "taxes", "weekends", "holidays", "khong", "co", "phi", "thue", "tien",
    )
)  # fmt: skip
"""What is left out that is no part of a portfolio, or not left out at all."""
_LISTED = re.compile(
    r"(?:exclude|excluding|leave out|except for|loai tru|loai bo|ngoai tru)"
    rf" {FILLS}<[0-9]+>(?: (?:& )?<[0-9]+>)* (?:& )?(?P<named>[a-z]+)(?= ?(?:[.?!;:]|$))"
)
_SHORT = re.compile(
    rf"(?:^|[.?!;:&] |\bplease )(?:avoid|drop|remove|skip|without|tranh|bo qua|khong mua) {FILLS}"
    r"(?:<[0-9]+> (?:(?:& )?<[0-9]+> )*& )?(?P<named>[a-z]+)(?= ?(?:[.?!;:]|$))"
)
"""Verbs of other uses too: heard where they begin a clause and one word ends it."""
_NOT_SIZE = "".join(rf"(?<!\b{size} )" for size in ("market", "large", "small", "mid", "mega"))
_BOUND = re.compile(
    rf"\b{_NOT_SIZE}(?:cap|limit|restrict|floor|gioi han|han che|khong che|ap tran|dat tran"
    rf"|dat san) (?:[^ .?!;:]+ ){{1,6}}?{PERCENT}"
)
_BOUND_FIRST = re.compile(
    rf"(?:^|[.?!;:&] )(?:{MOST}|{LEAST}) {PERCENT} (?:in|of|for|cho|vao|trong) [a-z<]"
)
_PIECE = re.compile(rf"\b(?:{MOST}|{LEAST}) (?:(?:a|one) quarter|1 [2-9])\b(?! ?(?:%|percent))")
"""A part that is not read: "a quarter" beside a sector, 1/5."""
_ANEW = re.compile(
    r"\b(?:make|lower|raise|cut|bring|set|giam|tang|doi|ha|nang) "
    r"(?:(?:it|that|this|the|cap|limit|no|xuong|len|thanh|con|to|at|down|up|tran) )+"
    rf"{PERCENT}(?! [a-z<])"
)
_INSTEAD = re.compile(rf"{PERCENT} (?:instead(?: of)?|rather(?: than)?|thay vi|thay cho) [0-9]")
"""Another number for a limit that is not named."""
_NEXT = re.compile(rf" (?:& )?(?:[a-z<>0-9]+ ){{1,3}}?(?:at|to|o|muc) {PERCENT}")


_COUNTED = (
    r"stocks?|names?|shares?|companies|picks?|members|sectors?|lots?|times?|points?|pp|bps?|basis"
    r"|more|or|to|pe|pb|rsi|ma|co phieu|cp|cong ty|nganh|nhom|lan|diem|den|nua"
)
"""Words that make of a number before them no percentage."""
_BARE = (
    r"(?P<number>[0-9]{1,3}(?:[.,][0-9]+)?)(?![.,]?[0-9])"
    rf"(?![a-z])(?! ?(?:[%0-9]|(?:{UNITS}|{PERCENT_SIGN}|{_COUNTED})\b))"
)
_BARE_BOUNDS = (
    re.compile(rf"\b(?:turnover|vong quay) {FILLS}(?:{MOST}) {_BARE}"),
    re.compile(rf"\b(?:{CAP_VERB}) {FILLS}<[0-9]+> (?:(?:at|to|under|below|o|muc|toi|@) )*{_BARE}"),
    re.compile(rf"<[0-9]+> {FILLS}(?:{MOST}|{LEAST}|capped at|limited to) {_BARE}"),
    re.compile(
        rf"\b(?:{MOST}|{LEAST}) (?P<number>[0-9]{{1,3}}) (?:(?:in|of|cho|vao) )?{FILLS}"
        rf"<[0-9]+>(?! (?:{_COUNTED})\b)"
    ),
)
"""A number without a sign beside a limit and its sector: a percentage, or not."""
_SHOWS = re.compile(
    r"\b(?:show|list|name|give|tell|rank|compare|print|top|liet ke|ke|neu|cho xem|xem)\b[^.?!;:]*$"
)
"""What is shown up to a number is not bound by it."""
_BARE_ANEW = re.compile(
    r"\b(?:make|lower|raise|cut|bring|set|giam|tang|doi|ha|nang) "
    rf"(?:(?:it|that|this|the|cap|limit|xuong|len|thanh|con|to|at|down|up|tran) )+{_BARE}"
)
_PLAIN = "|".join(sorted(PLAIN_WORDS, key=len, reverse=True))
_ALONE = re.compile(
    rf"(?:(?:{_PLAIN}|@|dat|ap|set|use|actually) (?:: )?)*?"
    rf"(?:{MOST}|{LEAST}|cap|caps|limit|tran|san|floor|gioi han|chan) (?:of )?{FILLS}{PERCENT}"
    rf"(?: (?:{_PLAIN}|each|[.!;]))* ?"
)
"""A bound of nothing, and nothing else."""
_ANY_ONE = re.compile(
    rf"\b(?:{MOST}|{LEAST}|cap|limit|tran|chan) (?:of )?{FILLS}{PERCENT}"
    r" (?:(?:in|for|on|per|o|vao|cho) )*"
    r"(?:(?<=per )|(?:any|each|every|moi|tung|bat ky|bat cu) )(?:(?:single|given|individual|mot) )*"
    r"(?:one|thing|name|of them|cai|thu|mot|nhom nao|nganh nao)\b"
)
"""What bounds each of what is not said."""
_NOTHING_OVER = re.compile(
    r"\b(?:nothing|no (?:single )?(?:position|holding|name|one|line)) (?:above|over|more than"
    rf"|beyond|exceeding|bigger than) {PERCENT}(?! ?[?])"
)
COUNTED_BELOW = 5
"""So few may be counted: "at least 3 banks"."""
_BOUND_LAST = r"(?:max|maximum|tops|toi da|min|minimum|toi thieu)\b"
_AFTER = (
    re.compile(rf"<[0-9]+> {PERCENT} {_BOUND_LAST}"),
    re.compile(rf"{PERCENT} {FILLS}<[0-9]+> {_BOUND_LAST}"),
    re.compile(rf"\b(?:max|maximum|toi da|min|minimum|toi thieu) <[0-9]+> {PERCENT}"),
)
"""What bounds after its percentage, where nothing says that it does not go with what follows."""
_UNKNOWN = re.compile(
    rf"(?:^|[.?!;:&] |\b(?:keep|hold|have|want|with|giu|de|can|muon) )(?:{MOST}|{LEAST}) {PERCENT}"
    r" (?!per\b)(?P<named>[a-z]{2,})"
)
_PAIR_ALONE = re.compile(rf"(?:<[0-9]+> )?{PERCENT}(?: <[0-9]+>)?")


_OUT_WORDS = ("exclude", "excluding", "without", "except", "avoid", "remove")
_BOUND_WORDS = (
    "limit", "limited", "restrict", "restricted", "capped", "maximum", "minimum", "below", "under",
)  # fmt: skip
"""Words of limits that a slip may be of, those of leaving out and those of bounding."""
_NOTHING = PLAIN_WORDS | {
    "&",
    ".",
    "change",
    "about",
    "how",
    "only",
    "to",
    "!",
    ";",
    ":",
    "make",
    "len",
    "xuong",
    "thanh",
    "con",
    "nang",
    "ha",
    "giam",
    "doi",
    "raise",
    "lower",
    "set",
    "cut",
    "tang",
}
_BY = re.compile(
    r"\b(?:up|down|by|more|less|plus|minus|them|bot)\b(?! to\b)"
    r"|\b(?:tang|giam)\b(?! (?:len|xuong|con|thanh|toi)\b)"
)
"""What makes of a percentage a difference, which is not guessed."""
_LETTERS = re.compile(rf"\b[a-z]{{{LETTERS_FROM},}}\b")


def misspelt_limit(words: str, known: frozenset[str]) -> tuple[str, str] | None:
    """Return a word that is a slip of a limit's, and that word; None where there is none.

    Args:
        words: the folded words of the question.
        known: words that are no slip of another.
    """
    for match in _LETTERS.finditer(words):
        if match[0] in known | PLAIN_WORDS or is_asked(words, match.start()):
            continue
        after = re.split("[.?!;:]", words[match.end() :], maxsplit=1)[0]
        out, bound = meant_word(match[0], _OUT_WORDS), meant_word(match[0], _BOUND_WORDS)
        if out is not None and re.match(rf" {FILLS}<[0-9]+>", after):
            return match[0], out
        if bound is not None and re.search(PERCENT, in_percent(after)):
            return match[0], bound
    return None


def is_unread(words: str, limits: Limits, known: frozenset[str]) -> bool:
    """Tell whether the words state a limit that is none of those read.

    Args:
        words: the folded words of the question.
        limits: what was read of them.
        known: single words of any phrase; where a clause ends they are no thing to be left out.
    """
    told = in_percent(words)
    return (
        _leaves_out(words, known)
        or _bounds(told, limits)
        or _is_pieced(told)
        or _on_nothing(told, known)
        or (limits.every_pct is None and bounds_nothing(words))
    )


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


def bare_bound(words: str) -> str | None:
    """Return the number a sector is bounded by that is not said to be a percentage, else None."""
    told = in_percent(words)
    for pattern in _BARE_BOUNDS:
        for match in pattern.finditer(told):
            counts = pattern is _BARE_BOUNDS[-1] and number_of(match["number"]) < COUNTED_BELOW
            shown = is_asked(told, match.start()) or _SHOWS.search(told[: match.start()])
            if not counts and not shown:
                return match["number"]
    return None


def bare_anew(words: str) -> str | None:
    """Return the number, not said to be a percentage, that is set for a limit; None without one."""
    found = _BARE_ANEW.search(in_percent(words))
    return None if found is None else found["number"]


def bounds_nothing(words: str) -> bool:
    """Tell whether a percentage bounds, and neither a sector nor all of them are said."""
    told = in_percent(words)
    found = _ALONE.fullmatch(told) or _ANY_ONE.search(told) or _NOTHING_OVER.search(told)
    return found is not None and not is_asked(told, found.start("number"))


def _on_nothing(words: str, known: frozenset[str]) -> bool:
    """Tell whether a percentage bounds a thing that is not known."""
    return any(
        match["named"] not in known | PLAIN_WORDS and not is_asked(words, match.start())
        for match in _UNKNOWN.finditer(words)
    )


def sets_anew(words: str) -> bool:
    """Tell whether another percentage is set for a limit nobody named: "make it 25 %"."""
    told = in_percent(words)
    return any(pattern.search(told) for pattern in (_ANEW, _INSTEAD))


def _is_pieced(words: str) -> bool:
    """Tell whether a sector is bounded by a part, or a limit nobody named by a percentage."""
    patterns = (_ANEW, _INSTEAD, *((_PIECE,) if "<" in words else ()))
    found = (match for pattern in patterns for match in pattern.finditer(words))
    return any(not is_asked(words, match.start()) for match in found)


def _leaves_out(words: str, known: frozenset[str]) -> bool:
    for match in _OUT.finditer(words):
        other = match["named"].startswith("<") or match["named"] in _NO_LIMIT
        if not other and not is_asked(words, match.start()):
            return True
    return any(
        match["named"] not in known | PLAIN_WORDS and not is_asked(words, match.start())
        for match in (*_LISTED.finditer(words), *_SHORT.finditer(words))
    )


def _bounds(words: str, limits: Limits) -> bool:
    """Tell whether a percentage is set as a bound and is none of the bounds read."""
    bounds = [bound for _, bound in (*limits.caps, *limits.floors)]
    read = {*bounds, limits.turnover_pct, limits.every_pct}
    firsts = (pattern.finditer(words) for pattern in (_BOUND, _BOUND_FIRST, *_AFTER))
    for first in chain.from_iterable(firsts):
        if not is_stated(words, first.start()):
            continue
        match: re.Match[str] | None = first
        while match is not None:
            if number_of(match["number"]) not in read:
                return True
            match = _NEXT.match(words, match.end())
    return False
