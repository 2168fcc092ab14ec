"""How earlier calls turned out, and how good the forecast has been out of sample."""

from typing import Annotated, Final

from fastapi import APIRouter
from fastapi.params import Query

from app.desk import DeskSource
from app.web.asked import InMarket, held_of, market_of, words_of
from app.web.house import House
from app.web.record.answers import CardAnswer, ModelAnswer
from app.web.record.worded import card_answer, model_answer
from core.records.universe import Horizon
from tools.sectors.cuts import cut_records
from tools.sectors.forecast_record import forecast_record

Called = Annotated[Horizon, Query(description="of the calls, or of the cuts and weights")]
ADDRESS: Final = "/api/universes/{universe}/record"


def add_record_api(router: APIRouter, house: House) -> None:
    """Register them."""
    context = house.tools
    desk = DeskSource(house.settings, store=context.store)

    @router.get(f"{ADDRESS}/calls", tags=["record"])
    def calls(asked: InMarket, horizon: Called = "1M") -> CardAnswer:
        """The report card: settled calls, hits, mean excess, calibration, the worst, live since."""
        market = market_of(house, asked)
        day = context.scope(market.id, asked.as_of).as_of
        card = desk.report_card(market, day, horizon)
        return card_answer(card, words_of(market, asked), as_of=day, horizon=horizon)

    @router.get(f"{ADDRESS}/forecast", tags=["record"])
    def forecast(asked: InMarket, horizon: Called = "1M") -> ModelAnswer:
        """The forecast's record by horizon; of the asked one by cut, and what it weighs."""
        market = market_of(house, asked)
        told = tuple(
            forecast_record(context, region=market.id, horizon=one, as_of=asked.as_of)
            for one in dict.fromkeys((*market.horizons, horizon))
        )
        cuts = cut_records(context, region=market.id, horizon=horizon, as_of=asked.as_of)
        return model_answer(
            told, cuts, words_of(market, asked), horizon=horizon, held=held_of(house, market)
        )
