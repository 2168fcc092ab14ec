"""What it takes to trade: prices as traded in the currency's own unit, liquidity, settlement."""

from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import date

import numpy as np
import pandas as pd
import pytest

from core.markets.basket import sector_baskets
from core.panel import MarketPanels, PricePanel
from core.records.calendar import Calendar, CalendarYear, Settlement
from core.records.trading import TradingResult, TradingRow
from core.records.universe import PriceLimit, Universe
from tests.tools.conftest import SECTOR_OF, SYMBOLS
from tools.context import ToolContext
from tools.contracts import STRUCTURED_CAP_BYTES, answer
from tools.market.trading import trading_conditions
from tools.storage.partition import Lot
from tools.storage.schema import empty_frame
from tools.storage.store import Store

ContextOf = Callable[[MarketPanels], ToolContext]
NAMES = {"B1": "BAA", "B2": "BBB", "B3": "BCC", "T1": "TAA", "T2": "TBB"}
"""The fixture's stocks under names of three characters, as Vietnamese stocks have."""
LEVEL = {"BAA": 24.4, "BBB": 91.6, "BCC": 8.72, "TAA": 150.5, "TBB": 12.0}


@pytest.fixture(scope="module")
def panels(tiny_panels: MarketPanels) -> MarketPanels:
    assert tiny_panels.stocks is not None
    assert tiny_panels.members is not None
    renamed = PricePanel(
        *(
            getattr(tiny_panels.stocks, name).rename(columns=NAMES)
            for name in ("closes", "volumes", "values", "put_throughs")
        )
    )
    rows = tiny_panels.members.rows.assign(symbol=[NAMES[name] for name in SYMBOLS])
    return replace(
        tiny_panels, stocks=renamed, members=replace(tiny_panels.members, rows=rows), flows=None
    )


def store_rows(
    store: Store,
    panels: MarketPanels,
    levels: Mapping[str, float],
    *,
    unit: float = 1_000.0,
    adjusted: float = 0.9,
    volume: float = 1e6,
) -> None:
    """Store flat raw closes, 32 bits wide, and an adjusted history of another level."""
    days = panels.sectors.closes.index
    frame = empty_frame("prices")
    parts = []
    for name, level in levels.items():
        narrow = float(np.float32(level))
        part = pd.DataFrame({"period": days, "known_at": days}).astype("datetime64[us]")
        part = part.assign(symbol=name, close=narrow, volume=volume)
        part["adj_close"] = narrow * np.where(days < days[-1], adjusted, 1.0)
        part["value_bn"] = narrow * unit * volume * 1e-9
        parts.append(part)
    rows = pd.concat(parts, ignore_index=True).reindex(columns=frame.columns)
    rows["symbol"] = rows["symbol"].astype("str")
    lot = Lot(dataset="prices", origin="raw", input_sha256="1" * 64, recipe_sha256="2" * 64)
    store.write(panels.universe.id, rows.astype({"open": "float64"}), lot)


@pytest.fixture
def context(context_of: ContextOf, panels: MarketPanels) -> ToolContext:
    found = context_of(panels)
    store_rows(found.store, panels, LEVEL)
    return found


def row_of(result: TradingResult, symbol: str) -> TradingRow:
    return next(row for row in result.rows if row.symbol == symbol)


def test_closes_are_as_traded_in_the_currencys_own_unit(context: ToolContext) -> None:
    result = trading_conditions(context)
    assert {row.symbol: row.close_level for row in result.rows} == {
        "BAA": 24_400.0,
        "BBB": 91_600.0,
        "BCC": 8_720.0,
        "TAA": 150_500.0,
        "TBB": 12_000.0,
    }
    assert {row.flags for row in result.rows} == {()}
    assert {row.period for row in result.rows} == {result.as_of}


def test_a_past_date_is_answered_by_its_own_session_as_traded(context: ToolContext) -> None:
    day = date(2024, 2, 2)
    result = trading_conditions(context, as_of=day)
    assert {row.period for row in result.rows} == {day}
    assert row_of(result, "BAA").close_level == 24_400.0


def test_a_source_in_dong_is_not_multiplied(context_of: ContextOf, panels: MarketPanels) -> None:
    context = context_of(panels)
    store_rows(context.store, panels, {"BAA": 24_400.0, "TAA": 1_500.0}, unit=1.0)
    closes = {row.symbol: row.close_level for row in trading_conditions(context).rows}
    assert closes == {"BAA": 24_400.0, "TAA": 1_500.0}


def test_without_traded_value_the_level_tells_the_unit(
    context_of: ContextOf, panels: MarketPanels
) -> None:
    context = context_of(panels)
    store_rows(context.store, panels, {"BAA": 24.4, "TAA": 24_400.0}, volume=0.0)
    closes = {row.symbol: row.close_level for row in trading_conditions(context).rows}
    assert closes == {"BAA": 24_400.0, "TAA": 24_400.0}


def test_a_source_without_the_close_that_was_traded_is_marked(
    context_of: ContextOf, panels: MarketPanels
) -> None:
    context = context_of(panels)
    store_rows(context.store, panels, LEVEL, adjusted=1.0)
    assert {row.flags for row in trading_conditions(context).rows} == {("adjusted_price",)}


def test_the_shares_of_each_sectors_basket_sum_to_a_hundred(context: ToolContext) -> None:
    rows = trading_conditions(context).rows
    for sector in ("banks", "technology"):
        shares = [row.basket_weight_pct or 0.0 for row in rows if row.sector == sector]
        assert sum(shares) == pytest.approx(100.0)
    assert [row.sector for row in rows] == ["banks"] * 3 + ["technology"] * 2


def test_named_symbols_are_answered_alone_and_strangers_are_missing(context: ToolContext) -> None:
    result = trading_conditions(context, symbols=("taa", "NOPE", "BAA"))
    assert [row.symbol for row in result.rows] == ["TAA", "BAA"]
    assert [(cell.subject, cell.measure, cell.reason) for cell in result.missing] == [
        ("nope", "close", "not_covered")
    ]
    none = trading_conditions(context, symbols=("NOPE",))
    assert (none.rows, none.gap) == ((), None)


def test_one_sector_is_answered_by_its_own(context: ToolContext) -> None:
    rows = trading_conditions(context, sector="Công nghệ").rows
    assert [row.symbol for row in rows] == ["TAA", "TBB"]


def test_traded_values_are_means_of_the_last_twenty_sessions(
    context_of: ContextOf, panels: MarketPanels
) -> None:
    assert panels.stocks is not None
    values = panels.stocks.values.copy()
    values.iloc[:-20, 0] = 999.0
    values.iloc[-10:, 0] = 30.0
    values.iloc[-17:, 1] = np.nan
    through = panels.stocks.put_throughs.copy()
    through.iloc[-20:, 0] = 4.0
    stocks = replace(panels.stocks, values=values, put_throughs=through)
    context = context_of(replace(panels, stocks=stocks))
    store_rows(context.store, panels, LEVEL)
    result = trading_conditions(context)
    assert row_of(result, "BAA").traded_20d_bn == pytest.approx(20.0)
    assert row_of(result, "BAA").put_through_20d_bn == pytest.approx(4.0)
    assert row_of(result, "BBB").traded_20d_bn is None
    assert ("bbb", "traded_20d") in {(cell.subject, cell.measure) for cell in result.missing}


def test_a_trade_of_the_next_session_settles_by_the_calendar(
    context_of: ContextOf, panels: MarketPanels
) -> None:
    last = panels.last
    assert last == date(2024, 2, 23)
    closed = (date(2024, 2, 27),)
    rule = Settlement(since=date(2000, 1, 1), sessions=2)
    own = Calendar(id="own", years=(CalendarYear(year=2024, closed=closed),), settlement=(rule,))
    universe = panels.universe.model_copy(update={"calendar": own})
    context = context_of(replace(panels, universe=universe))
    store_rows(context.store, panels, LEVEL)
    result = trading_conditions(context)
    assert (result.trade_on, result.settles) == (date(2024, 2, 26), date(2024, 2, 29))
    assert result.settlement_sessions == 2
    uncovered = own.model_copy(update={"years": (CalendarYear(year=2030, closed=()),)})
    universe = panels.universe.model_copy(update={"calendar": uncovered})
    context = context_of(replace(panels, universe=universe))
    result = trading_conditions(context)
    assert (result.trade_on, result.settles) == (None, None)
    assert [(cell.subject, cell.measure) for cell in result.missing][-1] == ("tiny", "settles")


def test_a_stock_that_closed_at_its_limit_is_locked(
    context_of: ContextOf, panels: MarketPanels
) -> None:
    assert panels.stocks is not None
    assert panels.members is not None
    cells = panels.stocks.closes.to_numpy().copy()
    cells[-1, 0] = cells[-2, 0] * 0.931
    cells[-5:, 3] = cells[-6, 3] * np.array([1.068, 1.068, 1.068, 1.068, 1.14])
    known = panels.stocks.closes
    closes = pd.DataFrame(cells, known.index, known.columns)
    rule = PriceLimit(exchange="HOSE", since=date(2000, 1, 1), limit_pct=7.0, tick_pct=0.5)
    universe = panels.universe.model_copy(update={"price_limits": (rule,)})
    rows = panels.members.rows.assign(exchange="HOSE")
    context = context_of(
        replace(
            panels,
            universe=universe,
            stocks=replace(panels.stocks, closes=closes),
            members=replace(panels.members, rows=rows),
        )
    )
    store_rows(context.store, panels, LEVEL)
    result = trading_conditions(context)
    fallen, risen, calm = (row_of(result, name) for name in ("BAA", "TAA", "BBB"))
    assert (fallen.locked, fallen.locked_sessions) == ("down", 1)
    assert (risen.locked, risen.locked_sessions) == ("up", 2)
    assert (calm.locked, calm.locked_sessions, calm.limit_pct) == (None, 0, 7.0)
    assert fallen.flags == ("limit_locked",)


def test_a_full_foreign_room_is_marked(
    context_of: ContextOf, panels: MarketPanels, tiny_panels: MarketPanels
) -> None:
    assert tiny_panels.flows is not None
    flows = tiny_panels.flows.each(lambda frame: frame.rename(columns=NAMES))
    full = flows.room_full.copy()
    full.iloc[-1, 3] = 1.0
    context = context_of(replace(panels, flows=replace(flows, room_full=full)))
    store_rows(context.store, panels, LEVEL)
    found = {row.symbol for row in trading_conditions(context).rows if "room_full" in row.flags}
    assert found == {"TAA"}


def test_a_fund_universe_trades_its_sectors_tickers(
    context_of: ContextOf, panels: MarketPanels
) -> None:
    funds = panels.universe.model_copy(
        update={"built_from_members": False, "currency": "USD", "lot_count": 1}
    )
    context = context_of(replace(panels, universe=funds))
    store_rows(context.store, panels, {"BNK": 40.25, "TEC": 60.5, "BAA": 10.1}, unit=1.0)
    rows = trading_conditions(context).rows
    assert [(row.symbol, row.sector, row.basket_weight_pct) for row in rows] == [
        ("BNK", "banks", 100.0),
        ("TEC", "technology", 100.0),
    ]
    assert [row.close_level for row in rows] == [40.25, 60.5]
    (stock,) = trading_conditions(context, symbols=("BAA",)).rows
    assert (stock.sector, stock.basket_weight_pct, stock.close_level) == ("banks", None, 10.1)


def test_an_index_cannot_be_traded(context_of: ContextOf, panels: MarketPanels) -> None:
    indices = panels.universe.model_copy(
        update={"built_from_members": False, "taxonomy": "gics_hose"}
    )
    context = context_of(replace(panels, universe=indices))
    store_rows(context.store, panels, {"BNK": 1_200.0})
    result = trading_conditions(context)
    assert result.gap is not None
    assert (result.gap.reason, result.rows) == ("not_covered", ())


def test_what_no_longer_trades_is_missing_and_the_unborn_are_not_told(
    context_of: ContextOf, panels: MarketPanels
) -> None:
    assert panels.stocks is not None
    closes = panels.stocks.closes.copy()
    closes.iloc[-30:, 0] = np.nan
    closes.iloc[:, 1] = np.nan
    stocks = replace(panels.stocks, closes=closes)
    context = context_of(replace(panels, stocks=stocks))
    store_rows(context.store, panels, {name: LEVEL[name] for name in ("BCC", "TAA", "TBB")})
    result = trading_conditions(context)
    assert [row.symbol for row in result.rows] == ["BCC", "TAA", "TBB"]
    assert [(cell.subject, cell.reason) for cell in result.missing] == [("baa", "stale")]


def test_five_hundred_symbols_stay_under_the_cap(
    context_of: ContextOf, panels: MarketPanels, tiny_universe: Universe
) -> None:
    assert panels.stocks is not None
    assert panels.members is not None
    names = [f"{a}{b:02d}" for a in "ABCDEFGHIJ" for b in range(50)]
    columns = dict.fromkeys(names, panels.stocks.closes["BAA"])
    closes = pd.DataFrame(columns) * (1.0 / 3.0)
    stocks = PricePanel(closes, closes * 1e3, closes / 7.0, closes / 9.0)
    rows = pd.DataFrame(
        {
            "symbol": names,
            "sector": [SECTOR_OF[SYMBOLS[place % 5]] for place in range(500)],
            "start": pd.Timestamp("1900-01-01"),
            "end": pd.Series([pd.NaT] * 500, dtype="datetime64[us]"),
        }
    )
    members = replace(panels.members, rows=rows)
    baskets = sector_baskets(stocks, members, tiny_universe)
    context = context_of(replace(panels, stocks=stocks, members=members, sectors=baskets.sectors))
    store_rows(context.store, panels, dict.fromkeys(names, 24.4))
    result = trading_conditions(context)
    assert len(result.rows) == 500
    assert answer(result, tiny_universe).structuredContent is not None
    assert len(result.model_dump_json().encode()) < STRUCTURED_CAP_BYTES / 2
