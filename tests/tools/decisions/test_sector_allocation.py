"""The served allocation: a report's own for the same question, or the limits that conflict."""

import asyncio
from dataclasses import replace
from datetime import date
from pathlib import Path

import anyio
import pytest
from mcp.shared.memory import create_connected_server_and_client_session as connected
from mcp.types import CallToolResult
from pydantic import ValidationError

from agents.run import run_request
from app.compose import Composition, open_services
from app.data import tool_context
from app.files.universes import load_universes
from app.settings import Settings
from core.errors import CallerError, MandateError
from core.portfolio.decide import decide
from core.portfolio.holdings import valued
from core.records.holdings import Holdings, Position
from core.records.mandate import Mandate, MandatePatch, SectorCap, SectorFloor
from core.records.report import Report
from core.records.request import Request
from core.records.served_decisions import AskedLimits, HeldWeights
from core.records.universe import SectorWeight
from core.request import parse_request
from tests.tools.sources.conftest import packaged
from tools.context import ToolContext
from tools.decisions.sector_allocation import sector_allocation
from tools.decisions.sector_scores import sector_scores
from tools.server import build_server
from tools.sources.demo import ensure_demo
from tools.storage.models import ModelStore
from tools.storage.panels import market_panels
from tools.storage.store import Store

LAST = date(2024, 12, 31)
CAP = AskedLimits(caps=(SectorCap(sector="technology", cap=0.06),))


@pytest.fixture(scope="module")
def context(tmp_path_factory: pytest.TempPathFactory) -> ToolContext:
    """The demo market without a fitted model."""
    home = tmp_path_factory.mktemp("home")
    universe, store = packaged("demo"), Store(home)
    ensure_demo(store, universe)
    return ToolContext(store, {"demo": universe}, ModelStore(home), "demo")


def reported(home: Path, question: str) -> Report:
    """Return the report of a question in words, over MCP, without a model."""
    composition = Composition(settings=Settings(home=home), universes=load_universes())
    request: Request = parse_request(
        question, tuple(composition.universes.values()), default_universe="demo", previous=None
    )

    async def run() -> Report:
        async with open_services(composition) as services:
            return (await run_request(request, services, run_id="served")).report

    return asyncio.run(run())


@pytest.mark.parametrize(
    ("question", "limits"),
    [
        pytest.param("allocation report for the demo market", None, marks=pytest.mark.prove),
        ("allocation report for the demo market, cap technology at 6 %", CAP),
    ],
)
def test_the_answer_is_the_reports_own_for_the_same_question_byte_for_byte(
    demo_home: Path, question: str, limits: AskedLimits | None
) -> None:
    report = reported(demo_home, question)
    served = tool_context(Settings(home=demo_home), load_universes())
    horizon, as_of = report.scorecards[0].horizon, report.scorecards[0].as_of
    found = sector_allocation(served, region="demo", horizon=horizon, as_of=as_of, mandate=limits)
    card = sector_scores(served, region="demo", horizon=horizon, as_of=as_of).card
    assert found.allocation.canonical_json() == report.allocations[0].canonical_json()
    assert card.canonical_json() == report.scorecards[0].canonical_json()


def test_limits_in_general_make_a_mandate_of_its_own_and_bind(context: ToolContext) -> None:
    panels = market_panels(context.store, context.universes["demo"])
    asked = AskedLimits(turnover=0.05, cost_bps=25.0, tracking_error_pct=1.0, cash_floor=0.02)
    result = sector_allocation(context, mandate=asked)
    mandate = Mandate(id="asked", version=1, cost_bps=25.0, tracking_error_pct=1.0,
                      cash_floor=0.02).patched(MandatePatch(turnover=0.05))  # fmt: skip
    direct = decide(panels, None, as_of=LAST, horizon="1M", mandate=mandate)
    assert result.allocation.canonical_json() == direct.allocation.canonical_json()
    assert (result.mandate, result.mandate_version) == ("asked", 1)
    assert result.turnover <= 0.05
    assert result.cash_target_weight >= 0.02
    assert (result.tracking_error_pct or 0.0) <= 1.0


def test_stated_holdings_are_the_start_and_the_rest_is_cash(context: ToolContext) -> None:
    universe = context.universes["demo"]
    held = HeldWeights(weights=(SectorWeight(sector="tech", weight=0.5),))
    result = sector_allocation(context, holdings=held)
    stated = Holdings(
        universe="demo",
        dated=None,
        source="",
        positions=(Position(sector="technology", weight=0.5),),
    )
    portfolio = valued(stated, universe, None, as_of=LAST)
    direct = decide(
        market_panels(context.store, universe),
        None,
        as_of=LAST,
        horizon="1M",
        mandate=Mandate(),
        portfolio=portfolio,
    )
    assert result.allocation.canonical_json() == direct.allocation.canonical_json()
    assert result.cash_held_weight == 0.5


def test_a_limit_on_issuers_is_looked_through_to_the_baskets(context: ToolContext) -> None:
    result = sector_allocation(context, mandate=AskedLimits(issuer_cap=0.06))
    assert "issuer_cap" in {row.kind for row in result.limits}


@pytest.mark.parametrize(
    ("limits", "told"),
    [
        (AskedLimits(sector_cap=0.05), "sector_cap 5 % cannot hold; raise sector_cap"),
        (
            AskedLimits(sector_cap=0.2, floors=(SectorFloor(sector="technology", floor=0.5),)),
            "sector_cap 20 % and floors.technology 50 % cannot all hold",
        ),
    ],
)
def test_limits_that_conflict_are_named_with_the_smallest_way_out(
    context: ToolContext, limits: AskedLimits, told: str
) -> None:
    with pytest.raises(MandateError, match=told):
        sector_allocation(context, mandate=limits)


def test_names_that_mean_no_sector_or_several_are_answered_with_a_sentence(
    context: ToolContext,
) -> None:
    vietnam = replace(context, universes={"vn": packaged("vn")}, default_universe="vn")
    several = AskedLimits(excluded=("financials",))
    with pytest.raises(CallerError, match="is 3 sectors: name one of"):
        sector_allocation(vietnam, mandate=several)
    with pytest.raises(CallerError, match="no sector 'shipping'"):
        sector_allocation(context, mandate=AskedLimits(excluded=("shipping",)))
    with pytest.raises(CallerError, match="no benchmark 'spx'"):
        sector_allocation(context, mandate=AskedLimits(benchmark="spx"))
    twice = (SectorWeight(sector="tech", weight=0.1), SectorWeight(sector="technology", weight=0.1))
    with pytest.raises(CallerError, match="each sector once"):
        sector_allocation(context, holdings=HeldWeights(weights=twice))
    with pytest.raises(ValidationError):
        AskedLimits.model_validate({"wishes": 1})


def test_a_later_date_changes_nothing_of_an_earlier_answer(context: ToolContext) -> None:
    day = date(2023, 3, 15)
    panels = market_panels(context.store, context.universes["demo"]).until(day)
    cut = replace(context, load=lambda store, universe: panels)
    assert sector_allocation(cut, as_of=day) == sector_allocation(context, as_of=day)


def test_over_mcp_limits_are_typed_and_a_conflict_is_an_error_that_names_them(
    context: ToolContext,
) -> None:
    def answer(mandate: dict[str, object]) -> CallToolResult:
        async def once() -> CallToolResult:
            async with connected(build_server(context)) as session:
                return await session.call_tool("get_sector_allocation", {"mandate": mandate})

        return anyio.run(once)

    good = answer({"caps": [{"sector": "technology", "cap": 0.06}]})
    assert not good.isError
    expected = sector_allocation(context, mandate=CAP).model_dump(mode="json")
    assert good.structuredContent == expected
    refusals: tuple[tuple[dict[str, object], str], ...] = (
        ({"sector_cap": 0.05}, "sector_cap 5 % cannot hold"),
        ({"caps": [{"sector": "technology", "cap": 20}]}, "less than or equal to 1"),
        ({"leverage": 2}, "Extra inputs are not permitted"),
    )
    for wrong, told in refusals:
        refused = answer(wrong)
        assert refused.isError
        assert told in str(refused.content)
