"""Finds the word a slip of the keys was meant for; it reads no phrase and no intent.

A slip keeps the first and the last letter and drops, doubles, adds or swaps one letter inside; in
a long word it may also be another letter. The last two letters may be swapped: both are still
there. What changes an ending otherwise is another word, not a slip.
"""

from collections.abc import Iterable

from core.language.words.fold import Token

LETTERS_FROM = 5
"""A shorter word is one letter away from too many others."""
REPLACED_FROM = 9
"""From this length on one wrong letter leaves no doubt."""


def meant_word(word: str, words: Iterable[str]) -> str | None:
    """Return the one word of `words` a folded word is a slip of; None where none or several are."""
    if len(word) < LETTERS_FROM or not word.isalpha():
        return None
    found = {known for known in words if is_slip(word, known)}
    return found.pop() if len(found) == 1 else None


def is_slip(written: str, meant: str) -> bool:
    """Tell whether `written` is `meant` but for one slip."""
    if len(meant) < LETTERS_FROM or written[0] != meant[0] or written == meant:
        return False
    if written[-1] != meant[-1]:
        return written == meant[:-2] + meant[:-3:-1]
    if abs(len(written) - len(meant)) > 1:
        return False
    if len(written) != len(meant):
        longer, shorter = sorted((written, meant), key=len, reverse=True)
        return any(longer[:at] + longer[at + 1 :] == shorter for at in range(len(longer)))
    apart = [at for at, (a, b) in enumerate(zip(written, meant, strict=True)) if a != b]
    if len(apart) == 1:
        return len(meant) >= REPLACED_FROM
    swapped = len(apart) == 2 and apart[1] == apart[0] + 1
    return swapped and written[apart[0] : apart[1] + 1] == meant[apart[0] : apart[1] + 1][::-1]


def respelt(
    tokens: tuple[Token, ...], words: frozenset[str], known: frozenset[str]
) -> dict[int, Token]:
    """Return, by place, each unknown token that is a slip of one of `words`, as that word."""
    found: dict[int, Token] = {}
    for at, token in enumerate(tokens):
        word = None if token.word in known else meant_word(token.word, words)
        if word is not None:
            found[at] = Token(word, token.start, token.end)
    return found
