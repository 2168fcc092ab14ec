"""Which facts a writing model may not speak of: a sentence could not say which of two it means.

A sentence names a value by entity and measure, as they print. Where another value bears that name
too (another stay's, another tool's, that of a frequency the name leaves open), the sentence would
be true of one and told of the other. Templates tell such facts: they have words for the difference.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from itertools import islice
from typing import Final

from core.records.evidence import Fact
from core.records.request import Language
from core.records.universe import Universe
from core.wording import entity_name, measure_name, phrase

UNSAID: Final = frozenset({"request", "before", "portfolio", "trades", "changes", "track"})
"""Formulas of facts a model may not use: the user's and the desk's own, weights without limits."""
Row = tuple[str, tuple[str, ...]]
"""A row of a list by its source and the steps of its place."""
Told = tuple[tuple[Fact, str, str], ...]
"""Facts of one entity and stem, with their names and values as they print."""


def namesakes(
    facts: Iterable[Fact], language: Language, universes: Mapping[str, Universe]
) -> frozenset[str]:
    """Return the ids of facts whose name another value bears, and of all beside them in a row.

    A name without its key (`quadrant`) is that of every key (`quadrant.weekly`). Rows of a list
    that share a name are told apart by nothing, so that what one of them alone states is out too.

    Args:
        facts: a report's; what a model may not use anyway takes nobody's name.
        language: the one names and values print in.
        universes: by id, those of the facts.
    """
    usable = tuple(fact for fact in facts if fact.formula not in UNSAID)
    names: dict[tuple[str, str, str], list[Fact]] = defaultdict(list)
    for fact in usable:
        entity = entity_name(fact.subject, language, universes[fact.universe])
        stem = measure_name(fact.measure.partition(".")[0], language)
        names[fact.universe, entity, stem].append(fact)
    found: set[str] = set()
    rows: set[Row] = set()
    for group in (group for group in names.values() if len(group) > 1):
        texts = [phrase(fact, language, universes[fact.universe]) for fact in group]
        keys = [measure_name(fact.measure, language) for fact in group]
        told = tuple(zip(group, keys, texts, strict=True))
        found |= _unclear(told)
        rows |= _repeated(told)
    return frozenset(found | {fact.id for fact in usable if not rows.isdisjoint(_rows(fact))})


def _unclear(told: Told) -> set[str]:
    """Return the ids of those whose name is that of another value."""
    values: dict[str, set[str]] = defaultdict(set)
    for _, name, text in told:
        values[name].add(text)
    several = len({text for _, _, text in told}) > 1
    return {
        fact.id
        for fact, name, _ in told
        if len(values[name]) > 1 or (several and "." not in fact.measure)
    }


def _repeated(told: Told) -> set[Row]:
    """Return the rows of a list that share a name, but not its value, with another of its rows."""
    lists: dict[tuple[str, Row], dict[Row, str]] = defaultdict(dict)
    for fact, name, text in told:
        for source, steps in islice(_rows(fact), 1):
            place = tuple(step for step in steps if not step.isdigit())
            lists[name, (source, place)][source, steps] = text
    return {row for values in lists.values() if len(set(values.values())) > 1 for row in values}


def _rows(fact: Fact) -> Iterator[Row]:
    """Yield the rows a fact stands in, the innermost first."""
    steps = tuple((fact.pointer or "").split("/"))
    for last in range(len(steps) - 1, 0, -1):
        if steps[last].isdigit():
            yield fact.evidence or f"{fact.formula} {fact.universe}", steps[: last + 1]
