"""Reads the limits a user states on sectors and turnover; a question about one states none.

Works on folded words joined by single spaces in which the n-th sector phrase stands as `<n>`, a
market as `@` and `and` as `&`.
"""

import re
from dataclasses import dataclass

from core.language.numerals import NUMBER, number_of
from core.records.request import Language

_MOST = (
    "at most|no more than|not more than|no higher than|up to|maximum|max|under|below|within|"
    "toi da|nhieu nhat|khong qua|khong vuot qua|khong vuot|duoi"
)
_FILL = (
    "the|my|our|all|any|every|sector|sectors|stocks|weight|weights|exposure|in|to|of|at|for|on|"
    "ty trong|nhom|nganh|co phieu|cho|vao|la|o|muc|con|xuong|tran|gioi han|cac|tat ca|@"
)
_CAP_VERB = (
    "cap|limit|keep|restrict|hold|bound|gioi han|han che|khong che|ap tran|dat tran|giu|tran|chan"
)
_EXCLUDE_VERB = (
    "exclude|excluding|leave out|drop|avoid|without|except|except for|ex|remove|skip|"
    "loai|loai bo|loai tru|bo|bo qua|bo ra|tru|ngoai tru|tranh|gat|khong|khong co|khong mua|"
    "khong nam giu|khong nam|khong giu|khong dau tu|khong dau tu vao|khong cam"
)
_FILLS = rf"(?:(?:{_FILL}) )*"
_LIMITS = rf"(?:(?:{_FILL}|{_MOST}|capped|limited|cap) )*"
_SECTORS = r"(?P<sectors><[0-9]+>(?: (?:(?:&|or|hoac|lan|cung|nganh|nhom) )*<[0-9]+>)*)"
PERCENT_SIGN = r"(?:%|percent|per cent|pct|phan tram)"
PERCENT = rf"(?P<number>{NUMBER}) ?{PERCENT_SIGN}"
"""A regular expression of one percentage in folded words."""
_SECTOR_FIRST = (
    re.compile(rf"\b(?:{_CAP_VERB}) {_FILLS}{_SECTORS} {_LIMITS}{PERCENT}"),
    re.compile(
        rf"{_SECTORS} {_FILLS}(?:capped|limited|cap|tran|{_MOST}) {_LIMITS}{PERCENT}",
    ),
)
_PERCENT_FIRST = (
    re.compile(rf"\b(?:{_MOST}|cap of|limit of) (?:of )?{PERCENT} {_FILLS}{_SECTORS}"),
    re.compile(rf"{PERCENT} (?:cap|limit|maximum|max) {_FILLS}{_SECTORS}"),
)
_NEXT_SECTOR_FIRST = re.compile(rf" (?:& )?{_FILLS}{_SECTORS} {_LIMITS}{PERCENT}")
_NEXT_PERCENT_FIRST = re.compile(rf" (?:& )?(?:(?:{_MOST}) )?{PERCENT} {_FILLS}{_SECTORS}")
_TURNOVER = re.compile(rf"\b(?:turnover|vong quay) {_LIMITS}{PERCENT}")
_PERCENT_TURNOVER = re.compile(rf"\b(?:{_MOST}) {PERCENT} {_FILLS}(?:turnover|vong quay)")
_ASKED = re.compile(
    r"(?:\b(?:should|why|did|does|is there|are there|co nen|tai sao|vi sao|sao lai)\b"
    r"|(?:^|[.?!;:] )(?:is|are|was|were|how)\b)[^.?!;:]*$"
)


@dataclass(frozen=True, slots=True)
class Limits:
    """Caps and exclusions by sector-phrase number, and a turnover limit; percents as said."""

    caps: tuple[tuple[int, float], ...] = ()
    excluded: tuple[int, ...] = ()
    turnover_pct: float | None = None

    @property
    def phrases(self) -> frozenset[int]:
        """The numbers of all sector phrases some limit is about."""
        return frozenset(self.excluded) | {phrase for phrase, _ in self.caps}


def limits_in(words: str, language: Language) -> Limits:
    """Return the limits stated in the words.

    "no energy" excludes in an English sentence only: folded, it is also Vietnamese for "debt".
    """
    caps: dict[int, float] = {}
    for pattern in (*_SECTOR_FIRST, *_PERCENT_FIRST):
        for match in pattern.finditer(words):
            for phrase, percent in _chain(match, words):
                caps.setdefault(phrase, percent)
    excluded = _excluded(words, language)
    turnover = _TURNOVER.search(words) or _PERCENT_TURNOVER.search(words)
    return Limits(
        caps=tuple(sorted((phrase, cap) for phrase, cap in caps.items() if phrase not in excluded)),
        excluded=tuple(sorted(excluded)),
        turnover_pct=number_of(turnover["number"]) if turnover else None,
    )


def _chain(first: re.Match[str], words: str) -> tuple[tuple[int, float], ...]:
    """Return the caps of a match and of what continues it: "tech at 20 %, energy at 10 %"."""
    if _ASKED.search(words[: first.start()]):
        return ()
    found: list[tuple[int, float]] = []
    match: re.Match[str] | None = first
    while match is not None:
        percent = number_of(match["number"])
        found += [(phrase, percent) for phrase in _phrases(match)]
        end = match.end()
        match = _NEXT_SECTOR_FIRST.match(words, end) or _NEXT_PERCENT_FIRST.match(words, end)
    return tuple(found)


def _excluded(words: str, language: Language) -> frozenset[int]:
    verbs = _EXCLUDE_VERB + ("|no|zero" if language == "en" else "")
    pattern = re.compile(rf"\b(?:{verbs}) {_FILLS}{_SECTORS}")
    found: set[int] = set()
    for match in pattern.finditer(words):
        if not _ASKED.search(words[: match.start()]):
            found.update(_phrases(match))
    return frozenset(found)


def _phrases(match: re.Match[str]) -> tuple[int, ...]:
    return tuple(int(number) for number in re.findall(r"<([0-9]+)>", match["sectors"]))
