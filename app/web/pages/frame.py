"""Decides what every page is given: language, market, date and words; its own data come by REST."""

from collections.abc import Mapping
from datetime import date
from typing import Annotated

from fastapi import APIRouter, Request
from fastapi.params import Query
from fastapi.responses import HTMLResponse
from pydantic import Field

from app.render.charts.palette import sector_colour
from app.render.words import Words
from app.web.house import House
from app.web.pages.chat_words import closed_words
from app.web.pages.named import UnshownError, last_day, market_named, named_day, require_subject
from app.web.pages.notice import COOKIE, language_of, notice
from app.web.pages.page import Page, environment, words
from app.web.pages.registry import PAGES
from app.web.reports.kept import KeptReports
from core.records.record import Record, Slug
from core.records.request import Language
from core.records.universe import Horizon, Universe
from core.wording import entity_name


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
    reports = KeptReports(house)
    for page in PAGES:
        router.add_api_route(
            page.path, _Shown(page, house, reports), methods=["GET"], response_class=HTMLResponse,
            include_in_schema=False, name=page.name,
        )  # fmt: skip


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

    def __init__(self, page: Page, house: House, reports: KeptReports) -> None:
        self._page, self._house, self._reports = page, house, reports

    def __call__(
        self,
        request: Request,
        universe: Annotated[str | None, Query(max_length=64)] = None,
        as_of: Annotated[str | None, Query(max_length=64)] = None,
    ) -> HTMLResponse:
        language = language_of(request)
        try:
            chosen, day = market_named(self._house, universe), named_day(as_of)
            require_subject(self._house.universes[chosen], self._reports, request.path_params)
        except UnshownError as missing:
            sentence = missing.told(words("door", language))
            return notice(request.scope, "error", status=missing.status, sentence=sentence)
        answer = HTMLResponse(self._text(chosen, day, language, request.path_params))
        if request.query_params.get("lang") == language:
            answer.set_cookie(COOKIE, language, samesite="strict", httponly=True, max_age=31536000)
        return answer

    def _text(
        self, chosen: str, day: date | None, language: Language, parameters: Mapping[str, object]
    ) -> str:
        """Return the page; of a day yet to come it holds a sentence alone."""
        house, name = self._house, self._page.name
        said = Words(language, house.universes[chosen])
        frame = Frame(
            page=name,
            language=language,
            universe=chosen,
            as_of=day,
            markets=tuple(market(item, language) for item in house.universes.values()),
            words=closed_words(said) | dict(words(name, language)),
            parameters={key: str(value) for key, value in parameters.items()},
        )
        last, gap = last_day(house), None
        if day is not None and day > last:
            gap = frame.words["not_yet"].format(day=said.day(day), last=said.day(last))
        return environment().get_template(f"{'gap' if gap else name}.html.j2").render(
            frame=frame, words=frame.words, pages=[page for page in PAGES if page.nav],
            market=next(item for item in frame.markets if item.id == chosen), json=_json(frame),
            gap=gap, last=last, signed_in=house.settings.token is not None,
        )  # fmt: skip


def _json(frame: Frame) -> str:
    """Return the frame for a data block: nothing in it can end the block."""
    return frame.model_dump_json().replace("<", "\\u003c").replace("&", "\\u0026")
