"""Finds what a sentence may not say outside its slots; which sentence is then used is not here.

A slot is a name in braces. Outside, a sentence may hold words of its language that claim nothing:
no number in any script, no direction, comparison, negation or time, no symbol, address or markup.
"""

import re
import unicodedata
from functools import lru_cache

from core.language.checkable import FORBIDDEN, TERMS, Phrases
from core.language.fold import phrase_key
from core.language.vocabulary import sector_names
from core.records.request import Language
from core.records.universe import Universe

SLOT = re.compile(r"\{[a-z][a-z0-9_]{0,31}\}")

_ADDRESS = re.compile(
    r"[a-z][a-z0-9+.-]*://\S*|www\.\S+|\S+@\S+|\b(?:[a-z0-9-]+\.)+(?:com|net|org|vn|io|ai|dev|info|"
    r"gov|edu|co|me|app|xyz|biz)\b\S*|\b(?:mailto|javascript|data):\S*"
)
_WORD = re.compile(r"[^\W_]+(?:['’][a-z]+)?")
_ROMAN = re.compile(r"(?=[IVX]{2,})X{0,3}(?:IX|IV|V?I{0,3})")
_PLAIN_MARKS = frozenset(".,;:!?()'\"’‘“”–—-/& …")
_SLOT_MARK = "\x1f"
_VIETNAMESE_WORDS = frozenset({"no", "than"})
"""English words that are other words in Vietnamese."""

Key = tuple[str, ...]


def forbidden_outside_slots(text: str, language: Language) -> list[str]:
    """Return what may not stand in the sentence, in order; an empty list passes it.

    Letters of other scripts count as forbidden, so do words of a Vietnamese sentence written
    without its marks.
    """
    bare = unicodedata.normalize("NFKC", SLOT.sub(_SLOT_MARK, text.replace(_SLOT_MARK, " \x00 ")))
    lowered = bare.casefold()
    found = [match[0] for match in _ADDRESS.finditer(lowered)]
    found += [word for word in _WORD.findall(bare) if _ROMAN.fullmatch(word)]
    found += _forbidden_words(_pieces(lowered), language)
    found += [mark for mark in bare if _is_forbidden_mark(mark)]
    return list(dict.fromkeys(found))


def names_outside_slots(text: str, universe: Universe) -> list[str]:
    """Return the sector names, tickers and market names a sentence says outside its slots."""
    bare = SLOT.sub(" ; ", text)
    words = phrase_key(bare)
    names = _names(universe)
    longest = max(map(len, names))
    found, at = [], 0
    while at < len(words):
        for last in range(min(len(words), at + longest), at, -1):
            if words[at:last] in names:
                found.append(" ".join(words[at:last]))
                at = last
                break
        else:
            at += 1
    return found


def _forbidden_words(words: tuple[str, ...], language: Language) -> list[str]:
    marked = any(not word.isascii() for word in words)
    terms, forbidden = _keys(language, folded=False)
    if language == "vi" and not marked:
        terms, forbidden = _keys(language, folded=True)
    plain = _plain(words) if language == "en" else words
    found, at = [], 0
    while at < len(words):
        term = _longest(words, at, terms)
        said = _longest(words, at, forbidden) or _longest(plain, at, forbidden)
        if term >= max(said, 1):
            at += term
            continue
        if said:
            found.append(" ".join(words[at : at + said]))
        elif _is_number_or_foreign(words[at]):
            found.append(words[at])
        at += max(said, 1)
    return found


def _longest(words: tuple[str, ...], at: int, keys: frozenset[Key]) -> int:
    """Return how many words from `at` form the longest of the keys; 0 when none does."""
    longest = min(len(words) - at, max(map(len, keys)))
    return next((n for n in range(longest, 0, -1) if words[at : at + n] in keys), 0)


@lru_cache(maxsize=4)
def _keys(language: Language, *, folded: bool) -> tuple[frozenset[Key], frozenset[Key]]:
    """Return terms and forbidden phrases as words; English ones are forbidden in every language.

    A term wins over a forbidden phrase that is not longer.
    """
    foreign = tuple(word for word in FORBIDDEN["en"] if word not in _VIETNAMESE_WORDS)
    forbidden: Phrases = FORBIDDEN[language]
    if language == "vi":
        forbidden = (*forbidden, *foreign)
    else:
        marked = (word for word in FORBIDDEN["vi"] if not word.isascii())
        forbidden = (*forbidden, *marked)
    kept, refused = map(_pieces, TERMS[language]), map(_pieces, forbidden)
    if folded:
        kept, refused = map(_plain, kept), map(_plain, refused)
    return frozenset(kept), frozenset(refused)


@lru_cache(maxsize=16)
def _names(universe: Universe) -> frozenset[Key]:
    names = [universe.name_en, universe.name_vi, *universe.regions]
    for sector in universe.sectors:
        names += [*sector_names(sector), sector.ticker]
    names += [row.ticker for row in universe.benchmarks if row.ticker]
    return frozenset(key for key in map(phrase_key, names) if key and key != ("my",))


def _pieces(text: str) -> Key:
    lowered = unicodedata.normalize("NFKC", text).casefold().replace("’", "'")
    return tuple(_WORD.findall(lowered))


def _plain(words: Key) -> Key:
    """Return the words without their marks."""
    return tuple("".join(phrase_key(word)) for word in words)


def _is_number_or_foreign(word: str) -> bool:
    return any(
        character.isnumeric()
        or (character.isalpha() and not unicodedata.name(character, "").startswith("LATIN"))
        for character in word
    )


def _is_forbidden_mark(mark: str) -> bool:
    return mark != _SLOT_MARK and mark not in _PLAIN_MARKS and not mark.isalnum()
