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
_LEAST = (
    "at least|no less than|not less than|no lower than|not below|not under|never below|minimum|min|"
    "it nhat|toi thieu|khong duoi|khong it hon|khong thap hon"
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
_FLOORS = rf"(?:(?:{_FILL}|{_LEAST}|floored) )*"
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
_FLOOR_SECTOR_FIRST = (
    re.compile(rf"\b(?:floor|dat san|san) {_FILLS}{_SECTORS} {_FLOORS}{PERCENT}"),
    re.compile(rf"{_SECTORS} {_FILLS}(?:floor|floored|san|{_LEAST}) {_FLOORS}{PERCENT}"),
    re.compile(rf"{_SECTORS} {_FILLS}(?:tu )?{PERCENT} tro len"),
)
_FLOOR_PERCENT_FIRST = (
    re.compile(rf"\b(?:{_LEAST}|floor of) (?:of )?{PERCENT} {_FILLS}{_SECTORS}"),
    re.compile(rf"{PERCENT} (?:floor|minimum|min|tro len) {_FILLS}{_SECTORS}"),
)
_NEXT_FLOOR = re.compile(rf" (?:& )?(?:(?:{_LEAST}) )?{PERCENT} {_FILLS}{_SECTORS}")
_LIFT = r"\b(?:lift|remove|drop|undo|bo|go|go bo|huy)"
_BAN = r"(?:exclusions?|caps?|floors?|limits?|loai tru|gioi han|tran|san)"
_LIFTED = re.compile(
    rf"{_LIFT} {_FILLS}(?:{_BAN} {_FILLS}(?P<sectors><[0-9]+>)|(?P<before><[0-9]+>) {_BAN}\b)"
)
_SET = r"\b(?:set|fix|put|make|raise|increase|boost|bring|allocate|invest|dat|nang|dua|tang)"
_AIMS = rf"(?:(?:{_FILL}|target|up|muc tieu|len) )*"
_TARGETS = (
    re.compile(rf"{_SET} {_AIMS}{_SECTORS} {_AIMS}{PERCENT}"),
    re.compile(rf"{_SET} {_AIMS}{PERCENT} {_AIMS}{_SECTORS}"),
)
_TURNOVER = re.compile(rf"\b(?:turnover|vong quay) {_LIMITS}{PERCENT}")
_PERCENT_TURNOVER = re.compile(rf"\b(?:{_MOST}) {PERCENT} {_FILLS}(?:turnover|vong quay)")
ASKED = re.compile(
    r"(?:\b(?:should|why|did|does|is there|are there|co nen|tai sao|vi sao|sao lai)\b"
    r"|(?:^|[.?!;:] )(?:is|are|was|were|how)\b)[^.?!;:]*$"
)


@dataclass(frozen=True, slots=True)
class _Chain:
    """The forms a bound begins with, and those that continue it: "tech at 20 %, energy at 10 %"."""

    first: tuple[re.Pattern[str], ...]
    following: tuple[re.Pattern[str], ...]


_CAP_CHAIN = _Chain((*_SECTOR_FIRST, *_PERCENT_FIRST), (_NEXT_SECTOR_FIRST, _NEXT_PERCENT_FIRST))
_FLOOR_CHAIN = _Chain((*_FLOOR_SECTOR_FIRST, *_FLOOR_PERCENT_FIRST), (_NEXT_FLOOR,))


@dataclass(frozen=True, slots=True)
class Limits:
    """Caps, floors, exclusions and lifted limits by sector phrase, and a turnover limit, in %."""

    caps: tuple[tuple[int, float], ...] = ()
    floors: tuple[tuple[int, float], ...] = ()
    excluded: tuple[int, ...] = ()
    turnover_pct: float | None = None
    lifted: tuple[int, ...] = ()

    @property
    def phrases(self) -> frozenset[int]:
        """The numbers of all sector phrases some limit is about."""
        bounded = (phrase for phrase, _ in (*self.caps, *self.floors))
        return frozenset((*self.excluded, *self.lifted, *bounded))


def limits_in(words: str, language: Language) -> Limits:
    """Return the limits stated in the words.

    "no energy" excludes in an English sentence only: folded, it is also Vietnamese for "debt".
    """
    floors, words = _bounds(words, _FLOOR_CHAIN)
    caps, _ = _bounds(words, _CAP_CHAIN)
    lifted = {phrase for match in _LIFTED.finditer(words) for phrase in _phrases(match)}
    excluded = _excluded(words, language) - lifted
    taken = excluded | lifted
    turnover = _TURNOVER.search(words) or _PERCENT_TURNOVER.search(words)
    return Limits(
        caps=tuple(sorted((phrase, cap) for phrase, cap in caps.items() if phrase not in taken)),
        floors=tuple(
            sorted((phrase, low) for phrase, low in floors.items() if phrase not in taken)
        ),
        excluded=tuple(sorted(excluded)),
        turnover_pct=number_of(turnover["number"]) if turnover else None,
        lifted=tuple(sorted(lifted)),
    )


def sets_target(words: str, limits: Limits) -> bool:
    """Tell whether the words fix or raise a sector's weight, which no limit can do."""
    return any(
        not limits.phrases.intersection(_phrases(match))
        and not ASKED.search(words[: match.start()])
        for pattern in _TARGETS
        for match in pattern.finditer(words)
    )


def _bounds(words: str, chain: _Chain) -> tuple[dict[int, float], str]:
    """Return the bounds stated by phrase, the first one standing, and the words without them."""
    found: dict[int, float] = {}
    left = words
    for pattern in chain.first:
        for first in pattern.finditer(words):
            if ASKED.search(words[: first.start()]):
                continue
            end = first.end()
            match: re.Match[str] | None = first
            while match is not None:
                end = match.end()
                for phrase in _phrases(match):
                    found.setdefault(phrase, number_of(match["number"]))
                match = _continued(chain, words, end)
            left = left[: first.start()] + ";".ljust(end - first.start()) + left[end:]
    return found, left


def _continued(chain: _Chain, words: str, end: int) -> re.Match[str] | None:
    matches = (pattern.match(words, end) for pattern in chain.following)
    return next((match for match in matches if match is not None), None)


def _excluded(words: str, language: Language) -> frozenset[int]:
    verbs = _EXCLUDE_VERB + ("|no|zero" if language == "en" else "")
    pattern = re.compile(rf"\b(?:{verbs}) {_FILLS}{_SECTORS}")
    found: set[int] = set()
    for match in pattern.finditer(words):
        if not ASKED.search(words[: match.start()]):
            found.update(_phrases(match))
    return frozenset(found)


def _phrases(match: re.Match[str]) -> tuple[int, ...]:
    return tuple(int(number) for number in re.findall(r"<([0-9]+)>", match[0]))
