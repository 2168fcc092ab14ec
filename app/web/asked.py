"""Decides what a question about a market says in its address, and when there is no such market."""

from dataclasses import dataclass
from datetime import date
from typing import Annotated

from fastapi import Depends
from fastapi.params import Path, Query

from app.render.words import Words
from app.web.house import House
from core.errors import UnknownUniverseError
from core.records.request import Language
from core.records.result import Dataset
from core.records.universe import Universe


@dataclass(frozen=True, slots=True)
class Asked:
    """A market at a date, in a language; `benchmark` None is the market's first."""

    universe: str
    as_of: date | None
    language: Language
    benchmark: str | None


def asked(
    universe: Annotated[str, Path(max_length=64, description="id of a universe")],
    as_of: Annotated[date | None, Query(description="None: the last session")] = None,
    lang: Annotated[Language, Query(description="of every text")] = "en",
    benchmark: Annotated[str | None, Query(max_length=64, description="of excess returns")] = None,
) -> Asked:
    """Return what the address asks for."""
    return Asked(universe, as_of, lang, benchmark or None)


InMarket = Annotated[Asked, Depends(asked)]


def market_of(house: House, asked: Asked) -> Universe:
    """Return the universe asked for.

    Raises:
        UnknownUniverseError: there is none; the sentence lists those there are.
    """
    found = house.universes.get(asked.universe)
    if found is None:
        choices = ", ".join(house.universes)
        raise UnknownUniverseError(f"no universe {asked.universe!r}: use one of {choices}")
    return found


def words_of(universe: Universe, asked: Asked) -> Words:
    """Return the words of the language asked for."""
    return Words(asked.language, universe)


def held_of(house: House, universe: Universe) -> frozenset[Dataset]:
    """Return which data sets the store has of the market."""
    return frozenset(source.dataset for source in house.tools.store.sources(universe.id))
