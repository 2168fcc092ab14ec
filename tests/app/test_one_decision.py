import asyncio
from datetime import date
from pathlib import Path

import pytest

from agents.run import run_request
from app.compose import Composition, open_services
from app.data import open_store
from app.files.mandates import load_book
from app.files.universes import load_universes
from app.settings import Settings
from core.forecast.walkforward import fit
from core.portfolio.decide import decide
from core.records.mandate import Mandate
from core.records.report import Report
from core.records.request import Request
from core.records.universe import Horizon
from tools.sources.demo import PLANTED_LEADERS, demo_frames
from tools.storage.models import ModelStore
from tools.storage.panels import market_panels, panels_from_frames


def reported(
    home: Path, universe: str, as_of: date, horizon: Horizon, limits: Path | None = None
) -> Report:
    """Return the report of a whole run over MCP, without a model."""
    settings = Settings(home=home, mandate=limits)
    composition = Composition(settings=settings, universes=load_universes())
    request = Request(
        text="", language="en", intent="report", universes=(universe,), horizon=horizon, as_of=as_of
    )

    async def run() -> Report:
        async with open_services(composition) as services:
            return (await run_request(request, services, run_id="parity")).report

    return asyncio.run(run())


def assert_same_decision(
    home: Path, universe: str, as_of: date, horizon: Horizon, limits: Path | None = None
) -> None:
    store = open_store(Settings(home=home))
    panels = market_panels(store, load_universes()[universe])
    model = ModelStore(home).load(universe)
    mandate = load_book(limits).versions[-1]
    direct = decide(panels, model, as_of=as_of, horizon=horizon, mandate=mandate)
    report = reported(home, universe, as_of, horizon, limits)
    assert report.scorecards[0].canonical_json() == direct.scorecard.canonical_json()
    assert report.allocations[0].canonical_json() == direct.allocation.canonical_json()


@pytest.mark.parametrize(
    "horizon",
    [
        pytest.param("1W", marks=pytest.mark.prove),
        "1M",
        pytest.param("3M", marks=pytest.mark.prove),
    ],
)
def test_evidence_and_panels_give_one_decision_on_demo(demo_home: Path, horizon: Horizon) -> None:
    assert_same_decision(demo_home, "demo", date(2024, 12, 31), horizon)


def test_evidence_and_panels_give_one_decision_under_a_mandate_of_ones_own(
    demo_home: Path, tmp_path: Path
) -> None:
    limits = tmp_path / "own.toml"
    limits.write_text(
        'benchmark = "equal_weight"\nturnover = 0.2\ncaps = {technology = 0.1}\n'
        "tracking_error_pct = 2.0\nfactor_weights = {momentum_12m = 1.0, breadth_50d = 0.5}\n"
    )
    assert_same_decision(demo_home, "demo", date(2024, 12, 31), "1M", limits)


@pytest.mark.real_data
@pytest.mark.parametrize(
    ("universe", "as_of"),
    [
        pytest.param("us", date(2024, 12, 31), marks=pytest.mark.prove),
        pytest.param("us", date(2016, 3, 15), marks=pytest.mark.prove),
        pytest.param("vn", date(2024, 12, 30), marks=pytest.mark.prove),
    ],
)
def test_evidence_and_panels_give_one_decision_on_real_data(
    real_home: Path, universe: str, as_of: date
) -> None:
    assert_same_decision(real_home, universe, as_of, "1M")


def test_the_planted_leaders_are_in_the_top_three(demo_home: Path) -> None:
    card = reported(demo_home, "demo", date(2024, 12, 31), "1M").scorecards[0]
    assert set(PLANTED_LEADERS) <= {row.sector for row in card.sectors[:3]}


@pytest.mark.prove
def test_the_planted_leaders_are_found_whatever_the_seed() -> None:
    universe, as_of = load_universes()["demo"], date(2024, 12, 31)
    found = 0
    for seed in range(1, 21):
        panels = panels_from_frames(universe, demo_frames(universe, seed=seed))
        made = decide(panels, fit(panels), as_of=as_of, horizon="1M", mandate=Mandate())
        found += set(PLANTED_LEADERS) <= {row.sector for row in made.scorecard.sectors[:3]}
    print(f"planted leaders in the top three: {found} of 20 seeds")
    assert found >= 16
