"""The fields a question left open, as they were taken: in words, never as the ids of files."""

from datetime import date
from typing import Final

from app.render.material import Material
from app.render.view import Cell, Column, Table
from app.render.words import Words, quoted
from core.records.report import Report
from core.records.request import Inference

_IS: Final = " = "
"""Stands between what was said and what it was read as."""
_AND: Final = ", "


def inferred(report: Report, materials: tuple[Material, ...]) -> Table:
    """Return a row a field: its name, the value taken, why."""
    words = {material.universe.id: material.words for material in materials}
    first = materials[0].words
    names = ("understood", "value", "why")
    columns = tuple(Column(first.label("column", name), "left") for name in names)
    rows = tuple(
        (
            Cell(first.label("field", item.field), tone="strong"),
            Cell(quoted(_taken(item, first, words))),
            Cell(first.label("why", item.why)),
        )
        for item in report.request.inferred
    )
    return Table("inferred", columns, rows)


def _taken(item: Inference, words: Words, of: dict[str, Words]) -> str:
    value = item.value
    match item.field:
        case "universe":
            return _AND.join(_market(each, of) for each in value.split(_AND))
        case "topic" | "sector":
            said, is_read, read = value.rpartition(_IS)
            meant = _topics(read, words) if item.field == "topic" else _sector(read, of)
            return f"{said}{is_read}{meant}"
        case "holdings":
            return _AND.join(_held(each, words) for each in value.split(_AND))
        case "as_of" | "since":
            return words.day(date.fromisoformat(value))
        case "benchmark":
            return words.entity(value)
        case "horizon" | "window" | "lookback" | "intent" | "language":
            return words.label(item.field, value)


def _market(universe: str, of: dict[str, Words]) -> str:
    return of[universe].entity(universe) if universe in of else universe


def _topics(read: str, words: Words) -> str:
    return _AND.join(words.label("topic", each) for each in read.split(_AND))


def _sector(place: str, of: dict[str, Words]) -> str:
    market, _, sector = place.partition("/")
    return of[market].entity(sector) if market in of else place


def _held(position: str, words: Words) -> str:
    name, _, share = position.partition(" ")
    return f"{words.label('cash', name) if name == 'cash' else words.entity(name)} {share}"
