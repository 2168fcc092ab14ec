"""Reads the limits a user states on sectors and turnover; a question about one states none.

Works on folded words joined by single spaces in which the n-th sector phrase stands as `<n>`, a
market as `@` and `and` as `&`.
"""

import re
from dataclasses import dataclass

from core.language.limits.bounds_apart import parted
from core.language.limits.clauses import is_asked, is_stated
from core.language.limits.colloquial import in_usual_forms, is_between
from core.language.limits.passive import in_active
from core.language.words.fold import fold
from core.language.words.numerals import NUMBER, number_of
from core.records.request import Language

_NOT = "(?:can t|cant|can ?not|must not|mustn t|should not|shouldn t|may not|not|never|don ?t)"
MOST = (
    rf"{_NOT} (?:go |be |rise )?(?:over|above|beyond|exceed|higher than)|"
    "dung (?:(?:de|cho|co) )?(?:qua|vuot)|at most|no more than|not more than|no higher than|up to|"
    "maximum|max|under|below|within|toi da|nhieu nhat|khong qua|khong vuot qua|khong vuot|duoi"
)
LEAST = (
    "at least|no less than|not less than|no lower than|not below|not under|never below|minimum|min|"
    "it nhat|toi thieu|khong duoi|khong it hon|khong thap hon"
)
"""With `MOST`: words before a percentage that bound by it, alternatives of a pattern."""
FILL = (
    "the|my|our|all|any|every|each|sector|sectors|stocks|weight|weights|exposure|in|to|of|at|for|on|"
    "should be|must be|stay|stays|kept|be|ty trong|nhom|nganh|co phieu|cho|vao|la|o|muc|con|xuong|"
    "tran|gioi han|cac|tat ca|@"
)
CAP_VERB = (
    "cap|limit|keep|restrict|hold|bound|gioi han|han che|khong che|ap tran|dat tran|giu|tran|chan"
)
EXCLUDE_VERB = (
    "exclude|excluding|leave out|drop|avoid|without|except|except for|ex|remove|skip|ban|banning|"
    "loai|loai bo|loai tru|bo|bo qua|bo ra|tru|ngoai tru|tranh|gat|khong|khong co|khong mua|"
    "khong nam giu|khong nam|khong giu|khong dau tu|khong dau tu vao|khong cam|"
    "cam han|cam dau tu|cam dau tu vao|forbid|prohibit|blacklist|veto|disallow|"
    "(?<!@ )(?<!khong )(?<!lenh )cam mua(?: (?:han|mua|dau tu|dau tu vao|nam giu|giu|co|cam))?"
)
_IN = "(?:in|of|for|on|cho|vao|o)"
FILLS = rf"(?:(?:{FILL}) )*"
"""A regular expression of what may stand between a limit and what it is of."""
_LIMITS = rf"(?:(?:{FILL}|{MOST}|capped|limited|cap) )*"
_FLOORS = rf"(?:(?:{FILL}|{LEAST}|floored) )*"
SECTORS = r"(?P<sectors><[0-9]+>(?: (?:(?:&|or|nor|plus|voi|hoac|lan|cung|nganh|nhom) )*<[0-9]+>)*)"
PERCENT_SIGN = r"(?:%|percent|per cent|pct|phan tram)"
PERCENT = rf"(?P<number>{NUMBER}) ?{PERCENT_SIGN}"
"""A regular expression of one percentage in folded words."""
_BASIS_POINTS = re.compile(rf"\b({NUMBER}) ?(?:basis points?|bps?|diem co ban)\b")
_FRACTION = re.compile(rf"\b(0[.,][0-9]+)\b(?! ?{PERCENT_SIGN})(?! (?:points?|pp|diem)\b)")
"""A number between none and one without a sign: a share of the whole."""
_PARTS = {"half": 50.0, "third": 33.3, "quarter": 25.0, "fifth": 20.0, "tenth": 10.0}
_PART = re.compile(
    rf"\b(?:(?:a|one) )?({'|'.join(_PARTS)}) of (?:the|my|our) "
    r"(?:book|portfolio|fund|money|capital|assets|total|whole)\b"
)
"""A part of the whole in words; a third is read as 33.3 %."""
_RANGE = re.compile(
    rf"(<[0-9]+>) {FILLS}(?:between|from|tu|trong khoang) ({NUMBER}) ?{PERCENT_SIGN}? "
    rf"(?:&|to|den|toi) ({NUMBER}) ?{PERCENT_SIGN}"
)
_BELOW_NOTHING = re.compile(
    r"\b(?:at|to|of|than|most|least|under|below|within|muc|la|qua|da|thieu|duoi)\s+"
    rf"(?P<said>-\s?[0-9]+(?:[.,][0-9]+)?)\s?{PERCENT_SIGN}"
)
_BARE_PARTS = {**_PARTS, "ba": 33.3, "tu": 25.0, "nam": 20.0, "muoi": 10.0}
_BARE_PART = re.compile(
    rf"\b((?:{MOST}|{LEAST}) )(?:(?:a|one) (half|third|fifth|tenth)"
    r"|(?:mot|1) phan (ba|tu|nam|muoi))\b"
)
"""A part right after what bounds by it; a bare quarter is a length of time too."""
_BOUND = re.compile(rf"\b(?:{MOST}|{LEAST}|floor|san) (?:of )?{PERCENT}")
_OTHER_BOUND = re.compile(rf"{PERCENT}|\b(?:{CAP_VERB}) {FILLS}<")
_BETWEEN = re.compile(rf" (?:(?:{FILL}|&|or|hoac|lan|cung|{_IN}) )*")
EVERY = r"(?:every|each|all|any|moi|moi mot|tat ca|tat ca cac|tung|cac)"
OVER = "exceeds?|above|over|more than|beyond|qua|vuot|vuot qua|tren"
"""Words before a percentage that, refused, bound by it, alternatives of a pattern."""
_EACH = r"(?:(?:moi|tung) (?:nganh|nhom|cai|ben) )?"
ANY_SECTOR = (
    r"(?:of )?(?:the )?(?:(?:single|one|given|individual) )*(?:sectors?|nganh|nhom nganh|nhom)"
)
_ALL_SECTORS = (
    re.compile(rf"\b(?:{CAP_VERB}) {EVERY} {ANY_SECTOR} {_LIMITS}{PERCENT}"),
    re.compile(
        rf"(?<!> )\b{EVERY} {ANY_SECTOR} {FILLS}(?:capped|limited|{MOST}) {_LIMITS}{PERCENT}"
    ),
    re.compile(
        rf"\b(?:no|khong) {ANY_SECTOR} (?:\S+ ){{0,3}}?"
        rf"(?:{OVER}) {FILLS}{PERCENT}"
    ),
    re.compile(rf"\b(?:{MOST}) {PERCENT} (?:in |for |cho |moi )?(?:per|{EVERY}) {ANY_SECTOR}"),
)
_SECTOR_FIRST = (
    re.compile(rf"\b(?:{CAP_VERB}) {FILLS}{SECTORS} {_LIMITS}{PERCENT}"),
    re.compile(
        rf"{SECTORS} {_EACH}{FILLS}(?:capped|limited|cap|tran|{MOST}) {_LIMITS}{PERCENT}",
    ),
)
_MOST_IN = re.compile(rf"\b(?:{MOST}) {PERCENT} {_IN} {FILLS}{SECTORS}")
_LEAST_IN = re.compile(rf"\b(?:{LEAST}) {PERCENT} {_IN} {FILLS}{SECTORS}")
"""Read before all others: what follows "in" is what is bound, not what stood before."""
_PERCENT_FIRST = (
    re.compile(rf"\b(?:{MOST}|cap of|limit of) (?:of )?{PERCENT} {FILLS}{SECTORS}"),
    re.compile(rf"{PERCENT} (?:cap|limit|maximum|max) {FILLS}{SECTORS}"),
)
_NEXT_SECTOR_FIRST = re.compile(rf" (?:& )?{FILLS}{SECTORS} {_LIMITS}{PERCENT}")
_NEXT_PERCENT_FIRST = re.compile(rf" (?:& )?(?:(?:{MOST}) )?{PERCENT} {FILLS}{SECTORS}")
_FLOOR_SECTOR_FIRST = (
    re.compile(rf"\b(?:floor|dat san|san) {FILLS}{SECTORS} {_FLOORS}{PERCENT}"),
    re.compile(rf"{SECTORS} {FILLS}(?:floor|floored|san|{LEAST}) {_FLOORS}{PERCENT}"),
    re.compile(rf"{SECTORS} {FILLS}(?:tu )?{PERCENT} tro len"),
)
_FLOOR_PERCENT_FIRST = (
    re.compile(rf"\b(?:{LEAST}|floor of) (?:of )?{PERCENT} {FILLS}{SECTORS}"),
    re.compile(rf"{PERCENT} (?:floor|minimum|min|tro len) {FILLS}{SECTORS}"),
)
_NEXT_FLOOR = re.compile(rf" (?:& )?(?:(?:{LEAST}) )?{PERCENT} {FILLS}{SECTORS}")
_OUT_THEN_BOUND = re.compile(
    rf"(\b(?:{EXCLUDE_VERB}|no) {FILLS}<[0-9]+>(?: (?:(?:&|or|voi|hoac) )?<[0-9]+>)*?) "
    r"(?:(?<!\bdrop <[0-9]> )(?:&|but|nhung) )?"
    rf"(?=<[0-9]+> {FILLS}(?:{MOST}|{LEAST}|capped|limited|floored|tran|san) )"
)
"""Who is left out, before the next is bound: "without energy, tech at most 20 %"."""
_LIFT = r"\b(?:lift|remove|drop|undo|forget|ignore|cancel|without|bo|go|go bo|huy|xoa)"
_BAN = r"(?:exclusions?|caps?|floors?|limits?|loai tru|gioi han|tran|san)"
_LIFTED = re.compile(
    rf"{_LIFT} {FILLS}(?:{_BAN} {FILLS}(?P<sectors><[0-9]+>)"
    rf"|(?P<before><[0-9]+>) {_BAN}\b(?! {FILLS}<))"
)
_TURNOVER = re.compile(rf"\b(?:turnover|vong quay) {_LIMITS}{PERCENT}")
_PERCENT_TURNOVER = re.compile(rf"\b(?:{MOST}) {PERCENT} {FILLS}(?:turnover|vong quay)")


@dataclass(frozen=True, slots=True)
class _Chain:
    """The forms a bound begins with, and those that continue it: "tech at 20 %, energy at 10 %"."""

    first: tuple[re.Pattern[str], ...]
    following: tuple[re.Pattern[str], ...]


_CAP_CHAIN = _Chain(
    (_MOST_IN, *_SECTOR_FIRST, *_PERCENT_FIRST, *_ALL_SECTORS),
    (_NEXT_SECTOR_FIRST, _NEXT_PERCENT_FIRST),
)
_FLOOR_CHAIN = _Chain((_LEAST_IN, *_FLOOR_SECTOR_FIRST, *_FLOOR_PERCENT_FIRST), (_NEXT_FLOOR,))


@dataclass(frozen=True, slots=True)
class Limits:
    """Caps, floors, exclusions and lifted limits by sector phrase, and a turnover limit, in %.

    `every_pct` is the cap of every sector alike.
    """

    caps: tuple[tuple[int, float], ...] = ()
    floors: tuple[tuple[int, float], ...] = ()
    excluded: tuple[int, ...] = ()
    turnover_pct: float | None = None
    lifted: tuple[int, ...] = ()
    every_pct: float | None = None

    @property
    def phrases(self) -> frozenset[int]:
        """The numbers of all sector phrases some limit is about."""
        bounded = (phrase for phrase, _ in (*self.caps, *self.floors))
        return frozenset((*self.excluded, *self.lifted, *bounded))


def limits_in(words: str, language: Language) -> Limits:
    """Return the limits stated in the words.

    "no energy" excludes in an English sentence only: folded, it is also Vietnamese for "debt".
    """
    words = set_apart(words)
    floors, words = _bounds(words, _FLOOR_CHAIN)
    caps, rest = _bounds(words, _CAP_CHAIN)
    lifted = {phrase for match in _LIFTED.finditer(words) for phrase in phrases_in(match)}
    excluded = _excluded(rest, language) - lifted
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
        every_pct=_every(words),
    )


def set_apart(words: str) -> str:
    """Return the words in percent, limits that stand side by side parted."""
    words = _OUT_THEN_BOUND.sub(r"\1 ; ", in_percent(words))
    return _parted(words) or words


def in_percent(words: str) -> str:
    """Return the words with basis points and shares of the whole written as percentages.

    A range becomes a floor and a cap.
    """
    words = _PART.sub(lambda match: f"{_PARTS[match[1]]} %", words)
    words = _BARE_PART.sub(lambda m: f"{m[1]}{_BARE_PARTS[m[2] or m[3]]} %", words)
    words = _RANGE.sub(r"\1 at least \2 % ; \1 at most \3 %", words)
    words = _BASIS_POINTS.sub(lambda match: f"{number_of(match[1]) / 100:.4f} %", words)
    words = _FRACTION.sub(lambda match: f"{100 * number_of(match[1]):.4f} %", words)
    return in_usual_forms(in_active(words))


def is_open(words: str) -> bool:
    """Tell whether a sector could be either neighbour's, of two bounds in a clause."""
    told = in_percent(words)
    return is_between(told) or _parted(told) is None


def _parted(words: str) -> str | None:
    return parted(words, _BOUND, _OTHER_BOUND, _BETWEEN)


def below_nothing(source: str) -> str | None:
    """Return the number of a limit below zero, as the text writes it; folded words have no sign."""
    found = _BELOW_NOTHING.search(fold(source).text)
    return found["said"] if found else None


def _every(words: str) -> float | None:
    """Return the cap stated of every sector alike, the tightest."""
    found = [
        number_of(match["number"])
        for pattern in _ALL_SECTORS
        for match in pattern.finditer(words)
        if not is_asked(words, match.start())
    ]
    return min(found, default=None)


def _bounds(words: str, chain: _Chain) -> tuple[dict[int, float], str]:
    """Return the bounds stated by phrase, the first one standing, and the words without them."""
    found: dict[int, float] = {}
    left = words
    for pattern in chain.first:
        for first in pattern.finditer(left):
            if not is_stated(words, first.start()):
                continue
            end = first.end()
            match: re.Match[str] | None = first
            while match is not None:
                end = match.end()
                for phrase in phrases_in(match):
                    found.setdefault(phrase, number_of(match["number"]))
                match = _continued(chain, words, end)
            left = left[: first.start()] + ";".ljust(end - first.start()) + left[end:]
    return found, left


def _continued(chain: _Chain, words: str, end: int) -> re.Match[str] | None:
    matches = (pattern.match(words, end) for pattern in chain.following)
    return next((match for match in matches if match is not None), None)


def _excluded(words: str, language: Language) -> frozenset[int]:
    verbs = EXCLUDE_VERB + ("|no|zero" if language == "en" else "")
    pattern = re.compile(rf"\b(?:{verbs}) {FILLS}{SECTORS}")
    found: set[int] = set()
    for match in pattern.finditer(words):
        if is_stated(words, match.start()):
            found.update(phrases_in(match))
    return frozenset(found)


def phrases_in(match: re.Match[str]) -> tuple[int, ...]:
    """Return the numbers of the sector phrases in a match."""
    return tuple(int(number) for number in re.findall(r"<([0-9]+)>", match[0]))
