"""Writes parts of what the user owns as percentages: "half my money", "60/40", "equally".

Works on folded words joined by single spaces in which the n-th sector phrase stands as `<n>`. It
rewrites only where a possession is stated or a clause begins, and decides no holding.
"""

import re
from collections.abc import Callable
from functools import partial

from core.language.limits.bounds import PERCENT
from core.language.times.durations import UNITS
from core.language.words.numerals import NUMBER, number_of

UNNAMED = PERCENT.replace("?P<number>", "?:")
"""A percentage, its number in no group."""
CASH = "(?:cash|tien mat|tien)"
"""What cash is called."""
_WEALTH = (
    "money|portfolio|book|fund|capital|assets|savings|wealth|account|investments|holdings|positions"
)
_WEALTH_VI = "tien|von|danh muc|tai san|tai khoan"
OPENS = re.compile(
    r"\b(?:(?:i|we)(?: (?:currently|now|already|am|are|ve|have|been))* (?:hold|own|have|holding)"
    rf"|(?:my|our) (?:{_WEALTH})|(?:current|the) (?:portfolio|holdings|positions|book|fund)"
    r"|(?:portfolio|holdings|positions|holding)(?= :)|currently hold(?:ing)?"
    r"|danh muc|(?:dm|tai khoan)(?= (?:cua|hien|nay|toi|minh|em)\b)|ty trong(?= :)"
    r"|co cau(?=(?: (?:hien|tai|nay|danh|muc|cua|toi|minh|em))* :)"
    rf"|(?:i|we) (?:m|am|re|are)(?= (?:(?:at|in|about|around|currently|now|roughly) )*{UNNAMED})"
    r"|(?:toi|minh|em|anh|quy|chung toi|ben em)(?: (?:dang|hien|tai|da))*"
    r" (?:giu|nam giu|nam|co|cam|om|kep|so huu)|(?:dang|hien) (?:giu|nam giu|nam|cam|om|kep|co))\b"
    r"(?: (?:is|are|has|holds|of|in|now|today|about|roughly|:|cua|toi|minh|em|anh|quy|chung|hien|"
    r"tai|nay|gom|co|la|nhu sau|dang|giu|nam|khoang))*"
)
"""Words a stated portfolio begins with."""
_OWNED = (
    rf"(?: (?:of )?(?:all )?(?:my|our)(?: (?:own|whole|entire|total))? (?:{_WEALTH})\b"
    rf"| of (?:it|that|the (?:{_WEALTH}))\b"
    rf"| (?:so |tong )?(?:{_WEALTH_VI})\b(?! mat\b)"
    r"(?: (?:dau tu|nhan roi|cua|toi|minh|em|anh|quy))*)"
)
_DIVIDED = {
    "half": 2, "third": 3, "thirds": 3, "quarter": 4, "quarters": 4, "fifth": 5, "fifths": 5,
    "tenth": 10, "tenths": 10, "nua": 2, "ba": 3, "tu": 4, "nam": 5, "muoi": 10, "3": 3, "4": 4,
    "5": 5, "10": 10, "2": 2,
}  # fmt: skip
_PART = (
    r"(?:(?:(?P<some>a|one|the other|another|other|two|three|four|[1-4]) )?"
    r"(?P<of>half|thirds?|quarters?|fifths?|tenths?)"
    r"|(?P<some_vi>mot|hai|ba|bon|[1-4]) phan (?P<of_vi>ba|tu|nam|muoi|3|4|5|10)"
    r"|(?:mot |1 |phan )?(?P<half_vi>nua)(?: (?:con lai|kia))?"
    r"|(?P<over>[1-4]) (?P<under>2|3|4|5|10))"
)
_SOME = {"two": 2, "three": 3, "four": 4, "hai": 2, "ba": 3, "bon": 4, "2": 2, "3": 3, "4": 4}
_ALL = r"(?P<all>all(?: of)?|everything|toan bo|tat ca|het)"
OWNED_PART = rf"(?:{_PART}|{PERCENT}){_OWNED}"
"""A part of what is the user's, in words or in percent."""
_IS = r"(?: (?:is|are|s|sits|lies|invested|held|parked|stuck|dang|hien|nam|duoc|da|dau tu|giu|de))*"
_TO = r"(?: (?:in|into|la|o|vao|trong|tai|cho|nhom|nganh|stocks|_|@|:))*"
_OF_PARTS = rf"(?:{NUMBER}) (?:parts?|phan)\b(?! ?(?:tram|nghin|{NUMBER}))"
"""So many parts of all parts: "7 parts banks, 3 parts brokers"."""
_RATIO = r"(?P<ratio>[0-9]{1,2}(?:(?: :)? [0-9]{1,2})+)"
_WITH = (
    r"(?: (?:split|mix|ratio|in|into|of|on|at|between|across|vao|o|trong|cho|giua|la|ty le|muc|:"
    r"|chia|theo))*"
)
_EACH = r"(?:each|apiece|moi (?:nganh|thu|ben|nhom|cai|ma))"
_EQUALLY = (
    r"(?:equally|evenly|equal parts(?: of)?|in equal (?:parts|amounts|shares)|half each"
    rf"|(?:chia )?deu(?: nhau)?|bang nhau|ngang nhau|{_EACH.replace('each|apiece|', '')} mot nua)"
)
_ALL_IN = (
    r"\b(?:(?:i|we)(?: (?:m|am|are|re|ve|have|went|gone|currently))* all in"
    r"|(?:dang|hien|toi|minh|em|tai khoan|danh muc)(?: (?:dang|hien|tai|da|cua|toi|minh|em))*"
    r" (?:full|all in|tat tay)"
    r"|(?<![a-z] )(?:full|all in|tat tay)(?= (?:<[0-9]+>|[a-z0-9]+) roi\b))"
    r"(?: (?:on|in|into|to|with|the|vao|o|con|ma|het))*"
)
"""Words for the whole of what somebody owns in one thing."""
_SPREAD = r"(?: (?:split|divided|spread|between|among|across|in|into|cho|giua|vao|o|trong|chia))*"
_BEFORE = re.compile(
    rf"(?:^|[.?!;:&] |> |\b{CASH} |{OPENS.pattern} )"
    r"(?:(?:(?:ve|have|had) (?:put|got|invested)|da (?:bo|de|dau tu|rot)|so|hi|hello|well|with"
    r"|about|roughly|currently|now|today|hien|tai|khoang|dang|toi|minh|em|if|what if|suppose|say"
    r"|given|because|since|the|then|plus|but|i|m|we|am|are|im|them|cung|roi|con|already|neu|gia su"
    r"|ty le|theo|chia|la|also|giu|cam|om|kep|hold|holding|own|owning|long|got) )*$"
)
"""What may stand before a part: a clause's beginning, a possession or the entry before it."""
_OPENED = re.compile(rf"{OPENS.pattern} (?:(?:{_WEALTH}|is|are|la|dang|chia|split) )*$")
"""What must stand before names that are held in equal parts."""

_PLANNED = re.compile(rf"{_TO} <[0-9]+> (?:thi )?(?:co )?nen khong\b")
"""Asked whether to do, not said to be done."""


def in_shares(words: str, symbols: tuple[str, ...]) -> str:
    """Return the words with parts of what is owned written as percentages of a list."""
    target = target_of(symbols)
    several = rf"(?P<several>{target}(?: (?:& )?{target}){{1,12}})"
    words = words.replace("fifty fifty", "50 50").replace("half & half", "50 50")
    words = re.sub(rf"{_ALL_IN} (?={target}(?! (?:& )?{target}))", "my portfolio : 100 % ", words)
    for pattern, write in _forms(several, target):
        words = _rewritten(words, pattern, write)
    part = rf"(?:{_PART}|{_ALL}|{PERCENT})(?P<owned>{_OWNED})?{_IS}(?={_TO} {target})"
    return _rewritten(words, re.compile(rf"\b{part}"), _part_written)


def parts_in_percent(words: str) -> str:
    """Return the words with every part of a sector or of cash as a percentage, whoever owns it."""
    part = rf"\b(?:{_PART}|{_ALL}|{PERCENT})(?P<owned>{_OWNED})?{_IS}(?={_TO} {target_of(())})"
    return re.sub(part, lambda match: f"{_percent(match):g} %", words)


def target_of(symbols: tuple[str, ...]) -> str:
    """Return the pattern of what can be held: a sector, one of these symbols, cash."""
    known = "|".join(re.escape(symbol.lower()) for symbol in symbols) or "(?!)"
    return rf"(?:<[0-9]+>|(?:{known}|{CASH})\b)"


Write = Callable[[re.Match[str], str], str | None]


def _forms(several: str, target: str) -> tuple[tuple[re.Pattern[str], Write], ...]:
    """Return the forms in which several names share one number or one word, and what each says."""
    first, last = (rf"{_OF_PARTS}{_TO} {target}", rf"{target}{_TO} {_OF_PARTS}")
    return (
        (
            re.compile(rf"\b{first}(?: (?:& )?{first}){{1,11}}(?! {_OF_PARTS})"),
            partial(_by_parts, target=target),
        ),
        (re.compile(rf"{last}(?: (?:& )?{last}){{1,11}}"), partial(_by_parts, target=target)),
        (re.compile(rf"\b{_RATIO}{_WITH} {several}"), _by_ratio),
        (re.compile(rf"{several}{_WITH} {_RATIO}(?! ?%)(?! (?:{UNITS})\b)"), _by_ratio),
        (re.compile(rf"\b{PERCENT} {_EACH}{_WITH} {several}"), _each),
        (re.compile(rf"{several}{_WITH} {PERCENT} {_EACH}"), _each),
        (re.compile(rf"{several} {_EACH}{_WITH} {PERCENT}"), _each),
        (re.compile(rf"{several}{_SPREAD} {_EQUALLY}(?! weighted)"), _equally),
        (re.compile(rf"(?:(?:split|divided|spread) )?{_EQUALLY}{_SPREAD} {several}"), _equally),
    )


def _rewritten(words: str, pattern: re.Pattern[str], write: Write) -> str:
    """Return the words with each match that `write` can say replaced, from left to right."""
    at = 0
    while (match := pattern.search(words, at)) is not None:
        said = write(match, words[: match.start()])
        at = match.end()
        if said is not None:
            words = words[: match.start()] + said + words[match.end() :]
            at = match.start() + len(said)
    return words


def _part_written(match: re.Match[str], before: str) -> str | None:
    stated = match["number"] is not None
    if (stated or match["all"]) and not match["owned"]:
        return None
    if _BEFORE.search(before) is None or _PLANNED.match(match.string, match.end()):
        return None
    listed = re.search(rf"(?:> |\b{CASH} )(?:& )?$", before) is not None
    opening = "my portfolio : " if match["owned"] and not listed else ""
    return f"{opening}{_percent(match):g} %"


def _percent(match: re.Match[str]) -> float:
    """Return the percentage a part says; a third is read to four digits."""
    if match["number"] is not None:
        return number_of(match["number"])
    if match["all"]:
        return 100.0
    if match["over"]:
        return round(100 * int(match["over"]) / int(match["under"]), 4)
    some = _SOME.get(match["some"] or match["some_vi"] or "", 1)
    return round(100 * some / _DIVIDED[match["of"] or match["of_vi"] or match["half_vi"]], 4)


def _by_ratio(match: re.Match[str], before: str) -> str | None:
    parts = [float(part) for part in match["ratio"].replace(":", " ").split()]
    names = _names(match)
    if len(parts) != len(names) or sum(parts) != 100.0 or _BEFORE.search(before) is None:
        return None
    return _list(names, parts)


def _by_parts(match: re.Match[str], before: str, *, target: str) -> str | None:
    parts = [number_of(number) for number in re.findall(_OF_PARTS.replace("?:", "", 1), match[0])]
    names = [name.replace("tien mat", "cash") for name in re.findall(target, match[0])]
    if len(parts) != len(names) or not sum(parts) or _BEFORE.search(before) is None:
        return None
    return _list(names, [round(100 * part / sum(parts), 4) for part in parts])


def _each(match: re.Match[str], before: str) -> str | None:
    names = _names(match)
    if _BEFORE.search(before) is None:
        return None
    return _list(names, [number_of(match["number"])] * len(names))


def _equally(match: re.Match[str], before: str) -> str | None:
    names = _names(match)
    if _OPENED.search(before) is None:
        return None
    return _list(names, [round(100 / len(names), 4)] * len(names))


def _names(match: re.Match[str]) -> list[str]:
    return [name for name in match["several"].replace("tien mat", "cash").split() if name != "&"]


def _list(names: list[str], percents: list[float]) -> str:
    return " & ".join(f"{part:g} % {name}" for part, name in zip(percents, names, strict=True))
