"""Walks a record's typed rows to facts, one a field; which records are walked is the caller's.

A row's field becomes one fact: subject from the row's key, measure and unit from the field's name,
pointer to where it stands. A nested record names its measure after its key, `rs_ratio.weekly`,
`expected_excess.1m`, `after_rank.rank`. Absent values are no facts. Free text is none either, and
of a tail only the bars asked for.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date
from typing import Literal

from pydantic import BaseModel

from core.measures import FRACTION_CHANGE, closed_fields, measure_of, own_stem, own_unit
from core.records.evidence import Fact
from core.records.history import CauseShare, Change
from core.records.payloads import MomentumRow
from core.records.record import Record
from core.records.result import ToolResult
from core.records.sectors import TailPoint

Home = Literal["scorecard", "allocation", "before", "portfolio", "trades", "changes", "track"]
"""The records besides evidence a fact may point into."""

SECTOR_MEAN = "sector_mean"
"""Benchmark of an expectation: the equal-weighted mean of the universe's sectors."""

_EXPECTED = "expected_"
_OVER_MEAN = ("excess", "low", "high", "outperform")
_UNQUOTED = frozenset(
    {
        *ToolResult.model_fields,
        "benchmark",
        "family",
        "frequency",
        "unit",
        "stated",
        "traded",
        "bins",
    }
)
_SUBJECTS = ("symbol", "subject", "sector", "series", "dataset")
_QUALIFIERS = ("horizon", "factor", "kind", "line")
_NAMES = frozenset({"top_member", "instrument", "ticker", "name"})
_LISTED = {"flags": "flag", "notes": "note"}
_SYMBOLS = {"unpriced": "unpriced_symbol"}
_PREFIXES = {
    "expected": _EXPECTED, "skill": "skill_", "top_buys": "top_buys_", "top_sells": "top_sells_",
    "benchmark_weights": "benchmark_", "Portfolio.sectors": "held_", "reasons": "reason_",
}  # fmt: skip
_PLAIN = frozenset({"risk"})
"""Nested records whose fields say by themselves what they are."""
_MEMBERS = "member_built"
_RELATIVE = (
    "rs_", "excess", "quadrant", "heading", "velocity", "dwell", "early_warning", "leave", "move",
    "clockwise", "hit", "near", "base", "side",
)  # fmt: skip
_NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9._:=^-]{0,63}")
_CHANGE_UNITS = {"rank": "count", "weight": FRACTION_CHANGE, "cash": FRACTION_CHANGE}
"""Units of the parts of a change; of others a part is no number."""
_ID_LIMIT = 160


@dataclass(frozen=True, slots=True)
class Origin:
    """What all facts of one walk share; `bars` are the bars of tails that become facts."""

    source: str
    universe: str
    as_of: date
    benchmark: str | None = None
    evidence: str | None = None
    formula: Home | None = None
    by_sector: bool = True
    bars: frozenset[tuple[str, date]] = frozenset()


@dataclass(frozen=True, slots=True)
class _Place:
    """Where the walk stands, and what it knows of the facts below."""

    pointer: str
    subject: str
    prefix: str = ""
    suffix: str = ""
    frequency: str | None = None
    parts_unit: str = ""


def walked(record: BaseModel, origin: Origin) -> tuple[Fact, ...]:
    """Return the facts of a record, in the order of its fields and rows, each id once."""
    return _distinct(_walk(record, _Place("", origin.universe), origin))


def _distinct(facts: Iterator[Fact]) -> tuple[Fact, ...]:
    """Return the facts with unique ids; repeats are numbered in order."""
    seen: dict[str, int] = {}
    kept = []
    for fact in facts:
        count = seen[fact.id] = seen.get(fact.id, 0) + 1
        number = f".{count}" if count > 1 else ""
        fact_id = fact.id[: _ID_LIMIT - len(number)] + number
        kept.append(fact.model_copy(update={"id": fact_id}))
    return tuple(kept)


def _walk(record: BaseModel, place: _Place, origin: Origin) -> Iterator[Fact]:
    keys = {name for name in (*_SUBJECTS, *_keys(record)) if hasattr(record, name)}
    for name in type(record).model_fields:
        value = getattr(record, name)
        if value is None or name in _UNQUOTED or (name in keys and place.pointer):
            continue
        at = replace(place, pointer=f"{place.pointer}/{name}")
        if isinstance(value, Record):
            yield from _walk(value, _nested(value, name, at, origin), origin)
        elif isinstance(value, tuple):
            yield from _items(record, name, value, at, origin)
        else:
            yield from _scalar(record, name, value, at, origin)


def _keys(record: BaseModel) -> tuple[str, ...]:
    """Return the fields that tell rows of one subject apart; a record may name its own."""
    if isinstance(record, CauseShare):
        return ("cause",)
    own: tuple[str, ...] = getattr(type(record), "keys", _QUALIFIERS)
    return own


def _items(
    record: BaseModel, name: str, items: tuple[object, ...], place: _Place, origin: Origin
) -> Iterator[Fact]:
    prefix = _PREFIXES.get(f"{type(record).__name__}.{name}", _PREFIXES.get(name, ""))
    for index, item in enumerate(items):
        if isinstance(item, TailPoint) and (place.subject, item.period) not in origin.bars:
            continue
        at = replace(place, pointer=f"{place.pointer}/{index}")
        if isinstance(item, TailPoint):
            yield from _walk(item, replace(at, suffix=f".{item.period}"), origin)
        elif isinstance(item, Record):
            yield from _walk(item, _row(item, prefix, at, origin), origin)
        elif name in _LISTED and isinstance(item, str):
            yield _fact(at, f"{_LISTED[name]}.{item}", origin, label=item)
        elif name in _SYMBOLS and isinstance(item, str):
            yield _fact(replace(at, subject=item), _SYMBOLS[name], origin, label=item)


def _row(row: Record, prefix: str, place: _Place, origin: Origin) -> _Place:
    """Return the place of a row: its subject, and what tells it from others of that subject."""
    names = _SUBJECTS[1:] if isinstance(row, MomentumRow) and origin.by_sector else _SUBJECTS
    subject = next((str(getattr(row, key)) for key in names if getattr(row, key, None)), None)
    parts = [str(getattr(row, key)).lower() for key in _keys(row) if getattr(row, key, None)]
    if hasattr(row, "line") and hasattr(row, "period"):
        parts.append(row.period.isoformat())
    return replace(
        place,
        subject=subject or place.subject,
        prefix=prefix,
        suffix="".join(f".{part}" for part in parts),
        frequency=getattr(row, "frequency", place.frequency),
        parts_unit=_CHANGE_UNITS.get(row.kind, "") if isinstance(row, Change) else place.parts_unit,
    )


def _nested(record: Record, name: str, place: _Place, origin: Origin) -> _Place:
    if hasattr(record, "sector"):
        return _row(record, "", place, origin)
    if hasattr(record, "horizon"):
        return replace(place, prefix=f"{name}_", suffix=f".{record.horizon.lower()}")
    if name in _PLAIN:
        return place
    return replace(place, suffix=f".{name}", frequency=getattr(record, "frequency", None))


def _scalar(
    record: BaseModel, name: str, value: object, place: _Place, origin: Origin
) -> Iterator[Fact]:
    stem, unit = measure_of(name)
    if isinstance(value, bool):
        yield _fact(place, name, origin, label=str(value).lower())
    elif isinstance(value, (int, float)):
        unit = place.parts_unit if isinstance(record, CauseShare) else own_unit(record, name, unit)
        if unit or not isinstance(record, CauseShare):
            stem = own_stem(record, name, stem)
            yield _fact(place, stem, origin, value=float(value), unit=unit)
    elif isinstance(value, date):
        yield _fact(place, name, origin, label=value.isoformat(), unit="date")
    elif isinstance(value, str) and name in _NAMES and _NAME.fullmatch(value):
        yield _fact(place, f"{name}_symbol", origin, label=value)
    elif isinstance(value, str) and name in closed_fields(type(record)):
        yield _fact(place, name, origin, label=value)


def _fact(
    place: _Place,
    stem: str,
    origin: Origin,
    *,
    value: float | None = None,
    label: str | None = None,
    unit: str = "",
) -> Fact:
    measure = f"{place.prefix}{stem}{place.suffix}"
    written = f"{origin.source}.{place.subject}.{measure}".lower()
    return Fact(
        id=re.sub(r"[^a-z0-9_.-]", "-", written)[:_ID_LIMIT],
        universe=origin.universe,
        subject=place.subject,
        measure=measure,
        value=value,
        label=label,
        unit=unit,
        as_of=origin.as_of,
        frequency=place.frequency,
        benchmark=_benchmark(place, stem, origin),
        evidence=origin.evidence,
        pointer=place.pointer,
        formula=origin.formula,
    )


def _benchmark(place: _Place, stem: str, origin: Origin) -> str | None:
    """Return what a measure is over: the sectors' mean if expected, else the result's benchmark."""
    if place.prefix == _EXPECTED:
        return SECTOR_MEAN if stem in _OVER_MEAN else None
    if place.suffix == f".{_MEMBERS}":
        return None
    return origin.benchmark if stem.startswith(_RELATIVE) else None
