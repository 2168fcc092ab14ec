"""A tool's rows as a table: one column a field, every value bound, empty columns left out."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date

from pydantic import BaseModel

from app.render.binding import DASH, field_unit
from app.render.blocks.cells import flags_cell, names_cell, sector_cell
from app.render.material import Material
from app.render.view import Cell, Column, Table, footnoted, sourced_by_row
from core.measures import measure_of
from core.records.evidence import Evidence
from core.records.payloads import NameFlow
from core.records.result import Flag

LEFT = {"sector", "symbol", "series", "kind", "state", "flags", "top", "line", "quadrant"}
LIFTED = frozenset({"kind", "sessions", "period", "released", "age_days"})
"""Columns that are said once, above the table, when every row has the same."""
WITH_UNIT = frozenset({"value_level"})
"""Columns whose rows have a unit each."""
LEFT_TEXT = LEFT | {"top_buys", "top_sells", "dataset", "early_warning", "category", "unit"}


@dataclass(frozen=True, slots=True)
class Placed:
    """A row with the evidence it is in and its place there."""

    evidence: Evidence
    index: int
    row: BaseModel


def placed(
    answers: Sequence[tuple[Evidence, BaseModel]], key: Callable[[BaseModel], object] | None = None
) -> list[Placed]:
    """Return the rows of all answers; of rows with the same key the first stays."""
    found: dict[object, Placed] = {}
    for evidence, result in answers:
        for index, row in enumerate(getattr(result, "rows", ())):
            name = key(row) if key else (evidence.id, index)
            found.setdefault(name, Placed(evidence, index, row))
    return list(found.values())


def rows_table(
    material: Material, table_id: str, rows: Sequence[Placed], fields: Sequence[str]
) -> tuple[Table, ...]:
    """Return the table of these fields, or nothing without rows."""
    if not rows:
        return ()
    kept = [f for f in fields if any(_filled(getattr(p.row, f)) for p in rows)]
    lifted = [f for f in kept if f in LIFTED and _alike(rows, f)] if len(rows) > 1 else []
    shared = _shared(rows) if "flags" in kept and len(rows) > 1 else frozenset()
    caption = _caption(material, rows[0], lifted, shared)
    kept = [f for f in kept if f not in lifted and (f != "flags" or _own_flags(rows, shared))]
    columns = tuple(
        Column(_heading(material, rows[0].row, f), "left" if f in LEFT_TEXT else "right")
        for f in kept
    )
    cells = tuple(tuple(_cell(material, p, field, shared) for field in kept) for p in rows)
    table = footnoted(Table(table_id, columns, cells, caption=caption))
    at = material.binder.row_source
    return (sourced_by_row(table, tuple(at(p.evidence, "rows", p.index) for p in rows)),)


def _alike(rows: Sequence[Placed], field: str) -> bool:
    return len({getattr(p.row, field) for p in rows}) == 1


def _flags(row: BaseModel) -> frozenset[Flag]:
    return frozenset(getattr(row, "flags", ()))


def _shared(rows: Sequence[Placed]) -> frozenset[Flag]:
    return frozenset.intersection(*(_flags(p.row) for p in rows))


def _own_flags(rows: Sequence[Placed], shared: frozenset[Flag]) -> bool:
    return any(_flags(p.row) - shared for p in rows)


def _caption(
    material: Material, first: Placed, lifted: Sequence[str], shared: frozenset[Flag]
) -> Cell | None:
    """Return what is true of every row, said once."""
    parts: list[Cell] = []
    for field in lifted:
        value = _cell(material, first, field, shared)
        if field == "kind":
            parts.append(Cell(value.text[:1].upper() + value.text[1:]))
            continue
        name = f"{_heading(material, first.row, field)}: "
        parts += [Cell((" · " if parts else "") + name), value]
    if shared:
        said = flags_cell(material, shared).plain
        parts.append(Cell((" · " if parts else "") + material.words.text("every_row", flags=said)))
    return Cell(parts=tuple(parts)) if parts else None


def _heading(material: Material, row: BaseModel, field: str) -> str:
    stem, unit = measure_of(field)
    own = unit if unit == "level" else field_unit(row, field)
    return material.words.heading(field, stem, own)


def _filled(value: object) -> bool:
    return value is not None and value != ()


def _cell(
    material: Material, placed_row: Placed, field: str, shared: frozenset[Flag] = frozenset()
) -> Cell:
    value = getattr(placed_row.row, field)
    if field == "sector":
        return sector_cell(material, value) if value else Cell(material.words.text("none_stated"))
    if field == "flags":
        return flags_cell(material, set(value) - shared, _single(placed_row.row))
    if isinstance(value, tuple):
        return _names(material, placed_row, field, value)
    if field in ("symbol", "unit"):
        return Cell(value or "")
    if field == "series":
        return Cell(material.words.entity(value), f"{value} · {placed_row.evidence.id}")
    if value is None and getattr(placed_row.row, "events_count", None) == 0:
        return Cell(DASH, tone="soft", source=material.words.text("no_event"))
    unit = field in WITH_UNIT
    cell = material.binder.at(placed_row.evidence, "rows", placed_row.index, field, unit=unit)
    return cell if isinstance(value, (int, float, date)) or value is None else Cell(cell.text)


def _single(row: BaseModel) -> str:
    """Return the sector of a row about a whole sector's basket, not about one of its stocks."""
    whole = getattr(row, "symbol", None) is None and not hasattr(row, "companies_count")
    return str(getattr(row, "sector", "")) if whole else ""


def _names(material: Material, row: Placed, field: str, value: tuple[object, ...]) -> Cell:
    if not value:
        return Cell()
    parts: list[Cell] = []
    for place, item in enumerate(value):
        if not isinstance(item, NameFlow):
            return names_cell(tuple(str(name) for name in value))
        figure = material.binder.at(row.evidence, "rows", row.index, field, place, "net_bn")
        parts += [Cell(("; " if parts else "") + f"{item.symbol}\N{NO-BREAK SPACE}"), figure]
    return Cell(parts=tuple(parts))
