"""REST of what there is to ask about."""

from typing import Annotated

from fastapi import APIRouter, Query

from app.web.house import House
from app.web.pages.frame import Market, market
from core.records.request import Language


def add_universes_api(router: APIRouter, house: House) -> None:
    """Register them."""

    @router.get("/api/universes", tags=["markets"])
    def universes(lang: Annotated[Language, Query()] = "en") -> tuple[Market, ...]:
        """List the markets, with their sectors and benchmarks."""
        return tuple(market(universe, lang) for universe in house.universes.values())
