"""Tool servers, their quota, pins and last calls: read only; nothing is added or accepted here."""

from typing import Annotated

from fastapi import APIRouter
from fastapi.params import Query

from app.compose import Composition
from app.web.house import House
from app.web.servers.answers import ServersAnswer
from app.web.servers.listing import Listing
from core.records.request import Language


def add_servers_api(router: APIRouter, house: House) -> None:
    """Register it."""
    listing = Listing(Composition(settings=house.settings, universes=house.universes))

    @router.get("/api/servers", tags=["servers"])
    def servers(
        lang: Annotated[Language, Query(description="of every text")] = "en",
    ) -> ServersAnswer:
        """The servers in the order they are asked, and the last calls of tools."""
        return listing.answer(lang)
