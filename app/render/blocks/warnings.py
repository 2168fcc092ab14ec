"""Early warnings: the sectors whose momentum is about to cross the benchmark's."""

from app.render.blocks.cells import sector_cell
from app.render.material import Material
from app.render.view import Align, Block, Cell, Column, Table, footnoted
from core.records.evidence import Evidence

COLUMNS: tuple[tuple[str, Align], ...] = (
    ("sector", "left"), ("frequency", "left"), ("early_warning", "left"), ("quadrant", "left"),
    ("rs_momentum_index", "right"), ("provisional", "left"),
)  # fmt: skip
BOUND = ("early_warning", "quadrant", "rs_momentum_index", "provisional")


def warnings(material: Material) -> Block:
    """Return the momentum crosses ahead, weekly and daily."""
    words = material.words
    title, lines = words.label("title", "warnings"), material.lines("warning")
    rows = _rows(material)
    if not rows:
        return Block("warnings", title, lines, notes=() if lines else (words.text("no_warning"),))
    columns = tuple(Column(words.label("column", name), align) for name, align in COLUMNS)
    return Block("warnings", title, lines, tables=(footnoted(Table("warnings", columns, rows)),))


def _rows(material: Material) -> tuple[tuple[Cell, ...], ...]:
    if material.heatmap is None:
        return ()
    return tuple(
        (
            sector_cell(material, row.sector),
            Cell(material.words.label("frequency", frequency)),
            *_bound(material, material.heatmap.evidence, place, frequency),
        )
        for place, row in enumerate(material.heatmap.result.rows)
        for frequency, rotation in (("weekly", row.weekly), ("daily", row.daily))
        if rotation is not None and rotation.early_warning is not None
    )


def _bound(material: Material, evidence: Evidence, place: int, frequency: str) -> tuple[Cell, ...]:
    return tuple(material.binder.at(evidence, "rows", place, frequency, name) for name in BOUND)
