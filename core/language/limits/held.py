"""Reads a portfolio the user states in words; a percentage outside such a list is none of it.

Works on folded words joined by single spaces in which the n-th sector phrase stands as `<n>`, a
market as `@`, another topic as `_`, and symbols as they are.
"""

import re
from dataclasses import dataclass

from core.language.limits.bounds import PERCENT, Limits, limits_in
from core.language.limits.clauses import is_asked
from core.language.limits.owned import CASH, OPENS, in_shares
from core.language.limits.targets import sets_target
from core.language.words.numerals import number_of
from core.language.words.plain import PLAIN_WORDS
from core.records.request import Language

WHOLE_PCT = 100.0
LISTED_FROM = 2
"""From this many percentages on a list without an opening states a portfolio."""

_LINK = (
    r"(?:(?:la|o|vao|trong|in|into|of|nhom|nganh|cho|the|at|is|chiem|khoang|muc|stocks|@|_|:) )*"
)
_CASHED = re.compile(CASH)
_REST_OF = (
    r"(?:the |phan |so )?(?:rest|remainder|remaining|balance|bal|leftover|con lai"
    r"|du(?= (?:la |de |giu |o |thi )?tien\b))(?: of (?:it|my money|that))?"
    r"(?: (?:is|in|into|as|all|held|la|o|vao|trong|de|bang|deu|toan))*"
)
_REST = re.compile(rf"{_REST_OF} (?:{CASH}\b|(?P<target><[0-9]+>))")
_REST_ELSE = re.compile(
    rf"{_REST_OF}(?:(?<= in)|(?<= into)|(?<= la)|(?<= vao)|(?<= trong)) [a-z]+"
    rf"|{_REST_OF} (?P<named>[a-z]+)(?= ?(?:[.?!;:&]|$))"
)
_JOINS = re.compile(r"(?: (?:&|;|plus|with|cung|them|then|roi|con(?! lai)))* ?")
_WISHES = re.compile(
    r"\b(?:want|wish|like|prefer|plan|planning|aim|intend|consider|considering|thinking|muon|dinh"
    r"|du dinh|du tinh|mong|nen|can)\b[^.?!;:]*$"
)
"""What somebody wishes to hold is not held."""
_TELLS = re.compile(
    r"(?:are|is|were|was|have|has|had|fell|rise|rose|fall|gain|gained|lost|up|down|tang|giam|dang"
    r"|deu|da|_)\b"
)
"""What follows parts that are told of, not held: "half of both lead", "60/40 odds"."""
_STRAY = re.compile(rf"{PERCENT}(?: (?!<|&|;)\S+){{0,2}}")


@dataclass(frozen=True, slots=True)
class Held:
    """What is held, in percent: by sector phrase `<n>`, by folded symbol, and in cash.

    `rest_cash` says that all the rest is cash, `stray` what was listed and is neither; `words` are
    the words without the list.
    """

    phrases: tuple[tuple[str, float], ...]
    symbols: tuple[tuple[str, float], ...]
    cash_pct: float | None
    rest_cash: bool
    stray: str | None
    words: str

    @property
    def total_pct(self) -> float:
        """The sum of all percentages stated."""
        listed = (percent for _, percent in (*self.phrases, *self.symbols))
        return sum(listed) + (self.cash_pct or 0.0)


def held_in(words: str, symbols: tuple[str, ...], language: Language) -> Held | None:
    """Return the portfolio stated; None when none is.

    It is opened by words such as "I hold" or "danh mục:", or is a list of percentages where no
    limit, no target and no wish is stated.
    """
    stated, words = words, in_shares(words, symbols)
    item = _item(symbols)
    for opened in OPENS.finditer(words):
        if not is_asked(words, opened.start()):
            found = _listed(words, opened.end(), item)
            if found is not None and (found.phrases or found.symbols or found.cash_pct):
                return found
    if limits_in(words, language) != Limits() or sets_target(words, Limits()):
        return None
    first = next((match for match in item.finditer(words)), None)
    before = words[: first.start()] if first is not None else ""
    if first is None or is_asked(words, first.start()) or _WISHES.search(before):
        return None
    found = _listed(words, first.start(), item)
    if found is None or _count(found) < LISTED_FROM:
        return None
    told = stated != words and _TELLS.match(found.words.removeprefix(f"{before} ; "))
    return None if told else found


def _count(found: Held) -> int:
    """Return how many parts of a portfolio are said, one of another kind than ours included."""
    other = found.stray is not None and _REST_ELSE.fullmatch(found.stray) is not None
    cash = found.rest_cash or found.cash_pct is not None
    return len(found.phrases) + len(found.symbols) + cash + other


def _item(symbols: tuple[str, ...]) -> re.Pattern[str]:
    """Return the pattern of one entry: "30 % banks", "banks 30 %", a symbol or cash alike."""
    known = "|".join(re.escape(symbol.lower()) for symbol in symbols) or "(?!)"
    target = rf"(?P<target><[0-9]+>|(?:{known}|{CASH})\b)"
    last = (
        target.replace("target", "target_2") + rf" {_LINK}" + PERCENT.replace("number", "number_2")
    )
    return re.compile(rf"(?:{PERCENT} {_LINK}{target}|{last})")


def _listed(words: str, start: int, item: re.Pattern[str]) -> Held | None:
    """Return the list that begins there; None when no entry follows at once."""
    entries: list[tuple[str, float]] = []
    rest, end, at = False, start, _after_joins(words, start)
    while True:
        last, entry = _REST.match(words, at), item.match(words, at)
        if last is not None and last["target"] and entries:
            left = WHOLE_PCT - sum(percent for _, percent in entries)
            entries.append((last["target"], max(left, 0.0)))
            end = last.end()
        elif last is not None:
            rest, end = True, last.end()
        elif entry is not None:
            percent = number_of(entry["number"] or entry["number_2"])
            entries.append((entry["target"] or entry["target_2"], percent))
            end = entry.end()
        else:
            break
        at = _after_joins(words, end)
    stray = _STRAY.match(words, at) or (_rest_else(words, at) if entries else None)
    if end == start and stray is None:
        return None
    cash = [percent for target, percent in entries if _CASHED.fullmatch(target)]
    return Held(
        phrases=_summed(entries, re.compile("<[0-9]+>")),
        symbols=_summed(entries, re.compile(rf"(?!{CASH}$)[a-z].*")),
        cash_pct=sum(cash) if cash else None,
        rest_cash=rest,
        stray=stray[0] if stray else None,
        words=f"{words[:start]} ; {words[end:].lstrip()}",
    )


def _rest_else(words: str, at: int) -> re.Match[str] | None:
    """Return what the rest is said to be where that is neither cash nor a sector."""
    found = _REST_ELSE.match(words, at)
    return None if found is None or found["named"] in PLAIN_WORDS else found


def _summed(
    entries: list[tuple[str, float]], named: re.Pattern[str]
) -> tuple[tuple[str, float], ...]:
    """Return the entries of that kind, a name said twice summed."""
    sums: dict[str, float] = {}
    for target, percent in entries:
        if named.fullmatch(target):
            sums[target] = sums.get(target, 0.0) + percent
    return tuple(sums.items())


def _after_joins(words: str, at: int) -> int:
    joined = _JOINS.match(words, at)
    return joined.end() if joined else at
