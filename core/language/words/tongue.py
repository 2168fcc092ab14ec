"""Tells the language of a question by its words and phrases; where neither has more it is open."""

from core.language.words.fold import Token
from core.language.words.plain import ENGLISH_WORDS, VIETNAMESE_ONLY, VIETNAMESE_WORDS
from core.language.words.vocabulary import Match
from core.records.request import Language

LOANS = frozenset({("bank",), ("tech",)})
"""English names of sectors that are said in Vietnamese as well."""


def spoken_in(tokens: tuple[Token, ...], matches: tuple[Match, ...]) -> Language | None:
    """Return the language with more words; None when neither has more."""
    spoken = {"en": 0, "vi": 0}
    inside: set[int] = set()
    for match in matches:
        inside.update(range(match.first, match.last))
        if match.meaning.language is not None and match.key not in VIETNAMESE_ONLY | LOANS:
            spoken[match.meaning.language] += match.last - match.first
    for at, token in enumerate(tokens):
        if at not in inside:
            spoken["en"] += token.word in ENGLISH_WORDS
            spoken["vi"] += token.word in VIETNAMESE_WORDS
    if spoken["en"] == spoken["vi"]:
        lent = not spoken["vi"] and any(match.key in LOANS for match in matches)
        return "en" if lent else None
    return "vi" if spoken["vi"] > spoken["en"] else "en"
