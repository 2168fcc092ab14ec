"""What a mutant is made from: a clean claim, its facts, and the facts beside them; changes none."""

from dataclasses import dataclass
from functools import cached_property
from random import Random
from typing import Final

from core.records.evidence import Fact
from core.records.report import Claim
from evals.numbers.market import Market

FACTS_CAP: Final = 8
"""Of one claim (`core.records.report.Claim`)."""


@dataclass(frozen=True)
class Scene:
    """A clean claim in its market, and the chance that chooses how it is changed."""

    claim: Claim
    market: Market
    chance: Random

    @cached_property
    def facts(self) -> tuple[Fact, ...]:
        """The claim's, in its order."""
        return tuple(self.market.material.facts[name] for name in self.claim.facts)

    @property
    def first(self) -> Fact:
        """The fact the claim is about."""
        return self.facts[0]

    @property
    def english(self) -> bool:
        """Whether the claim is in English."""
        return self.market.language == "en"

    def said(self, english: str, vietnamese: str) -> str:
        """Return the words in the claim's language."""
        return english if self.english else vietnamese

    def one(self, facts: tuple[Fact, ...]) -> Fact | None:
        """Return one of some facts; None of none."""
        return self.chance.choice(facts) if facts else None

    def worded(self, text: str, **changes: object) -> Claim | None:
        """Return the claim in another text; None where it stays as it is or is too long."""
        if len(text) > 400 or (text == self.claim.text and not changes):
            return None
        return self.claim.model_copy(update={"text": text, **changes})

    def with_fact(self, fact: Fact | None, slot: str, written: str) -> Claim | None:
        """Return the claim with one more fact, whose slots (`#` its number) replace a slot."""
        if fact is None or len(self.facts) >= FACTS_CAP or slot not in self.claim.text:
            return None
        number = str(len(self.facts) + 1)
        text = self.claim.text.replace(slot, written.replace("#", number), 1)
        return self.worded(text, facts=(*self.claim.facts, fact.id))

    def going_on(self, addition: str, fact: Fact | None = None) -> Claim | None:
        """Return the claim with more said at its end; `#` is the number of the added fact."""
        facts = self.claim.facts if fact is None else (*self.claim.facts, fact.id)
        if len(facts) > FACTS_CAP:
            return None
        added = addition.replace("#", str(len(facts)))
        return self.worded(f"{self.claim.text.rstrip('.')}{added}.", facts=facts)
