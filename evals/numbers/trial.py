"""Puts mutants and clean claims to the verifier, and to a naive check beside it; makes neither."""

import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field

from agents.material import Material
from agents.slots import SlotError, filled
from agents.truth import Truth
from agents.verifier import verified
from core.records.report import Claim, Draft
from evals.numbers.mutants import OPERATORS, Mutant
from evals.numbers.rules import RULES, Rule, refusing

_NUMBER = re.compile(r"\d[\d.,]*")


@dataclass(slots=True)
class Row:
    """What came of an operator's mutants, and which rules refused how many of them together."""

    total: int = 0
    killed: int = 0
    naive: int = 0
    rules: Counter[tuple[Rule, ...]] = field(default_factory=Counter)

    @property
    def told(self) -> str:
        """The rules with their counts, most first."""
        found = sorted(self.rules.items(), key=lambda row: (-row[1], row[0]))
        return ", ".join(f"{'+'.join(rules) or 'NONE'} {count:,}" for rules, count in found)

    def refused_by(self, rule: Rule, *, alone: bool = False) -> int:
        """Return how many a rule refused, or it alone."""
        return sum(
            count
            for rules, count in self.rules.items()
            if rules == (rule,) or (rule in rules and not alone)
        )


@dataclass
class Trial:
    """Counts by operator, the mutants that stood, and the clean claims that fell."""

    rows: dict[str, Row] = field(default_factory=lambda: defaultdict(Row))
    stood: list[Mutant] = field(default_factory=list)
    clean: int = 0
    alarms: list[Claim] = field(default_factory=list)
    naive_alarms: int = 0

    def judge(self, material: Material, clean: Iterable[Claim], false: Iterable[Mutant]) -> None:
        """Add what becomes of clean claims and of mutants over one material."""
        pool, truth = _pool(material), Truth(material)
        for claim in clean:
            self.clean += 1
            self.alarms += [] if stands(claim, material) else [claim]
            self.naive_alarms += not appears(claim, material, pool)
        for mutant in false:
            row = self.rows[mutant.operator]
            stood = stands(mutant.after, material)
            row.total += 1
            row.killed += not stood
            row.naive += not appears(mutant.after, material, pool)
            row.rules[refusing(mutant.after, material, truth)] += 1
            self.stood += [mutant] if stood else []

    @property
    def table(self) -> str:
        """Killed of all by operator, what the naive check kills, and the rules that refused."""
        head = f"{'operator':32} semantic   killed /  total   naive check kills  refused by"
        lines = [
            f"{one.name:32} {'yes' if one.semantic else 'no':8} {row.killed:8,} / {row.total:6,}"
            f"   {row.naive:8,} ({row.naive / row.total if row.total else 0.0:4.0%})"
            f"  {row.told}"
            for one in OPERATORS
            for row in (self.rows[one.name],)
        ]
        total, killed, naive = (
            sum(getattr(row, name) for row in self.rows.values())
            for name in ("total", "killed", "naive")
        )
        lines += [
            f"{'all':41} {killed:8,} / {total:6,}   {naive:8,} ({naive / max(total, 1):4.0%})",
            f"clean claims {self.clean:,}, false alarms {len(self.alarms):,}"
            f" (naive check {self.naive_alarms:,})",
            *self._by_rule(),
        ]
        return "\n".join([head, *lines])

    def _by_rule(self) -> Iterator[str]:
        """Yield of each rule how many it refused, how many alone, and of how many operators."""
        for rule in RULES:
            of = [row for row in self.rows.values() if row.refused_by(rule)]
            alone = sum(row.refused_by(rule, alone=True) for row in of)
            every = sum(row.refused_by(rule) for row in of)
            yield f"{rule:12} refused {every:8,}, alone {alone:8,}, of {len(of):2} operators"


def stands(claim: Claim, material: Material) -> bool:
    """Return whether the verifier lets a model say the claim."""
    language = material.request.language
    drafts = (
        Draft(language=language, author="model", claims=(claim,)),
        Draft(language=language, author="template", claims=()),
    )
    return any(sentence.author == "model" for sentence in verified(material, drafts))


def appears(claim: Claim, material: Material, pool: frozenset[str]) -> bool:
    """Return whether every number of the claim's sentence appears somewhere in the evidence.

    That is the usual check: text against the pool of all printed values.
    """
    facts = tuple(material.facts[name] for name in claim.facts)
    universe = material.universes[claim.universe]
    try:
        spans = filled(claim, facts, language=material.request.language, universe=universe)
    except SlotError:
        return False
    text = "".join(span.text for span in spans)
    return all(number.rstrip(".,") in pool for number in _NUMBER.findall(text))


def _pool(material: Material) -> frozenset[str]:
    texts: list[str] = []
    for fact in material.facts.values():
        relative = " {benchmark}" if fact.benchmark else ""
        claim = Claim(
            section="answer", universe=fact.universe, entity=fact.subject[:64], facts=(fact.id,),
            text=f"{{measure}} {{value}} {{date}} {{entity}}{relative}",
        )  # fmt: skip
        spans = filled(
            claim,
            (fact,),
            language=material.request.language,
            universe=material.universes[fact.universe],
        )
        texts += [span.text for span in spans]
    return frozenset(found.rstrip(".,") for text in texts for found in _NUMBER.findall(text))
