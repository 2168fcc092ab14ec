"""The pictures: where sectors are, what is expected of them, daily beside weekly, a told path."""

from app.render.blocks.trails import trails_of
from app.render.charts.heatmap import heatmap_table
from app.render.charts.palette import sector_colour
from app.render.charts.path import path_chart
from app.render.charts.rotation_map import (
    SMALL,
    TAIL_NODES,
    Trail,
    rotation_map,
    shown_trails,
)
from app.render.material import Material
from app.render.view import Block, Picture, footnoted
from core.records.sectors import RotationHistoryResult
from core.records.universe import Frequency


def rotation_block(material: Material) -> Block:
    """Return the rotation map with its legend in words; without evidence, why not."""
    words = material.words
    title = words.label("title", "map")
    trails = trails_of(material, "weekly")
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
    legend = words.text("heatmap_legend")
    if material.scores:
        legend = f"{legend} {words.text('heatmap_square', horizon=span)}"
    return Block("heatmap", title, tables=(footnoted(table),), notes=(legend,))


def both_frequencies(material: Material) -> Block:
    """Return the daily and the weekly map of the same sectors, side by side."""
    words = material.words
    title = words.label("title", "frequencies")
    frequencies: tuple[Frequency, ...] = ("weekly", "daily")
    weekly = {trail.sector for trail in shown_trails(trails_of(material, "weekly"))}
    found = [
        (f, [trail for trail in trails_of(material, f) if trail.sector in weekly])
        for f in frequencies
    ]
    if not all(trails for _, trails in found):
        return Block("frequencies", title)
    pictures = tuple(_small_map(material, f, trails) for f, trails in found)
    return Block("frequencies", title, pictures=pictures, notes=(words.text("frequencies_note"),))


def _small_map(material: Material, frequency: Frequency, trails: list[Trail]) -> Picture:
    words = material.words
    name = f"{frequency}-{material.universe.id}"
    last = words.day(max(trail.rotation.period for trail in trails))
    told = words.text("map_of", frequency=words.label("frequency", frequency), day=last)
    return _named(rotation_map(trails, words, name=name, canvas=SMALL, cut=False), told)


def told_paths(material: Material) -> Block:
    """Return each told path as a chart of its own, named with benchmark and span."""
    words, ids = material.words, material.universe.sector_ids
    title = words.label("title", "path")
    pictures: list[Picture] = []
    for evidence, result in material.answers(RotationHistoryResult):
        for path in result.paths:
            if path.sector not in ids or not path.tail:
                continue
            colour = sector_colour(ids.index(path.sector))
            name = f"path-{evidence.id}-{path.sector}"
            picture = path_chart(path, result.rows, words, colour=colour, name=name)
            pictures.append(_named(picture, _path_note(material, result, path.sector)))
    return Block("path", title, pictures=tuple(pictures))


def _path_note(material: Material, result: RotationHistoryResult, sector: str) -> str:
    words = material.words
    return words.text(
        "path_legend", sector=words.entity(sector),
        frequency=words.label("frequency", result.frequency),
        benchmark=words.entity(result.benchmark), first=words.day(result.since),
        last=words.day(result.as_of),
    )  # fmt: skip


def _named(picture: Picture, note: str) -> Picture:
    return Picture(picture.id, picture.svg, picture.alt, picture.legend, (note, *picture.notes))


def _map_notes(material: Material, trails: list[Trail]) -> tuple[str, ...]:
    words = material.words
    weeks = str(min(TAIL_NODES, max(len(t.nodes) - 1 for t in trails)))
    result = material.places.result if material.places else None
    against = words.entity(result.benchmark if result else material.universe.benchmark.id)
    said = [words.text("map_legend", weeks=weeks, benchmark=against)]
    if any(t.rotation.provisional for t in trails):
        said.append(words.text("map_hollow"))
    if any(t.single_stock for t in trails):
        said.append(words.text("map_square"))
    if any(t.rotation.early_warning for t in trails):
        said.append(words.text("map_ring"))
    if any(t.breaks for t in trails):
        said.append(words.text("map_break"))
    return (" ".join(said),)
