"""From held to target: values, whole lots, limits, and the cash they leave."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.portfolio.holdings import valued
from core.portfolio.trades import trade_plan
from core.records.decision import Allocation
from core.records.holdings import Holdings
from core.records.mandate import GroupLimit, Mandate
from core.records.trades import Order, SectorTrade, TradePlan
from core.records.trading import TradingResult
from core.records.universe import Universe
from tests.core.portfolio.desk import (
    DAY,
    ROWS,
    SECTORS,
    allocation,
    holdings,
    part,
    row,
    shares,
    started,
    trading,
    universe,
)

FREE = Mandate(cost_bps=0.0)
BOOK = holdings(shares("AAA", 2_000_000), shares("EEE", 1_000_000), cash_bn=10.0)
"""50 bn of banks, 40 bn of estate, 10 bn in cash."""


def plan(
    stated: Holdings,
    targets: Allocation,
    *,
    market: TradingResult | None = None,
    mandate: Mandate = FREE,
    where: Universe | None = None,
) -> TradePlan:
    chosen = where or universe()
    conditions = market or trading()
    portfolio = valued(stated, chosen, conditions, as_of=DAY)
    return trade_plan(chosen, started(targets, portfolio), portfolio, conditions, mandate)


def trade_of(found: TradePlan, sector: str) -> SectorTrade:
    return next(item for item in found.sectors if item.sector == sector)


def orders_of(found: TradePlan, sector: str) -> dict[str, Order]:
    return {order.symbol: order for order in found.orders if order.sector == sector}


def test_a_sectors_trade_is_target_minus_held_of_the_net_asset_value() -> None:
    found = plan(BOOK, allocation({"banks": 0.3, "estate": 0.4, "steel": 0.2}, cash=0.1))
    assert trade_of(found, "banks").value_bn == pytest.approx(-20.0)
    assert trade_of(found, "estate").value_bn == 0.0
    assert trade_of(found, "steel").value_bn == pytest.approx(20.0)
    assert (found.trade_on, found.settles) == (date(2024, 12, 31), date(2025, 1, 3))


def test_a_sale_is_pro_rata_to_what_is_held_and_a_purchase_follows_the_basket() -> None:
    book = holdings(shares("AAA", 1_200_000), shares("BBB", 400_000), cash_bn=50.0)
    found = plan(book, allocation({"banks": 0.25, "steel": 0.25}, cash=0.5))
    banks, steel = orders_of(found, "banks"), orders_of(found, "steel")
    assert banks["AAA"].quantity_count == 600_000
    assert banks["BBB"].quantity_count == 200_000
    assert steel["SSS"].quantity_count == 548_400  # 15 bn at 27,350, whole lots
    assert steel["TTT"].quantity_count == 671_100  # 10 bn at 14,900
    assert steel["SSS"].trading_days == pytest.approx(548_400 * 27_350 / 1e9 / 20.0)
    assert [order.side for order in found.orders] == ["sell", "sell", "buy", "buy"]


def test_a_purchase_adds_to_what_is_held_of_the_sector() -> None:
    found = plan(BOOK, allocation({"banks": 0.6, "estate": 0.4}, cash=0.0))
    assert list(orders_of(found, "banks")) == ["AAA"]
    assert found.cash_after_weight == pytest.approx(0.0, abs=1e-9)


def test_the_largest_members_that_cover_four_fifths_stand_for_a_basket() -> None:
    found = plan(
        holdings(shares("EEE", 1_000_000), cash_bn=60.0),
        allocation({"banks": 0.5, "estate": 0.4}, cash=0.1),
    )
    assert list(orders_of(found, "banks")) == ["AAA", "BBB"]  # 50 + 35 of 100 %


def test_a_full_exit_sells_the_odd_lot_and_says_so() -> None:
    book = holdings(shares("AAA", 1_000_037), cash_bn=10.0)
    found = plan(book, allocation({}, cash=1.0))
    (order,) = found.orders
    assert (order.quantity_count, order.lots_count) == (1_000_037, 10_000)
    assert "odd_lot" in order.notes
    assert found.cash_after_weight == pytest.approx(1.0)
    partial = plan(book, allocation({"banks": 0.1}, cash=0.9))
    assert partial.orders[0].quantity_count % 100 == 0


def test_what_is_locked_at_its_limit_is_not_ordered() -> None:
    rows = [item for item in ROWS if item.symbol not in ("AAA", "SSS")]
    market = trading(
        *rows,
        row("AAA", "banks", 25_000.0, 50.0, locked="down"),
        row("SSS", "steel", 27_350.0, 60.0, locked="up"),
    )
    targets = allocation({"banks": 0.3, "estate": 0.4, "steel": 0.2}, cash=0.1)
    found = plan(BOOK, targets, market=market)
    assert orders_of(found, "banks")["AAA"].quantity_count == 0
    assert orders_of(found, "banks")["AAA"].notes == ("limit_locked",)
    assert orders_of(found, "steel")["SSS"].notes == ("limit_locked",)
    assert trade_of(found, "banks").orders_count == 0
    assert orders_of(found, "steel")["TTT"].quantity_count == 0  # nothing was sold to pay for it
    assert found.cash_after_weight == pytest.approx(0.1)


def test_a_full_foreign_room_is_noted_on_a_purchase_only() -> None:
    market = trading(*ROWS[1:], row("AAA", "banks", 25_000.0, 50.0, flags=("room_full",)))
    bought = plan(BOOK, allocation({"banks": 0.6, "estate": 0.4}, cash=0.0), market=market)
    assert orders_of(bought, "banks")["AAA"].notes == ("room_full",)
    assert orders_of(bought, "banks")["AAA"].quantity_count == 400_000
    sold = plan(BOOK, allocation({"banks": 0.4, "estate": 0.4}, cash=0.2), market=market)
    assert orders_of(sold, "banks")["AAA"].notes == ()


def test_the_issuer_cap_sends_the_rest_to_the_next_members() -> None:
    mandate = Mandate(version=1, issuer_cap=0.52, cost_bps=0.0)
    targets = allocation({"banks": 0.6, "estate": 0.4}, cash=0.0)
    found = orders_of(plan(BOOK, targets, mandate=mandate), "banks")
    assert found["AAA"].value_bn == pytest.approx(2.0)
    assert found["BBB"].value_bn == pytest.approx(8.0)


CAPPED = Mandate(version=1, issuer_cap=0.3, cost_bps=0.0)
LOPSIDED = holdings(shares("AAA", 1_680_000), shares("EEE", 700_000), cash_bn=30.0)
"""42 bn of one bank, 28 bn of estate, 30 bn in cash."""


def test_what_is_held_above_the_issuer_cap_is_sold_and_its_sector_keeps_its_target() -> None:
    targets = allocation({"banks": 0.334, "estate": 0.28}, cash=0.386)
    found = plan(LOPSIDED, targets, mandate=CAPPED)
    banks = orders_of(found, "banks")
    assert banks["AAA"].side == "sell"
    assert banks["AAA"].value_bn == pytest.approx(12.0)
    assert (banks["BBB"].side, banks["CCC"].side) == ("buy", "buy")
    bought = banks["BBB"].value_bn + banks["CCC"].value_bn
    assert bought == pytest.approx(12.0 - 8.6, abs=0.01)
    assert banks["AAA"].notes == ()
    assert found.cash_after_weight == pytest.approx(0.386, abs=1e-3)


def test_a_sale_takes_the_excess_of_a_capped_issuer_first() -> None:
    book = holdings(shares("AAA", 1_680_000), shares("BBB", 400_000), cash_bn=38.0)
    found = orders_of(plan(book, allocation({"banks": 0.5}, cash=0.5), mandate=CAPPED), "banks")
    assert list(found) == ["AAA"]
    assert found["AAA"].value_bn == pytest.approx(12.0)
    more = orders_of(plan(book, allocation({"banks": 0.4}, cash=0.6), mandate=CAPPED), "banks")
    assert more["AAA"].value_bn == pytest.approx(12.0 + 10.0 * 30 / 50, abs=3e-3)
    assert more["BBB"].value_bn == pytest.approx(10.0 * 20 / 50, abs=6e-3)


def test_an_issuer_above_its_cap_is_switched_where_its_sector_is_not_traded() -> None:
    found = plan(LOPSIDED, allocation({"banks": 0.42, "estate": 0.28}, cash=0.3), mandate=CAPPED)
    banks = orders_of(found, "banks")
    assert banks["AAA"].value_bn == pytest.approx(12.0)
    assert banks["BBB"].value_bn + banks["CCC"].value_bn == pytest.approx(12.0, abs=0.01)
    assert not trade_of(found, "banks").traded
    assert orders_of(found, "estate") == {}


def test_a_sector_that_is_bought_sheds_its_capped_name_too() -> None:
    found = plan(LOPSIDED, allocation({"banks": 0.5, "estate": 0.28}, cash=0.22), mandate=CAPPED)
    banks = orders_of(found, "banks")
    assert banks["AAA"].side == "sell"
    assert banks["AAA"].value_bn == pytest.approx(12.0)
    assert banks["BBB"].value_bn + banks["CCC"].value_bn == pytest.approx(20.0, abs=0.01)


def test_an_issuer_nothing_can_replace_stays_above_its_cap_and_says_so() -> None:
    book = holdings(shares("EEE", 1_000_000), cash_bn=60.0)
    kept = plan(book, allocation({"estate": 0.4}, cash=0.6), mandate=CAPPED)
    (order,) = kept.orders
    assert (order.symbol, order.side, order.quantity_count) == ("EEE", "sell", 0)
    assert order.notes == ("above_cap",)
    less = plan(book, allocation({"estate": 0.36}, cash=0.64), mandate=CAPPED)
    (order,) = less.orders
    assert order.value_bn == pytest.approx(4.0)
    assert order.notes == ("above_cap",)


def test_only_as_much_is_switched_as_the_caps_of_the_others_take() -> None:
    mandate = Mandate(
        version=1, issuer_cap=0.3, cost_bps=0.0,
        groups=(GroupLimit(name="rest", symbols=("BBB", "CCC"), cap=0.05),),
    )  # fmt: skip
    targets = allocation({"banks": 0.42, "estate": 0.28}, cash=0.3)
    banks = orders_of(plan(LOPSIDED, targets, mandate=mandate), "banks")
    assert banks["AAA"].value_bn == pytest.approx(5.0, abs=0.003)
    assert banks["AAA"].notes == ("above_cap",)
    assert banks["BBB"].value_bn + banks["CCC"].value_bn == pytest.approx(5.0, abs=0.01)


def test_a_locked_issuer_above_its_cap_says_both() -> None:
    market = trading(*ROWS[1:], row("AAA", "banks", 25_000.0, 50.0, locked="down"))
    targets = allocation({"banks": 0.42, "estate": 0.28}, cash=0.3)
    (order,) = plan(LOPSIDED, targets, market=market, mandate=CAPPED).orders
    assert order.notes == ("limit_locked", "above_cap")


def test_a_group_held_above_its_cap_is_sold_where_its_sectors_sell_first() -> None:
    group = GroupLimit(name="kin", symbols=("AAA", "EEE"), cap=0.8)
    mandate = Mandate(version=1, groups=(group,), cost_bps=0.0)
    book = holdings(
        shares("AAA", 2_000_000), shares("EEE", 1_000_000), shares("BBB", 400_000), cash_bn=10.0
    )  # 50 and 40 bn of the group, 20 bn of another bank
    weights = {"banks": 58 / 120, "estate": 40 / 120}
    targets = allocation(weights, cash=22 / 120)
    within = plan(book, targets, mandate=mandate)  # 96 bn are allowed
    assert within.orders == plan(book, targets).orders
    tight = mandate.model_copy(update={"groups": (group.model_copy(update={"cap": 0.65}),)})
    found = plan(book, targets, mandate=tight)
    sold = {order.symbol: order.value_bn for order in found.orders if order.side == "sell"}
    assert sold["AAA"] == pytest.approx(12.0, abs=0.003)
    assert set(sold) == {"AAA"}
    full = mandate.model_copy(update={"groups": (group.model_copy(update={"cap": 0.5}),)})
    most = plan(book, targets, mandate=full)
    orders = {order.symbol: order for order in most.orders}
    assert "above_cap" in orders["EEE"].notes  # no other estate to buy


def test_no_more_of_a_named_position_is_sold_than_is_stated() -> None:
    book = holdings(shares("AAA", 40_000), part("banks", 0.5), nav_bn=100.0)
    found = orders_of(plan(book, allocation({"banks": 0.1}, cash=0.9)), "banks")
    assert found["AAA"].quantity_count <= 40_000
    assert {order.side for order in found.values()} == {"sell"}
    only = holdings(shares("EEE", 10_000), part("estate", 0.5), nav_bn=100.0)
    (order,) = plan(only, allocation({}, cash=1.0)).orders
    assert order.quantity_count == 10_000


def test_what_a_sector_is_held_by_weight_makes_no_issuer_pass_its_cap() -> None:
    book = holdings(part("banks", 0.6), nav_bn=100.0)
    assert plan(book, allocation({"banks": 0.6}, cash=0.4), mandate=CAPPED).orders == ()


def test_a_group_of_symbols_shares_one_cap_across_sectors() -> None:
    group = GroupLimit(name="kin", symbols=("AAA", "EEE"), cap=0.95)
    mandate = Mandate(version=1, groups=(group,), cost_bps=0.0)
    targets = allocation({"banks": 0.55, "estate": 0.45}, cash=0.0)
    found = plan(BOOK, targets, mandate=mandate)
    kin = [order for order in found.orders if order.symbol in group.symbols]
    assert sum(order.value_bn for order in kin) == pytest.approx(5.0)
    assert found.cash_after_weight == pytest.approx(0.05)  # estate has no other member


def test_a_sale_makes_room_in_its_group() -> None:
    group = GroupLimit(name="kin", symbols=("AAA", "EEE"), cap=0.9)
    mandate = Mandate(version=1, groups=(group,), cost_bps=0.0)
    targets = allocation({"banks": 0.3, "estate": 0.6}, cash=0.1)
    found = plan(BOOK, targets, mandate=mandate)
    assert orders_of(found, "estate")["EEE"].quantity_count == 500_000


def test_a_fund_universe_trades_the_sectors_ticker_and_sells_what_is_held() -> None:
    market = trading(
        row("BNK", "banks", 50.0, 100.0, lot_count=1),
        row("EST", "estate", 40.0, 100.0, lot_count=1),
        row("XYZ", "estate", 10.0, None, lot_count=1),
    )
    book = holdings(shares("XYZ", 1e9), part("banks", 0.5), cash_weight=0.0)
    targets = allocation({"banks": 0.2, "estate": 0.8}, cash=0.0)
    found = plan(book, targets, market=market, where=universe(built_from_members=False))
    assert {order.symbol: order.side for order in found.orders} == {"BNK": "sell", "EST": "buy"}


def test_without_a_net_asset_value_there_are_weights_only() -> None:
    book = holdings(part("banks", 0.3), part("estate", 0.2))
    found = plan(book, allocation({"banks": 0.5, "estate": 0.2}, cash=0.3))
    assert (found.nav_bn, found.buys_bn, found.cost_bn, found.orders) == (None, None, None, ())
    assert {item.value_bn for item in found.sectors} == {None}
    assert (found.cash_before_weight, found.cash_after_weight) == (0.5, 0.3)
    assert found.cost_bps == 3.0


def test_a_sector_held_by_weight_is_traded_by_its_basket() -> None:
    book = holdings(part("banks", 0.5), nav_bn=100.0)
    found = plan(book, allocation({"banks": 0.3}, cash=0.7))
    sold = orders_of(found, "banks")
    assert {order.side for order in sold.values()} == {"sell"}
    assert sold["AAA"].value_bn == pytest.approx(20.0 * 50 / 85, abs=2.5e-3)
    assert sold["BBB"].value_bn == pytest.approx(20.0 * 35 / 85, abs=5e-3)


def test_without_anything_to_trade_sums_are_those_of_the_sectors() -> None:
    portfolio = valued(holdings(part("banks", 0.3), nav_bn=10.0), universe(), None, as_of=DAY)
    targets = started(allocation({"banks": 0.2, "steel": 0.3}, cash=0.5), portfolio)
    found = trade_plan(universe(), targets, portfolio, None, Mandate(cost_bps=20.0))
    assert found.buys_bn == pytest.approx(3.0)
    assert found.sells_bn == pytest.approx(1.0)
    assert found.cost_bn == pytest.approx(4.0 * 20e-4)
    assert found.cost_bps == pytest.approx(8.0)
    assert (found.orders, found.cash_after_weight) == ((), 0.5)


def test_less_than_one_lot_is_no_order_but_named() -> None:
    book = holdings(shares("AAA", 40), cash_bn=0.001)
    found = plan(book, allocation({"banks": 0.25, "steel": 0.25}, cash=0.5))
    assert {order.notes for order in found.orders} == {("below_one_lot",)}
    assert found.buys_bn == found.sells_bn == 0.0


def test_a_name_without_a_price_in_the_last_session_is_neither_bought_nor_sold() -> None:
    before = DAY - timedelta(days=3)
    halted = trading(
        row("AAA", "banks", 25_000.0, 50.0, period=before),
        row("SSS", "steel", 27_350.0, 60.0, period=before),
        *(item for item in ROWS if item.symbol not in {"AAA", "SSS"}),
    )
    targets = allocation({"banks": 0.3, "estate": 0.3, "steel": 0.3}, cash=0.1)
    found = plan(BOOK, targets, market=halted)
    for sector, name in (("banks", "AAA"), ("steel", "SSS")):
        order = orders_of(found, sector)[name]
        assert (order.notes, order.quantity_count) == (("no_price",), 0)
        assert order.trading_days is None
    assert orders_of(found, "steel")["TTT"].quantity_count > 0
    assert found.sells_bn == pytest.approx(10.0, abs=0.01)


def test_a_thin_name_takes_longer_than_a_week() -> None:
    market = trading(*ROWS[1:], row("AAA", "banks", 25_000.0, 50.0, traded_20d_bn=1.0))
    found = plan(BOOK, allocation({"banks": 0.3, "estate": 0.4}, cash=0.3), market=market)
    (order,) = found.orders
    assert order.trading_days == pytest.approx(100.0)
    assert order.notes == ("slow",)
    assert trade_of(found, "banks").trading_days == order.trading_days


def test_a_difference_within_the_targets_rounding_is_no_trade_unless_excluded() -> None:
    book = holdings(shares("AAA", 16_000), cash_bn=999.6)
    kept = plan(book, allocation({}, cash=1.0))
    assert kept.orders == ()
    sold = plan(book, allocation({}, cash=1.0, excluded=("banks",)))
    assert sold.orders[0].quantity_count == 16_000


def test_a_sector_the_allocation_leaves_as_it_is_is_not_traded() -> None:
    book = holdings(shares("AAA", 2_000_000), shares("EEE", 992_400), cash_bn=10.304)
    targets = allocation({"banks": 0.3, "estate": 0.397}, cash=0.303)
    found = plan(book, targets)
    assert {order.sector for order in found.orders} == {"banks"}
    assert trade_of(found, "banks").traded
    assert not trade_of(found, "estate").traded
    assert trade_of(found, "estate").value_bn == 0.0
    assert trade_of(found, "estate").held_weight == trade_of(found, "estate").target_weight


def test_the_held_weight_told_is_the_allocations_and_the_value_is_of_what_is_held() -> None:
    book = holdings(shares("AAA", 2_000_000), shares("EEE", 992_430), cash_bn=10.3028)
    targets = allocation({"banks": 0.3, "estate": 0.2}, cash=0.5)
    portfolio = valued(book, universe(), trading(), as_of=DAY)
    lines = {line.sector: line for line in started(targets, portfolio).lines}
    exact = {row.sector: row.weight for row in portfolio.sectors}
    found = trade_of(plan(book, targets), "estate")
    assert found.held_weight == lines["estate"].held_weight != exact["estate"]
    assert portfolio.nav_bn is not None
    assert found.value_bn == pytest.approx((0.2 - exact["estate"]) * portfolio.nav_bn)


@given(
    quantities=st.lists(st.integers(1, 5_000_000), min_size=6, max_size=6),
    cuts=st.lists(st.integers(0, 1000), min_size=3, max_size=3),
    issuer=st.floats(0.05, 0.6),
    group=st.floats(0.0, 0.9),
    members=st.sets(st.sampled_from([item.symbol for item in ROWS]), min_size=2),
)
def test_what_is_above_a_cap_never_grows_and_is_never_silent(
    quantities: list[int], cuts: list[int], issuer: float, group: float, members: set[str]
) -> None:
    positions = [shares(item.symbol, float(n)) for item, n in zip(ROWS, quantities, strict=True)]
    first, second, third = sorted(cuts)
    weights = [first / 1000, (second - first) / 1000, (third - second) / 1000]
    targets = allocation(dict(zip(SECTORS, weights, strict=True)), cash=1.0 - third / 1000)
    limit = GroupLimit(name="kin", symbols=tuple(sorted(members)), cap=group)
    mandate = Mandate(version=1, issuer_cap=issuer, groups=(limit,), cost_bps=0.0)
    found = plan(holdings(*positions, cash_bn=10.0), targets, mandate=mandate)
    assert found.nav_bn is not None
    before = {
        item.symbol: n * item.close_level / 1e9 for item, n in zip(ROWS, quantities, strict=True)
    }
    after = dict(before)
    for order in found.orders:
        after[order.symbol] += order.value_bn * (1.0 if order.side == "buy" else -1.0)
    noted = {order.symbol for order in found.orders if "above_cap" in order.notes}
    for cap, names in ((group, members), *((issuer, {name}) for name in before)):
        most, now = cap * found.nav_bn, sum(after[name] for name in names)
        assert now <= max(most, sum(before[name] for name in names)) + 1e-6
        if now > most + 1e-6:
            assert noted >= {name for name in names if after[name] > 1e-6}
    for item in found.sectors:
        own = [order for order in found.orders if order.sector == item.sector]
        net = sum(order.value_bn * (1.0 if order.side == "buy" else -1.0) for order in own)
        assert net <= max(item.value_bn or 0.0, 0.0) + 0.01


@given(
    quantities=st.lists(st.integers(0, 5_000_000), min_size=6, max_size=6),
    cash=st.floats(0.0, 500.0),
    cuts=st.lists(st.integers(0, 1000), min_size=3, max_size=3),
    cost=st.floats(0.0, 100.0),
)
def test_whole_lots_never_overspend_nor_sell_what_is_not_held(
    quantities: list[int], cash: float, cuts: list[int], cost: float
) -> None:
    positions = [shares(item.symbol, float(n)) for item, n in zip(ROWS, quantities, strict=True)]
    book = holdings(*positions, cash_bn=cash + 1.0)
    first, second, third = sorted(cuts)
    weights = [first / 1000, (second - first) / 1000, (third - second) / 1000]
    left = 1.0 - third / 1000
    targets = allocation(dict(zip(SECTORS, weights, strict=True)), cash=left)
    mandate = Mandate(version=1, issuer_cap=0.4, cost_bps=cost)
    found = plan(book, targets, mandate=mandate)
    assert found.nav_bn is not None
    assert found.buys_bn is not None
    assert found.sells_bn is not None
    assert found.cost_bn is not None
    spent = found.buys_bn + found.cost_bn
    assert spent <= book.cash_bn + found.sells_bn + 1e-6  # type: ignore[operator]  # stated above
    if found.buys_bn > 0.0:
        assert found.cash_after_weight >= left - 1e-9
    bought = {order.symbol: order.value_bn for order in found.orders if order.side == "buy"}
    prices = {item.symbol: item.close_level for item in ROWS}
    held = {item.symbol: n for item, n in zip(ROWS, quantities, strict=True)}
    for order in found.orders:
        odd = order.quantity_count % 100 != 0
        assert not odd or (order.side == "sell" and order.quantity_count == held[order.symbol])
        assert order.side == "buy" or order.quantity_count <= held[order.symbol]
    for symbol, value in bought.items():
        after = held[symbol] * prices[symbol] / 1e9 + value
        assert after <= 0.4 * found.nav_bn + 1e-6
    for order in found.orders:
        sign = 1.0 if order.side == "buy" else -1.0
        after = held[order.symbol] * prices[order.symbol] / 1e9 + sign * order.value_bn
        assert ("above_cap" in order.notes) == (after > (0.4 + 1e-9) * found.nav_bn)
    silent = set(prices) - {order.symbol for order in found.orders}
    for symbol in silent:
        assert held[symbol] * prices[symbol] / 1e9 <= (0.4 + 1e-9) * found.nav_bn
    portfolio = valued(book, universe(), trading(), as_of=DAY)
    exact = {item.sector: item.weight for item in portfolio.sectors}
    for item, line in zip(found.sectors, started(targets, portfolio).lines, strict=True):
        gap = item.target_weight - exact[item.sector]
        assert item.traded == (line.held_weight != line.target_weight)
        assert item.value_bn == (pytest.approx(gap * found.nav_bn) if item.traded else 0.0)
    assert found == plan(book, targets, mandate=mandate)
