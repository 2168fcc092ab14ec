"""Facts of the shared market data that a desk checks first, as the tools tell them."""

from datetime import date
from pathlib import Path

import pandas as pd
import pytest

from app.files.universes import load_universes
from core.markets.sessions import is_session
from core.panel import MarketPanels
from core.records.payloads import FlowRow
from tools.context import ToolContext
from tools.flows.foreign_flow import foreign_flow, foreign_flow_by_sector
from tools.intake.importing import imported
from tools.market.overview import market_overview
from tools.measures.common import sector_of_member
from tools.sectors.heatmap import sector_heatmap
from tools.storage.models import ModelStore
from tools.storage.panels import market_panels
from tools.storage.store import Store

pytestmark = pytest.mark.real_data

UNIVERSES = load_universes()
VN = UNIVERSES["vn"]
END = date(2024, 12, 30)


@pytest.fixture(scope="module")
def context(market_home: Path) -> ToolContext:
    return ToolContext(
        store=Store(market_home),
        universes=UNIVERSES,
        models=ModelStore(market_home),
        default_universe="vn",
    )


@pytest.fixture(scope="module")
def vietnam(context: ToolContext) -> MarketPanels:
    return market_panels(context.store, VN)


@pytest.fixture(scope="module")
def hose(tmp_path_factory: pytest.TempPathFactory, shared_data: Path) -> ToolContext:
    """A home with nothing but HOSE's own sector indices."""
    home = tmp_path_factory.mktemp("hose")
    path = shared_data / "D_vn_sector_index_daily.parquet"
    imported(Store(home), (path,), "prices", UNIVERSES["vn_hose"])
    return ToolContext(
        store=Store(home),
        universes=UNIVERSES,
        models=ModelStore(home),
        default_universe="vn_hose",
    )


def technology_week(context: ToolContext, as_of: date) -> list[FlowRow]:
    return list(foreign_flow(context, sector="technology", period="1W", as_of=as_of).rows)


def test_the_real_estate_week_of_may_2018_is_a_block_and_no_flow(context: ToolContext) -> None:
    result = foreign_flow(context, sector="real_estate", period="1W", as_of=date(2018, 5, 18))
    sector = result.rows[0]
    assert (sector.symbol, sector.sessions, sector.known_sessions) == (None, 5, 5)
    assert round(sector.net_bn) == 28_481
    assert round(sector.intensity_pct or 0.0) == 79
    assert sector.block_sessions == 1
    assert "block_day" in sector.flags
    assert sector.winsorised_intensity_pct == pytest.approx(16.4, abs=0.1)
    assert sector.top_buys[0].symbol == "VHM"


def test_the_score_does_not_take_that_block_for_four_weeks_of_buying(
    context: ToolContext,
) -> None:
    result = foreign_flow_by_sector(context, as_of=date(2018, 5, 18))
    row = next(row for row in result.rows if row.sector == "real_estate")
    factor = next(
        item.value
        for item in result.factors
        if (item.sector, item.factor) == ("real_estate", "foreign_intensity_20d")
    )
    assert row.intensity_pct == pytest.approx(45.9, abs=0.1)
    assert factor == pytest.approx(row.winsorised_intensity_pct)
    assert factor == pytest.approx(-6.4, abs=0.1)


def test_the_matched_part_is_not_in_the_shared_file_and_never_guessed(
    context: ToolContext,
) -> None:
    result = foreign_flow_by_sector(context, as_of=date(2018, 5, 18))
    absent = {cell.subject for cell in result.missing if cell.measure == "matched_net_bn"}
    assert absent == {row.sector for row in result.rows}
    assert {cell.reason for cell in result.missing if cell.measure == "matched_net_bn"} == {
        "not_published"
    }
    assert {row.put_through_net_bn for row in result.rows} == {None}


@pytest.mark.parametrize("as_of", [date(2023, 3, 31), date(2023, 6, 30), date(2023, 9, 29)])
def test_fpt_is_not_measurable_while_its_foreign_room_is_full(
    context: ToolContext, as_of: date
) -> None:
    sector, stock = technology_week(context, as_of)
    assert (sector.symbol, stock.symbol) == (None, "FPT")
    for row in (sector, stock):
        assert (row.room_full_pct, row.state) == (100.0, "not_measurable")
        assert "room_full" in row.flags


def test_fpt_is_measured_again_when_there_is_room(context: ToolContext) -> None:
    _, stock = technology_week(context, date(2023, 12, 29))
    assert (stock.room_full_pct, stock.state) == (0.0, "flat")


def test_technology_is_labelled_one_stock_wherever_it_is_shown(context: ToolContext) -> None:
    heat = {row.sector: row for row in sector_heatmap(context, region="vn", as_of=END).rows}
    assert (heat["technology"].members_count, heat["technology"].top_member) == (1, "FPT")
    assert "single_stock" in heat["technology"].flags
    assert "single_stock" not in heat["banks"].flags
    assert "single_stock" in technology_week(context, END)[0].flags


def test_no_session_lies_in_the_tet_of_2024(vietnam: MarketPanels) -> None:
    days = [stamp.date() for stamp in pd.DatetimeIndex(vietnam.sectors.closes.index)]
    eve = days.index(date(2024, 2, 7))
    assert days[eve + 1] == date(2024, 2, 15)


def test_every_session_of_the_panels_is_one_of_the_calendar(vietnam: MarketPanels) -> None:
    days = {stamp.date() for stamp in pd.DatetimeIndex(vietnam.sectors.closes.index)}
    told = {stamp.date() for stamp in pd.date_range(min(days), max(days))}
    assert days == {day for day in told if is_session(VN, day)}


def test_a_week_without_a_session_makes_no_bar_and_breaks_no_streak(
    context: ToolContext, vietnam: MarketPanels
) -> None:
    """2013-02-11 to 15 was Tet: the week does not exist, its neighbours follow each other."""
    year = sector_heatmap(context, region="vn", as_of=date(2013, 12, 27))
    weeks = [point.period for point in next(r.weekly for r in year.rows if r.weekly).tail]
    assert date(2013, 2, 8) in weeks
    assert weeks[weeks.index(date(2013, 2, 8)) + 1] == date(2013, 2, 22)
    week = foreign_flow_by_sector(context, period="1W", as_of=date(2013, 2, 19))
    assert {(r.sessions, r.known_sessions) for r in week.rows} == {(5, 5)}
    flows = vietnam.flows
    assert flows is not None
    before = flows.until(date(2013, 2, 19)).buys.index[-5:]
    assert [str(stamp.date()) for stamp in before] == [
        "2013-02-06", "2013-02-07", "2013-02-08", "2013-02-18", "2013-02-19",
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("as_of", "down"), [(date(2021, 1, 28), 91), (date(2022, 5, 9), 73), (date(2024, 12, 30), 0)]
)
def test_the_share_of_stocks_locked_at_the_lower_limit_is_the_one_the_desks_remember(
    context: ToolContext, as_of: date, down: int
) -> None:
    row = market_overview(context, region="vn", as_of=as_of).rows[0]
    assert row.limit_down_pct is not None
    assert round(row.limit_down_pct) == down


def test_the_indices_of_hose_stand_alone_without_the_typing_error(hose: ToolContext) -> None:
    panels = market_panels(hose.store, UNIVERSES["vn_hose"])
    closes = panels.benchmark.closes["vnindex"]
    assert pd.Timestamp("2008-08-16") not in closes.index
    heat = sector_heatmap(hose, region="vn_hose", as_of=END)
    rows = {row.sector: row for row in heat.rows}
    assert heat.treatment == "price"
    assert rows["utilities"].flags == ("not_listed",)
    assert all(row.weekly is not None for name, row in rows.items() if name != "utilities")
    stored = hose.store.read("vn_hose", "prices", columns=("symbol", "period", "close"))
    wrong = stored[(stored["symbol"] == "VNINDEX") & (stored["period"] == "2007-07-23")]
    assert wrong.empty


@pytest.mark.parametrize(
    ("symbol", "as_of", "sector"),
    [
        ("V", date(2019, 6, 3), "technology"),
        ("V", date(2024, 6, 3), "financials"),
        ("META", date(2017, 6, 1), "technology"),
        ("META", date(2018, 12, 3), "communication_services"),
        ("DIS", date(2017, 6, 1), "consumer_discretionary"),
        ("PLD", date(2016, 9, 16), "financials"),
        ("PLD", date(2016, 9, 19), "real_estate"),
        ("TGT", date(2024, 6, 3), "consumer_staples"),
    ],
)
def test_american_companies_are_where_they_were_classified_at_the_time(
    context: ToolContext, symbol: str, as_of: date, sector: str
) -> None:
    panels = market_panels(context.store, UNIVERSES["us"])
    assert sector_of_member(panels.until(as_of))[symbol] == sector
