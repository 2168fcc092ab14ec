"""Facts of the question itself, and of what its limits change."""

from datetime import date

import pytest

from core.asked import change_facts, request_facts
from core.pointers import holds
from core.records.decision import Allocation, AllocationLine
from core.records.holdings import Holdings, Position
from core.records.mandate import MandatePatch, SectorCap, SectorFloor
from core.records.request import Request, Stated
from core.records.universe import Universe
from tests.servers.market import made_universe

AS_OF = date(2026, 3, 20)
TOY, MIRROR = made_universe("toy"), made_universe("mirror")
REQUEST = Request(
    text="cap energy at 20 %",
    language="en",
    intent="what_if",
    universes=("toy", "mirror"),
    symbols=("TCB", "VPB"),
    patch=MandatePatch(
        caps=(SectorCap(sector="energy", cap=0.2), SectorCap(sector="gold", cap=0.1)),
        floors=(SectorFloor(sector="materials", floor=0.05),),
        excluded=("health",),
        turnover=0.15,
    ),
    holdings=Holdings(
        universe="mirror",
        dated=None,
        source="question",
        cash_weight=0.4,
        positions=(Position(sector="energy", weight=0.3), Position(symbol="T03", weight=0.3)),
    ),
    stated=(Stated(universe="mirror", sector="energy", horizon="3M", return_pct=8.0),),
)


def measures(universe: Universe) -> list[tuple[str, str]]:
    facts = request_facts(REQUEST, universe, as_of=AS_OF)
    return [(fact.subject, fact.measure) for fact in facts]


def test_limits_are_facts_of_markets_that_have_the_sector_and_symbols_of_the_first() -> None:
    limits = [
        ("energy", "stated_cap"), ("materials", "stated_floor"), ("health", "stated_exclusion"),
    ]  # fmt: skip

    assert measures(TOY) == [
        *limits, ("toy", "stated_turnover"), ("TCB", "named_symbol"), ("VPB", "named_symbol"),
    ]  # fmt: skip
    assert measures(MIRROR) == [
        *limits, ("mirror", "stated_turnover"), ("energy", "stated_holding"),
        ("T03", "stated_holding"), ("mirror", "stated_cash"), ("energy", "stated_return.3m"),
    ]  # fmt: skip


def test_every_fact_of_the_question_leads_back_into_it() -> None:
    for universe in (TOY, MIRROR):
        for fact in request_facts(REQUEST, universe, as_of=AS_OF):
            assert holds(fact, REQUEST), fact.id
            nothing = {"patch": None, "symbols": (), "stated": (), "holdings": None}
            assert not holds(fact, REQUEST.model_copy(update=nothing))


def allocation(*weights: float) -> Allocation:
    return Allocation(
        universe="toy",
        as_of=AS_OF,
        horizon="1M",
        mandate="default",
        benchmark_weights_source="universe",
        lines=tuple(
            AllocationLine(
                sector=sector,
                instrument=sector.upper(),
                benchmark_weight=0.5,
                target_weight=weight,
                stance="neutral",
            )
            for sector, weight in zip(("energy", "health"), weights, strict=True)
        ),
        turnover=0.1,
        cost_bps=1.0,
        tracking_error_pct=None,
    )


def test_a_change_is_the_weight_with_limits_minus_the_weight_without() -> None:
    facts = change_facts(allocation(0.2, 0.8), allocation(0.5, 0.5))
    changes = {fact.subject: fact.value for fact in facts if fact.measure == "change_weight"}

    assert changes["energy"] == pytest.approx(-30.0)
    assert changes["health"] == pytest.approx(30.0)
    assert all(fact.formula in {"before", "difference"} for fact in facts)
    assert len({fact.id for fact in facts}) == len(facts)
