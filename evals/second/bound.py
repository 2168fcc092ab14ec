"""Whether an element that names its source says what stands there: number, day, name, label."""

import re
from collections.abc import Iterator
from dataclasses import replace
from typing import Final

from evals.second.faults import Fault, unlisted
from evals.second.listed import alike
from evals.second.names import DAY, Names
from evals.second.numerals import SCALES, SMALLER, numerals, spelled
from evals.second.places import Source
from evals.second.report import number, number_of, text_of
from evals.second.titles import benchmarks_of
from evals.second.words import filled

KINDS: Final = (
    "horizon", "factor", "quadrant", "next_quadrant", "kind", "line", "cause", "dataset",
    "feature", "series",
)  # fmt: skip
"""Fields of a row that its measure's name tells."""
NOTHING: Final = "\N{EN DASH}"
ARROWS: Final = {"\N{BLACK UP-POINTING TRIANGLE}": 1.0, "\N{BLACK DOWN-POINTING TRIANGLE}": -1.0}
_BRACKETS: Final = re.compile(r"^.*? \((.*)\)$")


def measured(source: Source, names: Names) -> frozenset[str]:
    """Return what the source's measure may be called, casefolded."""
    listed = names.words.measures_of(source.field)
    row = source.above[-1] if source.above else {}
    known = {
        kind: names.words.called(kind, row[kind]) for kind in KINDS if row.get(kind) is not None
    }
    known |= {kind: names.words.called(kind, source.value) for kind in ("flags", "notes")}
    return frozenset(said for each in listed for said in filled(each, known))


def is_measure(text: str, source: Source, names: Names) -> bool:
    """Tell whether a text is its measure's name, whole or what that has in brackets."""
    bare = names.template(text.strip()).casefold()
    return any(bare in (one, _BRACKETS.sub(r"\1", one)) for one in measured(source, names))


def shown_faults(source: Source, text: str, names: Names, as_of: str) -> Iterator[Fault]:
    """Yield what a text says that its source does not."""
    bare = text.strip()
    if bare.casefold() in _subject(source, names) or bare in benchmarks_of(source, names):
        return
    if is_measure(text, source, names):
        return
    if ", " in bare and alike(source, names).issuperset(bare.casefold().split(", ")):
        return
    days = names.days(text)
    if {str(day) for day in days} - _days_of(source, as_of):
        yield Fault(f"another day than {source.field} has", text)
    elif [bare] == re.findall(DAY[names.language], bare):
        return
    elif isinstance(source.value, str | bool):
        yield from _label_faults(source, text, names)
    else:
        yield from _number_faults(source, text, names)


def _days_of(source: Source, as_of: str) -> set[str]:
    row = source.above[-1].values() if source.above else ()
    return {as_of, text_of(source.root, "as_of"), *(each for each in row if isinstance(each, str))}


def measure_faults(source: Source, names: Names) -> Iterator[Fault]:
    """Yield that the title calls the value by another measure's name."""
    said = names.template(source.measure)
    if said.casefold() not in measured(source, names):
        yield unlisted("measures", source.field, said)


def _subject(source: Source, names: Names) -> frozenset[str]:
    found = {"", names.universe}
    if source.subject:
        found |= names.words.called(*source.subject)
    for holder in source.above:
        for field in ("sector", "subject"):
            found |= names.sectors.get(text_of(holder, field), frozenset())
        found.add(text_of(holder, "symbol"))
    return frozenset(each.casefold() for each in found)


def _label_faults(source: Source, text: str, names: Names) -> Iterator[Fault]:
    said = names.template(text)
    if said in ("{day}", "{sector}", "{symbol}", "{benchmark}"):
        yield from _name_faults(source, text, names)
        return
    field = source.field.rsplit("/", 1)[-1]
    if said.strip().casefold() not in names.words.called(field, source.value):
        yield unlisted("labels", f"{field}={source.value}", said)


def _name_faults(source: Source, text: str, names: Names) -> Iterator[Fault]:
    bare, value = text.strip(), str(source.value)
    known = {value, names.benchmarks.get(value, value), *names.sectors.get(value, ())}
    if not names.days(text) and bare not in known:
        yield Fault(f"{source.field} is {value}", text)


def _number_faults(source: Source, text: str, names: Names) -> Iterator[Fault]:
    exact = number(source.value)
    ways = [(source.field, exact, scale) for scale in (*SCALES, *SMALLER)]
    if exact is not None and exact < 0.0:
        ways.append((f"{source.field} below zero", -exact, 1.0))
    fitting = None
    for field, value, scale in ways:
        said = _opened(source, text, (value, scale), names)
        if not names.words.values_of(field).isdisjoint(said):
            return
        if said and fitting is None:
            fitting = unlisted("values", field, min(said))
    if _moved(source, text, names) or _of_side(source, text, names):
        return
    whole = names.words.called(source.field.rsplit("/", 1)[-1], f"{exact:g}" if exact else exact)
    if names.template(text).casefold() in whole:
        return
    yield fitting or Fault(f"{source.field} is {source.value}", text)


def _moved(source: Source, text: str, names: Names) -> bool:
    """Places a rank moved up or down since the report before."""
    row = source.above[-1] if source.above else {}
    ranks = [number_of(row, name) for name in ("before_rank", "after_rank")]
    arrow, told = text.strip()[:1], list(numerals(text, names.language))
    if None in ranks or len(told) != 1 or arrow not in ARROWS:
        return False
    before, after = (rank or 0.0 for rank in ranks)
    return told[0].tells(ARROWS[arrow] * (before - after))


def _of_side(source: Source, text: str, names: Names) -> bool:
    """Words that stand with a number above zero only, or below."""
    exact = number(source.value) or 0.0
    side = "above" if exact > 0.0 else "below"
    listed = names.words.values_of(f"{source.field} {side} zero, unsaid")
    return names.template(text).casefold() in listed


def _opened(
    source: Source, text: str, due: tuple[float | None, float], names: Names
) -> frozenset[str]:
    """Return the text with the value left open, as it may be listed; empty where it is another."""
    exact, scale = due
    if exact is None:
        return frozenset()
    found = [each for each in numerals(text, names.language) if each.tells(exact, scale)]
    if not found:
        return frozenset()
    each = found[0]
    forms = {spelled(each, scale)}
    if each.value <= 0.0:
        forms.add(spelled(replace(each, plus=True), scale))
    tail = _siblings(source, text[each.end :], names)
    said = (names.template(f"{text[: each.start]}{form}{tail}") for form in forms)
    return frozenset(each.casefold() for each in said)


def _siblings(source: Source, text: str, names: Names) -> str:
    """Open the numerals after the value that are other fields of its row."""
    row = source.above[-1] if source.above else {}
    for each in reversed(list(numerals(text, names.language))):
        for name in sorted(row):
            exact = number_of(row, name)
            if exact is not None and each.tells(exact) and each.decimals:
                text = f"{text[: each.start]}{{{name}}}{text[each.end :]}"
                break
    return text
