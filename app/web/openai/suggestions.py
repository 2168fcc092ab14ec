"""Decides what a chat is called and what may be asked next: closed terms, no run, no model.

A title names the market and the subject as the grammar understands the first question; follow-ups
are questions the grammar is known to understand.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import reduce
from typing import Final

from app.web.pages.page import words
from core.errors import DateError, RequestError
from core.records.request import Intent, Language, Request
from core.records.universe import Universe
from core.request import parse_request
from core.wording import entity_name

TITLE_CHARS: Final = 60
NAMED_SECTORS: Final = 2
"""Sectors a title names at most."""


@dataclass(frozen=True, slots=True)
class Market:
    """Where questions are understood: the universes, and the one of a question that names none."""

    universes: Mapping[str, Universe]
    default: str

    def understood(
        self, questions: tuple[str, ...], previous: Request | None = None
    ) -> Request | None:
        """Return the last question in closed terms, in the thread of those before.

        Questions that are none of ours are passed over; `previous` where all are.
        """
        return reduce(self._next, questions, previous)

    def _next(self, previous: Request | None, text: str) -> Request | None:
        try:
            found = parse_request(
                text,
                tuple(self.universes.values()),
                default_universe=self.default,
                previous=previous,
            )
        except (DateError, RequestError):
            return previous
        return found if previous is None or found.intent != "off_topic" else previous


def title_of(questions: tuple[str, ...], market: Market) -> str:
    """Return a chat's title."""
    request = market.understood(questions[:1])
    language = _language(request)
    said = words("clients", language)
    universe = _universe(request, market)
    name = entity_name(universe.id, language, universe)
    intent: Intent = request.intent if request is not None else "question"
    sectors = list(dict.fromkeys(f.sector for f in request.focus)) if request is not None else []
    if sectors:
        subject = ", ".join(_sector(universe, s, language) for s in sectors[:NAMED_SECTORS])
    else:
        subject = said[f"subject_{intent}"]
    return said["title"].format(market=name, subject=subject)[:TITLE_CHARS]


def tags_of(questions: tuple[str, ...], market: Market) -> tuple[str, ...]:
    """Return a chat's tags: the field, the subject, the markets named."""
    request = market.understood(questions)
    language = _language(request)
    said = words("clients", language)
    names = request.universes if request is not None else (market.default,)
    markets = (entity_name(n, language, market.universes[n]) for n in names)
    return tuple(dict.fromkeys((said["tag_field"], said["tag_subject"], *markets)))


def follow_ups(questions: tuple[str, ...], market: Market) -> tuple[str, ...]:
    """Return what may be asked next, nothing of which was asked word for word."""
    request = market.understood(questions)
    language = _language(request)
    said, universe = words("clients", language), _universe(request, market)
    focus = [f.sector for f in request.focus if f.universe == universe.id] if request else []
    sector = _sector(universe, focus[0] if focus else universe.sectors[0].id, language)
    keys = ["ask_why", "ask_forecast", "ask_macro", "ask_cap"]
    if universe.foreign_flow:
        keys.insert(1, "ask_flow")
    asked = {text.strip() for text in questions}
    offered = (said[key].format(sector=sector) for key in keys)
    return tuple(text for text in offered if text not in asked)


def _universe(request: Request | None, market: Market) -> Universe:
    return market.universes[request.universes[0] if request is not None else market.default]


def _language(request: Request | None) -> Language:
    return request.language if request is not None else "en"


def _sector(universe: Universe, sector: str, language: Language) -> str:
    found = next((row for row in universe.sectors if row.id == sector), None)
    return entity_name(sector, language, universe) if found is not None else sector
