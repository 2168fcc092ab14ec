"""The words a page may use, by language: a second list, kept apart from the product's labels.

Every text of a page that is bound to no number must stand in it; the list says nothing about
which of them is true where, which is the other modules' task. Case is not told apart.
"""

import re
import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from importlib import resources
from itertools import product
from typing import Final

from evals.second.reading import Object
from evals.second.report import part, text_of, words_of

Listed = Mapping[str, frozenset[str]]
_PLACE: Final = re.compile(r"\{(\w+)\}")
_KINDS: Final = (
    "actor", "cause", "factor", "family", "flags", "horizon", "missed", "quadrant", "reason",
    "series", "skill", "span", "stance", "subject", "tool",
)  # fmt: skip
_NONE: Final[frozenset[str]] = frozenset()
_SIDES: Final = re.compile(r"^(?:before|after|next)_")


@dataclass(frozen=True, slots=True)
class Words:
    """Templates by where they may stand, casefolded.

    `texts` by block and tag of the page, `values` by field of the evidence, `measures` (names) by
    field, `labels` by kind and value, `columns` (fields) by block and heading, `notes` the texts
    under a title that leads nowhere, by that title, `drawn` what pictures name beside sectors,
    `joining` what a model may say between slots, `compared` the words of comparators. In a text
    `{quadrant}` stands for any label of the kind, `{…}` for a list of what `… {…}` lists.
    """

    texts: Listed
    values: Listed
    measures: Listed
    labels: Listed
    columns: Listed
    notes: Listed
    short: Listed
    drawn: frozenset[str]
    joining: frozenset[str]
    places: Mapping[str, str]
    said: Mapping[str, str]
    money: Mapping[str, str]
    compared: Mapping[str, str]
    horizons: Mapping[str, str]

    def called(self, field: str, value: object) -> frozenset[str]:
        """Return what a field's value is called."""
        if isinstance(value, bool):
            return self.labels.get(f"*={value}".lower(), _NONE)
        raw = str(value)
        bare = _SIDES.sub("", field)
        own = self.labels.get(f"{field}={raw}", frozenset())
        return own if bare == field else own | self.labels.get(f"{bare}={raw}", frozenset())

    def measures_of(self, field: str) -> frozenset[str]:
        """Return what is listed of a field: under its path, or the longest end of it there is."""
        return next((self.measures[each] for each in _ends(field) if each in self.measures), _NONE)

    def values_of(self, field: str) -> frozenset[str]:
        """Return how a field's value may be printed: as its unit is, and as an end of its path."""
        field, _, side = field.partition(" ")
        unit = f"*_{field.rpartition('/')[2].rpartition('_')[2]}"
        keys = (f"{each} {side}" if side else each for each in (*_ends(field), unit))
        return frozenset().union(*(self.values.get(each, _NONE) for each in keys))

    def every(self, kind: str) -> frozenset[str]:
        """Return what the values of a kind are called."""
        return _every(kind, self.labels)


@cache
def words_in(language: str) -> Words:
    """Return the list of a language.

    Raises:
        FileNotFoundError: there is none.
    """
    file = resources.files("evals.second").joinpath(f"words_{language}.toml")
    read = tomllib.loads(file.read_text("utf-8"))
    labels = _folded(read, "labels")
    gaps = frozenset(_gaps(words_of(part(read, "texts"), "gap"), labels))
    texts = {key: _opened(known, labels, gaps) for key, known in _folded(read, "texts").items()}
    return Words(
        texts=texts, labels=labels, values=_folded(read, "values"),
        measures=_folded(read, "measures"), notes=_folded(read, "notes"),
        columns=_several(read, "columns"), short=_several(read, "short"),
        drawn=_fold(words_of(read, "drawn")), joining=_fold(words_of(read, "joining")),
        places=_single(read, "places"), said=_single(read, "said"), money=_single(read, "money"),
        compared=_single(read, "compared"), horizons=_single(read, "horizons"),
    )  # fmt: skip


def filled(pattern: str, known: Mapping[str, frozenset[str]]) -> Iterator[str]:
    """Yield a pattern with every choice of the names its open places may have."""
    pieces = _PLACE.split(pattern)
    places = [known.get(each, frozenset({f"{{{each}}}"})) for each in pieces[1::2]]
    for choice in product(*map(sorted, places)):
        names = (*choice, "")
        yield "".join(f"{text}{name}" for text, name in zip(pieces[::2], names, strict=True))


def _ends(field: str) -> Iterator[str]:
    steps = field.split("/")
    return ("/".join(steps[at:]) for at in range(len(steps)))


def _every(kind: str, labels: Listed) -> frozenset[str]:
    return frozenset().union(*(each for key, each in labels.items() if key.startswith(f"{kind}=")))


def _gaps(patterns: list[str], labels: Listed) -> Iterator[str]:
    """Yield why something is absent, of every data set, with the file that would bring it."""
    for key, names in labels.items():
        kind, _, dataset = key.partition("=")
        for pattern, name in product(patterns, sorted(names) if kind == "data" else ()):
            yield pattern.casefold().replace("{data}", name).replace("{file}", dataset)


def _opened(known: frozenset[str], labels: Listed, gaps: frozenset[str]) -> frozenset[str]:
    kinds = {kind: _every(kind, labels) for kind in _KINDS} | {"gap": gaps}
    return frozenset(said for each in known for said in filled(each, kinds))


def _fold(words: list[str]) -> frozenset[str]:
    return frozenset(each.casefold() for each in words)


def _folded(read: Object, name: str) -> dict[str, frozenset[str]]:
    return {key: _fold(words_of(part(read, name), key)) for key in part(read, name)}


def _several(read: Object, name: str) -> dict[str, frozenset[str]]:
    return {key: frozenset(words_of(part(read, name), key)) for key in part(read, name)}


def _single(read: Object, name: str) -> dict[str, str]:
    return {key: text_of(part(read, name), key) for key in part(read, name)}
