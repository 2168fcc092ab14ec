"""The flags of a sector, short enough for one line; what every sector has is said once."""

from collections.abc import Collection

from app.render.blocks.flow_cells import flow_of
from app.render.material import Material
from app.render.view import Cell
from core.records.result import Flag

ELSEWHERE: frozenset[Flag] = frozenset({"frequency_conflict", "provisional"})
"""Flags the table marks beside the quadrants."""


def short_flags(material: Material, sector: str) -> Cell:
    """Return a sector's own flags in short words; a gap is one of them."""
    words = material.words
    flags = _flags(material, sector) - shared_flags(material) - ELSEWHERE
    said = [words.label("flag_short", flag) for flag in sorted(flags)]
    found = material.heatmap_row(sector)
    if found is None or found[1].weekly is None:
        said.append(words.text("gap"))
    return Cell(", ".join(said), tone="soft")


def own_flags(material: Material, flags: Collection[Flag]) -> str:
    """Return flags in words, each once, in a fixed order."""
    return ", ".join(material.words.label("flag", flag) for flag in sorted(set(flags)))


def shared_flags(material: Material) -> frozenset[Flag]:
    """Return the flags of every sector that has data, to be said once."""
    rows = material.heatmap.result.rows if material.heatmap else ()
    each = [_flags(material, row.sector) for row in rows if row.weekly is not None]
    return frozenset.intersection(*each) - {"single_stock"} if len(each) > 1 else frozenset()


def _flags(material: Material, sector: str) -> frozenset[Flag]:
    found, flow = material.heatmap_row(sector), flow_of(material, sector)
    return frozenset((*(found[1].flags if found else ()), *(flow[2].flags if flow else ())))
