"""Reads how long a question looks ahead or back; which horizons are served is the caller's.

Works on folded words joined by single spaces, in which a recognised phrase stands as `_` and the
words "instead of" as `instead`.
"""

import re
from dataclasses import dataclass
from typing import Literal

from core.language.words.numerals import NUMBER, number_of
from core.records.universe import Horizon

Direction = Literal["ahead", "bare", "back", "within", "now", "told"]
"""`within` ("over", "trong") may look either way; `now` is the period that is running; `told` is
what investors did or sectors returned over, which is no horizon."""

SLACK_DAYS = 2
"""Calendar days by which a stated length may fall short of a served one it stands for."""
SESSION_DAYS = 1.4
"""Calendar days of one trading session, 7 / 5."""

_UNIT_DAYS: dict[str, float] = {
    "day": 1, "days": 1, "ngay": 1, "d": 1, "session": SESSION_DAYS, "sessions": SESSION_DAYS,
    "phien": SESSION_DAYS, "wk": 7, "wks": 7, "mo": 30, "mos": 30, "mth": 30, "mths": 30, "qtr": 91,
    "qtrs": 91, "yr": 365, "yrs": 365, "week": 7, "weeks": 7, "tuan": 7, "w": 7, "month": 30,
    "months": 30, "thang": 30, "thg": 30, "m": 30, "quarter": 91, "quarters": 91, "quy": 91,
    "q": 91, "year": 365, "years": 365, "nam": 365, "y": 365, "fortnight": 14, "fortnights": 14,
}  # fmt: skip
HORIZON_DAYS: dict[Horizon, tuple[int, int]] = {"1W": (5, 8), "1M": (28, 31), "3M": (84, 93)}
"""Calendar days, both ends included, that are read as a horizon."""

_AHEAD = "next|coming|following|upcoming"
_BACK = "last|past|previous|trailing"
_WITHIN = "over|trong"
_OWN = "own|their own|its own"
_NOW = "this|the current|current"
_AHEAD_VI = "toi|sap toi|sau|nua|ahead|from now"
_BACK_VI = "qua|vua qua|truoc|vua roi|gan day|ago"
_SESSIONS = r"(?:trading|business|working) (?:days?|sessions?)|(?:ngay|phien) giao dich"
"""Days on which is traded, whatever they are called."""
UNITS = (
    rf"{_SESSIONS}|days?|sessions?|weeks?|wks?|fortnights?|months?|mos?|mths?|quarters?|qtrs?|"
    "years?|yrs?|"
    "ngay|phien|tuan|thang|thg|quy|nam"
)
_COUNTED = re.compile(
    rf"\b(?P<cue>(?:{_AHEAD}|{_BACK}|{_WITHIN}|{_OWN}|in) )?"
    rf"(?:(?P<number>{NUMBER}) ?(?P<unit>{UNITS})|(?P<compact>[0-9]{{1,3}}[wmyd])"
    r"|(?P<half>half a year|half year|nua nam))\b(?! of (?:the|my|our)\b)"
    rf"(?: (?P<after>{_AHEAD_VI}|{_BACK_VI})\b)?"
)
_RELATIVE = re.compile(
    rf"\b(?:(?P<cue>{_AHEAD}|{_BACK}|{_NOW}) "
    r"(?P<unit>week|wk|fortnight|month|mo|mth|quarter|qtr|q|year|yr)"
    rf"|(?P<unit_vi>tuan|thang|quy|q|nam) (?P<after>{_AHEAD_VI}|{_BACK_VI}|nay)"
    r"|tu dau (?P<running>tuan|thang|quy|nam)(?: nay| den nay| toi nay)?)\b"
)
_LONE = re.compile(r"(?:^|_ |\b(?:khung|ky han|cho) )(?P<unit>tuan|thang|quy)(?= ?(?:[;.?!]|$))")
_AGAIN = re.compile(
    r"^(?:(?:the )?same|&|what about|how about|then|also|now|the (?:con|thi)|con|vay (?:con|thi)"
    r"|(?:van )?(?:the|vay|nhu (?:vay|the|cu|tren))|y (?:het|nguyen|nhu (?:vay|tren|cu))|tuong tu)"
    r"(?: (?:again|question|thing|one|it|all|that|but|just|only|do|&|for|over|on|with|at|a|the"
    r"|whole|full|cau hoi|nhung|ma|thi|la|cho|theo|o|voi|trong|ca|mot|khung|ky han|tinh))*"
    r" (?:(?P<unit>week|month|quarter|tuan|thang|quy)|(?P<adverb>quarterly))"
    r"(?: (?:thi sao|the nao|instead|please|then|nhe|a|di))*(?= ?(?:[;.?!]|$))"
)
"""A continuation that states another length and nothing else: "same but for the quarter"."""
_HELD_IN = re.compile(
    r" (?:(?:of|it|is|are|in|into|my|our|the|money|portfolio|invested|held) )*(?:<[0-9]+>|cash\b)"
)
_FOR = re.compile(r"\b(?:for|over|about|within|after|during|last|past|next|this|each|every) $")
_INSTEAD = re.compile(rf"\binstead (?:the )?{NUMBER}(?: (?:{UNITS}))?\b")


@dataclass(frozen=True, slots=True)
class Duration:
    """A stated length in calendar days, and which way it looks."""

    days: float
    direction: Direction

    @property
    def horizon(self) -> Horizon | None:
        """The horizon of this length; None when it is none of ours."""
        for horizon, (low, high) in HORIZON_DAYS.items():
            if low <= round(self.days) <= high:
                return horizon
        return None


def horizon_days(horizon: Horizon) -> int:
    """Return the longest calendar length that is read as this horizon."""
    return HORIZON_DAYS[horizon][1]


def longest_within(length: Duration, served: tuple[Horizon, ...]) -> Horizon:
    """Return the longest served length within a stated one, else the first; at least one is."""
    within = [name for name in served if horizon_days(name) <= length.days + SLACK_DAYS]
    return max(within or served[:1], key=horizon_days)


def durations_in(words: str) -> tuple[Duration, ...]:
    """Return the lengths stated: those looking ahead first, then bare ones, then the past.

    What follows "instead of" is not stated but replaced, and left out; so is a length that is
    something's own ("their own five years"), for nothing is asked over it.
    """
    words = _INSTEAD.sub("_", words)
    found = [
        _counted(match)
        for match in _COUNTED.finditer(words)
        if not _owned(match) and not _is_part(match)
    ]
    rest = _COUNTED.sub("#", words)
    for match in _RELATIVE.finditer(rest):
        unit = match["unit"] or match["unit_vi"] or match["running"]
        after = "nay" if match["running"] else match["after"]
        found.append(Duration(_UNIT_DAYS[unit], _direction(match["cue"], after)))
    lone = [*_LONE.finditer(rest), *_AGAIN.finditer(rest)][:1]
    found += [Duration(_UNIT_DAYS[match["unit"] or "quarter"], "bare") for match in lone]
    return _ordered(found)


def directed(durations: tuple[Duration, ...], *, ahead: bool, told: bool) -> tuple[Duration, ...]:
    """Return the lengths with the way each looks settled by what is asked, in the same order.

    What investors did or sectors returned is told over a length that looks back; of anything else a
    running period is no length, and a bare one stays bare.

    Args:
        durations: as read.
        ahead: the question is about what is to come.
        told: it is about what investors did or sectors returned.
    """
    past: Direction = "told" if told else "back"
    settled: dict[Direction, Direction | None] = {
        "ahead": "ahead",
        "bare": "told" if told and not ahead else "bare",
        "back": past,
        "within": "ahead" if ahead else past,
        "now": "told" if told else None,
        "told": "told",
    }
    found = ((duration.days, settled[duration.direction]) for duration in durations)
    return _ordered([Duration(days, way) for days, way in found if way is not None])


def _ordered(durations: list[Duration]) -> tuple[Duration, ...]:
    order: tuple[Direction, ...] = ("ahead", "bare", "within", "back", "now", "told")
    return tuple(sorted(durations, key=lambda duration: order.index(duration.direction)))


def _owned(match: re.Match[str]) -> bool:
    return (match["cue"] or "").strip() in _OWN.split("|")


def _is_part(match: re.Match[str]) -> bool:
    """Tell whether it is a part of the whole: "a quarter in cash", "three quarters banks"."""
    if match["cue"] or match["unit"] not in {"quarter", "quarters"}:
        return False
    before, after = match.string[: match.start()], match.string[match.end() :]
    return _HELD_IN.match(after) is not None and _FOR.search(before) is None


def _counted(match: re.Match[str]) -> Duration:
    if match["half"]:
        days = 6 * _UNIT_DAYS["month"]
    elif match["compact"]:
        days = int(match["compact"][:-1]) * _UNIT_DAYS[match["compact"][-1]]
    else:
        session = re.fullmatch(_SESSIONS, match["unit"])
        unit = SESSION_DAYS if session else _UNIT_DAYS[match["unit"]]
        days = number_of(match["number"]) * unit
    return Duration(days, _direction(match["cue"], match["after"]))


def _direction(cue: str | None, after: str | None) -> Direction:
    cue = (cue or "").strip()
    if cue in _AHEAD.split("|") or cue == "in" or after in _AHEAD_VI.split("|"):
        return "ahead"
    if cue in _BACK.split("|") or after in _BACK_VI.split("|"):
        return "back"
    if cue in _NOW.split("|") or after == "nay":
        return "now"
    if cue in _WITHIN.split("|"):
        return "within"
    return "bare"
