"""Decides whether a text continues the thread or asks anew; what is then kept is not here."""

import re

from core.language.limits.bounds import Limits
from core.language.reading import Reading
from core.records.request import Language

_OPENS = re.compile(
    r"^(?:& |the con\b|the thi\b|the neu\b|vay con\b|vay thi\b|con \b|what about\b|how about\b|"
    r"then\b|also\b|same\b|nhu tren\b|tuong tu\b)"
)
_POINTS: dict[Language, re.Pattern[str]] = {
    "en": re.compile(r"\b(?:it|its|they|them|their)\b"),
    "vi": re.compile(r"\b(?:no|chung|nganh nay|nganh do|nhom nay|nhom do)\b"),
}
_BARE = re.compile(r"<[0-9]+>(?: (?:&|thi sao|the nao))*(?: <[0-9]+>)*(?: [?.!])*")


def continues(reading: Reading, limits: Limits, language: Language) -> bool:
    """Tell whether the text is elliptical: it opens as a continuation, or states too little.

    A text with a market, a sector, symbols or limits of its own is a new question, unless it opens
    with "and", "what about" or their like, replaces something ("instead of"), lifts limits, is a
    sector's name alone, or is a limit and nothing else.
    """
    words, cues = reading.words, reading.cues
    if cues & {"instead", "lift"} or opens(reading) or _BARE.fullmatch(words):
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


def points(reading: Reading, language: Language) -> bool:
    """Tell whether the text speaks of something said before: "it", "them", "ngành này"."""
    return _POINTS[language].search(reading.words) is not None
