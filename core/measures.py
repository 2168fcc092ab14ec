"""Names the measure and unit of a record's field; the value is none of its business."""

from functools import lru_cache
from typing import Literal, get_args, get_origin

from pydantic import BaseModel

from core.records.result import UNITS

FRACTION = "fraction"
"""Unit of a share between 0 and 1; it is printed in percent."""

FRACTION_CHANGE = "fraction_change"
"""Unit of a difference of two shares; it is printed in percentage points."""

TRADING_DAYS = "trading_days"
"""Unit of how long a trade takes: sessions, to a tenth."""

_WEIGHTS = frozenset(
    {"weight", "benchmark_weight", "held_weight", "target_weight", "turnover", "confidence",
     "top3_stability", "limit", "wanted", "got", "cash_weight", "outside_weight",
     "cash_held_weight", "cash_target_weight", "cash_before_weight", "cash_after_weight",
     "before_weight", "after_weight"}
)  # fmt: skip
_COUNTS = frozenset({"rank", "before_rank", "after_rank", "quantity", "mandate_version"})
_STEMS: dict[tuple[str, str], str] = {
    ("SectorTrade", "value_bn"): "trade_value",
    ("Order", "value_bn"): "order_value",
}
"""Measures where the row, not the field's name, decides what they are called."""

_OWN_UNITS = {"trading_days": TRADING_DAYS, "beta_x": "index"}
"""Units of fields that need other decimals than their suffix's."""


def measure_of(name: str) -> tuple[str, str]:
    """Return a numeric field's measure and unit: `pe_x` is (`pe`, `x`).

    A suffix whose printed unit is empty is its own unit: `index`, `count`, `fraction`, `level`.
    """
    if name in _WEIGHTS:
        return name, FRACTION
    if name == "active_weight":
        return name, FRACTION_CHANGE
    stem, _, suffix = name.rpartition("_")
    if suffix in UNITS:
        return stem or name, UNITS[suffix] or suffix
    return name, "count" if name in _COUNTS else ""


def own_stem(record: BaseModel, name: str, stem: str) -> str:
    """Return the measure where the row, not the name, decides it."""
    return _STEMS.get((type(record).__name__, name), stem)


def own_unit(record: BaseModel, name: str, unit: str) -> str:
    """Return the unit where the row, not the name, decides it: macro levels, factor weights."""
    if unit == "level":
        own = str(getattr(record, "unit", unit))
        return "pp" if name.startswith("change") and own == "%" else own
    if name == "weight" and hasattr(record, "family"):
        return ""
    if name in _OWN_UNITS:
        return _OWN_UNITS[name]
    return unit


@lru_cache(maxsize=64)
def closed_fields(kind: type[BaseModel]) -> frozenset[str]:
    """Return the names of fields whose values are closed enumerations."""
    return frozenset(
        name for name, field in kind.model_fields.items() if _is_closed(field.annotation)
    )


def _is_closed(annotation: object) -> bool:
    return get_origin(annotation) is Literal or any(map(_is_closed, get_args(annotation)))
