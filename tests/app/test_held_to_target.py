"""From a holdings file to orders on the real Vietnamese market, as of 2024-12-30."""

import csv
import io
from datetime import date
from math import fsum
from pathlib import Path

import pytest

from app.feasibility import verdicts
from app.files.holdings import load_holdings, store_holdings
from app.files.universes import load_universes
from app.render.orders import orders_csv
from app.settings import Settings
from core.mandate import parse_mandate
from core.portfolio.holdings import valued
from core.portfolio.trades import trade_plan
from core.records.holdings import Portfolio
from core.records.mandate import Mandate
from core.records.trades import TradePlan
from core.records.trading import TradingResult
from tools.context import ToolContext
from tools.market.trading import trading_conditions
from tools.sources.holdings import read_holdings
from tools.storage.models import ModelStore
from tools.storage.store import Store

pytestmark = pytest.mark.real_data

DAY = date(2024, 12, 30)
BOOK = """Mã CK;Số lượng
TCB;2.000.000
VCB;500.000
VHM;1.500.000
HPG;3.000.050
Tiền mặt;60.000.000.000
"""
MANDATE = """
issuer_cap = 0.25
turnover = 0.5
cash_floor = 0.05
cost_bps = 15
excluded = ["basic_resources"]
"""
UNIVERSES = load_universes()
VN = UNIVERSES["vn"]


@pytest.fixture(scope="module")
def context(market_home: Path) -> ToolContext:
    return ToolContext(Store(market_home), UNIVERSES, ModelStore(market_home), "vn")


@pytest.fixture(scope="module")
def trading(context: ToolContext) -> TradingResult:
    return trading_conditions(context, region="vn", as_of=DAY)


@pytest.fixture(scope="module")
def desk_home(market_home: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A home of its own beside the real store, so that nothing is written to that."""
    home = tmp_path_factory.mktemp("desk")
    (home / "store").symlink_to(market_home / "store")
    path = home / "book.csv"
    path.write_text(BOOK, encoding="utf-8")
    store_holdings(home, read_holdings(path, VN, dated=DAY).holdings)
    return home


@pytest.fixture(scope="module")
def portfolio(desk_home: Path, trading: TradingResult) -> Portfolio:
    held = load_holdings(desk_home, "vn", DAY)
    assert held is not None
    return valued(held, VN, trading, as_of=DAY)


@pytest.fixture(scope="module")
def mandate() -> Mandate:
    return parse_mandate(MANDATE, "fund").versions[0]


@pytest.fixture(scope="module")
def plan(
    desk_home: Path, portfolio: Portfolio, trading: TradingResult, mandate: Mandate
) -> TradePlan:
    book = parse_mandate(MANDATE, "fund")
    (verdict,) = verdicts(book, VN, Settings(home=desk_home), UNIVERSES, as_of=DAY)
    assert verdict.allocation is not None, verdict.error
    return trade_plan(VN, verdict.allocation, portfolio, trading, mandate)


def test_prices_are_dong_as_traded_and_the_trade_settles_on_the_third_of_january(
    trading: TradingResult,
) -> None:
    closes = {row.symbol: row.close_level for row in trading.rows}
    shown = {name: closes[name] for name in ("FPT", "TCB", "VCB", "VHM", "HPG")}
    assert shown == {
        "FPT": 150_500.0, "TCB": 24_400.0, "VCB": 92_000.0, "VHM": 40_300.0, "HPG": 26_750.0,
    }  # fmt: skip
    assert (trading.trade_on, trading.settles) == (date(2024, 12, 31), date(2025, 1, 3))
    assert {row.lot_count for row in trading.rows} == {100}
    assert len(trading.rows) == 146


def test_a_trade_before_the_shorter_cycle_settles_a_session_later(context: ToolContext) -> None:
    before = trading_conditions(context, region="vn", symbols=("FPT",), as_of=date(2022, 8, 25))
    since = trading_conditions(context, region="vn", symbols=("FPT",), as_of=date(2022, 8, 26))
    assert (before.settlement_sessions, since.settlement_sessions) == (3, 2)


def test_most_stocks_were_locked_down_on_the_28th_of_january_2021(context: ToolContext) -> None:
    rows = trading_conditions(context, region="vn", as_of=date(2021, 1, 28)).rows
    down = [row for row in rows if row.locked == "down"]
    assert len(down) / len(rows) == pytest.approx(0.91, abs=0.03)


def test_the_book_is_worth_its_prices_and_sums_to_one(portfolio: Portfolio) -> None:
    shares = {"TCB": 2_000_000, "VCB": 500_000, "VHM": 1_500_000, "HPG": 3_000_050}
    closes = {"TCB": 24_400, "VCB": 92_000, "VHM": 40_300, "HPG": 26_750}
    worth = 60.0 + fsum(shares[name] * closes[name] / 1e9 for name in shares)
    assert portfolio.nav_bn == pytest.approx(worth, abs=1e-9)
    held = {row.sector: row.weight for row in portfolio.sectors if row.weight > 0.0}
    assert set(held) == {"banks", "real_estate", "basic_resources"}
    whole = fsum([*held.values(), portfolio.cash_weight, portfolio.outside_weight])
    assert abs(whole - 1.0) <= 1e-12


def test_every_order_is_whole_lots_of_what_the_sector_is_to_trade(plan: TradePlan) -> None:
    placed = [order for order in plan.orders if order.quantity_count]
    odd = [order for order in placed if order.quantity_count % 100]
    assert [(order.symbol, order.side, order.quantity_count) for order in odd] == [
        ("HPG", "sell", 3_000_050)
    ]
    assert odd[0].notes == ("odd_lot",)
    for trade in plan.sectors:
        own = [order for order in placed if order.sector == trade.sector]
        signed = fsum(order.value_bn * (1 if order.side == "buy" else -1) for order in own)
        assert trade.value_bn is not None
        assert signed == pytest.approx(trade.value_bn, abs=0.05 * abs(trade.value_bn) + 0.2)


def test_days_are_at_a_fifth_of_the_matched_value(plan: TradePlan, trading: TradingResult) -> None:
    matched = {row.symbol: row.traded_20d_bn for row in trading.rows}
    for order in plan.orders:
        if order.quantity_count:
            a_day = 0.2 * (matched[order.symbol] or 0.0)
            assert order.trading_days == pytest.approx(order.value_bn / a_day)


def test_sales_pay_for_purchases_and_costs_above_the_cash_floor(plan: TradePlan) -> None:
    assert plan.nav_bn is not None
    assert plan.buys_bn is not None
    assert plan.sells_bn is not None
    assert plan.cost_bn == pytest.approx(0.0015 * (plan.buys_bn + plan.sells_bn))
    assert plan.cost_bn is not None
    flow = plan.sells_bn - plan.buys_bn - plan.cost_bn
    after = plan.cash_before_weight + flow / plan.nav_bn
    assert plan.cash_after_weight == pytest.approx(after, abs=1e-12)
    assert plan.cash_after_weight >= 0.05
    assert plan.settles == date(2025, 1, 3)


def test_the_orders_file_sums_to_the_plan(plan: TradePlan) -> None:
    rows = list(csv.DictReader(io.StringIO(orders_csv((plan,), UNIVERSES), newline="")))
    sold = fsum(float(row["value_bn_vnd"]) for row in rows if row["side"] == "sell")
    bought = fsum(float(row["value_bn_vnd"]) for row in rows if row["side"] == "buy")
    assert sold == pytest.approx(plan.sells_bn)
    assert bought == pytest.approx(plan.buys_bn)
