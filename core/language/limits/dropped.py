"""Tells whether a word of limiting beside a sector became no limit; it reads none.

It does not go by the order of words: whatever stands beside what, every sector left out must be
out, and every percentage that bounds must be a bound. Works on the words
`core.language.limits.bounds` works on.
"""

import re
from collections import Counter

from core.language.limits.bounds import (
    CAP_VERB,
    EXCLUDE_VERB,
    FILLS,
    LEAST,
    MOST,
    PERCENT,
    Limits,
    set_apart,
)
from core.language.limits.clauses import is_stated
from core.language.limits.passive import BY_OTHERS, LEFT_OUT, OUT_AFTER
from core.language.words.chat import LIST_WORDS
from core.language.words.numerals import number_of
from core.language.words.plain import PLAIN_WORDS

_NEAR = (
    r"(?:(?:the|my|our|all|any|every|of|both|whole|entire|everything|anything|everyone|stocks?"
    r"|names?|sectors?|companies|shares|exposure|in|to|from|het|toan bo|ca|hai|nhom|nganh|co phieu"
    r"|cac|vao|o|cua|ma) )*"
)
_LIST = r"<[0-9]+>(?: (?:(?:&|or|nor|plus|voi|hoac|lan|cung|nganh|nhom) )*<[0-9]+>)*"
_OUT = re.compile(
    r"\b(?:stay out of|stay away from|steer clear of|keep away from|get rid of|exclude"
    r"|excluding|leave out|leaving out|without|avoid|avoiding|remove|removing|except"
    r"|except for|ban|banning|skip|skipping|loai tru|loai bo|ngoai tru|khong mua|khong nam giu"
    rf"|khong giu|tranh|dung mua|dung giu|dung nam) {_NEAR}{_LIST}"
)
_LEFT_OUT = re.compile(
    rf"(?:{_LIST}) (?:(?:s|sector|stocks|nganh|nhom|exposure) )*{LEFT_OUT}{BY_OTHERS}"
)
_EITHER = re.compile(
    rf"\b(?:{EXCLUDE_VERB}|no) {FILLS}{_LIST} (?:& )?(?:{MOST}|{LEAST}) (?:of )?{PERCENT}"
    rf" (?:, )?{FILLS}(?:, )?<"
    rf"|\bdrop {FILLS}<[0-9]+> (?:& )?<[0-9]+> {FILLS}(?:{MOST}|{LEAST}|capped|limited|floored)"
)
"""Who is left out, or has the bound that follows."""
_NAMED = re.compile("<([0-9]+)>")
_STEP = (
    r"(?:(?!(?:gained|rose|fell|returned|rallied|added|lost|up|down|was|were|had|has|have|_)\b)"
    r"[^ .?!;:%<]+ )"
)
"""A word that tells of no return."""
_BETWEEN = rf"{_STEP}{{0,4}}?"
_MOST_AFTER = "(?:cap|limit|max|maximum|ceiling|tran|tro xuong|do lai)"
_LEAST_AFTER = "(?:floor|minimum|min|san|tro len)"
_PERCENT_2, _PERCENT_3 = (PERCENT.replace("number", f"number_{at}") for at in (2, 3))
_KINDS = tuple(
    (
        kind,
        re.compile(
            rf"\b(?:{bound}) {_STEP}{{0,3}}?{PERCENT}"
            rf"|\b(?:{verb}) {_BETWEEN}{_LIST} {_BETWEEN}{_PERCENT_2}|{_PERCENT_3} {after}\b"
        ),
    )
    for kind, bound, verb, after in (
        (
            "cap",
            f"{MOST}|capped|limited|(?<!market )cap|tran|chan|gioi han",
            f"{CAP_VERB}|max|maximum|toi da",
            _MOST_AFTER,
        ),
        (
            "floor",
            f"{LEAST}|floored|floor|san",
            "floor|dat san|san|min|minimum|toi thieu",
            _LEAST_AFTER,
        ),
    )
)
_LEAST = re.compile(rf"\b(?:{LEAST})\b")
_BEFORE = re.compile(rf"({_LIST}) {_BETWEEN}$")
_AFTER = re.compile(rf" {_BETWEEN}({_LIST})")
_AND_ANOTHER = re.compile(
    rf"\b(?:{MOST}|{LEAST}|{CAP_VERB}|capped|limited)[^.?!;:%]*%(?: (?:&|or|hoac))?"
    rf" {PERCENT}(?! {FILLS}<)"
)
_BANNED = re.compile(
    rf"(?:^|[.!;:&] )cam {_NEAR}{_LIST}(?= ?(?:[.!;:]|$)| [^.?!;:]*%)|\bno go {_LIST}"
    rf"|\b(?:khong|lenh|@) cam mua {_NEAR}{_LIST}(?=[^.?!;:]*%)"
    rf"|\bcam mua (?:(?!<)[^ .?!;:]+ ){{0,3}}?{_LIST}(?=.*%)"
)
"""Folded, what is banned is also what is held."""
_LISTED_AFTER = re.compile(
    rf"(?:^|[.?!;:] |(?P<word>[a-z]{{2,}}) ){FILLS}(?P<list><[0-9]+>(?: (?:& )?<[0-9]+>)+)"
    rf"(?= {FILLS}(?:{MOST}|{LEAST}|capped|limited|floored|cap|floor|tran|san) )"
)
_LEADS = (
    frozenset(
        f"{MOST}|{LEAST}|{CAP_VERB}|capped|limited|floor|floored|san|traders|then|roi|but|nhung|also"
        "|assume|assuming|suppose|supposing|given|while|when|only|both|either|neither".split("|")
    )
    | LIST_WORDS
)
"""Words that may stand before a list without doing anything to its first."""
_DOINGS = frozenset({"xa", "ngoai", "khoi", "bi", "ban", "yeu", "xau", "out", "pick", "ne"})
"""Plain words that do."""


def is_strange(words: str, limits: Limits, known: frozenset[str]) -> bool:
    """Tell whether a word of its own begins a list that shares a bound: "zap energy, tech max 5 %".

    It may say something of the first sector alone. `known` are words of any phrase.
    """
    told = set_apart(words)
    bounded = {phrase for phrase, _ in (*limits.caps, *limits.floors)}
    return any(
        match["word"] is not None
        and match["word"] not in (known | PLAIN_WORDS | _LEADS) - _DOINGS
        and bounded.issuperset(int(name) for name in _NAMED.findall(match["list"]))
        for match in _LISTED_AFTER.finditer(told)
    )


def is_dropped(words: str, limits: Limits) -> bool:
    """Tell whether a sector said to be left out or bounded is not, of the folded words."""
    told = set_apart(words)
    return (
        _stays_in(told, limits)
        or _stays_free(told, limits)
        or _stays_before_colon(told, limits)
        or _stays_unsaid(told, limits)
    )


def _stays_in(words: str, limits: Limits) -> bool:
    out = {*limits.excluded, *limits.lifted}
    found = (
        match
        for pattern in (_OUT, _LEFT_OUT, OUT_AFTER, _EITHER, _BANNED)
        for match in pattern.finditer(words)
    )
    return any(
        not out.issuperset(int(name) for name in _NAMED.findall(match[0]))
        and is_stated(words, match.start())
        for match in found
    )


_AFTER_COLON = re.compile(rf"({_LIST}) : (?:{MOST}|{LEAST}|cap|tran|san) (?:of )?{PERCENT}")
"""What bounds the list before it, and nothing else reads."""


def _stays_before_colon(words: str, limits: Limits) -> bool:
    bounded = {phrase for phrase, _ in (*limits.caps, *limits.floors)}
    return any(
        not bounded.issuperset(int(name) for name in _NAMED.findall(match[1]))
        and is_stated(words, match.start())
        for match in _AFTER_COLON.finditer(words)
    )


_ABOVE = r"(?:over|above|more than|greater than|higher than|tren|nhieu hon|cao hon|lon hon)"
_ENDS = r"(?= ?(?:[.;!&]|$)| (?:please|pls|thanks|thoi|nhe|nha)\b)"
_UNSAID = (
    re.compile(rf"<[0-9]+> {FILLS}(?:phai |nen )?{_ABOVE} {PERCENT}{_ENDS}"),
    re.compile(rf"\b{_ABOVE} {PERCENT} (?:in|into|vao|cho|o) {FILLS}<[0-9]+>{_ENDS}"),
    re.compile(
        rf"<[0-9]+> (?:should|must|needs? to|has to|ought to|phai|nen) {_STEP}{{0,4}}?{PERCENT}"
        rf"{_ENDS}"
    ),
)
"""What a sector is to have, in words that may tell of a return too."""
_RETURNS = re.compile(
    r"\b(?:gain|rise|fall|drop|return|rally|lose|grow|beat|outperform|underperform|yield|earn|climb"
    r"|tang|giam|lai|lo|sinh loi|mat)\b"
)


def _stays_unsaid(words: str, limits: Limits) -> bool:
    """Tell whether a sector is to have a percentage that is none of the bounds read."""
    read: set[float | None] = {bound for _, bound in (*limits.caps, *limits.floors)}
    read |= {limits.turnover_pct, limits.every_pct}
    return any(
        _percent(match) not in read
        and _RETURNS.search(match[0]) is None
        and is_stated(words, match.start())
        for pattern in _UNSAID
        for match in pattern.finditer(words)
    )


def _stays_free(words: str, limits: Limits) -> bool:
    """Tell whether a bound beside sectors is none of theirs, or a sector has two for one."""
    rows = {"cap": limits.caps, "floor": limits.floors}
    named = [int(name) for name in _NAMED.findall(words)]
    bounded = [phrase for phrase, _ in (*limits.caps, *limits.floors)]
    if any(bounded.count(phrase) > named.count(phrase) for phrase in bounded):
        return True
    if any(not _is_read(match, limits) for match in _AND_ANOTHER.finditer(words)):
        return True
    for kind, pattern in _KINDS:
        said: list[float] = []
        for match in pattern.finditer(words):
            beside = _beside(match)
            turned = kind == "cap" and _is_least(match)
            if not beside or turned or _is_read(match, limits):
                continue
            said.append(_percent(match))
            if not any((phrase, said[-1]) in rows[kind] for phrase in beside):
                return True
        if Counter(said) - Counter(bound for _, bound in rows[kind]):
            return True
    return False


def _beside(match: re.Match[str]) -> set[int]:
    """Return the sectors in a bound, else those on both sides of it."""
    inside = _NAMED.findall(match[0])
    if not inside:
        sides = (
            _BEFORE.search(match.string[: match.start()]),
            _AFTER.match(match.string, match.end()),
        )
        inside = [name for side in sides if side for name in _NAMED.findall(side[1])]
    return {int(name) for name in inside}


def _is_least(match: re.Match[str]) -> bool:
    """Tell whether words of a floor are part of what looks like a cap: "not below"."""
    return any(
        least.start() < match.end() and match.start() < least.end()
        for least in _LEAST.finditer(match.string)
    )


def _is_read(match: re.Match[str], limits: Limits) -> bool:
    """Tell whether a percentage bounds all sectors or turnover, or nothing that is stated."""
    if _percent(match) in {limits.turnover_pct, limits.every_pct}:
        return True
    return not is_stated(match.string, match.start())


def _percent(match: re.Match[str]) -> float:
    return number_of(next(number for number in match.groups() if number is not None))
