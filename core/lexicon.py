"""Finds what a model's sentence may not say outside its slots; it decides about no sentence.

A slot is a name in braces. Outside, a sentence may hold connecting words of its language and plain
marks behind them. Whatever else it holds is named: another word, a digit of any script, a symbol,
an address, markup, a mark that touches a value in front or joins two.
"""

import re
import unicodedata
from functools import lru_cache

from core.language.printed.connecting import CONNECTING
from core.records.request import Language

_SLOT = re.compile(r"\{([a-z]+)(?:_[2-8])?\}")
_PIECE = re.compile(rf"\(?({_SLOT.pattern}|[^\W\d_]+)(?:['’](s))?\)?[.,;:]?")
"""A word or a slot, in brackets or not, with the mark behind it."""

Key = tuple[str, ...]


def forbidden_outside_slots(text: str, language: Language) -> list[str]:
    """Return what may not stand in the sentence, in order; an empty list passes it."""
    found, words = [], []
    for written in text.split(" "):
        piece = _PIECE.fullmatch(written)
        if piece is None:
            found += [written] if written else []
            continue
        word, kind, possessive = piece.groups()
        words.append(f"{{{kind}}}" if kind else _plain(word))
        words += [possessive] if possessive else []
    return list(dict.fromkeys([*found, *_unknown(words, language)]))


def _unknown(words: list[str], language: Language) -> list[str]:
    """Return the words that are no part of a connecting phrase, the longest taken first."""
    phrases = _phrases(language)
    longest = max(map(len, phrases))
    found, at = [], 0
    while at < len(words):
        left = min(longest, len(words) - at)
        size = next((n for n in range(left, 0, -1) if tuple(words[at : at + n]) in phrases), 0)
        if not size and not words[at].startswith("{"):
            found.append(words[at])
        at += max(size, 1)
    return found


@lru_cache(maxsize=2)
def _phrases(language: Language) -> frozenset[Key]:
    return frozenset(tuple(_plain(phrase).split()) for phrase in CONNECTING[language])


def _plain(word: str) -> str:
    return unicodedata.normalize("NFC", word).casefold()
