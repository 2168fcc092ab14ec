"""Whether a title that leads to a whole result says what it may: why a value is missing, a field.

No number is bound by such a title; it gives the reason for a blank, the field a gap is about, or
what a mark stands for.
"""

import re
from collections.abc import Iterator
from typing import Final

from evals.second.faults import Fault, unlisted
from evals.second.names import Names
from evals.second.places import BETWEEN, Source
from evals.second.report import items, text_of
from evals.second.scene import Scene
from evals.second.texts import parts

_FIELD: Final = re.compile(r"[a-z][a-z0-9_]*")
_LETTER: Final = re.compile(r"(?<=\u2013[ \u00a0])[a-z]\b")


def record_faults(source: Source, text: str, names: Names) -> Iterator[Fault]:
    """Yield what such an element says that nobody listed under its title."""
    said = _said(text, names)
    if _gives_reason(source.measure, names):
        yield from _blank_faults(source.measure, said, names)
    elif _FIELD.fullmatch(source.measure):
        yield from _field_faults(source, said, names)
    elif said not in names.words.called(source.field, source.measure):
        yield unlisted("labels", f"{source.field}={source.measure}", said)


def _said(text: str, names: Names) -> str:
    return _LETTER.sub("{note}", names.template(text)).strip().casefold()


def _gives_reason(measure: str, names: Names) -> bool:
    return measure.partition(BETWEEN)[0].casefold() in names.words.every("reason")


def _blank_faults(measure: str, said: str, names: Names) -> Iterator[Fault]:
    name = measure.partition(BETWEEN)[2].casefold()
    if name and name not in _fields(names):
        yield unlisted("measures", "", name)
    if said not in names.words.values["missing"]:
        yield unlisted("values", "missing", said)


def _field_faults(source: Source, said: str, names: Names) -> Iterator[Fault]:
    """The field the title names comes first; others the same call did not bring may follow."""
    known = _fields(names)
    first, *others = parts(names.without_more(said), known)
    own = names.words.called("field", source.measure) | names.words.called(
        "feature", source.measure
    )
    for key, found in names.words.measures.items():
        if key.rpartition("/")[2] == source.measure:
            own |= {_bare(each) for each in found}
    if first not in own:
        yield unlisted("labels", f"field={source.measure}", first)
    for each in others:
        if each not in known:
            yield unlisted("labels", "field=", each)


def _fields(names: Names) -> frozenset[str]:
    """What the fields of every tool are called."""
    found = {_bare(each) for known in names.words.measures.values() for each in known}
    return frozenset(found) | names.words.every("field")


def _bare(name: str) -> str:
    return name.partition(" ({")[0]


def note_faults(title: str, text: str, scene: Scene) -> Iterator[Fault]:
    """Yield what stands under a title that leads nowhere: a name's long form, a plain remark."""
    names = scene.names
    said, head = _said(text, names), title.partition(BETWEEN)[0]
    if _gives_reason(title, names):
        yield from _blank_faults(title, said, names)
    elif factor := names.words.called("factor", head):
        family = names.words.called("family", _family(head, scene))
        if said not in factor:
            yield unlisted("labels", f"factor={head}", said)
        if family and title.rpartition(BETWEEN)[2].casefold() not in family:
            yield Fault(f"{head} is of the family {_family(head, scene)}", title)
    elif sector := names.sector_named(title):
        if names.sector_named(text) != sector:
            yield Fault(f"{sector} is called otherwise", text)
    else:
        note = names.template(title).casefold().replace(f"{BETWEEN}{names.id}", f"{BETWEEN}{{id}}")
        if said not in names.words.notes.get(note, ()):
            yield unlisted("notes", note, said)


def _family(factor: str, scene: Scene) -> str:
    rows = (each for row in items(scene.card, "sectors") for each in items(row, "contributions"))
    return next((text_of(row, "family") for row in rows if row.get("factor") == factor), "")
