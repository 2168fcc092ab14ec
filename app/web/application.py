"""Decides which doors one HTTP server has, and what opens and closes with it."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from fastapi import APIRouter, FastAPI

from app.web.api.registry import FAMILIES
from app.web.assets import add_assets
from app.web.house import House
from app.web.pages.frame import add_pages


def web_application(house: House) -> FastAPI:
    """Return the site, unguarded: `app.web.security` puts its guard in front."""

    @asynccontextmanager
    async def life(_: FastAPI) -> AsyncIterator[None]:
        async with house.chat.open():
            yield

    app = FastAPI(
        title="Sectorwise", docs_url=None, redoc_url=None, openapi_url="/openapi.json",
        lifespan=life,
    )  # fmt: skip
    router = APIRouter()
    add_assets(router)
    add_pages(router, house)
    for add in FAMILIES:
        add(router, house)
    app.include_router(router)
    return app
