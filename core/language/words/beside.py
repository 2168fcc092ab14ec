"""Tells which markets stand beside a sector and qualify it: "US and European banks"."""

from core.language.words.fold import Token
from core.language.words.plain import MARKET_LINKS
from core.language.words.vocabulary import Match

_JOINS = frozenset({"&", "or", "hoac", "hay", "voi", "the"})
"""Words between markets that qualify one sector together."""


def markets_beside(
    matches: tuple[Match, ...], tokens: tuple[Token, ...], at: int, *, after: bool
) -> tuple[str, ...]:
    """Return the universes named beside match `at`, first looked for after it or before it."""
    steps = (1, -1) if after else (-1, 1)
    found = (_markets(matches, tokens, at, step) for step in steps)
    return next((names for names in found if names), ())


def _markets(
    matches: tuple[Match, ...], tokens: tuple[Token, ...], at: int, step: int
) -> tuple[str, ...]:
    """Return the universes named on one side: right beside it, and any joined to those."""
    names: tuple[str, ...] = ()
    while 0 <= (other := at + step) < len(matches):
        left, right = sorted((matches[other], matches[at]), key=lambda match: match.first)
        between = {token.word for token in tokens[left.last : right.first]}
        meaning = matches[other].meaning
        if not between <= (_JOINS if names else MARKET_LINKS):
            break
        if not meaning.named and not (names and meaning.cues == {"compare"}):
            break
        names = (*meaning.named, *names) if step < 0 else (*names, *meaning.named)
        at = other
    return tuple(dict.fromkeys(names))
