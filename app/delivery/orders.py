"""Decides which of a report's trades are worth an order, and writes them for a desk to check.

The optimiser's own no-trade band has spoken before; these thresholds only keep small ones out. No
order is sent from here.
"""

import hashlib
import json
from datetime import date
from pathlib import Path
from typing import Final, Literal

from pydantic import Field

from app.delivery.letters import LETTERS
from app.render.delimited import delimited
from app.render.sheets.sheet import Field as Column
from app.render.sheets.sheet import Sheet, values_of
from app.writing import write_whole
from core.records.record import Fraction, Record, Slug, Symbol
from core.records.report import Report
from core.records.trades import Order, OrderNote, Side, TradePlan
from core.records.trading import TradingResult, TradingRow
from core.records.universe import Universe

LEAST_WEIGHT: Final = 0.01
"""Share of net asset value a sector has to move by: one percentage point."""


class OrderRule(Record):
    """Which trades are worth an order."""

    least_weight: Fraction = Field(
        default=LEAST_WEIGHT, description="by which a sector's weight is to change"
    )
    least_value_bn: float = Field(default=0.0, ge=0.0, description="of one order")


class OrderRow(Record):
    """One order as a desk enters it."""

    universe: Slug
    as_of: date
    trade_on: date | None
    settles: date | None
    side: Side
    symbol: Symbol
    sector: Slug
    quantity_count: int = Field(gt=0)
    lots_count: int
    currency: str
    close_level: float = Field(description="the order's size was made with, not a limit")
    limit_pct: float | None = Field(description="an exchange's limit of the day; None: none known")
    locked: Literal["up", "down"] | None = Field(
        description="at its limit when the report was made"
    )
    value_bn: float
    cost_bn: float
    trading_days: float | None
    notes: tuple[OrderNote, ...]


class OrderSheet(Record):
    """The orders of one universe, largest sector first as the plan has them."""

    key: str = Field(description="of the plan, the rule and what is ordered")
    rows: tuple[OrderRow, ...] = Field(min_length=1)


def report_orders(
    report: Report, universe: Universe, rule: OrderRule | None = None
) -> OrderSheet | None:
    """Return the orders a report proposes for a universe; None where no trade is worth one."""
    plan = next((one for one in report.trades if one.universe == universe.id), None)
    if plan is None:
        return None
    answers = (item.result for item in report.evidence if item.result.universe == universe.id)
    conditions = [row for one in answers if isinstance(one, TradingResult) for row in one.rows]
    return plan_orders(
        plan, universe, tuple(conditions), of=report.content_hash(), rule=rule or OrderRule()
    )


def plan_orders(
    plan: TradePlan,
    universe: Universe,
    conditions: tuple[TradingRow, ...],
    *,
    of: str,
    rule: OrderRule,
) -> OrderSheet | None:
    """Return the orders of a trade plan beyond the rule's thresholds; None where there are none.

    Args:
        plan: of the universe.
        universe: whose currency the money is in.
        conditions: what is known of the symbols; a symbol without a row has no limit known.
        of: what the plan was made of, its hash: part of the key.
        rule: the thresholds.
    """
    moved = {
        line.sector
        for line in plan.sectors
        if line.traded and abs(line.target_weight - line.held_weight) >= rule.least_weight
    }
    known = {row.symbol: row for row in conditions}
    rows = tuple(
        _row(plan, order, universe, known.get(order.symbol))
        for order in plan.orders
        if order.quantity_count and order.sector in moved and order.value_bn >= rule.least_value_bn
    )
    if not rows:
        return None
    told = "|".join([of, rule.canonical_json(), *(row.canonical_json() for row in rows)])
    key = hashlib.sha256(told.encode()).hexdigest()[:32]
    return OrderSheet(key=f"orders:{key}", rows=rows)


def orders_csv(sheet: OrderSheet) -> str:
    """Return the orders as RFC 4180 CSV, a column a field; no cell is taken for a formula."""
    columns = tuple(Column(name, name) for name in OrderRow.model_fields)
    cells = tuple(values_of(row, columns) for row in sheet.rows)
    return delimited(Sheet("orders", columns, cells))


def orders_json(sheet: OrderSheet) -> str:
    """Return the orders as JSON, keys sorted."""
    told = sheet.model_dump(mode="json")
    return json.dumps(told, ensure_ascii=False, indent=1, sort_keys=True, allow_nan=False) + "\n"


def written_orders(sheet: OrderSheet, home: Path) -> tuple[str, str]:
    """Write `orders.csv` and `orders.json` into the home, by content; return their paths in it."""
    folder = f"{LETTERS}/{sheet.key.partition(':')[2]}"
    (home / folder).mkdir(mode=0o700, parents=True, exist_ok=True)
    csv, told = f"{folder}/orders.csv", f"{folder}/orders.json"
    write_whole(home / csv, orders_csv(sheet).encode())
    write_whole(home / told, orders_json(sheet).encode())
    return csv, told


def _row(plan: TradePlan, order: Order, universe: Universe, known: TradingRow | None) -> OrderRow:
    return OrderRow(
        universe=universe.id,
        as_of=plan.as_of,
        trade_on=plan.trade_on,
        settles=plan.settles,
        currency=universe.currency,
        limit_pct=None if known is None else known.limit_pct,
        locked=None if known is None else known.locked,
        **order.model_dump(),
    )
