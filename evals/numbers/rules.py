"""Which of the verifier's rules refuse a model's claim, each by itself; it has no rule of its own.

The verifier names the first that refuses. Here all are named, so that a table shows whether a false
statement falls to its words, to how its slots stand, or to the truth of what it claims.
"""

from collections.abc import Iterator
from typing import Final, Literal, get_args

from agents.bindings import well_bound
from agents.material import Material
from agents.slots import SlotError, literal_text, pieces
from agents.truth import Truth
from agents.verifier import MODEL_SECTIONS, _argues, _in_language, _is_unsaid
from core.lexicon import forbidden_outside_slots
from core.records.evidence import Fact
from core.records.report import Claim

Rule = Literal[
    "fact", "slot", "language", "unsaid", "section", "words", "binding",
    "entity", "value", "side", "comparator",
]  # fmt: skip
"""fact: it is known, and of the market. slot: the text can be read. words: nothing but connecting
words and plain marks stands outside slots. The last four are what is true of the facts."""
RULES: Final[tuple[Rule, ...]] = get_args(Rule)
OF_TRUTH: Final[frozenset[Rule]] = frozenset({"entity", "value", "side", "comparator"})


def refusing(claim: Claim, material: Material, truth: Truth) -> tuple[Rule, ...]:
    """Return the rules that refuse the claim of a model, none where it may stand."""
    facts = [material.facts.get(name) for name in claim.facts]
    known = tuple(fact for fact in facts if fact is not None and fact.universe == claim.universe)
    if len(known) < len(facts) or claim.universe not in material.universes:
        return ("fact",)
    try:
        slots = tuple(slot for _, slot in pieces(claim.text) if slot is not None)
    except SlotError:
        return ("slot",)
    found = {*_of_form(claim, known, material, slots), *_of_truth(claim, known, truth)}
    return tuple(rule for rule in RULES if rule in found)


def _of_form(
    claim: Claim, facts: tuple[Fact, ...], material: Material, slots: tuple[str, ...]
) -> Iterator[Rule]:
    language = material.request.language
    if not _in_language(literal_text(claim.text), language):
        yield "language"
    if any(_is_unsaid(fact, material) for fact in facts):
        yield "unsaid"
    if claim.section not in MODEL_SECTIONS:
        yield "section"
    if forbidden_outside_slots(claim.text, language):
        yield "words"
    if not well_bound(slots, claim, facts):
        yield "binding"


def _of_truth(claim: Claim, facts: tuple[Fact, ...], truth: Truth) -> Iterator[Rule]:
    if claim.entity != facts[0].subject:
        yield "entity"
    if not all(truth.stands(fact) for fact in facts):
        yield "value"
    if claim.section in {"for", "against"} and not _argues(claim.section, facts, truth, "model"):
        yield "side"
    if not truth.compares(claim.comparator, facts[0]):
        yield "comparator"
