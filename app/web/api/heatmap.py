"""The predictive heatmap: what happened and what is expected, by factor, and over past weeks."""

from typing import Annotated

from fastapi import APIRouter
from fastapi.params import Query

from app.web.asked import InMarket
from app.web.heat.factors import factor_grid
from app.web.heat.grid import heat_grid
from app.web.heat.records import FactorGrid, HeatGrid, ScoreWeeks
from app.web.heat.weeks import AT_ONCE, WEEKS, PastScores
from app.web.house import House
from core.records.universe import Horizon

Decided = Annotated[Horizon, Query(description="of scores, confidence and reasons")]
ADDRESS = "/api/universes/{universe}/heatmap"


def add_heatmap_api(router: APIRouter, house: House) -> None:
    """Register the three pictures."""
    past = PastScores(house.tools)

    @router.get(ADDRESS, tags=["heatmap"])
    def heatmap(asked: InMarket, horizon: Decided = "1M") -> HeatGrid:
        """What each sector did and what is expected of it, with the record behind it."""
        return heat_grid(house, asked, horizon)

    @router.get(f"{ADDRESS}/factors", tags=["heatmap"])
    def factors(asked: InMarket, horizon: Decided = "1M") -> FactorGrid:
        """Every factor's z and its part of every sector's score."""
        return factor_grid(house, asked, horizon)

    @router.get(f"{ADDRESS}/weeks", tags=["heatmap"])
    def weeks(
        asked: InMarket,
        horizon: Decided = "1M",
        skip: Annotated[int, Query(ge=0, le=WEEKS)] = 0,
        take: Annotated[int, Query(ge=1, le=AT_ONCE)] = 4,
    ) -> ScoreWeeks:
        """The scores of the last 26 weeks, a few at a time, each from what was known then."""
        return past.answer(house, asked, horizon, skip=skip, take=take)
