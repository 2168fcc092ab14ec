"""Finds the passages a question quotes: another's words, or a record; they move nothing.

They state no limit and no holding, name no market, no benchmark, no date and no horizon; the
sectors and subjects they speak of are still what is asked about.
"""

import re

from core.language.words.fold import Token

WORDS_FROM = 3
"""A shorter quotation is a name or an emphasis, and the user's own."""

_NESTED = r"\{(?:[^{}]|\{(?:[^{}]|\{[^{}]*\})*\})*\}"
_RECORD = re.compile(rf'(?=\{{\s*"[^"]*"\s*:){_NESTED}', re.DOTALL)
"""A JSON object: fields in place of words, a quotation even where it is all the text."""
_QUOTED = re.compile(
    rf"{_RECORD.pattern}|"
    r'"[^"]*"|“[^”]*”|«[^»]*»|„[^“”]*[“”]|```.*?```|^>[^\n]*',
    re.DOTALL | re.MULTILINE,
)


def quoted_in(source: str, tokens: tuple[Token, ...]) -> frozenset[int]:
    """Return the numbers of the tokens that are quoted, as `quotations` finds them."""
    spans = quotations(source, tokens)
    return frozenset(
        at for at, token in enumerate(tokens) if any(a <= token.start < b for a, b in spans)
    )


def quotations(source: str, tokens: tuple[Token, ...]) -> tuple[tuple[int, int], ...]:
    """Return where quotations begin and end; where all is quotation, of records alone."""
    spans = [match.span() for match in _QUOTED.finditer(source)]
    records = tuple(match.span() for match in _RECORD.finditer(source))
    held = [sum(start <= token.start < end for token in tokens) for start, end in spans]
    long = tuple(
        span
        for span, words in zip(spans, held, strict=True)
        if words >= WORDS_FROM or span in records
    )
    own = (
        token.word for token in tokens if not any(start <= token.start < end for start, end in long)
    )
    return long if any(word.isalnum() for word in own) else records
