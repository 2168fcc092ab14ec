"""Names the measure and unit of a record's field; the value is none of its business."""

from functools import lru_cache
from typing import Literal, get_args, get_origin

from pydantic import BaseModel

from core.records.result import UNITS

FRACTION = "fraction"
"""Unit of a share between 0 and 1; it is printed in percent."""

_WEIGHTS = frozenset(
    {"weight", "benchmark_weight", "held_weight", "target_weight", "turnover", "confidence",
     "top3_stability", "limit", "wanted", "got"}
)  # fmt: skip


def measure_of(name: str) -> tuple[str, str]:
    """Return a numeric field's measure and unit: `pe_x` is (`pe`, `x`).

    A suffix whose printed unit is empty is its own unit: `index`, `count`, `fraction`, `level`.
    """
    if name in _WEIGHTS:
        return name, FRACTION
    stem, _, suffix = name.rpartition("_")
    if suffix in UNITS:
        return stem or name, UNITS[suffix] or suffix
    return name, "count" if name == "rank" else ""


def own_unit(record: BaseModel, name: str, unit: str) -> str:
    """Return the unit where the row, not the name, decides it: macro levels, factor weights."""
    if unit == "level":
        own = str(getattr(record, "unit", unit))
        return "pp" if name.startswith("change") and own == "%" else own
    if name == "weight" and hasattr(record, "family"):
        return ""
    if getattr(record, "kind", None) == "too_few_members":
        return "count"
    return unit


@lru_cache(maxsize=64)
def closed_fields(kind: type[BaseModel]) -> frozenset[str]:
    """Return the names of fields whose values are closed enumerations."""
    return frozenset(
        name for name, field in kind.model_fields.items() if _is_closed(field.annotation)
    )


def _is_closed(annotation: object) -> bool:
    return get_origin(annotation) is Literal or any(map(_is_closed, get_args(annotation)))
