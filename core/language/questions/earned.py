"""Recognises that it is asked what sectors have returned, not what is expected of them.

Works on folded words joined by single spaces.
"""

import re
from typing import Final

from core.language.limits.bounds import Limits
from core.language.reading import Reading
from core.language.times.durations import Direction, durations_in
from core.records.request import Topic

_UP: Final = (
    r"gained|rose|risen|rallied|climbed|jumped|soared|surged|advanced|appreciated|rebounded"
    r"|(?:went|gone|is|are|was|were|been) up"
)
_DOWN: Final = (
    r"fell(?! behind)|fallen(?! behind)|dropped|declined|lost|slid|sank|slumped|tumbled|plunged"
    r"|crashed|(?:went|gone|is|are|was|were|been) down"
)
_BASE: Final = (
    r"(?:the )?(?:whole |broad |overall |stock )*(?:market|index|benchmark|spy|s & p(?: 500)?"
    r"|vn ?index|vni|thi truong|chi so)\b"
)
_BEATEN: Final = (
    r"(?:outperformed|underperformed|outpaced"
    rf"|(?:beat|beaten|lagged|lagged behind|trailed|(?:did|done) (?:better|worse) than) {_BASE}"
    r"|(?:danh bai|vuot|vuot troi|vuot hon|vuot troi hon|thua|thua kem|kem|kem hon|tot hon|yeu hon"
    rf"|manh hon|nhieu hon)(?: so voi| hon)? {_BASE})"
)
"""Words for a return above or below the market's own."""
_MOST: Final = r"(?:the )?(?:most|hardest|furthest|farthest|least|best|worst|more)"
_DONE: Final = r"(?:performed|perform|did|do|done|fared|fare|returned|return|moved|move)"
_OTHERS: Final = re.compile(
    r"\b(?:foreign\w*|whales?|funds?|money|flows?|inflows?|outflows?|earnings|profits?|revenue"
    r"|margins?|sales|khoi ngoai|dong tien|dong von|tu doanh|loi nhuan|doanh thu"
    r"|(?:my|our|your) \S+|portfolio|danh muc|recommend\w*|khuyen nghi"
    r"|stocks?|shares?|companies|company|co phieu|doanh nghiep|cong ty)\b"
)
"""What else may have risen or fallen."""
_WHOLE: Final = re.compile(
    rf"\b(?:did|has|have|how|much)(?: is| was)? {_BASE}"
    rf"|^{_BASE}(?: chung)? (?:da )?(?:tang|giam)"
    rf"|\b{_BEATEN}"
)
"""Words for the market itself as what rose or fell, or as what a return is held against."""
_AHEAD: Final = re.compile(
    r"\b(?:will|would|could|might|(?<!in )(?<!of )(?<!during )(?<!since )may|going to"
    r"|expected|expect|likely|forecast\w*|predict\w*"
    r"|next|ahead|coming|upcoming|should|se|sap (?:toi|tang|giam)|(?:tuan|thang|quy|nam|gian) toi"
    r"|co the|kha nang|du bao|du kien|trien vong|ky vong|nen)\b"
)
_SURELY: Final = re.compile(
    rf"\b(?:(?:{_UP}|{_DOWN}) (?:\S+ )?{_MOST}"
    rf"|(?:did|done) {_MOST}"
    rf"|(?:have|has) (?:{_BEATEN}|beaten)"
    r"|(?:biggest|largest|top|worst|best|main) (?:gainers?|losers?|decliners?|fallers?|risers?"
    r"|movers?|gains?|losses|declines?|falls?|drops?)"
    rf"|how much (?:did|have|has) .*\b(?:gain|gained|rise|risen|fall|fallen|lose|lost|drop|dropped"
    r"|return|returned|move|moved|make|made|earn|earned|go up|gone up|go down|gone down|rally"
    r"|rallied)"
    r"|(?:da )?(?:tang|giam|rot|sut)(?: gia| diem)? (?:manh|nhieu|cao|sau|it|tot) nhat"
    r"|(?:da )?(?:tang|giam|rot|sut)(?: gia| diem)? (?:duoc )?bao nhieu(?! ty trong))\b"
)
"""Words that can only mean what was earned."""
_PERHAPS: Final = re.compile(
    rf"\b(?:(?:best|worst|top|strongest|weakest) (?:performing|performers?)"
    rf"|how (?:did|have|has) .*\b{_DONE}"
    r"|(?:performed|returned|fared) (?:the )?(?:best|worst|well|badly|poorly)"
    r"|(?:sectors? |price |total )?(?:returns|performance)"
    rf"|{_UP}|{_DOWN}|{_BEATEN}"
    r"|(?:hieu suat|loi suat|suat sinh loi|muc sinh loi|ty suat sinh loi|sinh loi|dien bien gia)"
    r"|(?:da )?(?:tang|giam)(?: gia| diem)?(?= (?:trong|tuan|thang|quy|nam|manh|nhieu|[0-9])))\b"
)
"""Words that mean it where the question looks back."""
_ASKS: Final = re.compile(
    r"^(?:did|has|have)\b|\b(?:which|what|where|who|how|list|show|rank|name|give|tell|top|best"
    r"|worst|biggest|nao|gi|dau|sao|bao nhieu|liet ke|cho biet|xep hang|returns|performance"
    r"|hieu suat|loi suat|sinh loi)\b"
)
_PAST: Final = re.compile(
    r"\b(?:so far|to date|this (?:week|month|quarter|year)|recently|lately|yesterday|today"
    r"|hom nay|hom qua|vua qua|gan day|(?:tuan|thang|quy|nam) (?:nay|qua|truoc|roi))\b"
)
_BACK: Final[frozenset[Direction]] = frozenset({"back", "within", "now"})


def earned(reading: Reading, limits: Limits) -> tuple[Topic, ...]:
    """Return the topics of a question for returns of the past: the whole market's tells of both."""
    if not _asks_earned(reading, limits):
        return ()
    return ("market", "returns") if _WHOLE.search(reading.heard) else ("returns",)


def _asks_earned(reading: Reading, limits: Limits) -> bool:
    """Tell whether it asks, and looks back."""
    words = reading.heard
    if limits != Limits() or reading.symbols or looks_ahead(reading) or _OTHERS.search(words):
        return False
    if not _ASKS.search(words) or {"what_if", "explain", "report"} & reading.cues:
        return False
    if _SURELY.search(words):
        return True
    return _PERHAPS.search(words) is not None and _looks_back(reading)


def looks_ahead(reading: Reading) -> bool:
    """Tell whether a question speaks of what is to come."""
    return _AHEAD.search(reading.heard) is not None


def _looks_back(reading: Reading) -> bool:
    if _PAST.search(reading.heard) or any(not said.begins for said in reading.dates):
        return True
    return any(length.direction in _BACK for length in durations_in(reading.own))
