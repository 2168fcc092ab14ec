"""Orders of a report: beyond thresholds, whole, inert in a spreadsheet, one key a content."""

import csv
import io
import json
from pathlib import Path

from app.delivery.orders import (
    OrderRule,
    orders_csv,
    orders_json,
    plan_orders,
    report_orders,
    written_orders,
)
from core.records.trades import TradePlan
from tests.app.render.sample_report import universe
from tests.app.render.samples import full_report

DEMO = universe("demo")
ALL = OrderRule(least_weight=0.0)


def _plan() -> TradePlan:
    return full_report().trades[0]


def test_orders_are_the_plan_s_of_sectors_that_move_enough() -> None:
    sheet = report_orders(full_report(), DEMO, OrderRule(least_weight=0.02))
    assert sheet is not None
    moved = {
        line.sector
        for line in _plan().sectors
        if line.traded and abs(line.target_weight - line.held_weight) >= 0.02
    }
    wanted = [o for o in _plan().orders if o.sector in moved and o.quantity_count]
    assert [(row.symbol, row.side, row.quantity_count, row.lots_count) for row in sheet.rows] == [
        (order.symbol, order.side, order.quantity_count, order.lots_count) for order in wanted
    ]
    assert len(wanted) < len(_plan().orders)
    assert {row.currency for row in sheet.rows} == {DEMO.currency}


def test_no_trade_worth_an_order_is_no_sheet() -> None:
    assert report_orders(full_report(), DEMO, OrderRule(least_weight=1.0)) is None
    assert report_orders(full_report(), DEMO, OrderRule(least_value_bn=1e9)) is None
    assert report_orders(full_report(held=False).model_copy(update={"trades": ()}), DEMO) is None


def test_the_key_is_of_the_report_the_rule_and_what_is_ordered() -> None:
    first = report_orders(full_report(), DEMO, ALL)
    again = report_orders(full_report(), DEMO, ALL)
    other = report_orders(full_report(), DEMO, OrderRule(least_weight=0.02))
    vi = report_orders(full_report(language="vi"), DEMO, ALL)
    assert first is not None
    assert first == again
    assert other is not None
    assert vi is not None
    assert len({first.key, other.key, vi.key}) == 3


def test_csv_and_json_say_the_same_to_the_last_digit(tmp_path: Path) -> None:
    sheet = report_orders(full_report(), DEMO, ALL)
    assert sheet is not None
    read = list(csv.DictReader(io.StringIO(orders_csv(sheet), newline="")))
    told = json.loads(orders_json(sheet))["rows"]
    assert [float(row["value_bn"]) for row in read] == [row["value_bn"] for row in told]
    assert [row["symbol"] for row in read] == [row["symbol"] for row in told]
    paths = written_orders(sheet, tmp_path)
    assert paths == written_orders(sheet, tmp_path)
    assert (tmp_path / paths[0]).read_bytes() == orders_csv(sheet).encode()
    assert sorted(path.name for path in (tmp_path / paths[0]).parent.iterdir()) == [
        "orders.csv", "orders.json",
    ]  # fmt: skip


def test_a_symbol_s_limit_is_told_where_it_is_known_and_absent_where_not() -> None:
    sheet = plan_orders(_plan(), DEMO, (), of="x", rule=ALL)
    assert sheet is not None
    assert {row.limit_pct for row in sheet.rows} == {None}
    read = next(csv.DictReader(io.StringIO(orders_csv(sheet), newline="")))
    assert read["limit_pct"] == ""
