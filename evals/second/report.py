"""Reads fields of a report's JSON; it decides nothing."""

from collections.abc import Iterator, Mapping, Sequence
from typing import TypeGuard

from evals.second.reading import Object


def text_of(holder: Object, name: str) -> str:
    """Return a text field; empty where it is absent or no text."""
    found = holder.get(name)
    return found if isinstance(found, str) else ""


def number_of(holder: Object, name: str) -> float | None:
    """Return a number, None where there is none."""
    return number(holder.get(name))


def number(value: object) -> float | None:
    """Return a value that is a number, None for any other; a truth value is no number."""
    return float(value) if isinstance(value, int | float) and not isinstance(value, bool) else None


def part(holder: Object, name: str) -> Object:
    """Return an object field, empty where there is none."""
    found = holder.get(name)
    return found if isinstance(found, Mapping) else {}


def items(holder: Object, name: str) -> list[Object]:
    """Return the objects of a list field."""
    found = holder.get(name)
    return [each for each in found if isinstance(each, Mapping)] if _listed(found) else []


def words_of(holder: Object, name: str) -> list[str]:
    """Return the texts of a list field."""
    found = holder.get(name)
    return [str(each) for each in found] if _listed(found) else []


def by_universe(report: Object, name: str, universe: str) -> Object:
    """Return the row of a list field that is about a universe, empty where there is none."""
    rows = (each for each in items(report, name) if each.get("universe") == universe)
    return next(rows, {})


def evidence_of(report: Object, universe: str, tool: str = "") -> list[Object]:
    """Return the results of a universe, of one tool where it is named."""
    return [
        part(each, "result")
        for each in items(report, "evidence")
        if part(each, "result").get("universe") == universe and tool in ("", each.get("tool"))
    ]


def values(found: object) -> Iterator[object]:
    """Yield every single value below a JSON value."""
    left = [found]
    while left:
        each = left.pop()
        if isinstance(each, dict):
            left.extend(each.values())
        elif isinstance(each, list):
            left.extend(each)
        else:
            yield each


def step(found: object, name: str) -> object:
    """Return what a step of a pointer leads to.

    Raises:
        KeyError: it leads nowhere.
    """
    if isinstance(found, Mapping) and name in found:
        return found[name]
    if _listed(found) and name.isdigit() and int(name) < len(found):
        return found[int(name)]
    raise KeyError(name)


def _listed(found: object) -> TypeGuard[Sequence[object]]:
    return isinstance(found, list)
