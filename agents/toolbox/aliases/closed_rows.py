"""Reads a stranger's parsed JSON into closed rows: the only place its strings are looked at.

A field survives as a finite number, a date, or a name out of the map's closed lists. All else is
dropped, and a row that keeps nothing with it.
"""

import math
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from functools import lru_cache
from typing import Final, TypeVar
from zoneinfo import ZoneInfo

from pydantic import Field

from agents.toolbox.alias_map import AliasMap, Answer, Reading
from agents.toolbox.errors import AnswerRejectedError
from core.language.words.fold import phrase_key
from core.records.record import Record

Value = str | float
Meaning = TypeVar("Meaning")
Json = Mapping[str, object]

_ISO: Final = re.compile(r"\d{4}-\d{2}-\d{2}")
_DAY_FIRST: Final = re.compile(r"(\d{2})/(\d{2})/(\d{4})")
_NUMBER: Final = re.compile(r"[+-]?\d{1,15}(\.\d{1,15})?")
_key = lru_cache(maxsize=4096)(phrase_key)
FIRST_YEAR, LAST_YEAR = 1900, 2200
NAME_CAP: Final = 80
"""Characters of a name worth comparing."""
ROWS_CAP: Final = 2_000
"""Rows of one answer; a market has fewer stocks."""


class ClosedAnswer(Record):
    """What is left of an answer: when it was fetched, of which day it says it is, and its rows."""

    fetched_at: datetime = Field(description="UTC")
    day: date | None = None
    rows: tuple[dict[str, Value], ...] = ()


@dataclass(frozen=True, slots=True)
class Reader:
    """One answer of one alias map; `zone` is where its times of day are meant."""

    alias_map: AliasMap
    answer: Answer
    zone: ZoneInfo

    def closed(self, parsed: object, *, fetched_at: datetime) -> ClosedAnswer:
        """Return the closed answer.

        Raises:
            AnswerRejectedError: its rows are nowhere they may stand, or its unit is unknown.
        """
        unit = self._unit(parsed)
        read = (self._row(row, unit) for row in self._rows(parsed))
        rows = tuple(row for row in read if row)[:ROWS_CAP]
        days = (self._date(value) for value in _found(parsed, self.answer.day))
        return ClosedAnswer(
            fetched_at=fetched_at, day=next((day for day in days if day), None), rows=rows
        )

    def _rows(self, parsed: object) -> Iterator[Json]:
        groups = [next(iter(_lists(parsed, places)), None) for places in self.answer.rows]
        if all(group is None for group in groups):
            raise AnswerRejectedError("the rows are nowhere the alias map knows")
        for group in groups:
            yield from self._entries(group)

    def _entries(self, group: object) -> Iterator[Json]:
        if isinstance(group, list):
            yield from (entry for entry in group if isinstance(entry, dict))
        elif isinstance(group, dict) and self.answer.keyed:
            for name, entry in group.items():
                held = entry if isinstance(entry, dict) else {"value": entry}
                yield {**held, self.answer.keyed: name}
        elif isinstance(group, dict):
            yield group

    def _row(self, row: Json, unit: float | None) -> dict[str, Value]:
        found: dict[str, Value] = {}
        for name, reading in self.answer.fields.items():
            read = (self._value(reading, value, unit) for value in _found(row, reading.at))
            value = next((value for value in read if value is not None), None)
            if value is not None:
                found[name] = value
        return found

    def _value(self, reading: Reading, value: object, unit: float | None) -> Value | None:
        if reading.kind == "number":
            number = _number(value)
            factor = unit if reading.money and unit is not None else reading.factor
            return None if number is None else number * factor
        if reading.kind == "date":
            day = self._date(value)
            return None if day is None else day.isoformat()
        if reading.kind == "year":
            return _year_end(value)
        return self._name(reading, value)

    def _name(self, reading: Reading, value: object) -> str | None:
        if not isinstance(value, str):
            return None
        if reading.kind == "symbol":
            symbol = value.strip().upper()
            return symbol if symbol in self.alias_map.symbols else None
        names = self.alias_map.sectors if reading.kind == "sector" else reading.choices
        return _named(names, value)

    def _unit(self, parsed: object) -> float | None:
        """Return what the stated unit is in billions; None where none is stated."""
        unit = self.answer.unit
        stated = next(iter(_found(parsed, unit.at)), None) if unit else None
        if unit is None or stated is None:
            return None
        factor = _named(unit.factors, str(stated))
        if factor is None:
            raise AnswerRejectedError("the answer states a unit the alias map does not know")
        return factor

    def _date(self, value: object) -> date | None:
        """Return the day a text says; a moment with a zone is of the market's own day."""
        if not isinstance(value, str):
            return None
        try:
            if _ISO.fullmatch(value):
                return date.fromisoformat(value)
            if (found := _DAY_FIRST.fullmatch(value)) is not None:
                return date(int(found[3]), int(found[2]), int(found[1]))
            moment = datetime.fromisoformat(value)
            return moment.date() if moment.tzinfo is None else moment.astimezone(self.zone).date()
        except (ValueError, OverflowError):
            return None


def _found(value: object, places: tuple[str, ...]) -> Iterator[object]:
    """Yield what stands at each dotted place that leads somewhere; `.` is the value itself."""
    for place in places:
        node: object = value
        for part in () if place == "." else place.split("."):
            node = node.get(part) if isinstance(node, dict) else None
        if node is not None:
            yield node


def _lists(parsed: object, places: tuple[str, ...]) -> Iterator[object]:
    return (node for node in _found(parsed, places) if isinstance(node, list | dict))


def _named(names: Mapping[str, Meaning], written: str) -> Meaning | None:
    """Return what a name of a closed list means, whatever its case and accents."""
    if len(written) > NAME_CAP:
        return None
    wanted = _key(written)
    return next((meaning for name, meaning in names.items() if _key(name) == wanted), None)


def _number(value: object) -> float | None:
    """Return a finite number; a text counts when it is nothing but plain digits."""
    if isinstance(value, bool):
        return None
    if isinstance(value, str) and _NUMBER.fullmatch(value.strip()):
        return float(value)
    if isinstance(value, int | float) and math.isfinite(value):
        return float(value)
    return None


def _year_end(value: object) -> str | None:
    number = _number(value)
    if number is None or not number.is_integer() or not FIRST_YEAR <= number <= LAST_YEAR:
        return None
    return date(int(number), 12, 31).isoformat()
