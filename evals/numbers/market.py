"""A report's facts by what they are of and how they print; nothing is claimed here, or judged."""

import re
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from typing import Final

from agents.material import Material
from core.records.evidence import Fact
from core.records.request import Language
from core.records.universe import Universe
from core.wording import measure_name
from evals.numbers.printing import day, printed

_PERIOD: Final = re.compile(r"\d{4}-\d{2}-\d{2}")
_IN_ROW: Final = re.compile(r".*/\d+(?=/|$)")
Key = tuple[str, ...]


@dataclass(frozen=True)
class Market:
    """One report's facts by what they are of, and how they print."""

    material: Material
    universe: Universe

    @property
    def language(self) -> Language:
        """The report's."""
        return self.material.request.language

    @cached_property
    def facts(self) -> tuple[Fact, ...]:
        """All facts a model may use."""
        told = {"request", "before", "portfolio", "trades", "changes", "track"}
        return tuple(fact for fact in self.material.facts.values() if fact.formula not in told)

    @cached_property
    def numbers(self) -> tuple[Fact, ...]:
        """Those that state a number of a sector."""
        sectors = self.universe.sector_ids
        stated = (f for f in self.facts if f.value is not None and f.subject in sectors)
        return tuple(fact for fact in stated if fact.id in self.alone)

    @cached_property
    def alone(self) -> frozenset[str]:
        """Ids of the facts that are told by their names: no other value, and no other row, has it.

        A name without a key is that of each key.
        """
        values: dict[Key, set[str]] = defaultdict(set)
        for fact in self.facts:
            for name in {self._name(fact), self._name(fact).partition(" (")[0]}:
                values[fact.subject, name].add(self.text(fact))
        return frozenset(
            fact.id for fact in self.facts
            if len(values[fact.subject, self._name(fact)]) == 1 and len(self._rows[_list(fact)]) < 2
        )  # fmt: skip

    def _name(self, fact: Fact) -> str:
        return measure_name(fact.measure, self.language)

    @cached_property
    def _rows(self) -> dict[Key, set[str]]:
        """Rows of each list that are one subject's."""
        rows: dict[Key, set[str]] = defaultdict(set)
        for fact in self.facts:
            rows[_list(fact)].add(_row(fact))
        return rows

    @cached_property
    def rows(self) -> tuple[tuple[Fact, Fact], ...]:
        """Pairs of a measure in an earlier row and in the last of its list, printing otherwise."""
        found: dict[Key, list[Fact]] = defaultdict(list)
        for fact in self.facts:
            if len(self._rows[_list(fact)]) > 1:
                found[*_list(fact), fact.measure].append(fact)
        return tuple(
            (fact, last) for *earlier, last in found.values() for fact in earlier
            if self.text(fact) != self.text(last)
        )  # fmt: skip

    def row(self, fact: Fact) -> tuple[Fact, ...]:
        """Return all that a fact's row states of its subject, the fact itself too."""
        own = self.by_subject[fact.subject]
        return tuple(f for f in own if (_list(f), _row(f)) == (_list(fact), _row(fact)))

    @cached_property
    def by_measure(self) -> dict[tuple[str, str], tuple[Fact, ...]]:
        """Those of one source and measure, the first of each subject."""
        groups: dict[tuple[str, str], dict[str, Fact]] = {}
        for fact in self.facts:
            groups.setdefault((source(fact), fact.measure), {}).setdefault(fact.subject, fact)
        return {key: tuple(group.values()) for key, group in groups.items()}

    @cached_property
    def by_subject(self) -> dict[str, tuple[Fact, ...]]:
        """Those of one subject."""
        groups: dict[str, list[Fact]] = {}
        for fact in self.facts:
            groups.setdefault(fact.subject, []).append(fact)
        return {subject: tuple(group) for subject, group in groups.items()}

    @cached_property
    def texts(self) -> dict[str, str]:
        """How each fact's number prints, or what its closed value is."""
        return {fact.id: self._text(fact) for fact in self.facts}

    def text(self, fact: Fact) -> str:
        """Return how a fact's number prints, or what its closed value is."""
        return self.texts[fact.id]

    def _text(self, fact: Fact) -> str:
        if fact.value is None:
            return fact.label or ""
        language, universe = self.language, self.universe
        return printed(fact.value, fact.unit, fact.measure, language=language, universe=universe)

    def date(self, fact: Fact) -> str:
        """Return how a fact's date prints."""
        return day(fact.as_of, self.language)

    def peers(self, fact: Fact) -> tuple[Fact, ...]:
        """Return the same measure of other subjects that prints otherwise."""
        group = self.by_measure.get((source(fact), fact.measure), ())
        return tuple(
            other for other in group
            if other.subject != fact.subject and self.text(other) != self.text(fact)
        )  # fmt: skip

    def beside(self, fact: Fact) -> tuple[Fact, ...]:
        """Return other measures of the same subject that print otherwise."""
        return tuple(
            other for other in self.by_subject.get(fact.subject, ())
            if other.measure != fact.measure and self.text(other) != self.text(fact)
        )  # fmt: skip

    @cached_property
    def earlier(self) -> tuple[tuple[Fact, Fact], ...]:
        """Pairs of a value and an earlier one of the same thing that prints otherwise."""
        return tuple(
            (new, old) for rows in self.by_subject.values() for new in rows for old in rows
            if _is_older(old, new) and self.text(old) != self.text(new)
        )  # fmt: skip

    def labels(self, measure: str) -> Iterator[Fact]:
        """Yield the facts of a measure that state a closed value."""
        every = self.material.facts.values()
        return (fact for fact in every if fact.measure == measure and fact.label is not None)


def _is_older(old: Fact, new: Fact) -> bool:
    if source(old) != source(new) or new.value is None:
        return False
    if (old.measure, new.measure) == ("previous", "value"):
        return True
    before, after = _PERIOD.findall(old.measure), _PERIOD.findall(new.measure)
    return (
        bool(before)
        and before < after
        and _PERIOD.sub("", old.measure) == _PERIOD.sub("", new.measure)
    )


def _list(fact: Fact) -> Key:
    """Return what a row's facts share with those of other rows alone: list, subject, key."""
    steps = _row(fact).split("/")
    place = "/".join(step for step in steps if not step.isdigit())
    return (source(fact), place, fact.subject, fact.measure.partition(".")[2])


def _row(fact: Fact) -> str:
    """Return the place of a fact's row; of what is in no list its own place."""
    found = _IN_ROW.match(fact.pointer or "")
    return found[0] if found else f"{fact.pointer} {fact.id}"


def source(fact: Fact) -> str:
    """Return where a fact is from: facts are compared within one source."""
    return fact.evidence or fact.formula or ""
