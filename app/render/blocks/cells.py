"""Cells that more than one part of the page shows in the same way."""

from collections.abc import Collection

from app.render.binding import DASH, toned
from app.render.charts.heatmap import expectation_index
from app.render.material import Material
from app.render.view import Cell
from core.portfolio.precedence import active_weight
from core.records.result import Flag
from core.records.universe import Horizon

NO_BREAK = "\N{NO-BREAK SPACE}"


def expectation_cells(material: Material, sector: str, horizon: Horizon) -> tuple[Cell, Cell]:
    """Return excess with its 80 % interval, and P(outperform)."""
    binder = material.binder
    found = material.heatmap_row(sector)
    if found is None or material.heatmap is None:
        absent = unanswered(material, sector, f"expected_{horizon.lower()}")
        return absent, absent
    index, row = found
    at = expectation_index(row, horizon)
    evidence = material.heatmap.evidence
    if at is None:
        absent = binder.absent(evidence, sector, f"expected_{horizon.lower()}")
        return absent, absent
    path = ("rows", index, "expected", at)
    low, high = (binder.at(evidence, *path, edge) for edge in ("low_pct", "high_pct"))
    separator = (";" if material.words.language == "vi" else ",") + NO_BREAK
    excess = Cell(
        parts=(
            toned(binder.at(evidence, *path, "excess_pct"), "strong"),
            Cell(f"{NO_BREAK}["), low, Cell(separator), high, Cell("]"),
        )
    )  # fmt: skip
    return excess, binder.at(evidence, *path, "outperform_fraction")


def change_cell(material: Material, sector: str, start: str = "benchmark_weight") -> Cell:
    """Return a sector's weight before and after, in percent."""
    before = material.allocated(sector, start)
    if before.tone == "missing":
        return before
    target = toned(material.allocated(sector, "target_weight"), "strong")
    return Cell(parts=(before, Cell(f"{NO_BREAK}→{NO_BREAK}"), target))


def active_cell(material: Material, sector: str) -> Cell:
    """Return the target's distance from the benchmark, in percentage points."""
    words, allocation = material.words, material.allocation
    line = next((x for x in allocation.lines if x.sector == sector), None) if allocation else None
    if line is None:
        return material.binder.missing(None, source=words.measure("active_weight"))
    away = round(100.0 * active_weight(line), 9)
    name = f"allocation.{material.universe.id}.{sector}.active_weight"
    source = f"{words.measure('active_weight')} · {words.label('formula', 'difference')}"
    return Cell(words.number(away, "pp", signed=True), source=source, fact=name)


def trade_cell(material: Material, sector: str) -> Cell:
    """Return the money to trade and the days it takes; a dash where nothing is held."""
    words, plan, binder = material.words, material.plan, material.binder
    rows = plan.sectors if plan else ()
    place = next((i for i, row in enumerate(rows) if row.sector == sector), None)
    if plan is None or place is None:
        return Cell(DASH, tone="soft", source=words.text("no_holdings"))
    if rows[place].value_bn is None:
        away = rows[place].target_weight - rows[place].held_weight
        moved = round(100.0 * away, 9) if rows[place].traded else 0.0
        source = f"{words.measure('trade_weight')} · {words.label('formula', 'difference')}"
        return Cell(words.measured(moved, "pp", signed=True), source=source)
    value = binder.at(plan, "sectors", place, "value_bn")
    if rows[place].trading_days is None:
        return value
    days = binder.at(plan, "sectors", place, "trading_days")
    return Cell(parts=(value, Cell(f"{NO_BREAK}("), days, Cell(words.text("days_short") + ")")))


def unanswered(material: Material, sector: str, measure: str) -> Cell:
    """Return the cell of a measure of a sector the heatmap has no row for, and why."""
    if material.heatmap is not None:
        return material.binder.absent(material.heatmap.evidence, sector, measure)
    reason = material.gap_reason("heatmap")
    return material.binder.missing(reason, source=material.words.measure(measure))


def flags_cell(material: Material, flags: Collection[Flag], sector: str = "") -> Cell:
    """Return the flags in words, each once, in a fixed order; a sector's only stock is named."""
    words = material.words
    said = [words.label("flag", flag) for flag in sorted(set(flags))]
    found = material.heatmap_row(sector)
    if found is not None and "single_stock" in found[1].flags and found[1].top_member:
        stock = words.text("one_stock", symbol=found[1].top_member)
        said = [stock if name == words.label("flag", "single_stock") else name for name in said]
    return Cell(", ".join(said), tone="soft")


def explained(cell: Cell) -> Cell:
    """Return a cell whose reason, if it is missing, stands beside it."""
    if cell.tone != "missing":
        return cell
    return Cell(parts=(cell, Cell(f" {cell.reason}", tone="soft")))


def names_cell(names: tuple[str, ...]) -> Cell:
    """Return symbols as text."""
    return Cell(", ".join(names))


def sector_cell(material: Material, sector: str) -> Cell:
    """Return a sector's name, with the ticker of the fund or index that stands for it."""
    universe = material.universe
    name = Cell(material.words.entity(sector), tone="strong")
    known = next((s for s in universe.sectors if s.id == sector), None)
    if known is None or universe.built_from_members:
        return name
    return Cell(parts=(name, Cell(f" {known.ticker}", tone="soft")))
