"""Decides how what quadrants are said to mean is told beside what this market's history says."""

from collections.abc import Iterator

from app.render.blocks.textbook import textbook_line
from app.render.material import material
from app.render.view import Cell
from app.served.drawn import drawable
from app.web.maps.records import Told
from core.records.request import Language
from core.records.rotation_statistics import RotationStatisticsResult
from core.records.universe import Universe


def textbook_told(
    result: RotationStatisticsResult, universe: Universe, language: Language
) -> tuple[Told, ...]:
    """Return the report's own line about the next month, in pieces; empty without statistics."""
    report = drawable(result, universe, horizon="1M", language=language)
    line = textbook_line(material(report, universe))
    return () if line is None else tuple(_pieces(line))


def _pieces(cell: Cell) -> Iterator[Told]:
    for part in cell.parts:
        yield from _pieces(part)
    if not cell.parts and cell.text:
        yield Told(text=cell.text, source=cell.source, tone=cell.tone)
