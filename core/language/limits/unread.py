"""Tells whether a limit was heard that names nothing that can be bounded; it states no limit.

Works on the words `core.language.limits.bounds` works on. What is no limit at all goes unheard.
"""

import re
from itertools import chain

from core.language.limits.anew import ANEW, INSTEAD
from core.language.limits.bounds import (
    FILLS,
    LEAST,
    MOST,
    PERCENT,
    Limits,
    in_percent,
)
from core.language.limits.clauses import is_asked, is_stated
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
_NEXT = re.compile(rf" (?:& )?(?:[a-z<>0-9]+ ){{1,3}}?(?:at|to|o|muc) {PERCENT}")


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
_OUT_WORDS = ("exclude", "excluding", "without", "except", "avoid", "remove")
_BOUND_WORDS = (
    "limit", "limited", "restrict", "restricted", "capped", "maximum", "minimum", "below", "under",
)  # fmt: skip
"""Words of limits that a slip may be of, those of leaving out and those of bounding."""
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


def _is_pieced(words: str) -> bool:
    """Tell whether a sector is bounded by a part, or a limit nobody named by a percentage."""
    patterns = (ANEW, INSTEAD, *((_PIECE,) if "<" in words else ()))
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
