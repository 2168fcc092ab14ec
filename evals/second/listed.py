"""Which subjects share what a fact says, for a sentence that names several of them at once."""

import re
from collections.abc import Iterator
from typing import Final

from evals.second.names import Names
from evals.second.places import Source
from evals.second.reading import Object
from evals.second.report import step, text_of

_ROW: Final = re.compile(r"/\d+")
_SUBJECTS: Final = ("symbol", "sector", "series", "subject")


def alike(source: Source, names: Names) -> frozenset[str]:
    """Return the names, casefolded, of the rows beside that say the same at the same place.

    A list of bare texts names those texts themselves; where a row stands in a list does not count.
    """
    first = _ROW.search(source.pointer)
    if first is None:
        return frozenset()
    head, tail = source.pointer[: first.start()], source.pointer[first.end() :]
    found: set[str] = set()
    for row in _listed(source.root, head):
        if isinstance(row, str):
            found.add(row.casefold())
        elif isinstance(row, dict) and source.value in _ends(row, tail.split("/")[1:]):
            found |= _called(row, names)
    return frozenset(found)


def _listed(root: object, head: str) -> list[object]:
    for each in head.split("/")[1:]:
        root = step(root, each)
    return root if isinstance(root, list) else []


def _ends(found: object, steps: list[str]) -> Iterator[object]:
    if not steps:
        yield found
    elif steps[0].isdigit():
        for each in found if isinstance(found, list) else ():
            yield from _ends(each, steps[1:])
    elif isinstance(found, dict) and steps[0] in found:
        yield from _ends(found[steps[0]], steps[1:])


def _called(row: Object, names: Names) -> frozenset[str]:
    raw = next((text_of(row, kind) for kind in _SUBJECTS if text_of(row, kind)), "")
    known = {each.casefold() for each in names.sectors.get(raw, ())} | {raw.casefold()}
    return names.words.called("series", raw) | known
