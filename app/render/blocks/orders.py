"""Trades by sector and the orders that make them; shown, never sent."""

from app.render.blocks.cells import explained, sector_cell
from app.render.material import Material
from app.render.view import Block, Cell, Column, Item, Table, footnoted, sourced_by_row
from core.records.result import GapReason
from core.records.trades import TradePlan

FIGURES = (
    "nav_bn", "buys_bn", "sells_bn", "cost_bn", "cost_bps", "cash_before_weight",
    "cash_after_weight", "trade_on", "settles",
)  # fmt: skip
TRADE = (
    "held_weight", "target_weight", "value_bn", "trading_days", "cost_bn", "orders_count",
)  # fmt: skip
ORDER = (
    "quantity_count", "lots_count", "close_level", "value_bn", "trading_days", "cost_bn",
)  # fmt: skip


def orders(material: Material) -> Block:
    """Return the trade plan: sums, a row a sector, a row an order."""
    words, plan = material.words, material.plan
    title = words.label("title", "orders")
    if plan is None:
        return Block("orders", title)
    items = tuple(
        Item(words.label("plan", field), explained(_figure(material, plan, field)))
        for field in FIGURES
    )
    tables = tuple(t for t in (_trades(material, plan), _orders(material, plan)) if t.rows)
    notes = (words.text("never_sent"), *_unpriced(material))
    lines = material.lines("trades")
    return Block("orders", title, lines=lines, items=items, tables=tables, notes=notes)


def _figure(material: Material, plan: TradePlan, field: str) -> Cell:
    if getattr(plan, field) is None:
        return material.binder.missing(None, source=material.words.label("plan", field))
    return material.binder.at(plan, field, unit=True)


def _trades(material: Material, plan: TradePlan) -> Table:
    label = material.words.label
    columns = (
        Column(label("column", "sector"), "left"),
        *(Column(_heading(material, f, "trade")) for f in TRADE),
    )
    places = [place for place, row in enumerate(plan.sectors) if row.traded or row.orders_count]
    rows = tuple(
        (sector_cell(material, plan.sectors[i].sector), *_cells(material, plan, "sectors", i))
        for i in places
    )
    table = footnoted(Table("trades", columns, rows))
    at = material.binder.row_source
    return sourced_by_row(table, tuple(at(plan, "sectors", place) for place in places))


def _orders(material: Material, plan: TradePlan) -> Table:
    label = material.words.label
    columns = (
        *(Column(label("column", name), "left") for name in ("symbol", "sector", "side")),
        *(Column(_heading(material, f, "order")) for f in ORDER),
        Column(label("column", "notes"), "left"),
    )
    rows = tuple(
        (
            Cell(order.symbol, tone="strong"), Cell(material.words.short(order.sector)),
            Cell(label("side", order.side), tone="good" if order.side == "buy" else "bad"),
            *_cells(material, plan, "orders", place),
            Cell(", ".join(label("order_note", note) for note in order.notes), tone="soft"),
        )
        for place, order in enumerate(plan.orders)
    )  # fmt: skip
    at = material.binder.row_source
    sources = tuple(at(plan, "orders", place) for place in range(len(rows)))
    return sourced_by_row(footnoted(Table("orders", columns, rows)), sources)


def _cells(material: Material, plan: TradePlan, part: str, place: int) -> tuple[Cell, ...]:
    row = getattr(plan, part)[place]
    cells = []
    for field in TRADE if part == "sectors" else ORDER:
        if getattr(row, field) is None:
            reason: GapReason | None = "no_data" if field == "trading_days" else None
            name = _name(material, field, "trade" if part == "sectors" else "order")
            cells.append(material.binder.missing(reason, source=name))
            continue
        cells.append(material.binder.at(plan, part, place, field))
    return tuple(cells)


def _heading(material: Material, field: str, part: str) -> str:
    name = _name(material, field, part)
    if field.endswith("_bn"):
        return f"{name}, {material.words.unit('bn')}"
    return f"{name}, %" if field.endswith("_weight") else name


def _name(material: Material, field: str, part: str) -> str:
    return material.words.label("plan", field if field != "value_bn" else f"{part}_value")


def _unpriced(material: Material) -> tuple[str, ...]:
    portfolio = material.portfolio
    if portfolio is None or not portfolio.unpriced:
        return ()
    return (material.words.text("unpriced", symbols=", ".join(portfolio.unpriced)),)
