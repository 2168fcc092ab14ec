"""The economy: releases, the regime and its past, other markets, strain, the calendar."""

from datetime import date, timedelta
from typing import Annotated, Final

from fastapi import APIRouter
from fastapi.params import Path, Query

from app.web.asked import Asked, InMarket, held_of, market_of, words_of
from app.web.house import House
from app.web.macro.answers import (
    CalendarAnswer,
    MacroAnswer,
    MarketsAnswer,
    RegimeAnswer,
    SeriesAnswer,
    StrainAnswer,
)
from app.web.macro.worded import (
    Telling,
    calendar_answer,
    macro_answer,
    markets_answer,
    regime_answer,
    series_answer,
    strain_answer,
)
from core.records.events import DatedKind
from tools.events.calendar import events
from tools.macro.dashboard import macro_dashboard
from tools.macro.other_markets import other_markets
from tools.macro.paths import series_choices, series_path, state_path
from tools.macro.regimes import regime_now_and_before
from tools.market.warning import market_warning

Since = Annotated[date | None, Query(description="first day of the history; None: ten years")]
Series = Annotated[str, Path(pattern=r"^[a-z0-9][a-z0-9_-]{0,63}$", description="of the dashboard")]
ADDRESS: Final = "/api/universes/{universe}/macro"
BACK: Final = timedelta(days=31)
AHEAD: Final = timedelta(days=62)
DATED: Final[tuple[DatedKind, ...]] = (
    "holiday", "half_day", "index_review", "index_inclusion", "fund_rebalance",
    "reclassification", "policy_decision", "macro_release",
)  # fmt: skip


def add_macro_api(router: APIRouter, house: House) -> None:
    """Register them."""
    _add_now(router, house)
    _add_histories(router, house)


def _add_now(router: APIRouter, house: House) -> None:
    context = house.tools

    @router.get(ADDRESS, tags=["macro"])
    def macro(asked: InMarket) -> MacroAnswer:
        """The numbers a desk reads, and every series that has a history."""
        region = market_of(house, asked).id
        told = macro_dashboard(context, region=region, as_of=asked.as_of)
        choices = series_choices(context, region=region, as_of=asked.as_of)
        return macro_answer(told, choices, _telling(house, asked))

    @router.get(f"{ADDRESS}/markets", tags=["macro"])
    def markets(asked: InMarket) -> MarketsAnswer:
        """Bonds, gold, oil, the dollar and copper, where the data have them."""
        found = other_markets(context, region=market_of(house, asked).id, as_of=asked.as_of)
        return markets_answer(found, _telling(house, asked))

    @router.get(f"{ADDRESS}/strain", tags=["macro"])
    def strain(asked: InMarket) -> StrainAnswer:
        """The market's warning state, what followed such states, the rule, the balance."""
        told = market_warning(context, region=market_of(house, asked).id, as_of=asked.as_of)
        return strain_answer(told, _telling(house, asked))

    @router.get(f"{ADDRESS}/calendar", tags=["macro"])
    def calendar(asked: InMarket) -> CalendarAnswer:
        """A month of releases and decisions back, two months of closed days and reviews ahead."""
        region = market_of(house, asked).id
        scope = context.scope(region, asked.as_of)
        told = events(
            context, kinds=DATED, since=scope.back(BACK), until=scope.as_of + AHEAD, region=region,
            as_of=asked.as_of,
        )  # fmt: skip
        return calendar_answer(told, _telling(house, asked))


def _add_histories(router: APIRouter, house: House) -> None:
    context = house.tools

    @router.get(f"{ADDRESS}/regimes", tags=["macro"])
    def regimes(asked: InMarket, since: Since = None) -> RegimeAnswer:
        """The regime since when, those before it, and growth, inflation, sentiment by week."""
        region = market_of(house, asked).id
        path = state_path(context, region=region, since=since, as_of=asked.as_of)
        told = regime_now_and_before(context, since=path.since, region=region, as_of=asked.as_of)
        return regime_answer(told, path, _telling(house, asked))

    @router.get(f"{ADDRESS}/series/{{series}}", tags=["macro"])
    def series(asked: InMarket, series: Series, since: Since = None) -> SeriesAnswer:
        """One series by period, each at its last release known at as_of."""
        region = market_of(house, asked).id
        path = series_path(context, series, region=region, since=since, as_of=asked.as_of)
        return series_answer(path, _telling(house, asked))


def _telling(house: House, asked: Asked) -> Telling:
    market = market_of(house, asked)
    return Telling(words_of(market, asked), held_of(house, market))
