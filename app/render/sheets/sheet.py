"""A sheet of values with headings that carry the unit; fields of records become its columns."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date
from typing import TypeAlias

from pydantic import BaseModel

from app.render.binding import field_unit
from app.render.words import Words
from core.measures import measure_of

Value: TypeAlias = str | float | int | bool | date | None
TEXT = "; "


@dataclass(frozen=True, slots=True)
class Field:
    """A column: its stable name in machine form, its heading and the unit of its numbers."""

    name: str
    heading: str


@dataclass(frozen=True, slots=True)
class Sheet:
    """Rows of values under named fields; every row has a value, or None, a field.

    name: in machine form. title: what a reader sees; empty: the name.
    """

    name: str
    fields: tuple[Field, ...]
    rows: tuple[tuple[Value, ...], ...]
    title: str = ""


def fields_of(
    kind: type[BaseModel], words: Words, *, without: Collection[str] = (), like: BaseModel | None
) -> tuple[Field, ...]:
    """Return a column for each plain field of a kind of record, in the record's order.

    `like` is a row of it: some units depend on the row.
    """
    return tuple(
        Field(name, titled(name, words, like)) for name in kind.model_fields if name not in without
    )


def titled(name: str, words: Words, like: BaseModel | None = None) -> str:
    """Return a field's heading with its unit in brackets; shares are said to be shares."""
    stem, unit = measure_of(name)
    unit = field_unit(like, name) if like is not None else unit
    called = words.column(name, stem)
    if unit in ("fraction", "fraction_change"):
        return f"{words.measure(stem)} ({words.text('share')})"
    word = words.unit(unit) or (words.text("in_row") if unit == "level" else "")
    return f"{called} ({word})" if word else called


def values_of(record: BaseModel, fields: Sequence[Field]) -> tuple[Value, ...]:
    """Return a record's plain values in the fields' order; lists of names become one text."""
    return tuple(plain(getattr(record, field.name)) for field in fields)


def plain(value: object) -> Value:
    """Return a value as a cell holds it: number, date, text or nothing."""
    if value is None or isinstance(value, str | bool | int | float | date):
        return value
    if isinstance(value, tuple):
        return TEXT.join(_said(item) for item in value)
    raise TypeError(f"no cell holds a {type(value).__name__}")


def _said(item: object) -> str:
    if isinstance(item, BaseModel):
        return " ".join(str(value) for value in item.model_dump(mode="json").values())
    return str(item)


def stacked(parts: Sequence[tuple[str, Sheet]], universe: Field) -> Sheet | None:
    """Return the sheets of several universes under each other, the universe in front."""
    filled = [(key, sheet) for key, sheet in parts if sheet.rows]
    if not filled:
        return None
    rows = tuple((key, *row) for key, sheet in filled for row in sheet.rows)
    return Sheet(filled[0][1].name, (universe, *filled[0][1].fields), rows)
