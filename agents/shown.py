"""Decides which facts a writing model is shown, and how it refers to them; not what it says.

Facts stand in a table, an entity a line, so that a measure is named once, and short: what a model
reads is paid for. What the template speaks of comes first, then the same measures of others.
"""

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date
from typing import Final

from agents.llm.tokens import pieces_count
from agents.material import Material
from agents.sayable import UNSAID
from agents.verifier import MODEL_SECTIONS
from core.records.evidence import Fact
from core.records.report import Claim, Draft
from core.wording import date_text, measure_name, phrase

FACTS_TOKENS: Final = 1_600
"""What all values of a universe may take, counted by `agents.llm.tokens`."""
PEERS_OF: Final = frozenset({"rotation", "forecast", "flow", "fundamentals"})
"""Sections whose measures are shown of every entity, as far as there is room."""
Column = tuple[str, int]


@dataclass(slots=True)
class Shown:
    """The facts shown, by the reference a model uses.

    That is `entity.number`, behind its universe's name where there are several.
    """

    material: Material
    facts: dict[str, Fact] = field(default_factory=dict)
    _columns: dict[Column, int] = field(default_factory=dict)
    _rows: dict[tuple[str, str], dict[int, Fact]] = field(default_factory=dict)
    _tokens: Counter[str] = field(default_factory=Counter)

    def add(self, fact: Fact) -> bool:
        """Show a fact; tell whether there was room for it."""
        row = self._rows.get((fact.universe, fact.subject), {})
        if any(held.id == fact.id for held in row.values()):
            return True
        number = self._number(fact, row)
        tokens = pieces_count(self._cell(number, fact)) + 1
        if self._tokens[fact.universe] + tokens > FACTS_TOKENS:
            return False
        self._tokens[fact.universe] += tokens
        self._rows.setdefault((fact.universe, fact.subject), {})[number] = fact
        self.facts[self._reference(fact, number)] = fact
        return True

    def fact(self, reference: str) -> Fact | None:
        """Return what a model refers to; a fact's own id is a reference too."""
        return self.facts.get(reference) or self.material.facts.get(reference)

    @property
    def text(self) -> str:
        """The table."""
        measures = "; ".join(
            f"{n} {measure_name(name, 'en')}" for (name, _), n in self._columns.items()
        )
        return "\n".join([f"Measures: {measures}", *self._lines()])

    def _lines(self) -> Iterator[str]:
        for name in dict.fromkeys(universe for universe, _ in self._rows):
            rows = {subject: row for (of, subject), row in self._rows.items() if of == name}
            usual = _usual(rows)
            yield f"Universe {name}, {date_text(usual, 'en')}, other dates behind @:"
            for subject, row in rows.items():
                cells = [self._cell(number, row[number], usual) for number in sorted(row)]
                yield f"{subject}: {'; '.join(cells)}"

    def _number(self, fact: Fact, row: dict[int, Fact]) -> int:
        """Return the column of the fact's measure; another where the entity has it already."""
        again = sum(held.measure == fact.measure for held in row.values())
        return self._columns.setdefault((fact.measure, again), len(self._columns) + 1)

    def _reference(self, fact: Fact, number: int) -> str:
        several = len(self.material.request.universes) > 1
        return f"{f'{fact.universe}.' if several else ''}{fact.subject}.{number}"

    def _cell(self, number: int, fact: Fact, usual: date | None = None) -> str:
        value = phrase(fact, "en", self.material.universes[fact.universe])
        dated = "" if usual in (None, fact.as_of) else f" @ {date_text(fact.as_of, 'en')}"
        return f"{number} {value}{dated}"


def shows_any(material: Material, template: Draft) -> bool:
    """Tell whether there is anything a model could word."""
    return any(any(_usable(material, claim.facts)) for claim in _worded(template))


def shown(material: Material, template: Draft) -> Shown:
    """Return the facts a model sees of the material."""
    found = Shown(material)
    measures: set[tuple[str, str]] = set()
    for claim in _worded(template):
        for fact in _usable(material, claim.facts):
            found.add(fact)
            if claim.section in PEERS_OF:
                measures.add((_source(fact), fact.measure))
    for fact in _usable(material, tuple(material.facts)):
        if (_source(fact), fact.measure) in measures:
            found.add(fact)
    return found


def _worded(template: Draft) -> list[Claim]:
    """Return what the template says in sections a model may word."""
    return [claim for claim in template.claims if claim.section in MODEL_SECTIONS]


def _usable(material: Material, names: tuple[str, ...]) -> Iterator[Fact]:
    facts = (material.facts[name] for name in names if name in material.facts)
    said = (fact for fact in facts if fact.formula not in UNSAID)
    return (fact for fact in said if fact.id not in material.namesakes)


def _source(fact: Fact) -> str:
    return fact.evidence or fact.formula or ""


def _usual(rows: dict[str, dict[int, Fact]]) -> date:
    dates = Counter(fact.as_of for row in rows.values() for fact in row.values())
    return max(dates, key=lambda day: (dates[day], day))
