"""Folds text to plain Latin words that still know where they stood; it gives no word a meaning.

Folding is what makes `Ngân hàng`, `ngan hang` and `NGÂN HÀNG` one phrase: compatibility
decomposition, case folding, marks dropped, đ to d. In a word with a Latin letter, a letter of
another script that looks like a Latin one is that one: a limit must not be lost to what no eye
sees. Every folded character remembers the source character it came from, so the user's own word can
be shown back.
"""

import re
import unicodedata
from dataclasses import dataclass
from functools import lru_cache

_BOUNDED = (
    r"\s*[0-9.,]+\s*(?:(?:%|pct)\s*(?:\?|[a-z ]+[<>])|(?:(?:%|pct)\s*)?"
    r"(?:$|[,.;!&\n]|and\b|n\b|va\b|pls|plz|please|thx|thoi|nh[ae]\b))"
)
"""What follows a sign that bounds: a number alone, and no span over which it was reached."""
_TOKEN = re.compile(
    rf"[0-9]+(?:[.,][0-9]+)*[a-z]*|[a-z]+[0-9]*[a-z0-9]*|[<>]=|[<>](?={_BOUNDED})|[%&.?!;:]"
)
_ABBREVIATION = re.compile(r"\bu\.s\.?(?:a\b\.?)?(?![a-z0-9])|\bp/[eb]\b|\b(?:w/o|b/c|[ou]/w)\b")
_WORD = re.compile(r"[^\W\d_]+")
_LATIN = re.compile(r"[A-Za-z]")
_ALIKE = dict(
    zip(
        "\u0430\u0432\u0435\u043a\u043c\u043d\u043e\u0440\u0441\u0442\u0443\u0445\u0456\u0458\u0455\u04bb\u0501\u051b\u051d",
        "abekmhopctyxijshdqw",
        strict=True,
    )
) | dict(
    zip("\u03b1\u03b5\u03b9\u03ba\u03bd\u03bf\u03c1\u03c4\u03c5\u03c7", "aeikvoptux", strict=True)
)
"""Cyrillic, then Greek letters by the Latin one each looks like, in lower case."""
_MARKS = {
    "\N{MINUS SIGN}": "-",
    "\u2019": "'",
    "\u2264": "<=",
    "\u2265": ">=",
}
_JOINS = {"and": "&", "va": "&"}
BREAKS = frozenset(".?!;:")
UNSEEN = "Cf"
"""The category of characters that print nothing: they part no word."""


@dataclass(frozen=True, slots=True)
class Token:
    """A folded word and its source position [start, end)."""

    word: str
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Folded:
    """Folded text, aligned: `positions[i]` is the source index of `text[i]`."""

    source: str
    text: str
    positions: tuple[int, ...]

    def blanked(self, spans: tuple[tuple[int, int], ...]) -> "Folded":
        """Return the same text with these folded spans replaced by a break."""
        text = self.text
        for start, end in spans:
            text = text[:start] + ";".ljust(end - start) + text[end:]
        return Folded(self.source, text, self.positions)

    def tokens(self) -> tuple[Token, ...]:
        """Return the words, numbers, percent signs and sentence breaks, in order."""
        found = []
        for match in _TOKEN.finditer(self.text):
            word = _JOINS.get(match[0], match[0])
            start, end = self.positions[match.start()], self.positions[match.end() - 1] + 1
            found.append(Token(word, start, end))
        return tuple(found)


def fold(text: str) -> Folded:
    """Return the folded text; characters outside plain ASCII become spaces, unseen ones nothing."""
    letters: list[str] = []
    positions: list[int] = []
    alike = _look_alikes(text)
    for index, character in enumerate(text):
        for letter in alike.get(index) or _plain(character):
            letters.append(letter)
            positions.append(index)
    folded = _ABBREVIATION.sub(_without_marks, "".join(letters))
    return Folded(text, folded, tuple(positions))


def seen(text: str) -> str:
    """Return the text without the characters that print nothing."""
    return "".join(one for one in text if unicodedata.category(one) != UNSEEN)


def phrase_key(phrase: str) -> tuple[str, ...]:
    """Return the words a phrase is recognised by; empty when it holds none."""
    return tuple(token.word for token in fold(phrase).tokens() if token.word not in BREAKS)


def written_key(phrase: str) -> tuple[str, ...]:
    """Return the words with the marks between them, for names that hold one: WTEC.L."""
    return tuple(token.word for token in fold(phrase).tokens())


def word_set(written: str) -> frozenset[str]:
    """Return the words of a blank-separated list."""
    return frozenset(written.split())


def _look_alikes(text: str) -> dict[int, str]:
    """Return, by place, the Latin letter meant by one of another script inside a Latin word."""
    if text.isascii():
        return {}
    return {
        at: _ALIKE[text[at].lower()]
        for word in _WORD.finditer(text)
        if _LATIN.search(word[0])
        for at in range(word.start(), word.end())
        if text[at].lower() in _ALIKE
    }


def _without_marks(abbreviation: re.Match[str]) -> str:
    return re.sub(r"[./]", "", abbreviation[0]).ljust(len(abbreviation[0]))


@lru_cache(maxsize=4096)
def _plain(character: str) -> str:
    if character in "đĐ":
        return "d"
    if character in _MARKS:
        return _MARKS[character]
    if unicodedata.category(character) == UNSEEN:
        return ""
    plain = ""
    for part in unicodedata.normalize("NFKD", character).casefold():
        if unicodedata.combining(part):
            continue
        plain += part if part.isascii() and part.isprintable() else " "
    return plain
