"""Where an element says its content comes from, and what stands there."""

import re
from dataclasses import dataclass
from typing import Final

from evals.second.names import Names
from evals.second.reading import Object
from evals.second.report import by_universe, items, part, step, text_of

BETWEEN: Final = " \N{MIDDLE DOT} "
_POINTER: Final = re.compile(r"(?:/[\w-]+)+")
_SUBJECTS: Final = ("sector", "symbol", "series", "subject", "dataset")
RECORDS: Final = {
    "scorecard": "scorecards",
    "allocation": "allocations",
    "before": "before",
    "portfolio": "portfolios",
    "trades": "trades",
    "changes": "changes",
    "track": "report_cards",
}


@dataclass(frozen=True, slots=True)
class Source:
    """A title, read: the measure before the place, the place, and what is said after it.

    `root` is the record or tool result it leads into, `above` the objects on the way to the value,
    outermost first.
    """

    measure: str
    place: str
    pointer: str
    root: Object
    above: tuple[Object, ...]
    value: object
    rest: tuple[str, ...]

    @property
    def field(self) -> str:
        """The place and its pointer without row numbers: what is printed alike everywhere."""
        steps = [each for each in self.pointer.split("/") if each and not each.isdigit()]
        return "/".join((text_of(self.root, "tool") or self.place, *steps))

    @property
    def subject(self) -> tuple[str, str] | None:
        """What the value is about: the kind of name and the id."""
        for holder in reversed(self.above):
            for kind in _SUBJECTS:
                if text_of(holder, kind):
                    return kind, text_of(holder, kind)
        return None

    @property
    def beside(self) -> list[Object]:
        """The rows of the innermost list the pointer leads into."""
        found: object = self.root
        rows: list[Object] = []
        for name in self.pointer.split("/")[1:]:
            if name.isdigit() and isinstance(found, list):
                rows = [each for each in found if isinstance(each, dict)]
            found = step(found, name)
        return rows

    @property
    def sector(self) -> str | None:
        """The sector the value is about."""
        found = (text_of(holder, "sector") for holder in reversed(self.above))
        return next((each for each in found if each), None)


def source_of(title: str, report: Object, names: Names) -> Source | None:
    """Return what a title leads to; None where it names no place.

    Raises:
        KeyError: it names a place, and what it points to is not there.
    """
    parts = title.split(BETWEEN)
    for at, each in enumerate(parts):
        name, pointer = _named(each, names)
        root = _root(name, report, names) if name else None
        if root is None:
            continue
        above, value = _walked(root, pointer)
        measure = BETWEEN.join(parts[:at])
        return Source(measure, name, pointer, root, above, value, tuple(parts[at + 1 :]))
    return None


def _named(text: str, names: Names) -> tuple[str, str]:
    head, space, pointer = text.rpartition(" ")
    if not space or not _POINTER.fullmatch(pointer):
        head, pointer = text, ""
    return names.words.places.get(head.strip(), head.strip()), pointer


def _root(name: str, report: Object, names: Names) -> Object | None:
    if name in RECORDS:
        return by_universe(report, RECORDS[name], names.id)
    if name == "request":
        return part(report, "request")
    found = (part(each, "result") for each in items(report, "evidence") if each.get("id") == name)
    return next(found, None)


def _walked(root: Object, pointer: str) -> tuple[tuple[Object, ...], object]:
    above: list[Object] = []
    found: object = root
    for name in pointer.split("/")[1:]:
        if isinstance(found, dict):
            above.append(found)
        found = step(found, name)
    if isinstance(found, dict):
        above.append(found)
    return tuple(above), found
