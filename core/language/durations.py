"""Reads how long a question looks ahead or back; which horizons are served is the caller's.

Works on folded words joined by single spaces, in which a recognised phrase stands as `_` and the
words "instead of" as `instead`.
"""

import re
from dataclasses import dataclass
from typing import Literal

from core.language.numerals import NUMBER, number_of
from core.records.universe import Horizon

Direction = Literal["ahead", "bare", "back"]

SESSION_DAYS = 1.4
"""Calendar days of one trading session, 7 / 5."""

_UNIT_DAYS: dict[str, float] = {
    "day": 1, "days": 1, "ngay": 1, "d": 1, "session": SESSION_DAYS, "sessions": SESSION_DAYS,
    "phien": SESSION_DAYS, "week": 7, "weeks": 7, "tuan": 7, "w": 7, "month": 30, "months": 30,
    "thang": 30, "m": 30, "quarter": 91, "quarters": 91, "quy": 91, "year": 365, "years": 365,
    "nam": 365, "y": 365,
}  # fmt: skip
_WINDOWS: dict[Horizon, tuple[int, int]] = {"1W": (5, 8), "1M": (28, 31), "3M": (84, 93)}
"""Calendar days, both ends included, that are read as a horizon."""

_AHEAD = "next|coming|following|upcoming"
_BACK = "last|past|previous|trailing"
_AHEAD_VI = "toi|sap toi|sau|nua|ahead|from now"
_BACK_VI = "qua|vua qua|truoc|vua roi|gan day|ago"
_UNITS = "days?|sessions?|weeks?|months?|quarters?|years?|ngay|phien|tuan|thang|quy|nam"
_COUNTED = re.compile(
    rf"\b(?P<cue>(?:{_AHEAD}|{_BACK}|over|in) )?"
    rf"(?:(?P<number>{NUMBER}) ?(?P<unit>{_UNITS})|(?P<compact>[0-9]{{1,3}}[wmyd])"
    r"|(?P<half>half a year|half year|nua nam))\b"
    rf"(?: (?P<after>{_AHEAD_VI}|{_BACK_VI})\b)?"
)
_RELATIVE = re.compile(
    rf"\b(?:(?P<cue>{_AHEAD}|{_BACK}) (?P<unit>week|month|quarter|year)"
    rf"|(?P<unit_vi>tuan|thang|quy|nam) (?P<after>{_AHEAD_VI}|{_BACK_VI}))\b"
)
_LONE = re.compile(r"(?:^|_ |\b(?:khung|ky han|cho) )(?P<unit>tuan|thang|quy)(?= ?(?:[;.?!]|$))")
_INSTEAD = re.compile(rf"\binstead (?:the )?{NUMBER}(?: (?:{_UNITS}))?\b")


@dataclass(frozen=True, slots=True)
class Duration:
    """A stated length in calendar days, and which way it looks."""

    days: float
    direction: Direction

    @property
    def horizon(self) -> Horizon | None:
        """The horizon of this length; None when it is none of ours."""
        for horizon, (low, high) in _WINDOWS.items():
            if low <= round(self.days) <= high:
                return horizon
        return None


def horizon_days(horizon: Horizon) -> int:
    """Return the longest calendar length that is read as this horizon."""
    return _WINDOWS[horizon][1]


def durations_in(words: str) -> tuple[Duration, ...]:
    """Return the lengths stated: those looking ahead first, then bare ones, then the past.

    What follows "instead of" is not stated but replaced, and left out.
    """
    words = _INSTEAD.sub("_", words)
    found = [_counted(match) for match in _COUNTED.finditer(words)]
    rest = _COUNTED.sub("#", words)
    for match in _RELATIVE.finditer(rest):
        unit = match["unit"] or match["unit_vi"]
        found.append(Duration(_UNIT_DAYS[unit], _direction(match["cue"], match["after"])))
    found += [Duration(_UNIT_DAYS[match["unit"]], "bare") for match in _LONE.finditer(rest)]
    order: tuple[Direction, ...] = ("ahead", "bare", "back")
    return tuple(sorted(found, key=lambda duration: order.index(duration.direction)))


def _counted(match: re.Match[str]) -> Duration:
    if match["half"]:
        days = 6 * _UNIT_DAYS["month"]
    elif match["compact"]:
        days = int(match["compact"][:-1]) * _UNIT_DAYS[match["compact"][-1]]
    else:
        days = number_of(match["number"]) * _UNIT_DAYS[match["unit"]]
    return Duration(days, _direction(match["cue"], match["after"]))


def _direction(cue: str | None, after: str | None) -> Direction:
    cue = (cue or "").strip()
    if cue in _AHEAD.split("|") or cue == "in" or after in _AHEAD_VI.split("|"):
        return "ahead"
    if cue in (*_BACK.split("|"), "over") or after in _BACK_VI.split("|"):
        return "back"
    return "bare"
