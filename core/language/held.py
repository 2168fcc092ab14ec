"""Reads a portfolio the user states in words; a percentage outside such a list is none of it.

Works on folded words joined by single spaces in which the n-th sector phrase stands as `<n>`, a
market as `@`, another topic as `_`, and symbols as they are.
"""

import re
from dataclasses import dataclass

from core.language.limits import ASKED, PERCENT, Limits, limits_in, sets_target
from core.language.numerals import number_of
from core.records.request import Language

LISTED_FROM = 2
"""From this many percentages on a list without an opening states a portfolio."""

_OPENS = re.compile(
    r"\b(?:(?:i|we)(?: (?:currently|now|already|am|are|have been))* (?:hold|own|have|holding)"
    r"|(?:my|our|current|the) (?:portfolio|holdings|positions|book|fund)"
    r"|(?:portfolio|holdings|positions|holding)(?= :)|currently hold(?:ing)?"
    r"|danh muc|co cau(?= :)|ty trong(?= :)"
    r"|(?:toi|minh|em|anh|quy|chung toi|ben em)(?: (?:dang|hien|tai|da))*"
    r" (?:giu|nam giu|nam|co|cam|om|so huu)|(?:dang|hien) (?:giu|nam giu|nam|cam|om|co))\b"
    r"(?: (?:is|are|has|holds|of|in|now|today|about|roughly|:|cua|toi|minh|em|anh|quy|chung|hien|"
    r"tai|nay|gom|co|la|nhu sau|dang|giu|nam|khoang))*"
)
_LINK = r"(?:(?:la|o|vao|in|into|of|nhom|nganh|cho|the|at|is|chiem|khoang|muc|stocks|@|_|:) )*"
_CASH = "(?:cash|tien mat|tien)"
_CASHED = re.compile(_CASH)
_REST = re.compile(
    r"(?:the |phan )?(?:rest|remainder|remaining|balance|con lai)"
    rf"(?: (?:is|in|as|all|held|la|o|de|bang|deu|toan))* {_CASH}\b"
)
_JOINS = re.compile(r"(?: (?:&|;|plus|with|cung|them|then|roi|con(?! lai)))* ?")
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
    limit and no target is stated.
    """
    item = _item(symbols)
    for opened in _OPENS.finditer(words):
        if not ASKED.search(words[: opened.start()]):
            found = _listed(words, opened.end(), item)
            if found is not None and (found.phrases or found.symbols or found.cash_pct):
                return found
    if limits_in(words, language) != Limits() or sets_target(words, Limits()):
        return None
    first = next((match for match in item.finditer(words)), None)
    if first is None or ASKED.search(words[: first.start()]):
        return None
    found = _listed(words, first.start(), item)
    if found is None or len(found.phrases) + len(found.symbols) + found.rest_cash < LISTED_FROM:
        return None
    return found


def _item(symbols: tuple[str, ...]) -> re.Pattern[str]:
    """Return the pattern of one entry: "30 % banks", "banks 30 %", a symbol or cash alike."""
    known = "|".join(re.escape(symbol.lower()) for symbol in symbols) or "(?!)"
    target = rf"(?P<target><[0-9]+>|(?:{known}|{_CASH})\b)"
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
        if last is not None:
            rest, end = True, last.end()
        elif entry is not None:
            percent = number_of(entry["number"] or entry["number_2"])
            entries.append((entry["target"] or entry["target_2"], percent))
            end = entry.end()
        else:
            break
        at = _after_joins(words, end)
    stray = _STRAY.match(words, at)
    if end == start and stray is None:
        return None
    cash = [percent for target, percent in entries if _CASHED.fullmatch(target)]
    return Held(
        phrases=_summed(entries, re.compile("<[0-9]+>")),
        symbols=_summed(entries, re.compile(rf"(?!{_CASH}$)[a-z].*")),
        cash_pct=sum(cash) if cash else None,
        rest_cash=rest,
        stray=stray[0] if stray else None,
        words=f"{words[:start]} ; {words[end:].lstrip()}",
    )


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
