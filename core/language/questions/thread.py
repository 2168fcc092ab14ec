"""Decides whether a text continues the thread or asks anew; what is then kept is not here."""

import re

from core.language.limits.bounds import Limits
from core.language.reading import Reading
from core.records.request import Language

_POLITE = (
    r"(?:(?:thanks|thank you|okay|ok|oke|cool|great|nice|got it|alright|right|hmm|well|so|yes|yeah"
    r"|nah|oh|ah|by the way|cam on|da|vang|uh|um|roi|on|hay|thoi|nhung|ma|a|e|ad|em|anh|bro)"
    r"(?: [.!;:])? )*"
)
"""Words a chat goes on with before it says anything."""
_OPENS = re.compile(
    rf"^{_POLITE}"
    r"(?:& |cung (?:ngay|ky|thoi diem|luc)\b|ngay do\b|hom do\b|"
    r"the con\b|the thi\b|the neu\b|vay con\b|vay thi\b|con(?= )|what about\b|how about\b|"
    r"then\b|also\b|same\b|nhu tren\b|tuong tu\b)"
)
_CLOSES = re.compile(
    r"\b(?:thi sao|thi the nao|thi ra sao|cung vay|cung the|cung nhu vay)"
    r"(?: (?:ha|khong|a|nhi|ad|em|anh|roi|luon|chu))*(?: [?.!])*$"
)
"""Words a continuation ends with: "bên Mỹ thì sao"."""
_POINTS: dict[Language, re.Pattern[str]] = {
    "en": re.compile(r"\b(?:it|its|they|them|their)\b"),
    "vi": re.compile(r"\b(?:no|chung|nganh nay|nganh do|nhom nay|nhom do)\b"),
}
_BARE = re.compile(r"<[0-9]+>(?: (?:&|thi sao|the nao))*(?: <[0-9]+>)*(?: [?.!])*")


def continues(reading: Reading, limits: Limits, language: Language) -> bool:
    """Tell whether the text is elliptical: it opens as a continuation, or states too little.

    A text with a market, a sector, symbols or limits of its own is a new question, unless it opens
    with "and", "what about" or their like, ends with "thì sao" and names no topic, replaces
    something ("instead of"), lifts limits, is a sector's name alone, or is a limit and nothing
    else.
    """
    words, cues = reading.words, reading.cues
    if cues & {"instead", "lift"} or opens(reading) or _BARE.fullmatch(words):
        return True
    if limits == Limits() and closes(reading):
        return True
    marketed = any(match.meaning.named or match.meaning.implied for match in reading.matches)
    if marketed or reading.symbols:
        return False
    if limits != Limits():
        return cues <= {"finance", "stop"} and set(reading.topics) <= {"allocation"}
    if reading.sectors:
        return False
    return not reading.topics or points(reading, language)


def opens(reading: Reading) -> bool:
    """Tell whether the text opens as a continuation does: "and", "what about", "thế còn"."""
    return _OPENS.search(reading.words) is not None


def closes(reading: Reading) -> bool:
    """Tell whether the text ends as a continuation does and asks nothing else: "thì sao"."""
    asks = reading.topics or "what_if" in reading.cues
    return not asks and _CLOSES.search(reading.words) is not None


def points(reading: Reading, language: Language) -> bool:
    """Tell whether the text speaks of something said before: "it", "them", "ngành này"."""
    return _POINTS[language].search(reading.words) is not None
