"""Orders as CSV: units in the headings, the same numbers read back, nothing a sheet would run."""

import csv
import io
from datetime import date
from importlib.resources import files

from hypothesis import given
from hypothesis import strategies as st

from app.render.orders import orders_csv
from core.markets.universe import parse_universe
from core.records.trades import Order, OrderNote, TradePlan
from core.records.universe import Universe

US, VN = (
    parse_universe(files("core.universes").joinpath(f"{name}.toml").read_text("utf-8"))
    for name in ("us", "vn")
)
UNIVERSES = {"us": US, "vn": VN}
NOTES: list[OrderNote] = ["slow", "odd_lot"]

orders = st.builds(
    Order,
    symbol=st.sampled_from(["TCB", "VHM", "HPG"]),
    sector=st.sampled_from(VN.sector_ids),
    side=st.sampled_from(["buy", "sell"]),
    quantity_count=st.integers(0, 10**9),
    lots_count=st.integers(0, 10**7),
    close_level=st.floats(0.01, 1e7),
    value_bn=st.floats(0.0, 1e6),
    trading_days=st.none() | st.floats(0.0, 1e4),
    cost_bn=st.floats(0.0, 1e3),
    notes=st.lists(st.sampled_from(NOTES), unique=True).map(tuple),
)


def plan(*found: Order, universe: str = "vn") -> TradePlan:
    return TradePlan(
        universe=universe,
        as_of=date(2024, 12, 30),
        nav_bn=3_000.0,
        trade_on=date(2024, 12, 31),
        settles=date(2025, 1, 3),
        buys_bn=0.0,
        sells_bn=0.0,
        cost_bn=0.0,
        cost_bps=0.0,
        cash_before_weight=0.0,
        cash_after_weight=0.0,
        sectors=(),
        orders=found,
    )


def rows_of(text: str) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(text, newline="")))


@given(st.lists(orders, max_size=8))
def test_reading_it_back_gives_the_same_numbers(found: list[Order]) -> None:
    rows = rows_of(orders_csv((plan(*found),), UNIVERSES))
    placed = [order for order in found if order.quantity_count > 0]
    assert len(rows) == len(placed)
    for row, order in zip(rows, placed, strict=True):
        assert (row["symbol"], row["side"]) == (order.symbol, order.side)
        assert int(row["quantity_shares"]) == order.quantity_count
        assert int(row["lots"]) == order.lots_count
        assert float(row["price_vnd"]) == order.close_level
        assert float(row["value_bn_vnd"]) == order.value_bn
        assert float(row["cost_bn_vnd"]) == order.cost_bn
        days = row["days_at_20pct"]
        assert (float(days) if days else None) == order.trading_days
        assert tuple(row["notes"].split()) == order.notes


def order(**more: object) -> Order:
    cells: dict[str, object] = {
        "symbol": "TCB",
        "sector": "banks",
        "side": "buy",
        "quantity_count": 100,
        "lots_count": 1,
        "close_level": 24_400.0,
        "value_bn": 0.00244,
        "trading_days": 0.1,
        "cost_bn": 0.0,
    }
    return Order.model_validate(cells | more)


def test_a_line_names_market_dates_currency_and_ends_as_the_standard_says() -> None:
    text = orders_csv((plan(order()),), UNIVERSES)
    (row,) = rows_of(text)
    assert (row["universe"], row["as_of"], row["trade_on"]) == ("vn", "2024-12-30", "2024-12-31")
    assert (row["settles"], row["currency"], row["sector"]) == ("2025-01-03", "VND", "Banks")
    assert text.count("\r\n") == text.count("\n") == 2


def test_plans_of_several_currencies_name_it_in_a_column_only() -> None:
    dollars = order(symbol="XLK", sector="technology", close_level=232.52)
    rows = rows_of(orders_csv((plan(order()), plan(dollars, universe="us")), UNIVERSES))
    assert [(row["currency"], float(row["price"])) for row in rows] == [
        ("VND", 24_400.0),
        ("USD", 232.52),
    ]


def test_no_text_cell_is_a_formula_and_commas_are_quoted() -> None:
    named = {"=1+1": "'=1+1", "@cmd": "'@cmd", "-a": "'-a", "+b": "'+b", "a, b": "a, b"}
    for name, shown in named.items():
        sectors = tuple(
            sector.model_copy(update={"name_en": name}) if sector.id == "banks" else sector
            for sector in VN.sectors
        )
        strange: dict[str, Universe] = {"vn": VN.model_copy(update={"sectors": sectors})}
        (row,) = rows_of(orders_csv((plan(order()),), strange))
        assert row["sector"] == shown


def test_an_order_that_cannot_be_placed_is_not_listed() -> None:
    skipped = order(quantity_count=0, lots_count=0, notes=("limit_locked",))
    assert rows_of(orders_csv((plan(skipped),), UNIVERSES)) == []
