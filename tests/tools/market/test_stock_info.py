from collections.abc import Callable
from dataclasses import replace
from datetime import date
from pathlib import Path

import numpy as np
import pytest

from app.files.universes import load_universes
from core.errors import CallerError
from core.records.instruments import StockRow
from tools.context import ToolContext
from tools.market.stock_info import stock_info
from tools.storage.models import ModelStore
from tools.storage.panels import market_panels
from tools.storage.store import Store

InfoOf = Callable[..., StockRow]


@pytest.fixture(scope="module")
def context(demo_home: Path) -> ToolContext:
    return ToolContext(Store(demo_home), load_universes(), ModelStore(demo_home), "demo")


@pytest.fixture(scope="module")
def info_of(context: ToolContext) -> InfoOf:
    def one(symbol: str, as_of: date | None = None) -> StockRow:
        (row,) = stock_info(context, symbol=symbol, as_of=as_of).rows
        return row

    return one


def test_the_price_is_as_traded_and_the_returns_include_dividends(
    context: ToolContext, info_of: InfoOf
) -> None:
    row = info_of("dtec1")
    stored = context.store.read("demo", "prices", columns=("symbol", "period", "close"))
    own = stored[stored["symbol"] == "DTEC1"].sort_values("period")
    closes = market_panels(context.store, context.universes["demo"]).stocks
    assert closes is not None
    level = closes.closes["DTEC1"]
    assert row.close_level == pytest.approx(float(own["close"].iloc[-1]))
    assert row.return_12m_pct == pytest.approx(100 * (level.iloc[-1] / level.iloc[-253] - 1))
    assert row.high_52w_pct == pytest.approx(100 * (level.iloc[-1] / level.iloc[-252:].max() - 1))
    assert (row.sector, row.exchange) == ("technology", "DEMO")
    assert row.industry == "Information Technology producers (demo)"


def test_published_value_moves_with_the_price_since_its_period(
    context: ToolContext, info_of: InfoOf
) -> None:
    row = info_of("DTEC1")
    panels = market_panels(context.store, context.universes["demo"])
    assert panels.fundamentals is not None
    assert panels.stocks is not None
    rows = panels.fundamentals.until(panels.last).rows
    pe = rows[(rows["symbol"] == "DTEC1") & (rows["line"] == "pe")].iloc[-1]
    level = panels.stocks.closes["DTEC1"]
    assert row.reported == pe["period"].date()
    assert row.pe_x == pytest.approx(
        pe["value"] * level.iloc[-1] / level.loc[: pe["period"]].iloc[-1]
    )


def test_the_weights_of_a_sectors_stocks_sum_to_one(info_of: InfoOf) -> None:
    weights = [info_of(f"DTEC{place}").weight_pct or 0.0 for place in (1, 2, 3, 4)]
    assert sum(weights) == pytest.approx(100.0)


def test_a_stock_whose_foreign_room_is_used_up_says_so(
    context: ToolContext, info_of: InfoOf
) -> None:
    flows = market_panels(context.store, context.universes["demo"]).flows
    assert flows is not None
    last = flows.room_full.iloc[-1]
    for state, mark in (("full", 1.0), ("open", 0.0)):
        symbol = str(last.index[last == mark][0])
        assert info_of(symbol).foreign_room == state
    assert np.isin(last, (0.0, 1.0)).all()


def test_what_a_young_history_cannot_tell_is_missing_with_its_reason(context: ToolContext) -> None:
    result = stock_info(context, symbol="DTEC1", as_of=date(2019, 3, 1))
    reasons = {cell.measure: cell.reason for cell in result.missing}
    assert reasons["return_12m_pct"] == "too_short"
    assert reasons["high_52w_pct"] == "too_short"
    assert reasons["pe_x"] == "no_data"
    assert result.rows[0].return_1m_pct is not None


def test_an_unknown_symbol_is_a_sentence_with_near_ones(context: ToolContext) -> None:
    with pytest.raises(CallerError, match=r"knows no symbol 'DTEC9' .* did you mean DTEC"):
        stock_info(context, symbol="DTEC9")
    with pytest.raises(CallerError, match="search_instruments finds names"):
        stock_info(context, symbol="???")


def test_a_member_decides_the_universe_and_a_market_without_prices_is_a_gap(
    context: ToolContext,
) -> None:
    elsewhere = replace(context, default_universe="us")
    assert stock_info(elsewhere, symbol="DTEC1").universe == "demo"
    gap = stock_info(elsewhere, symbol="NVDA").gap
    assert gap is not None
    assert (gap.reason, gap.dataset) == ("no_data", "prices")
