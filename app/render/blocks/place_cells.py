"""Where a sector is: its rank and how it moved, its name, its quadrants and where they disagree."""

from app.render.blocks.cells import NO_BREAK, unanswered
from app.render.material import Material
from app.render.view import Cell
from core.records.sectors import HeatmapRow

CONFLICT = "≠"


def rank_cell(material: Material, sector: str) -> Cell:
    """Return the rank and by how many places it rose or fell since the predecessor."""
    rank = material.scored(sector, "rank")
    found = material.changed("rank", sector)
    if material.changes is None or found is None:
        return rank
    index, change = found
    if change.before_rank is None or change.after_rank is None:
        return rank
    moved = change.before_rank - change.after_rank
    before = material.binder.at(material.changes, "rows", index, "before_rank")
    text = f"{NO_BREAK}{'▲' if moved > 0 else '▼'}{abs(moved)}"
    return Cell(parts=(rank, Cell(text, before.source, before.fact, tone="soft")))


def name_cell(material: Material, sector: str) -> Cell:
    """Return the sector's short name, its fund, and how many stocks of which the largest is."""
    words, universe = material.words, material.universe
    short, name = words.short(sector), words.entity(sector)
    parts = [Cell(short, "" if short == name else name, tone="strong")]
    if not universe.built_from_members:
        known = next((s.ticker for s in universe.sectors if s.id == sector), "")
        parts.append(Cell(f" {known}", tone="soft"))
    found = material.heatmap_row(sector)
    if found is not None and material.heatmap is not None and found[1].members_count is not None:
        parts += _members(material, found[0], found[1])
    return Cell(parts=tuple(parts))


def _members(material: Material, index: int, row: HeatmapRow) -> list[Cell]:
    if material.heatmap is None:
        return []
    binder, evidence = material.binder, material.heatmap.evidence
    count = binder.at(evidence, "rows", index, "members_count")
    parts = [Cell(f"{NO_BREAK}["), count]
    if row.top_member and row.top_member_pct is not None and row.members_count:
        share = material.words.number(round(row.top_member_pct), "count")
        told = binder.at(evidence, "rows", index, "top_member_pct", unit=True)
        text = f"; {row.top_member}{NO_BREAK}{share}%"
        only = row.members_count == 1
        parts.append(Cell(f"; {row.top_member}" if only else text, told.source, told.fact))
    return [Cell(part.text, part.source, part.fact, tone="soft") for part in [*parts, Cell("]")]]


def quadrant_cells(material: Material, sector: str) -> tuple[Cell, Cell]:
    """Return the weekly quadrant with its bars, and the daily one, marked where they disagree."""
    found = material.place(sector)
    if found is None or material.places is None:
        absent = unanswered(material, sector, "quadrant")
        return absent, absent
    index, row = found
    daily = _quadrant(material, index, "daily")
    weekly = _quadrant(material, index, "weekly")
    if row.weekly is not None:
        evidence = material.places.evidence
        bars = material.binder.at(evidence, "rows", index, "weekly", "dwell_count")
        hollow = f"{NO_BREAK}○" if row.weekly.provisional else ""
        weekly = Cell(parts=(weekly, Cell(f"{NO_BREAK}("), bars, Cell(f"){hollow}")))
    if row.weekly and row.daily and row.weekly.quadrant != row.daily.quadrant:
        daily = Cell(parts=(Cell(f"{CONFLICT}{NO_BREAK}", tone="warn"), daily))
    return weekly, daily


def _quadrant(material: Material, index: int, frequency: str) -> Cell:
    if material.places is None:
        return material.binder.missing(None)
    cell = material.binder.at(material.places.evidence, "rows", index, frequency, "quadrant")
    if cell.tone == "missing":
        return cell
    return Cell(cell.text.capitalize(), cell.source, cell.fact)
