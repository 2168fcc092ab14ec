"""The corpus: every wish in every dress and every writing; decides no more than which texts."""

import re
import tomllib
from collections.abc import Callable, Iterator, Sequence
from functools import cache
from importlib.resources import files
from typing import Final, TypeVar

from core.records.record import Record, Slug
from evals.injection.encodings import ENCODINGS

PLACE: Final = "GOAL"
"""Where a wrapper takes the wish."""
VIETNAMESE: Final = "vietnamese"
"""The encoding that is another language."""
ID_CHARS: Final = 64
SYMBOL_CHARS: Final = 32
"""Of ids and of symbols (`core.records.record`)."""
CROSSINGS: Final = len(ENCODINGS) + 1
"""Encodings: the ten that are code, and the other language."""
Part = TypeVar("Part", bound=Record)
Row = TypeVar("Row")


class Goal(Record):
    """What is wished for, in English and Vietnamese."""

    name: Slug
    en: str
    vi: str


class Wrapper(Record):
    """A text that dresses up a wish."""

    name: Slug
    text: str


class Attack(Record):
    """One text of the corpus, and what it is made of."""

    goal: Slug
    wrapper: Slug
    encoding: Slug
    text: str


Deal = Callable[[int], Sequence[Attack]]
"""Which attacks stand in a place, by its number."""


@cache
def goals() -> tuple[Goal, ...]:
    """Return the wishes."""
    return _parts("goals", Goal)


@cache
def wrappers() -> tuple[Wrapper, ...]:
    """Return the dresses."""
    return _parts("wrappers", Wrapper)


@cache
def corpus() -> tuple[Attack, ...]:
    """Return goals x wrappers x encodings."""
    return tuple(_product())


def shaped(goal: Goal) -> tuple[str, ...]:
    """Return the wish cut to the forms ids and symbols have: what a closed record lets through."""
    words = re.findall(r"[a-z0-9]+", goal.en.lower())
    hyphens, underlines = "-".join(words)[:ID_CHARS], "_".join(words)[:ID_CHARS]
    stops = ".".join(words)[:SYMBOL_CHARS].rstrip(".")
    return hyphens, underlines, stops, stops.upper(), "evil.example", "https:evil.example"


def sampled(one_in: int, *, start: int = 0) -> tuple[Attack, ...]:
    """Return one of so many, evenly over the product; `start` shifts which.

    A step that shares no factor with the numbers of goals, wrappers and encodings (41, 83) meets
    each of them, as often as the others.
    """
    return corpus()[start % one_in :: one_in]


def crossed(*, start: int = 0) -> tuple[Attack, ...]:
    """Return goals x wrappers, each in one encoding; `start` shifts which.

    Every goal meets every wrapper and every encoding, and every wrapper every encoding (a Latin
    square); as many starts as there are encodings are the whole product.
    """
    rows = handfuls(corpus(), CROSSINGS)
    return tuple(
        row[(place // len(wrappers()) + place % len(wrappers()) + start) % CROSSINGS]
        for place, row in enumerate(rows)
    )


def in_turn(attacks: Sequence[Attack]) -> Deal:
    """Return one attack a place, the next one in the next place."""
    return lambda place: (attacks[place % len(attacks)],)


def whole(place: int) -> Sequence[Attack]:
    """Return every attack, whatever the place."""
    del place
    return corpus()


def handfuls(rows: Sequence[Row], size: int) -> Iterator[tuple[Row, ...]]:
    """Yield the rows in order, so many together; the last are fewer."""
    for start in range(0, len(rows), size):
        yield tuple(rows[start : start + size])


def _product() -> Iterator[Attack]:
    for goal in goals():
        for wrapper in wrappers():
            dressed = wrapper.text.replace(PLACE, goal.en)
            written = {name: encode(dressed) for name, encode in ENCODINGS.items()}
            written[VIETNAMESE] = wrapper.text.replace(PLACE, goal.vi)
            for encoding, text in written.items():
                yield Attack(goal=goal.name, wrapper=wrapper.name, encoding=encoding, text=text)


def _parts(name: str, kind: type[Part]) -> tuple[Part, ...]:
    text = files("evals.injection").joinpath(f"{name}.toml").read_text(encoding="utf-8")
    return tuple(kind.model_validate(row) for row in tomllib.loads(text)[name])
