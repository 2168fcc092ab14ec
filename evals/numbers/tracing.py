"""From a fact back to the raw value it states, through the report's JSON alone; nothing is judged.

A pointer is followed from its evidence or decision, a difference is formed again from its parents.
The unit comes from the name of the field the pointer ends at, not from the fact.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from pydantic import JsonValue

from core.records.evidence import Fact
from core.records.report import Report

Json = JsonValue
SUFFIXES: Final = {
    "pct": "%", "pp": "pp", "bps": "bp", "bn": "bn", "x": "x", "days": "days", "weeks": "weeks",
    "sessions": "sessions", "count": "count", "deg": "°", "z": "sd", "index": "index",
    "fraction": "fraction",
}  # fmt: skip
OWN: Final = {
    "rank": "count", "before_rank": "count", "after_rank": "count", "quantity": "count",
    "mandate_version": "count", "turnover": "fraction", "confidence": "fraction",
    "top3_stability": "fraction", "limit": "fraction", "wanted": "fraction", "got": "fraction",
    "cap": "fraction", "floor": "fraction", "return_pct": "%", "trading_days": "trading_days",
    "beta_x": "index", "active_weight": "fraction_change", "score": "", "contribution": "", "z": "",
}  # fmt: skip
"""Fields whose names carry no unit, and those whose unit prints otherwise."""
HOMES: Final = {
    "scorecard": "scorecards", "allocation": "allocations", "before": "before", "track":
    "report_cards", "portfolio": "portfolios", "trades": "trades", "changes": "changes",
}  # fmt: skip
PARTS: Final = {"rank": "count", "weight": "fraction_change", "cash": "fraction_change"}
"""Units of the parts of a change, by what changed."""


@dataclass(frozen=True, slots=True)
class Raw:
    """A value where it stands: a number with its unit, or a label; neither where nothing stands."""

    number: float | None = None
    label: str | None = None
    unit: str = ""


class Traces:
    """Finds what facts of one report state."""

    def __init__(self, report: Report) -> None:
        self._report = report.model_dump(mode="json", exclude={"facts", "sentences"})
        self._facts = {fact.id: fact for fact in report.facts}
        self._evidence = {row["id"]: row["result"] for row in self._report["evidence"]}

    def fact(self, name: str) -> Fact | None:
        """Return the report's fact of that id."""
        return self._facts.get(name)

    def raw(self, fact: Fact) -> Raw:
        """Return what the evidence, the decision or the formula says; empty where nothing does."""
        if fact.pointer is None:
            return self._difference(fact)
        rows, value = _followed(self._home(fact), fact.pointer)
        if isinstance(value, bool):
            return Raw(label=str(value).lower())
        if isinstance(value, int | float):
            name = fact.pointer.rpartition("/")[2]
            return Raw(number=float(value), unit=_unit(name, rows))
        return Raw(label=value) if isinstance(value, str) else Raw()

    def _home(self, fact: Fact) -> Json:
        if fact.evidence is not None:
            return self._evidence.get(fact.evidence)
        if fact.formula == "request":
            asked: Json = self._report["request"]
            return asked
        rows: list[dict[str, Json]] = self._report.get(HOMES.get(fact.formula or "", ""), [])
        return next((row for row in rows if row["universe"] == fact.universe), None)

    def _difference(self, fact: Fact) -> Raw:
        parents = [self._facts[name] for name in fact.of if name in self._facts]
        values = [self.raw(parent) for parent in parents]
        if fact.formula != "difference" or len(values) != 2:
            return Raw()
        first, second = values
        if first.number is None or second.number is None or first.unit != second.unit:
            return Raw()
        factor = 100.0 if first.unit == "fraction" else 1.0
        return Raw(number=round(factor * (first.number - second.number), 9), unit="pp")


def _followed(home: Json, pointer: str) -> tuple[list[Mapping[str, Json]], Json]:
    """Return the records on the way, the innermost last, and the value; None where it breaks."""
    rows: list[Mapping[str, Json]] = []
    value = home
    for step in pointer.split("/")[1:]:
        if isinstance(value, dict) and step in value:
            rows.append(value)
            value = value[step]
        elif isinstance(value, list) and step.isdecimal() and int(step) < len(value):
            value = value[int(step)]
        else:
            return rows, None
    return rows, value


def _unit(name: str, rows: list[Mapping[str, Json]]) -> str:
    row = rows[-1]
    if name == "amount":
        kinds = (str(above["kind"]) for above in reversed(rows) if "kind" in above)
        return PARTS.get(next(kinds, ""), "")
    if name.endswith("_level"):
        unit = str(row["unit"])
        return "pp" if name == "change_level" and unit == "%" else unit
    if name == "weight" and "family" in row:
        return ""
    if name in OWN:
        return OWN[name]
    if name.endswith("weight"):
        return "fraction"
    return SUFFIXES.get(name.rpartition("_")[2], "")
