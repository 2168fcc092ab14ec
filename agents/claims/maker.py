"""Makes one universe's template claims from patterns; a claim without all its facts is not made."""

from dataclasses import dataclass

from agents.material import Material
from core.records.evidence import Fact
from core.records.report import Claim, Comparator, Section
from core.records.universe import Universe
from prompts.library import sentences


@dataclass(frozen=True, slots=True)
class Maker:
    """The material of a report, seen from one universe."""

    material: Material
    universe: Universe

    def claim(
        self,
        section: Section,
        key: str,
        *facts: Fact | None,
        comparator: Comparator = "states",
    ) -> list[Claim]:
        """Return the claim of a pattern as a list of one; empty when a fact is absent."""
        held = [fact for fact in facts if fact is not None]
        if len(held) < len(facts) or not held:
            return []
        return [
            Claim(
                section=section,
                universe=self.universe.id,
                entity=held[0].subject,
                comparator=comparator,
                facts=tuple(fact.id for fact in held),
                text=sentences(self.material.request.language)[key],
            )
        ]

    def listing(self, section: Section, key: str, *facts: Fact | None) -> list[Claim]:
        """Return the claim of the pattern `key` with a number: as many facts as a pattern takes."""
        held = [fact for fact in facts if fact is not None]
        patterns = sentences(self.material.request.language)
        sizes = [size for size in range(1, len(held) + 1) if f"{key}_{size}" in patterns]
        return self.claim(section, f"{key}_{sizes[-1]}", *held[: sizes[-1]]) if sizes else []
