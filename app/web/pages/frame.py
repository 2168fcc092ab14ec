"""Decides what every page is given: language, market, date and words; its own data come by REST."""

from datetime import date
from functools import lru_cache
from typing import Annotated, Final

from fastapi import APIRouter, Request
from fastapi.params import Query
from fastapi.responses import HTMLResponse
from jinja2 import Environment, PackageLoader, StrictUndefined
from pydantic import Field

from app.render.charts.palette import sector_colour
from app.render.words import Words
from app.web.assets import asset_path
from app.web.house import House
from app.web.pages.chat_words import closed_words
from app.web.pages.page import Page, words
from app.web.pages.registry import PAGES
from core.records.record import Record, Slug
from core.records.request import Language
from core.records.universe import Horizon, Universe
from core.wording import entity_name

LANGUAGES: Final[tuple[Language, ...]] = ("en", "vi")
COOKIE: Final = "lang"


class SectorName(Record):
    """A sector as pages name and colour it."""

    id: Slug
    ticker: str
    name: str
    colour: str


class Named(Record):
    """Something with a name in the page's language."""

    id: Slug
    name: str


class Market(Record):
    """A universe as pages show it."""

    id: Slug
    name: str
    synthetic: bool
    currency: str
    money_unit: str
    built_from_members: bool
    foreign_flow: bool
    decision_frequency: str
    horizons: tuple[Horizon, ...]
    sectors: tuple[SectorName, ...]
    benchmarks: tuple[Named, ...]


class Frame(Record):
    """What scripts read of a page before they ask for anything."""

    page: str
    language: Language
    universe: Slug
    as_of: date | None
    markets: tuple[Market, ...] = Field(min_length=1)
    words: dict[str, str]
    parameters: dict[str, str]


def add_pages(router: APIRouter, house: House) -> None:
    """Register every page."""
    for page in PAGES:
        router.add_api_route(
            page.path, _shown(page, house), methods=["GET"], response_class=HTMLResponse,
            include_in_schema=False, name=page.name,
        )  # fmt: skip


def language_of(request: Request) -> Language:
    """Return the language asked for: the address, the cookie, the browser, English."""
    header = request.headers.get("accept-language", "")
    wanted = (
        request.query_params.get("lang"),
        request.cookies.get(COOKIE),
        header[:2].lower(),
    )
    return next((name for ask in wanted for name in LANGUAGES if name == ask), "en")


def market(universe: Universe, language: Language) -> Market:
    """Return a universe as pages show it."""
    return Market(
        id=universe.id,
        name=entity_name(universe.id, language, universe),
        synthetic=universe.synthetic,
        currency=universe.currency,
        money_unit=universe.money_unit,
        built_from_members=universe.built_from_members,
        foreign_flow=universe.foreign_flow,
        decision_frequency=universe.decision_frequency,
        horizons=universe.horizons,
        sectors=tuple(
            SectorName(
                id=sector.id,
                ticker=sector.ticker,
                name=entity_name(sector.id, language, universe),
                colour=sector_colour(place),
            )
            for place, sector in enumerate(universe.sectors)
        ),
        benchmarks=tuple(
            Named(id=mark.id, name=entity_name(mark.id, language, universe))
            for mark in universe.benchmarks
        ),
    )


class _Shown:
    """Answers one page."""

    def __init__(self, page: Page, house: House) -> None:
        self._page, self._house = page, house

    def __call__(
        self,
        request: Request,
        universe: Annotated[str | None, Query(max_length=64)] = None,
        as_of: date | None = None,
    ) -> HTMLResponse:
        house, language = self._house, language_of(request)
        chosen = universe if universe in house.universes else house.settings.universe
        frame = Frame(
            page=self._page.name,
            language=language,
            universe=chosen,
            as_of=as_of,
            markets=tuple(market(item, language) for item in house.universes.values()),
            words=closed_words(Words(language, house.universes[chosen]))
            | dict(words(self._page.name, language)),
            parameters={name: str(value) for name, value in request.path_params.items()},
        )
        text = environment().get_template(f"{self._page.name}.html.j2").render(
            frame=frame, words=frame.words, pages=[page for page in PAGES if page.nav],
            market=next(item for item in frame.markets if item.id == chosen), json=_json(frame),
        )  # fmt: skip
        answer = HTMLResponse(text)
        if request.query_params.get("lang") == language:
            answer.set_cookie(COOKIE, language, samesite="strict", httponly=True, max_age=31536000)
        return answer


def _shown(page: Page, house: House) -> _Shown:
    return _Shown(page, house)


def _json(frame: Frame) -> str:
    """Return the frame for a data block: nothing in it can end the block."""
    return frame.model_dump_json().replace("<", "\\u003c").replace("&", "\\u0026")


@lru_cache(maxsize=1)
def environment() -> Environment:
    """Return the templates of all pages; what is written into them is escaped."""
    made = Environment(
        loader=PackageLoader("app.web"), autoescape=True, undefined=StrictUndefined,
        trim_blocks=True, lstrip_blocks=True,
    )  # fmt: skip
    made.globals["asset"] = asset_path
    return made
