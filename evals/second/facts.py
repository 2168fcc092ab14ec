"""Whether every fact of a report is what its evidence holds, or its rule makes of other facts."""

from collections.abc import Iterator, Mapping
from typing import Final

from evals.second.faults import Fault
from evals.second.places import RECORDS
from evals.second.reading import Object
from evals.second.report import by_universe, items, number, number_of, part, step, text_of, words_of

_UNITS: Final = {
    "pct": "%", "pp": "pp", "bps": "bp", "bn": "bn", "x": "x", "days": "days", "weeks": "weeks",
    "sessions": "sessions", "count": "count", "deg": "°", "z": "sd", "index": "index",
    "fraction": "fraction",
}  # fmt: skip
"""The suffix of a field's name is its unit."""
_OWN: Final = {"beta_x": "index", "trading_days": "trading_days"}
"""Fields printed in a unit of their own."""
_NEAR: Final = 1e-9


def facts_of(report: Object) -> dict[str, Object]:
    """Return a report's facts by id."""
    return {text_of(each, "id"): each for each in items(report, "facts")}


def fact_faults(report: Object) -> Iterator[Fault]:
    """Yield the facts that are not as their evidence has them, or are known after the report."""
    facts = facts_of(report)
    results = {text_of(each, "id"): part(each, "result") for each in items(report, "evidence")}
    dates = dict(
        zip(words_of(part(report, "request"), "universes"), words_of(report, "as_of"), strict=False)
    )
    for name, fact in facts.items():
        if text_of(fact, "as_of") > dates.get(text_of(fact, "universe"), ""):
            yield Fault(f"fact {name} is of a day after the report's", text_of(fact, "as_of"))
        if fact.get("formula") in ("difference", "rank", "count"):
            yield from _rule_faults(name, fact, facts)
        elif fact.get("pointer") is not None:
            yield from _pointer_faults(name, fact, _root(fact, report, results))


def _root(fact: Object, report: Object, results: Mapping[str, Object]) -> Object:
    if fact.get("evidence") is not None:
        return results.get(text_of(fact, "evidence"), {})
    formula = text_of(fact, "formula")
    if formula == "request":
        return part(report, "request")
    return by_universe(report, RECORDS.get(formula, ""), text_of(fact, "universe"))


def _pointer_faults(name: str, fact: Object, root: Object) -> Iterator[Fault]:
    found: object = root
    try:
        for each in text_of(fact, "pointer").split("/")[1:]:
            found = step(found, each)
    except KeyError:
        yield Fault(f"fact {name} points to nothing", text_of(fact, "pointer"))
        return
    value, exact = number_of(fact, "value"), number(found)
    if value is not None and (exact is None or abs(exact - value) > _NEAR * max(1.0, abs(value))):
        yield Fault(f"fact {name} is {value}, its evidence {found}")
    raw = str(found).lower() if isinstance(found, bool) else str(found)
    if value is None and text_of(fact, "label") != raw:
        yield Fault(f"fact {name} is {text_of(fact, 'label')}, its evidence {raw}")
    field = text_of(fact, "pointer").rsplit("/", 1)[-1]
    unit = _OWN.get(field, _UNITS.get(field.rsplit("_", 1)[-1]))
    if value is not None and unit is not None and text_of(fact, "unit") != unit:
        yield Fault(f"fact {name} is in {text_of(fact, 'unit')!r}, its field {field}")


def _rule_faults(name: str, fact: Object, facts: Mapping[str, Object]) -> Iterator[Fault]:
    parts = [number_of(facts.get(one, {}), "value") for one in words_of(fact, "of")]
    value = number_of(fact, "value")
    if None in parts or value is None:
        yield Fault(f"fact {name} is made of nothing")
        return
    known = [one for one in parts if one is not None]
    if fact.get("formula") == "difference":
        scale = 100.0 if text_of(fact, "unit") == "pp" else 1.0
        if abs((known[0] - known[1]) * scale - value) > _NEAR * 100.0:
            yield Fault(f"fact {name} is no difference of its two")
    elif fact.get("formula") == "rank":
        if value != 1.0 + sum(one > known[0] for one in known[1:]):
            yield Fault(f"fact {name} is not the rank of its first")
    elif value != float(len(known)):
        yield Fault(f"fact {name} does not count its facts")
