"""The sectors' rotations at one frequency as trails, with colours that never change."""

from app.render.blocks.actions import chosen_lines
from app.render.charts.palette import sector_colour
from app.render.charts.rotation_map import Trail
from app.render.material import Material
from core.records.sectors import HeatmapRow, Rotation
from core.records.universe import Frequency

LARGEST_HELD = 6


def trails_of(material: Material, frequency: Frequency) -> list[Trail]:
    """Return a trail a sector that has a rotation at this frequency, in the answer's order."""
    if material.places is None:
        return []
    kept = _kept(material)
    trails = []
    for index, row in enumerate(material.places.result.rows):
        rotation = row.weekly if frequency == "weekly" else row.daily
        if rotation is None or row.sector not in material.universe.sector_ids:
            continue
        trails.append(
            Trail(
                sector=row.sector,
                label=material.words.sector_tag(row.sector),
                colour=sector_colour(material.universe.sector_ids.index(row.sector)),
                rotation=rotation,
                hover=_hover(material, index, row, rotation),
                single_stock="single_stock" in row.flags,
                recommended=row.sector in kept,
                reclassified=tuple(
                    change.effective
                    for change in material.universe.reclassifications
                    if row.sector in change.sectors
                ),
            )
        )
    return trails


def _kept(material: Material) -> set[str]:
    """Return the sectors the map never leaves out: acted on, or among the largest held."""
    rows = material.portfolio.sectors if material.portfolio else ()
    held = sorted((row for row in rows if row.weight), key=lambda row: (-row.weight, row.sector))
    largest = {row.sector for row in held[:LARGEST_HELD]}
    return largest | {line.sector for line in chosen_lines(material)}


def _hover(material: Material, index: int, row: HeatmapRow, rotation: Rotation) -> str:
    words = material.words
    parts = [
        words.entity(row.sector),
        words.label("quadrant", rotation.quadrant),
        f"RS-Ratio {words.number(rotation.rs_ratio_index, 'index')}",
        f"RS-Momentum {words.number(rotation.rs_momentum_index, 'index')}",
        f"{words.label('frequency', rotation.frequency)}, {words.day(rotation.period)}",
    ]
    if rotation.early_warning:
        parts.append(words.label("early_warning", rotation.early_warning))
    if material.places is not None:
        parts.append(f"{material.places.evidence.id} /rows/{index}/{rotation.frequency}")
    return " · ".join(parts)
