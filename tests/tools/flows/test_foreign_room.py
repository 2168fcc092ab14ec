"""The room foreigners have, on stored ownership."""

from collections.abc import Callable
from dataclasses import replace
from datetime import date
from pathlib import Path

import pandas as pd
import pytest

from core.errors import CallerError
from core.panel import MarketPanels
from core.records.investors import ForeignRoomRow
from core.records.universe import Sector, Universe
from tests.tools.sources.conftest import packaged
from tools.context import ToolContext
from tools.flows.foreign_flow import foreign_flow_by_sector
from tools.flows.foreign_room import foreign_room
from tools.flows.ownership import rooms
from tools.sources.demo import ensure_demo
from tools.storage.models import ModelStore
from tools.storage.store import Store

DAYS = pd.bdate_range("2023-01-02", periods=300).as_unit("us")


@pytest.fixture(scope="module")
def context(tmp_path_factory: pytest.TempPathFactory) -> ToolContext:
    home = tmp_path_factory.mktemp("home")
    universes = {name: packaged(name) for name in ("demo", "us", "vn")}
    store = Store(home)
    ensure_demo(store, universes["demo"])
    return ToolContext(store, universes, ModelStore(home), default_universe="demo")


def owned(**levels: list[float] | float) -> pd.DataFrame:
    return pd.DataFrame(levels, index=DAYS)


def sector(code: str | None) -> Sector:
    return Sector(id="banks", ticker="BNK", code=code, name_en="Banks", name_vi="Ngân hàng")


def test_a_bank_is_held_against_thirty_percent_and_others_against_forty_nine() -> None:
    frame = owned(AAA=15.0, BBB=24.5)
    found = rooms(frame, {"AAA": sector("8300"), "BBB": sector("9500")})
    assert (found["AAA"].cap_pct, found["AAA"].used_pct) == (30.0, 50.0)
    assert (found["BBB"].cap_pct, found["BBB"].used_pct) == (49.0, 50.0)


def test_a_stock_that_stays_at_the_bank_cap_has_that_cap_and_one_that_passes_it_has_not() -> None:
    passing = [28.0] * 298 + [30.0, 31.0]
    found = rooms(owned(STAYS=30.0, PASSES=passing), {"STAYS": None, "PASSES": None})
    assert (found["STAYS"].cap_pct, found["STAYS"].used_pct) == (30.0, 100.0)
    assert found["PASSES"].cap_pct == 49.0


def test_a_stock_above_the_cap_by_law_has_no_cap_that_is_known() -> None:
    found = rooms(owned(AAA=55.0), {"AAA": None, "GONE": None})
    assert (found["AAA"].own_pct, found["AAA"].cap_pct, found["AAA"].used_pct) == (55.0, None, None)
    assert found["GONE"].own_pct is None


def test_every_sector_has_a_row_and_one_sector_has_its_stocks_the_fullest_first(
    context: ToolContext,
) -> None:
    whole = foreign_room(context)
    assert [row.sector for row in whole.rows] == list(context.universes["demo"].sector_ids)
    assert all(row.symbol is None for row in whole.rows)
    one = foreign_room(context, sector="financials").rows
    stocks = [row for row in one if row.symbol]
    assert [row.used_pct for row in stocks] == sorted(
        (row.used_pct for row in stocks), key=lambda used: -(used or 0.0)
    )
    assert stocks[0].full_pct == 100.0
    assert stocks[0].flow_hidden
    assert one[0].full_count == sum(row.full_count for row in stocks)


def test_the_share_at_the_cap_is_the_flow_tools_own(context: ToolContext) -> None:
    room = {row.sector: row for row in foreign_room(context, period="1M").rows}
    flow = {row.sector: row for row in foreign_flow_by_sector(context, period="1M").rows}
    assert {name: row.full_pct for name, row in room.items()} == {
        name: row.room_full_pct for name, row in flow.items()
    }
    assert {name for name, row in room.items() if row.flow_hidden} == {
        name for name, row in flow.items() if "room_full" in row.flags
    }


def test_ownership_of_a_later_day_is_not_seen(context: ToolContext) -> None:
    early = foreign_room(context, sector="energy", as_of=date(2022, 3, 15))
    assert early.known_at == date(2022, 3, 15)
    assert early.rows != foreign_room(context, sector="energy").rows
    assert all(row.period <= date(2022, 3, 15) for row in early.rows)


def test_a_market_without_the_statistic_and_one_without_data_are_named_gaps(
    context: ToolContext,
    tiny_panels: MarketPanels,
    context_of: Callable[[MarketPanels], ToolContext],
) -> None:
    universe = tiny_panels.universe.model_copy(update={"foreign_flow": False})
    silent = context_of(replace(tiny_panels, universe=universe, flows=None))
    gaps = [foreign_room(silent).gap, foreign_room(context, region="vn").gap]
    assert [gap and (gap.reason, gap.dataset) for gap in gaps] == [
        ("not_published", "flows"),
        ("no_data", "prices"),
    ]


def test_an_unknown_sector_is_answered_with_those_there_are(context: ToolContext) -> None:
    with pytest.raises(CallerError, match="use 'all' or one of technology"):
        foreign_room(context, sector="shipping")


@pytest.mark.real_data
def test_the_room_of_real_stocks_is_that_of_the_data(market_home: Path, vn: Universe) -> None:
    context = ToolContext(Store(market_home), {"vn": vn}, ModelStore(market_home), "vn")
    result = foreign_room(context, sector="banks", period="1Y", as_of=date(2023, 12, 29))
    rows: dict[str, ForeignRoomRow] = {row.symbol: row for row in result.rows if row.symbol}
    assert rows["ACB"].cap_pct == 30.0
    assert (rows["ACB"].full_pct or 0.0) > 80.0
    assert all((row.used_pct or 0.0) <= 100.0 for row in rows.values())


@pytest.fixture
def vn() -> Universe:
    return packaged("vn")
