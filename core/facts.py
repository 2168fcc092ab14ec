"""Draws facts from evidence and decisions by walking their typed rows; it words nothing.

A row's field becomes one fact: subject from the row's key, measure and unit from the field's name,
pointer to where it stands. Names: `excess_1m_pct` of sector energy in evidence e2 is
`e2.energy.excess_1m` in %; a nested record names its measure after its key, `rs_ratio.weekly`,
`expected_excess.1m`, `contribution.value_pe`. Absent values are no facts. Tails, factors, sources
and covariances are none either: they are drawn or computed with, never quoted.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date
from typing import Literal

from pydantic import BaseModel
from pydantic_core import to_jsonable_python

from core.measures import FRACTION, closed_fields, measure_of, own_unit
from core.records.decision import Allocation, Scorecard
from core.records.evidence import Evidence, Fact
from core.records.payloads import MomentumRow
from core.records.record import Record
from core.records.result import ToolResult
from core.records.sectors import TailPoint

PP = "pp"
DIFFERENCES = (("active_weight", "benchmark_weight"), ("trade_weight", "held_weight"))
"""Measures of an allocation line formed as target weight minus another, in percentage points."""

SECTOR_MEAN = "sector_mean"
"""Benchmark of an expectation: the equal-weighted mean of the universe's sectors."""

_EXPECTED = "expected_"
_OVER_MEAN = ("excess", "low", "high", "outperform")

_UNQUOTED = frozenset({*ToolResult.model_fields, "benchmark", "family", "frequency", "unit"})
_SUBJECTS = ("symbol", "sector", "series", "dataset")
_QUALIFIERS = ("horizon", "factor", "kind", "line")
_NAMES = frozenset({"top_member", "instrument"})
_PREFIXES = {
    "expected": _EXPECTED, "skill": "skill_", "top_buys": "top_buys_", "top_sells": "top_sells_",
    "benchmark_weights": "benchmark_",
}  # fmt: skip
_RELATIVE = ("rs_", "excess", "quadrant", "heading", "velocity", "dwell", "early_warning")
_SLUG = re.compile(r"[a-z0-9][a-z0-9_-]{0,63}")
_INDEX = re.compile(r"0|[1-9][0-9]{0,8}")
_ID_LIMIT = 160


Origin = Literal["scorecard", "allocation", "before"]


@dataclass(frozen=True, slots=True)
class _Place:
    """Where the walk stands, and what it knows of the facts below."""

    pointer: str
    subject: str
    prefix: str = ""
    suffix: str = ""
    frequency: str | None = None


@dataclass(frozen=True, slots=True)
class _Origin:
    """What all facts of one walk share."""

    source: str
    universe: str
    as_of: date
    benchmark: str | None
    evidence: str | None
    formula: Origin | None
    by_sector: bool


def evidence_facts(evidence: Evidence) -> tuple[Fact, ...]:
    """Return the facts of one tool result, in the order of its fields and rows."""
    result = evidence.result
    named = getattr(result, "benchmark", None)
    arguments = evidence.arguments
    origin = _Origin(
        source=evidence.id,
        universe=result.universe,
        as_of=result.as_of,
        benchmark=named if isinstance(named, str) and _SLUG.fullmatch(named) else None,
        evidence=evidence.id,
        formula=None,
        by_sector=arguments.symbol_type != "equity" and arguments.symbols is None,
    )
    return _distinct(_walk(result, _Place("", result.universe), origin))


def decision_facts(card: Scorecard, allocation: Allocation | None) -> tuple[Fact, ...]:
    """Return the facts of a universe's scorecard and allocation, active weights included.

    Pointers lead into the scorecard or the allocation, as `formula` says.
    """
    facts = list(_walk(card, _Place("", card.universe), _decided(card, "scorecard")))
    if allocation is not None:
        weights = allocation_facts(allocation, "allocation")
        facts += [*weights, *_differences(weights)]
    return _distinct(iter(facts))


def allocation_facts(
    allocation: Allocation, formula: Literal["allocation", "before"]
) -> tuple[Fact, ...]:
    """Return the facts of an allocation, without differences; `formula` says which one it is."""
    place = _Place("", allocation.universe)
    return _distinct(_walk(allocation, place, _decided(allocation, formula)))


def resolve(pointer: str, record: BaseModel) -> object:
    """Return what an RFC 6901 pointer leads to in the record's JSON form.

    Raises:
        KeyError: the pointer leads nowhere.
    """
    value: object = record
    if pointer and not pointer.startswith("/"):
        raise KeyError(pointer)
    for part in pointer.split("/")[1:]:
        step = part.replace("~1", "/").replace("~0", "~")
        if isinstance(value, BaseModel) and step in type(value).model_fields:
            value = getattr(value, step)
        elif isinstance(value, tuple) and _INDEX.fullmatch(step) and int(step) < len(value):
            value = value[int(step)]
        else:
            raise KeyError(pointer)
    return to_jsonable_python(value)


def holds(fact: Fact, record: BaseModel) -> bool:
    """Tell whether the record still says at the fact's pointer what the fact says."""
    if fact.pointer is None:
        return False
    try:
        value = resolve(fact.pointer, record)
    except KeyError:
        return False
    if isinstance(value, bool):
        return fact.label == str(value).lower() and fact.value is None
    if isinstance(value, (int, float)):
        return fact.value == float(value) and fact.label is None
    return value is not None and fact.label == value and fact.value is None


def difference(minuend: Fact, subtrahend: Fact) -> float:
    """Return the difference of two fraction facts in percentage points, at 1e-9.

    Raises:
        ValueError: a fact is no fraction.
    """
    values = (minuend.value, subtrahend.value)
    if values[0] is None or values[1] is None or {minuend.unit, subtrahend.unit} != {FRACTION}:
        raise ValueError(f"{minuend.id} - {subtrahend.id}: both must be fractions")
    return round(100.0 * (values[0] - values[1]), 9)


def _decided(record: Scorecard | Allocation, formula: Origin) -> _Origin:
    return _Origin(
        source=f"{formula}.{record.universe}",
        universe=record.universe,
        as_of=record.as_of,
        benchmark=None,
        evidence=None,
        formula=formula,
        by_sector=True,
    )


def _walk(record: BaseModel, place: _Place, origin: _Origin) -> Iterator[Fact]:
    keys = {name for name in (*_SUBJECTS, *_QUALIFIERS) if hasattr(record, name)}
    for name in type(record).model_fields:
        value = getattr(record, name)
        if value is None or name in _UNQUOTED or (name in keys and place.pointer):
            continue
        at = replace(place, pointer=f"{place.pointer}/{name}")
        if isinstance(value, Record):
            yield from _walk(value, _nested(value, name, at), origin)
        elif isinstance(value, tuple):
            yield from _items(record, name, value, at, origin)
        else:
            yield from _scalar(record, name, value, at, origin)


def _items(
    record: BaseModel, name: str, items: tuple[object, ...], place: _Place, origin: _Origin
) -> Iterator[Fact]:
    for index, item in enumerate(items):
        at = replace(place, pointer=f"{place.pointer}/{index}")
        if isinstance(item, TailPoint):
            return
        if isinstance(item, Record):
            yield from _walk(item, _row(item, name, at, origin), origin)
        elif name == "flags" and isinstance(item, str):
            yield _fact(at, f"flag.{item}", origin, label=item)


def _row(row: Record, name: str, place: _Place, origin: _Origin) -> _Place:
    """Return the place of a row: its subject, and what tells it from others of that subject."""
    names = _SUBJECTS[1:] if isinstance(row, MomentumRow) and origin.by_sector else _SUBJECTS
    subject = next((str(getattr(row, key)) for key in names if getattr(row, key, None)), None)
    parts = [str(getattr(row, key)).lower() for key in _QUALIFIERS if getattr(row, key, None)]
    if hasattr(row, "line") and hasattr(row, "period"):
        parts.append(row.period.isoformat())
    return replace(
        place,
        subject=subject or place.subject,
        prefix=_PREFIXES.get(name, ""),
        suffix="".join(f".{part}" for part in parts),
    )


def _nested(record: Record, name: str, place: _Place) -> _Place:
    if hasattr(record, "horizon"):
        return replace(place, prefix=f"{name}_", suffix=f".{record.horizon.lower()}")
    return replace(place, suffix=f".{name}", frequency=getattr(record, "frequency", None))


def _scalar(
    record: BaseModel, name: str, value: object, place: _Place, origin: _Origin
) -> Iterator[Fact]:
    stem, unit = measure_of(name)
    if isinstance(value, bool):
        yield _fact(place, name, origin, label=str(value).lower())
    elif isinstance(value, (int, float)):
        yield _fact(place, stem, origin, value=float(value), unit=own_unit(record, name, unit))
    elif isinstance(value, date):
        yield _fact(place, name, origin, label=value.isoformat(), unit="date")
    elif isinstance(value, str) and name in _NAMES:
        yield _fact(place, f"{name}_symbol", origin, label=value)
    elif isinstance(value, str) and name in closed_fields(type(record)):
        yield _fact(place, name, origin, label=value)


def _fact(
    place: _Place,
    stem: str,
    origin: _Origin,
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


def _benchmark(place: _Place, stem: str, origin: _Origin) -> str | None:
    """Return what a measure is over: the sectors' mean if expected, else the result's benchmark."""
    if place.prefix == _EXPECTED:
        return SECTOR_MEAN if stem in _OVER_MEAN else None
    return origin.benchmark if stem.startswith(_RELATIVE) else None


def _differences(weights: tuple[Fact, ...]) -> Iterator[Fact]:
    by_measure = {(fact.subject, fact.measure): fact for fact in weights}
    for fact in (weight for weight in weights if weight.measure == "target_weight"):
        for measure, against in DIFFERENCES:
            if (other := by_measure.get((fact.subject, against))) is None:
                continue
            changes = {
                "id": fact.id.removesuffix("target_weight") + measure,
                "measure": measure,
                "value": difference(fact, other),
                "unit": PP,
                "pointer": None,
                "formula": "difference",
                "of": (fact.id, other.id),
            }
            yield fact.model_copy(update=changes)


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
