"""The two pictures of the first page: where sectors are, and what is expected of them."""

from app.render.blocks.actions import chosen_lines
from app.render.charts.heatmap import heatmap_table
from app.render.charts.palette import sector_colour
from app.render.charts.rotation_map import TAIL_NODES, Trail, rotation_map
from app.render.material import Material
from app.render.view import Block, footnoted
from core.records.sectors import HeatmapRow, Rotation


def rotation_block(material: Material) -> Block:
    """Return the rotation map with the sentences about it; without evidence, why not."""
    words = material.words
    title = words.label("title", "map")
    trails = _trails(material)
    if not trails:
        return Block("map", title, notes=(words.text("no_map"),))
    picture = rotation_map(trails, words, name=f"map-{material.universe.id}")
    return Block("map", title, pictures=(picture,), notes=_map_notes(material, trails))


def heatmap_block(material: Material) -> Block:
    """Return the predictive heatmap with its legend in words."""
    words = material.words
    title = words.label("title", "heatmap")
    if material.heatmap is None or not material.heatmap.result.rows:
        return Block("heatmap", title, notes=(words.text("no_heatmap"),))
    table = heatmap_table(
        material.heatmap,
        material.binder,
        words,
        order=list(material.order),
        scores=material.scores,
        skills={horizon: bound.value for horizon, bound in material.skills.items()},
        decided=material.report.request.horizon,
    )
    span = words.label("span", material.report.request.horizon.lower())
    notes = (words.text("heatmap_legend", horizon=span),)
    return Block("heatmap", title, tables=(footnoted(table),), notes=notes)


def _trails(material: Material) -> list[Trail]:
    if material.heatmap is None:
        return []
    recommended = {line.sector for line in chosen_lines(material)}
    trails = []
    for index, row in enumerate(material.heatmap.result.rows):
        if row.weekly is None or row.sector not in material.universe.sector_ids:
            continue
        trails.append(
            Trail(
                sector=row.sector,
                label=material.words.sector_tag(row.sector),
                colour=sector_colour(material.universe.sector_ids.index(row.sector)),
                rotation=row.weekly,
                hover=_hover(material, index, row, row.weekly),
                single_stock="single_stock" in row.flags,
                recommended=row.sector in recommended,
            )
        )
    return trails


def _hover(material: Material, index: int, row: HeatmapRow, weekly: Rotation) -> str:
    words = material.words
    parts = [
        words.entity(row.sector),
        words.label("quadrant", weekly.quadrant),
        f"RS-Ratio {words.number(weekly.rs_ratio_index, 'index')}",
        f"RS-Momentum {words.number(weekly.rs_momentum_index, 'index')}",
        f"{words.label('frequency', weekly.frequency)}, {words.day(weekly.period)}",
    ]
    if weekly.early_warning:
        parts.append(words.label("early_warning", weekly.early_warning))
    if material.heatmap is not None:
        parts.append(f"{material.heatmap.evidence.id} /rows/{index}/weekly")
    return " · ".join(parts)


def _map_notes(material: Material, trails: list[Trail]) -> tuple[str, ...]:
    words = material.words
    weeks = str(min(TAIL_NODES, max(len(t.nodes) - 1 for t in trails)))
    result = material.heatmap.result if material.heatmap else None
    against = words.entity(result.benchmark if result else material.universe.benchmark.id)
    said = [words.text("map_legend", weeks=weeks, benchmark=against)]
    if any(t.rotation.provisional for t in trails):
        said.append(words.text("map_hollow"))
    if any(t.single_stock for t in trails):
        said.append(words.text("map_square"))
    if any(t.rotation.early_warning for t in trails):
        said.append(words.text("map_ring"))
    return (" ".join(said),)
