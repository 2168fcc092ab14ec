"""Tables of an answer's parts other than its rows, and shares with their intervals."""

from collections.abc import Callable, Iterable
from dataclasses import replace

from app.render.binding import field_unit
from app.render.material import Material
from app.render.view import Cell, Column, Table, footnoted, sourced_by_row
from core.measures import measure_of
from core.records.evidence import Evidence
from core.records.record import Record

Made = Callable[[int], Cell]
"""A cell made of the row at this place."""


def part_table(
    material: Material,
    evidence: Evidence,
    part: str,
    places: Iterable[int],
    columns: tuple[tuple[Column, Made], ...],
) -> Table:
    """Return a table of these places of an answer's part, each row with its source."""
    kept = list(places)
    rows = tuple(tuple(make(place) for _, make in columns) for place in kept)
    table = footnoted(Table(part, tuple(column for column, _ in columns), rows))
    sources = tuple(material.binder.row_source(evidence, part, place) for place in kept)
    return sourced_by_row(table, sources)


def field_column(
    material: Material, evidence: Evidence, part: str, name: str, *, signed: bool | None = None
) -> tuple[Column, Made]:
    """Return a column of one field, headed by its name and unit."""
    row: Record = getattr(evidence.result, part)[0]
    text = isinstance(getattr(row, name), str)
    heading = material.words.heading(name, measure_of(name)[0], field_unit(row, name))

    def make(place: int) -> Cell:
        cell = told(material, evidence, part, place, name, signed=signed)
        return replace(cell, text=cell.text.capitalize()) if name == "quadrant" else cell

    return Column(heading, "left" if text else "right"), make


def told(
    material: Material,
    evidence: Evidence,
    part: str,
    place: int,
    name: str,
    *,
    unit: bool = False,
    signed: bool | None = None,
    as_unit: str = "",
) -> Cell:
    """Return the cell of a field as the binder prints it; one absent has too short a history."""
    row: Record = getattr(evidence.result, part)[place]
    if getattr(row, name) is None:
        return material.binder.missing("too_short", source=evidence.id)
    return material.binder.at(
        evidence, part, place, name, unit=unit, signed=signed, as_unit=as_unit
    )


def share_cell(material: Material, evidence: Evidence, part: str, place: int, stem: str) -> Cell:
    """Return a share in percent with its 95 % interval in brackets."""
    names = (f"{stem}_fraction", f"{stem}_low_fraction", f"{stem}_high_fraction")
    middle, low, high = (told(material, evidence, part, place, name) for name in names)
    if middle.tone == "missing":
        return middle
    return Cell(
        parts=(middle, Cell(" ("), low, Cell("\N{EN DASH}"), high, Cell(")")),
    )


def strong(cell: Cell) -> Cell:
    """Return the cell in bold unless it is missing."""
    return cell if cell.tone == "missing" else replace(cell, tone="strong")
