"""Decides which sectors each of several bounds in a clause is of, before any of them is read.

In "max 10 % energy, tech max 25 %" the first bound stands before its sector, the second after.
Where a sector could be either neighbour's it refuses to choose.

Works on the words `core.language.limits.bounds` works on.
"""

import re
from collections.abc import Iterator
from itertools import islice
from typing import Final, NamedTuple

_SECTOR = re.compile(r"<[0-9]+>")
_CLAUSE = re.compile(r"[^.?!;:]+")

MOST_ATOMS: Final = 24
"""In a clause; one that holds more is nobody's list of limits."""


class Atom(NamedTuple):
    """A bound or a sector phrase, and where it stands."""

    start: int
    end: int
    is_bound: bool


def parted(
    words: str, bound: re.Pattern[str], other: re.Pattern[str], between: re.Pattern[str]
) -> str | None:
    """Return the words with a comma between bounds that follow each other; None where it is open.

    Left as they are: clauses with one bound, with percentages that are no bound, and those of which
    no reading gives every bound its sectors.

    Args:
        words: folded, percentages written as such.
        bound: a bound with its percentage.
        other: any percentage, and verbs that bound by what follows.
        between: all that may stand between a bound and its sector, and between two sectors.
    """
    breaks: list[int] = []
    for clause in _CLAUSE.finditer(words):
        bounds = list(bound.finditer(words, clause.start(), clause.end()))
        if len(bounds) < 2 or not _all_bound(other, clause, bounds):
            continue
        for run in _runs(words, clause, bounds, between):
            if sum(atom.is_bound for atom in run) < 2:
                continue
            found = list(islice(_groupings(run[:MOST_ATOMS]), 2))
            if len(found) > 1 or len(run) > MOST_ATOMS:
                return None
            breaks += found[0] if found else []
    for place in sorted(breaks, reverse=True):
        words = f"{words[:place].rstrip(' &')} , {words[place:]}"
    return words


def _all_bound(other: re.Pattern[str], clause: re.Match[str], bounds: list[re.Match[str]]) -> bool:
    """Tell whether no percentage of the clause stands outside its bounds."""
    return all(
        any(one.start() <= match.start() and match.end() <= one.end() for one in bounds)
        for match in other.finditer(clause.string, clause.start(), clause.end())
    )


def _runs(
    words: str, clause: re.Match[str], bounds: list[re.Match[str]], between: re.Pattern[str]
) -> Iterator[list[Atom]]:
    """Yield the bounds and sectors of a clause, in order, parted where other words stand."""
    atoms = [Atom(match.start(), match.end(), is_bound=True) for match in bounds]
    sectors = _SECTOR.finditer(words, clause.start(), clause.end())
    atoms += [Atom(match.start(), match.end(), is_bound=False) for match in sectors]
    run: list[Atom] = []
    for atom in sorted(atoms):
        if run and not between.fullmatch(words, run[-1].end, atom.start):
            yield run
            run = []
        run.append(atom)
    yield run


def _groupings(atoms: list[Atom]) -> Iterator[list[int]]:
    """Yield where groups begin, after the first, for each way to give every bound its sectors."""
    for size in range(2, len(atoms) + 1):
        group = [atom.is_bound for atom in atoms[:size]]
        if group.count(True) != 1 or not (group[0] or group[-1]):
            continue
        if size == len(atoms):
            yield []
        else:
            yield from ([atoms[size].start, *rest] for rest in _groupings(atoms[size:]))
