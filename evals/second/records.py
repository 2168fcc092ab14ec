"""Whether a title that leads to a whole result says what it may: why a value is missing, a field.

No number is bound by such a title; it gives the reason for a blank, the field a gap is about, or
what a mark stands for.
"""

import re
from collections.abc import Iterator
from typing import Final

from evals.second.faults import Fault, unlisted
from evals.second.names import DAY, Names
from evals.second.numerals import numerals
from evals.second.places import BETWEEN, Source
from evals.second.report import by_universe, items, number_of, part, text_of
from evals.second.scene import Scene
from evals.second.texts import opened, parts

_FIELD: Final = re.compile(r"[a-z][a-z0-9_]*")
_CUT: Final = "\N{HORIZONTAL ELLIPSIS}"
_LETTER: Final = re.compile(r"(?<=\u2013[ \u00a0])[a-z]\b")


def record_faults(source: Source, text: str, names: Names) -> Iterator[Fault]:
    """Yield what such an element says that nobody listed under its title."""
    said = _said(text, names)
    if _gives_reason(source.measure, names):
        yield from _blank_faults(source.measure, said, names)
    elif source.field == "portfolio":
        yield from _holdings_faults(source, text, names)
    elif _FIELD.fullmatch(source.measure):
        yield from _field_faults(source, said, names)
    elif said not in names.words.called(source.field, source.measure):
        yield unlisted("labels", f"{source.field}={source.measure}", said)


def _said(text: str, names: Names) -> str:
    return _LETTER.sub("{note}", names.template(text)).strip().casefold()


def _gives_reason(measure: str, names: Names) -> bool:
    return measure.partition(BETWEEN)[0].casefold() in names.words.every("reason")


def _holdings_faults(source: Source, text: str, names: Names) -> Iterator[Fault]:
    """Where the holdings come from, and of which day they are; a question's have none."""
    dated, told = text_of(source.root, "dated"), [str(each) for each in names.days(text)]
    origin = text_of(source.root, "source")
    if told != [dated][: len(told)] or (dated and not told):
        yield Fault(f"the holdings are of {dated or 'no day'}", text)
    said = re.sub(DAY[names.language], "", text).strip(", ").casefold()
    known = " ".join(origin.split()).casefold()
    short = said.endswith(_CUT) and known.startswith(said[:-1])
    if said not in (known, *names.words.called("portfolio", origin)) and not short:
        yield Fault(f"the holdings are of {origin}", text)


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
    elif names.words.called("factor", head):
        yield from _factor_faults(title, said, scene)
    elif sector := names.sector_named(title):
        if names.sector_named(text) != sector:
            yield Fault(f"{sector} is called otherwise", text)
    elif head.casefold() == names.words.said["mandate"]:
        yield from _mandate_faults(title, text, scene)
    else:
        note = names.template(title).casefold().replace(f"{BETWEEN}{names.id}", f"{BETWEEN}{{id}}")
        if said not in names.words.notes.get(note, ()):
            yield unlisted("notes", note, said)


def _factor_faults(title: str, said: str, scene: Scene) -> Iterator[Fault]:
    called, head = scene.names.words.called, title.partition(BETWEEN)[0]
    family = called("family", _family(head, scene))
    if said not in called("factor", head):
        yield unlisted("labels", f"factor={head}", said)
    if family and title.rpartition(BETWEEN)[2].casefold() not in family:
        yield Fault(f"{head} is of the family {_family(head, scene)}", title)


def _mandate_faults(title: str, text: str, scene: Scene) -> Iterator[Fault]:
    """The limits in force: whose they are, which version, since when."""
    names = scene.names
    mandate = part(by_universe(scene.report, "mandates", names.id), "mandate")
    name, version = text_of(mandate, "id"), number_of(mandate, "version")
    said, note = (names.template(each).casefold() for each in (text, title))
    if version and text.startswith(name):
        rest = re.sub(DAY[names.language], "", text.removeprefix(name))
        if not all(each.tells(version) for each in numerals(rest, names.language)):
            yield Fault(f"the limits are version {version:g}", text)
        if [str(day) for day in names.days(text)] not in ([], [text_of(mandate, "valid_from")]):
            yield Fault("the limits hold since another day", text)
        said, note = (opened(each.replace(name, "{mandate}", 1)) for each in (said, note))
    if said not in names.words.notes.get(note, ()):
        yield unlisted("notes", note, said)


def _family(factor: str, scene: Scene) -> str:
    rows = (each for row in items(scene.card, "sectors") for each in items(row, "contributions"))
    return next((text_of(row, "family") for row in rows if row.get("factor") == factor), "")
