"""Told rotations, benchmarks and member-built sectors on the shared market data."""

from datetime import date
from importlib.resources import files
from pathlib import Path

import pytest

from core.gaps import gap_sentence
from core.markets.universe import parse_universe
from core.panel import MarketPanels
from core.records.sectors import HeatmapResult, HeatmapRow
from core.records.universe import Universe
from tests.app.command import sectorwise
from tools.context import ToolContext
from tools.decisions.scoring import scoring_inputs
from tools.sectors.heatmap import sector_heatmap
from tools.sectors.rotation_history import rotation_history
from tools.storage.models import ModelStore
from tools.storage.panels import market_panels
from tools.storage.store import Store

pytestmark = pytest.mark.real_data

STORY = ("--since", "2020-10-01", "--as-of", "2021-03-31", "--sector", "financials")


def _packaged(name: str) -> Universe:
    return parse_universe(files("core.universes").joinpath(f"{name}.toml").read_text("utf-8"))


def _context(home: Path, *names: str) -> ToolContext:
    return ToolContext(
        store=Store(home),
        universes={name: _packaged(name) for name in names},
        models=ModelStore(home),
        default_universe=names[0],
    )


@pytest.fixture(scope="module")
def world(world_home: Path) -> ToolContext:
    return _context(world_home, "world")


@pytest.fixture(scope="module")
def context(market_home: Path) -> ToolContext:
    return _context(market_home, "vn", "us")


@pytest.fixture(scope="module")
def vn(context: ToolContext) -> MarketPanels:
    return market_panels(context.store, context.universes["vn"])


def _row(result: HeatmapResult, sector: str) -> HeatmapRow:
    return next(row for row in result.rows if row.sector == sector)


def test_global_financials_lead_from_the_eighteenth_of_december(world: ToolContext) -> None:
    told = rotation_history(
        world,
        sector="financials",
        since=date(2020, 10, 1),
        as_of=date(2021, 3, 31),
    )
    assert (told.benchmark, told.treatment, told.frequency) == ("acwi", "total_return", "weekly")
    improving, leading = told.rows
    assert (improving.quadrant, improving.left) == ("IMPROVING", date(2020, 12, 11))
    assert (leading.quadrant, leading.entered) == ("LEADING", date(2020, 12, 18))
    assert (improving.running, leading.running) == (False, True)
    assert leading.momentum_peak_period == date(2021, 1, 15)
    assert leading.momentum_peak_index == pytest.approx(103.06, abs=0.005)
    assert leading.momentum_turn_period == date(2021, 2, 19)
    assert leading.momentum_turn_index == pytest.approx(100.49, abs=0.005)
    (path,) = told.paths
    turn = next(node for node in path.tail if node.period == date(2021, 2, 19))
    assert path.ticker == "IXG"
    assert turn.rs_ratio_index > 103.0


def test_the_story_is_the_same_when_told_years_later_and_on_the_command_line(
    world: ToolContext, world_home: Path
) -> None:
    ran = sectorwise("rotation", "-u", "world", *STORY, "--json", home=world_home)
    told = rotation_history(
        world, sector="financials", since=date(2020, 10, 1), as_of=date(2021, 3, 31)
    )
    assert ran.json() == told.model_dump(mode="json")
    table = sectorwise("rotation", "-u", "world", *STORY, home=world_home).out
    for word in ("LEADING", "2020-12-18", "103.06", "2021-01-15", "100.49", "2021-02-19"):
        assert word in table


def test_the_vietnamese_price_index_is_refused_with_the_benchmarks_that_work(
    context: ToolContext,
) -> None:
    for benchmark in ("vnindex", "vn30"):
        result = sector_heatmap(context, region="vn", benchmark=benchmark)
        assert result.gap is not None
        assert (result.gap.reason, result.treatment) == ("mixed_treatment", "price")
        said = gap_sentence(result.gap, context.universes["vn"], "en")
        assert "vn_basket, equal_weight, ex_vingroup, constant" in said


def test_without_vingroup_property_weighs_less_in_the_benchmark(context: ToolContext) -> None:
    weights = {}
    for benchmark in ("vn_basket", "ex_vingroup"):
        result = scoring_inputs(context, region="vn", as_of=date(2024, 12, 30), benchmark=benchmark)
        assert (result.benchmark, result.benchmark_weights_source) == (benchmark, "basket")
        weights[benchmark] = {row.sector: row.weight for row in result.benchmark_weights}
        assert sum(weights[benchmark].values()) == pytest.approx(1.0)
        assert {"technology", "insurance"} <= set(weights[benchmark])
    assert weights["ex_vingroup"]["real_estate"] < weights["vn_basket"]["real_estate"] - 0.02
    assert weights["ex_vingroup"]["banks"] > weights["vn_basket"]["banks"]


def test_every_vietnamese_benchmark_of_the_past_equals_the_past_of_the_benchmark(
    context: ToolContext, vn: MarketPanels
) -> None:
    day = date(2022, 5, 9)
    for benchmark in ("equal_weight", "ex_vingroup", "constant"):
        early = sector_heatmap(
            context,
            region="vn",
            benchmark=benchmark,
            as_of=day,
            signal_type="historical_performance",
        )
        later = rotation_history(
            context, region="vn", benchmark=benchmark, since=day, as_of=day, frequency="daily"
        )
        daily = {row.sector: row.daily.tail[-1] for row in early.rows if row.daily is not None}
        assert {path.sector: path.tail[-1] for path in later.paths} == daily
        assert (
            vn.until(day)
            .benchmark.closes[benchmark]
            .equals(vn.benchmark.closes[benchmark].loc[: day.isoformat()])
        )


def test_xlk_is_not_the_technology_sector(context: ToolContext) -> None:
    """The fund's cap held NVDA at 6 % while it was a fifth of the sector (June 2024)."""
    row = _row(sector_heatmap(context, region="us", as_of=date(2024, 6, 28)), "technology")
    built = row.member_built
    assert row.return_3m_pct is not None
    assert built is not None
    assert built.return_3m_pct is not None
    assert built.return_3m_pct - row.return_3m_pct > 5.0
    assert row.weekly is not None
    assert (row.weekly.quadrant, built.quadrant) == ("IMPROVING", "LEADING")
    assert built.members_count > 60


def test_a_sector_of_one_stock_is_named_by_it_on_the_command_line(market_home: Path) -> None:
    table = sectorwise("rotation", "-u", "vn", "--as-of", "2024-12-30", home=market_home).out
    for name in ("Technology (FPT only)", "Insurance (BVH only)", "Health Care (2 stocks)"):
        assert name in table
    refused = sectorwise("rotation", "-u", "vn", "--benchmark", "vnindex", home=market_home)
    assert refused.code == 2
    assert refused.error.startswith("sectorwise: benchmark vnindex: The sectors of Vietnam include")
