"""What each sector's forecast rests on: the features for it and against it."""

from app.render.blocks.cells import sector_cell
from app.render.material import Material
from app.render.reasons import POINTS, printed, sided
from app.render.view import Block, Cell, Column, Table, sourced_by_row
from core.records.evidence import Evidence
from core.records.sectors import HeatmapRow


def reasons(material: Material) -> Block:
    """Return a row a sector, best score first; empty where no view tells its reasons."""
    words = material.words
    title = words.label("title", "reasons")
    found = _reasoned(material)
    if not found or material.heatmap is None:
        return Block("reasons", title)
    evidence = material.heatmap.evidence
    rows = tuple(
        (
            sector_cell(material, row.sector),
            _side(material, evidence, place, row, raising=True),
            _side(material, evidence, place, row, raising=False),
        )
        for place, row in found
    )
    columns = tuple(
        Column(words.label("column", key), "left") for key in ("sector", "for", "against")
    )
    at = material.binder.row_source
    sources = tuple(at(evidence, "rows", place) for place, _ in found)
    table = sourced_by_row(Table("reasons", columns, rows), sources)
    span = words.label("span", material.report.request.horizon.lower())
    note = words.text("reasons_note", horizon=span)
    return Block("reasons", title, tables=(table,), notes=(note,))


def reason_parts(
    material: Material, evidence: Evidence, place: int, row: HeatmapRow, at: int
) -> tuple[Cell, Cell]:
    """Return the name of the reason at this place of the row, and its part in points of score."""
    words, feature = material.words, row.reasons[at].feature
    path = ("rows", place, "reasons", at, "contribution_pct")
    value = material.binder.at(evidence, *path, as_unit=POINTS, signed=True)
    name = Cell(f"{words.label('factor', feature)}\N{NO-BREAK SPACE}", f"{feature} · {evidence.id}")
    return name, value


def _reasoned(material: Material) -> list[tuple[int, HeatmapRow]]:
    """Return the rows that have reasons, with their places, best score first."""
    found = (material.heatmap_row(sector) for sector in material.order)
    return [placed for placed in found if placed is not None and placed[1].reasons]


def _side(
    material: Material, evidence: Evidence, place: int, row: HeatmapRow, *, raising: bool
) -> Cell:
    parts: list[Cell] = []
    for at, _ in printed(sided(row, raising=raising)):
        parts += [Cell("; ")] if parts else []
        parts += reason_parts(material, evidence, place, row, at)
    if not parts:
        return Cell(material.words.text("no_argument"), tone="soft")
    return Cell(parts=tuple(parts))
