"""REST of what there is to ask about, and whether anybody answers."""

from typing import Annotated

from fastapi import APIRouter, Query

from app.web.house import House
from app.web.pages.frame import Market, market
from core.records.record import Record
from core.records.request import Language


class Health(Record):
    """The server answers; nothing else is told."""

    ok: bool = True


def add_universes_api(router: APIRouter, house: House) -> None:
    """Register them."""

    @router.get("/api/universes", tags=["markets"])
    def universes(lang: Annotated[Language, Query()] = "en") -> tuple[Market, ...]:
        """List the markets, with their sectors and benchmarks."""
        return tuple(market(universe, lang) for universe in house.universes.values())

    @router.get("/healthz", tags=["health"])
    def health() -> Health:
        """Tell that the server answers."""
        return Health()
