"""Whether a model's slots stand in an order that says what their facts say; it reads no word.

From left to right, a value belongs to the subject and the measure named last, and each name is
followed by a value of its own. So a true number cannot be told of another sector, measure,
frequency, benchmark or date, although both numbers are true.
"""

import re
from dataclasses import dataclass

from core.records.evidence import Fact
from core.records.report import Claim

_PLACED = re.compile(r"(value|measure|date|name|benchmark)(?:_([2-8]))?")
Measured = tuple[str, str | None, str | None, str | None]


@dataclass(slots=True)
class _Reader:
    """What a reader holds to be spoken of, slot by slot; `due` are names without a value yet."""

    claim: Claim
    facts: tuple[Fact, ...]
    subject: str | None = None
    measured: Measured | None = None
    subject_due: bool = False
    measure_due: bool = False
    compared: bool = False

    def reads(self, slot: str) -> bool:
        """Take the next slot; tell whether it agrees with what was named before it."""
        first = self.facts[0]
        if slot == "comparator":
            return self._compares(first)
        if slot in {"entity", "universe"}:
            return self._names(self.claim.entity if slot == "entity" else self.claim.universe)
        match = _PLACED.fullmatch(slot)
        place = int(match[2] or 1) - 1 if match else len(self.facts)
        if match is None or place >= len(self.facts):
            return False
        fact = self.facts[place]
        match match[1]:
            case "name":
                return self._names(fact.subject)
            case "measure":
                return self._measures(fact)
            case "value":
                return self._values(fact)
            case "date":
                return all(other.as_of == fact.as_of for other in self.facts)
            case _:
                return self.measured is not None and self.measured == _measured(fact)

    def _names(self, subject: str) -> bool:
        alone = not self.subject_due
        self.subject, self.subject_due = subject, True
        return alone

    def _measures(self, fact: Fact) -> bool:
        alone = not self.measure_due
        own = not self.compared or fact.id == self.facts[0].id
        self.measured, self.measure_due, self.compared = _measured(fact), True, False
        return alone and own

    def _values(self, fact: Fact) -> bool:
        own = not self.compared or fact.id == self.facts[0].id
        self.subject_due = self.measure_due = self.compared = False
        return own and self.subject == fact.subject and self.measured == _measured(fact)

    def _compares(self, first: Fact) -> bool:
        if self.claim.comparator == "states":
            return True
        self.compared = True
        about = self.measured is None or self.measured == _measured(first)
        return about and self.subject == first.subject


def well_bound(slots: tuple[str, ...], claim: Claim, facts: tuple[Fact, ...]) -> bool:
    """Return whether every slot says of the value beside it what that value's own fact says.

    Args:
        slots: names of the claim's slots, in the text's order.
        claim: a model's.
        facts: the claim's, in its order.
    """
    reader = _Reader(claim, facts)
    read = all(reader.reads(slot) for slot in slots)
    unsaid = reader.subject_due or reader.measure_due or reader.measured is None
    return read and not unsaid


def _measured(fact: Fact) -> Measured:
    return (fact.measure, fact.frequency, fact.benchmark, fact.evidence or fact.formula)
