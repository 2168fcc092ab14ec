"""Whether a sentence is true of the evidence: each name, number, day, comparator by its fact.

Slots are read in order: a value belongs to the subject and the measure named last before it, and a
name has one value. Between a model's slots stand only listed words that join.
"""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Final

from evals.second.bound import is_measure, measured, shown_faults
from evals.second.compared import compares, made_compares
from evals.second.faults import Fault, unlisted
from evals.second.names import Names
from evals.second.numerals import SCALES, numerals
from evals.second.places import RECORDS, Source, source_of
from evals.second.reading import Object
from evals.second.report import items, number_of, text_of
from evals.second.texts import is_listed, opened
from evals.second.titles import benchmarks_of

_MARK: Final = re.compile(r"[^\s,.;:()\d]")
_WORD: Final = re.compile(r"[^\W\d_]+(?:['\u2019][^\W\d_]+)?")
_STATES: Final = {"buying": True, "selling": False}
_SIDES: Final = {"for": 1.0, "against": -1.0}


@dataclass(slots=True)
class _Read:
    """What the slots have named so far.

    `subject`; `measure` the fact whose measure waits for its value; `last` the fact whose measure
    was named last, and how it may be `called`; `told` the subject of the value before.
    """

    subject: str = ""
    measure: str = ""
    last: str = ""
    called: frozenset[str] = frozenset()
    told: str = ""


def prose_faults(
    sentence: Object, facts: Mapping[str, Object], report: Object, names: Names
) -> Iterator[Fault]:
    """Yield what a sentence says that is not so; `facts` are the report's by id."""
    modelled = text_of(sentence, "author") == "model"
    told = _Told(_Read(), names, modelled)
    for span in items(sentence, "spans"):
        text, fact = text_of(span, "text"), facts.get(text_of(span, "fact"))
        if not text_of(span, "fact"):
            yield from _joining_faults(text, names) if modelled else ()
        elif fact is None:
            yield Fault("a sentence is of a fact the report does not have", text)
        else:
            source = sourced(fact, report, names)
            if source is None:
                yield from _made_faults(text, fact, told)
            else:
                yield from _slot_faults(text, fact, source, told)
                yield from _side_faults(sentence, fact, source)
    if not modelled:
        yield from _template_faults(sentence, facts, names)


def sourced(fact: Object, report: Object, names: Names) -> Source | None:
    """Return where a fact leads to, None where it is made of others.

    Raises:
        KeyError: it leads to nothing.
    """
    place = text_of(fact, "evidence") or text_of(fact, "formula")
    pointer = text_of(fact, "pointer")
    if not text_of(fact, "evidence") and place not in RECORDS and place != "request":
        return None
    return source_of(f"{place} {pointer}", report, names) if pointer else None


@dataclass(frozen=True, slots=True)
class _Told:
    read: _Read
    names: Names
    modelled: bool


def _slot_faults(text: str, fact: Object, source: Source, told: _Told) -> Iterator[Fault]:
    read, names = told.read, told.names
    name, subject, bare = text_of(fact, "id"), text_of(fact, "subject"), text.strip()
    if bare.casefold() in _called(fact, source, names):
        read.subject = subject
    elif bare == names.universe and (subject == names.id or not told.modelled):
        return
    elif is_measure(text, source, names):
        if told.modelled and read.measure not in ("", name):
            yield Fault("two measures are named before a value", text)
        read.measure = read.last = name
        read.called = measured(source, names)
    elif bare.casefold() in names.words.compared or bare in benchmarks_of(source, names):
        yield from _side_by_side(bare, fact, source, told)
    else:
        yield from _value_faults(text, fact, source, told)


def _side_by_side(bare: str, fact: Object, source: Source, told: _Told) -> Iterator[Fault]:
    """A comparator stands before its value, a benchmark after its measure."""
    name, kind = text_of(fact, "id"), told.names.words.compared.get(bare.casefold())
    if kind is None:
        if told.modelled and told.read.last != name:
            yield Fault(
                f"the benchmark of {name} is told of {told.read.last or 'no measure'}", bare
            )
        return
    if not compares(kind, fact, source):
        yield Fault(f"{name} is not so", bare)
    if told.modelled and told.read.measure != name:
        yield Fault(f"{name} is compared where its value does not follow", bare)


def _value_faults(text: str, fact: Object, source: Source, told: _Told) -> Iterator[Fault]:
    names, form, name = told.names, told.names.template(text.strip()), text_of(fact, "id")
    if form != "{day}" and not re.search(r"\d", form) and number_of(fact, "value") is not None:
        yield unlisted("measures", source.field, form)
        return
    days = [str(day) for day in names.days(text)]
    if form == "{day}" and days == [text_of(fact, "as_of")]:
        return
    if form == "{day}" and days != [source.value] and told.modelled:
        yield Fault(f"{name} is of {text_of(fact, 'as_of')}", text)
    found = list(shown_faults(source, text, names, text_of(fact, "as_of")))
    if found and re.search(r"[^\W\d_]", text) and not names.words.measures_of(source.field):
        found = [unlisted("measures", source.field, form)]
    yield from found
    if found or not told.modelled:
        return
    yield from _told_faults(fact, measured(source, names), told)


def _called(fact: Object, source: Source, names: Names) -> frozenset[str]:
    subject = text_of(fact, "subject")
    series = names.words.called("series", subject)
    symbols = {text_of(holder, "symbol") for holder in source.above} & {subject.upper()}
    known = names.sectors.get(subject, frozenset()) | symbols
    return frozenset(each.casefold() for each in known) | series


def _joining_faults(text: str, names: Names) -> Iterator[Fault]:
    if re.search(r"\d", text):
        yield Fault("a figure outside every slot", text)
    for word in _WORD.findall(text):
        if word.casefold() not in names.words.joining:
            yield unlisted("joining", "", word.casefold())
    if mark := _MARK.search(_WORD.sub("", text)):
        yield Fault(f"a mark beside a slot: {mark[0]!r}", text)


def _made_faults(text: str, fact: Object, told: _Told) -> Iterator[Fault]:
    """A difference, a rank, a count: whose it is, its name, or the number as printed."""
    read, names, bare = told.read, told.names, text.strip().casefold()
    name, subject, exact = text_of(fact, "id"), text_of(fact, "subject"), number_of(fact, "value")
    called = names.words.measures_of(text_of(fact, "measure"))
    found = list(numerals(text, names.language))
    if bare in {each.casefold() for each in names.sectors.get(subject, ())}:
        read.subject = subject
    elif bare in called:
        read.measure, read.last, read.called = name, name, called
    elif kind := names.words.compared.get(bare):
        if not made_compares(kind, fact) or (told.modelled and read.measure != name):
            yield Fault(f"{name} is not so", text)
    elif exact is None or (found and not any(found[0].tells(exact, k) for k in SCALES)):
        yield Fault(f"{name} is {exact}", text)
    elif found and told.modelled:
        yield from _told_faults(fact, called, told)


def _told_faults(fact: Object, called: frozenset[str], told: _Told) -> Iterator[Fault]:
    """A value is told of the measure and the subject named last; a measure may serve two."""
    name, subject, read = text_of(fact, "id"), text_of(fact, "subject"), told.read
    again = not read.measure and read.subject not in ("", read.told)
    if read.measure != name and not (again and read.called == called):
        yield Fault(f"a value of {name} is told of {read.measure or 'no measure'}")
    if read.subject and read.subject != subject:
        yield Fault(f"a value of {subject} is told of {read.subject}")
    read.told = subject
    read.measure = ""


def _side_faults(sentence: Object, fact: Object, source: Source) -> Iterator[Fault]:
    """What argues for a sector adds to its score, what argues against it takes away."""
    side = _SIDES.get(text_of(sentence, "section"), 0.0)
    value = number_of(fact, "value") or 0.0
    if side and source.field.endswith("/contribution") and side * value <= 0.0:
        yield Fault(f"{text_of(fact, 'id')} argues the other way", text_of(sentence, "section"))


def _template_faults(
    sentence: Object, facts: Mapping[str, Object], names: Names
) -> Iterator[Fault]:
    """The form of a template's sentence is a listed one, of the frequency it names."""
    spans = items(sentence, "spans")
    form = "".join("{}" if text_of(each, "fact") else text_of(each, "text") for each in spans)
    yield from form_faults(form, names)
    used = [facts.get(text_of(each, "fact"), {}) for each in spans]
    if names.words.said["opposite"] in form and len(set(_signs(used))) == 1:
        yield Fault("nothing here is opposite", form)
    known = {text_of(each, "frequency") for each in used} - {""}
    for kind in ("weekly", "daily"):
        word = rf"(?i)(?<!\w){re.escape(names.words.said[kind])}(?!\w)"
        if re.search(word, form) and known and kind not in known:
            yield Fault(f"a sentence of {sorted(known)} facts says {kind}", form)


def form_faults(form: str, names: Names) -> Iterator[Fault]:
    """Yield that a template's words, its slots left open, are none of those that are listed."""
    said = opened(names.template(form, everywhere=True))
    if not is_listed("sentence", said, names):
        yield unlisted("texts", "sentence", said)


def _signs(used: list[Object]) -> Iterator[bool]:
    """Tell of each fact that has a side whether it is the upper one."""
    for fact in used:
        value, state = number_of(fact, "value"), text_of(fact, "label")
        if value or state in _STATES:
            yield _STATES.get(state, (value or 0.0) > 0.0)
