"""Decides which doors one HTTP server has, and what opens and closes with it."""

from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from importlib.metadata import version

from fastapi import APIRouter, FastAPI

from app.secrecy import redactor
from app.web.api.errors import add_errors
from app.web.api.registry import FAMILIES
from app.web.assets import add_assets
from app.web.house import House
from app.web.mcp import McpDoor
from app.web.openai.doors import add_openai_api
from app.web.openbb.doors import add_openbb_api
from app.web.pages.frame import add_pages
from app.web.security.guard import Guarded, Rules
from app.web.security.login import add_login
from app.web.security.refusals import DOCUMENTED
from app.web.security.tokens import Tokens


def web_application(house: House, *, tokens: Tokens | None = None, warm: bool = False) -> FastAPI:
    """Return the site, unguarded.

    Args:
        house: what it answers from.
        tokens: what its login takes.
        warm: prepare what runs are made with before the first question.
    """
    mcp = McpDoor(house, house.runs) if house.runs else None

    @asynccontextmanager
    async def life(_: FastAPI) -> AsyncIterator[None]:
        async with AsyncExitStack() as opened:
            await opened.enter_async_context(house.chat.open(warm=warm))
            if mcp is not None:
                await opened.enter_async_context(mcp.open())
            yield

    app = FastAPI(
        title="Sectorwise", version=version("sectorwise"), docs_url=None, redoc_url=None,
        openapi_url="/openapi.json", lifespan=life, responses=DOCUMENTED, redirect_slashes=False,
    )  # fmt: skip
    add_errors(app)
    router = APIRouter(redirect_slashes=False)
    add_assets(router)
    add_pages(router, house)
    add_login(router, tokens)
    for add in FAMILIES:
        add(router, house)
    add_openai_api(router, house)
    add_openbb_api(router, house)
    app.include_router(router)
    if mcp is not None:
        app.router.routes.append(mcp.route())
    return app


def guarded_site(house: House, rules: Rules) -> Guarded:
    """Return the site behind its guard."""
    site = web_application(house, tokens=rules.tokens, warm=True)
    return Guarded(site, rules, redactor(house.settings))
