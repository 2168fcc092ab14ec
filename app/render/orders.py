"""Writes the orders of trade plans as CSV, for a desk to check and enter; units in the headings.

Only orders that can be placed are listed. Money and prices name the plan's currency where all plans
share one, and a column names it where they do not.
"""

import csv
import io

from core.records.trades import Order, TradePlan
from core.records.universe import Universe

FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r")
"""A text cell that begins so would be run as a formula by a spreadsheet."""


def orders_csv(plans: tuple[TradePlan, ...], universes: dict[str, Universe]) -> str:
    """Return RFC 4180 CSV: numbers at full precision with a decimal point, text cells inert.

    Args:
        plans: in the order to be written.
        universes: by id, every plan's among them.
    """
    currencies = sorted({universes[plan.universe].currency for plan in plans})
    shared = f"_{currencies[0].lower()}" if len(currencies) == 1 else ""
    out = io.StringIO(newline="")
    writer = csv.writer(out)
    writer.writerow(
        (
            "universe", "as_of", "trade_on", "settles", "side", "symbol", "sector",
            "quantity_shares", "lots", "currency", f"price{shared}", f"value_bn{shared}",
            "days_at_20pct", f"cost_bn{shared}", "notes",
        )
    )  # fmt: skip
    for plan in plans:
        universe = universes[plan.universe]
        for order in plan.orders:
            if order.quantity_count:
                writer.writerow(_cells(plan, order, universe))
    return out.getvalue()


def _cells(plan: TradePlan, order: Order, universe: Universe) -> tuple[str, ...]:
    return (
        _text(universe.id),
        str(plan.as_of),
        "" if plan.trade_on is None else str(plan.trade_on),
        "" if plan.settles is None else str(plan.settles),
        order.side,
        _text(order.symbol),
        _text(universe.sector(order.sector).name_en),
        str(order.quantity_count),
        str(order.lots_count),
        universe.currency,
        repr(order.close_level),
        repr(order.value_bn),
        "" if order.trading_days is None else repr(order.trading_days),
        repr(order.cost_bn),
        " ".join(order.notes),
    )


def _text(cell: str) -> str:
    """Return a text that no spreadsheet takes for a formula."""
    return f"'{cell}" if cell.startswith(FORMULA_STARTS) else cell
