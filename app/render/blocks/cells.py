"""Cells that more than one part of the page shows in the same way."""

from app.render.binding import toned
from app.render.charts.heatmap import expectation_index
from app.render.material import Material
from app.render.view import Cell
from core.records.result import Flag
from core.records.universe import Horizon


def expectation_cells(material: Material, sector: str, horizon: Horizon) -> tuple[Cell, Cell]:
    """Return excess with its 80 % interval, and P(outperform)."""
    binder = material.binder
    found = material.heatmap_row(sector)
    if found is None or material.heatmap is None:
        absent = binder.missing(None, source=material.words.measure("expected_excess"))
        return absent, absent
    index, row = found
    at = expectation_index(row, horizon)
    evidence = material.heatmap.evidence
    if at is None:
        absent = binder.absent(evidence, sector, f"expected_{horizon.lower()}")
        return absent, absent
    path = ("rows", index, "expected", at)
    low, high = (binder.at(evidence, *path, edge) for edge in ("low_pct", "high_pct"))
    separator = "; " if material.words.language == "vi" else ", "
    excess = Cell(
        parts=(
            toned(binder.at(evidence, *path, "excess_pct"), "strong"),
            Cell(" ["), low, Cell(separator), high, Cell("]"),
        )
    )  # fmt: skip
    return excess, binder.at(evidence, *path, "outperform_fraction")


def change_cell(material: Material, sector: str, start: str = "benchmark_weight") -> Cell:
    """Return a sector's weight before and after, in percent."""
    before = material.allocated(sector, start)
    if before.tone == "missing":
        return before
    target = toned(material.allocated(sector, "target_weight"), "strong")
    return Cell(parts=(before, Cell(" → "), target))


def flags_cell(material: Material, flags: tuple[Flag, ...]) -> Cell:
    """Return the flags in words, each once, in a fixed order."""
    unique = sorted(set(flags))
    return Cell(", ".join(material.words.label("flag", flag) for flag in unique), tone="soft")


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
