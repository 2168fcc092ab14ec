"""Whether a line of what changed is of its record: whose change, of what kind, by which cause."""

import re
from collections.abc import Iterator
from typing import Final

from evals.second.faults import Fault
from evals.second.names import Names
from evals.second.reading import Element, Object
from evals.second.report import text_of
from evals.second.scene import Scene
from evals.second.texts import block_of, unbound

_ROW: Final = re.compile(r"/rows/\d+/")
_CAUSE: Final = re.compile(r"\(([^()]*)\)\s*$")
_ABSENT: Final = {"before": "– →", "after": "→ –"}


def change_faults(scene: Scene) -> Iterator[Fault]:
    """Yield the lines of the first page's changes that say another thing than their record."""
    for block in scene.shown.walk():
        if block_of(block) == "changes":
            for line in block.all("p"):
                yield from _line_faults(line, scene)


def _line_faults(line: Element, scene: Scene) -> Iterator[Fault]:
    found = [scene.found(each.get("title")) for each in line.walk()]
    sources = [each for each in found if each is not None and _ROW.match(each.pointer)]
    if not sources:
        return
    if len({tuple(each.pointer.split("/")[:3]) for each in sources}) > 1:
        yield Fault("a line mixes two changes", line.text)
        return
    row, said = sources[0].above[-1], " ".join(unbound(line).split()).casefold()
    subject = _named(said, row, scene.names)
    if subject is None:
        yield Fault(f"a change of {text_of(row, 'subject')} names another", line.text)
    elif not any(
        said[len(subject) :].strip().startswith(each)
        for each in scene.names.words.called("kind", text_of(row, "kind"))
    ):
        yield Fault(f"a change of kind {text_of(row, 'kind')} is called another", line.text)
    for side, mark in _ABSENT.items():
        if mark in said and row.get(f"{side}_{text_of(row, 'kind')}") is not None:
            yield Fault(f"a change says nothing stood {side}, and something did", line.text)
    cause = _CAUSE.search(said)
    if cause is None or cause[1] not in scene.names.words.called("cause", text_of(row, "cause")):
        yield Fault(f"the cause of a change is {text_of(row, 'cause')}", line.text)


def _named(said: str, row: Object, names: Names) -> str | None:
    known = names.subject_called(text_of(row, "subject"))
    return max((each for each in known if each and said.startswith(each)), key=len, default=None)
