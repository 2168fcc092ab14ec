"""Writes the shorthand of a chat out in plain words before phrases are sought; it reads no phrase.

Each word written out keeps the place of what stands in the text, so that the user's own can be
shown back. A word with two uses is written out only beside what settles it, or in a sentence of
the language it is shorthand of.
"""

import re
import unicodedata
from dataclasses import dataclass

from core.language.words.chat import (
    AFTER_PERCENT,
    BEFORE_NUMBER,
    BESIDE,
    BOUNDS,
    ENGLISH,
    ENGLISH_ALONE,
    IN_CAPITALS,
    IN_LISTS,
    LIST_WORDS,
    MARKED,
    MARKED_AFTER,
    MARKED_BEFORE,
    OUT_WORDS,
    VIETNAMESE,
    VIETNAMESE_ALONE,
)
from core.language.words.fold import Token
from core.records.request import Language

_LONGEST = max(map(len, (*BESIDE, *BEFORE_NUMBER)))
_ASKS_OR_REFUSES = frozenset({"no", "khong", "chua"})
"""Words that are an answer or a question's end before a comma, and refuse what follows without."""
_PAUSE = re.compile(r"\s*[,\n]")
_STRETCHED = re.compile(r"([a-z])\1{2,}")
_JOINED = frozenset("/.'’-&+")
"""Marks that join a letter to what stands beside it: "y/y", "they're", "n.a."."""
_CLIPPED_FROM = 4
"""Letters from which on a word that ends in "in" may want its "g"."""


@dataclass(frozen=True, slots=True)
class Spoken:
    """The words as they are meant, and which of them are written otherwise, by number."""

    tokens: tuple[Token, ...]
    written_out: frozenset[int]


def written_out(
    source: str, tokens: tuple[Token, ...], known: frozenset[str], lean: Language | None
) -> Spoken:
    """Return the words with shorthand written out.

    Args:
        source: the text.
        tokens: its folded words.
        known: words that mean something; they are never shortened or stretched ones.
        lean: the language of the sentence; without one only what is no word of either is read.
    """
    capitals = any(character.islower() for character in source)
    found: list[Token] = []
    changed: set[int] = set()
    at = 0
    while at < len(tokens):
        size, words = _settled(source, tokens, at)
        written = source[tokens[at].start : tokens[at].end]
        symbol = capitals and written.isupper() and tokens[at].word not in IN_CAPITALS[lean or "en"]
        if not words and not symbol:
            words = _looked_up(source, tokens, at, known, lean)
        words = words or (tokens[at].word,)
        if words != tuple(token.word for token in tokens[at : at + size]):
            changed.update(range(len(found), len(found) + len(words)))
        start, end = tokens[at].start, tokens[at + size - 1].end
        found += [Token(word, start, end) for word in words]
        if words[-1] in _ASKS_OR_REFUSES and _PAUSE.match(source, end):
            found.append(Token(";", end, end + 1))
        at += size
    return Spoken(tuple(found), frozenset(changed))


def _looked_up(
    source: str,
    tokens: tuple[Token, ...],
    at: int,
    known: frozenset[str],
    lean: Language | None,
) -> tuple[str, ...]:
    """Return what one word says that is shorthand in any company; empty where it is none."""
    word = tokens[at].word
    alone = {"en": ENGLISH_ALONE, "vi": VIETNAMESE_ALONE}[lean] if lean else {}
    if "/" in source[tokens[at].start : tokens[at].end]:
        alone = ENGLISH_ALONE
    elif _joined(source, tokens[at]) or (at and tokens[at - 1].word[-1].isdigit()):
        alone = {}
    vietnamese = VIETNAMESE.get(word) if lean != "en" else None
    said = ENGLISH.get(word) or vietnamese or alone.get(word) or _spelt(word, known)
    return tuple((said or "").split())


def _joined(source: str, token: Token) -> bool:
    """Tell whether a mark joins a word to its neighbour; "w/" is "with" all the same."""
    after = source[token.end : token.end + 1]
    open_end = token.word == "w" and after == "/"
    return source[: token.start][-1:] in _JOINED or (after in _JOINED and not open_end)


def _marked(source: str, tokens: tuple[Token, ...], at: int) -> str | None:
    """Return what a word says that only its marks tell from another."""
    token = tokens[at]
    written = unicodedata.normalize("NFC", source[token.start : token.end]).lower()
    if written not in MARKED:
        return None
    first = MARKED_BEFORE.get(written, frozenset())
    second = MARKED_AFTER.get(written, frozenset())
    before = at > 0 and tokens[at - 1].word in first
    after = at + 1 < len(tokens) and tokens[at + 1].word in second
    return None if before or after else MARKED[written]


def _settled(source: str, tokens: tuple[Token, ...], at: int) -> tuple[int, tuple[str, ...]]:
    """Return how many words from `at` on are settled by what is beside them, and what they say."""
    for size in range(min(_LONGEST, len(tokens) - at), 1, -1):
        key = tuple(token.word for token in tokens[at : at + size])
        numbered = at + size < len(tokens) and tokens[at + size].word[0].isdigit()
        beside = BESIDE.get(key) or (BEFORE_NUMBER.get(key) if numbered else None)
        if beside is not None:
            return size, tuple(beside.split())
    word = tokens[at].word
    said = BOUNDS.get(word) or _marked(source, tokens, at)
    before = tokens[at - 1].word if at else ""
    if before in {"%", "pct", "percent"} and word not in IN_LISTS:
        information = source[tokens[at].start : tokens[at].end] == "IT"
        said = "information technology" if information else AFTER_PERCENT.get(word, said)
    elif word in IN_LISTS and _listed(source, tokens, at):
        said = IN_LISTS[word]
    elif word == "re" and before in OUT_WORDS:
        said = "real estate"
    return 1, tuple((said or "").split())


def _listed(source: str, tokens: tuple[Token, ...], at: int) -> bool:
    """Tell whether a word stands in a list or beside what bounds it."""
    beside = [tokens[near].word for near in (at - 1, at + 1) if 0 <= near < len(tokens)]
    if any(word in LIST_WORDS or word[0].isdigit() for word in beside):
        return True
    before, after = source[: tokens[at].start].rstrip(), source[tokens[at].end :].lstrip()
    return before.endswith((",", "+")) or after.startswith((",", "+"))


def _spelt(word: str, known: frozenset[str]) -> str | None:
    """Return the known word that one was stretched or clipped from: "sooo", "buyin"."""
    if word in known or not word.isalpha():
        return None
    clipped = len(word) >= _CLIPPED_FROM and word.endswith("in")
    if clipped and {f"{word}g", word[:-2]} & known:
        return f"{word}g"
    shorter = {_STRETCHED.sub(r"\1" * count, word) for count in (1, 2)} & known
    return shorter.pop() if len(shorter) == 1 else None
