"""Decides which sentences a report may hold: bound, true, in its language, else a template's.

It replaces or drops one sentence at a time, never the report.
"""

import re
from dataclasses import dataclass
from typing import Literal

from agents.bindings import well_bound
from agents.material import Material
from agents.sayable import UNSAID
from agents.slots import SlotError, filled, literal_text, pieces
from agents.truth import Truth
from core.lexicon import forbidden_outside_slots
from core.records.evidence import Fact
from core.records.report import Claim, Draft, Section, Sentence
from core.records.request import Language

Repair = Literal["unbound", "false", "unknown_fact", "bad_slot", "language"]
Key = tuple[Section, str, str]

MODEL_SECTIONS: frozenset[Section] = frozenset(
    {
        "for",
        "against",
        "rotation",
        "forecast",
        "macro",
        "flow",
        "whales",
        "fundamentals",
        "stocks",
        "answer",
    }
)
"""Sections a model may word; recommendations, warnings and gaps are rendered by code alone."""
ORDER: tuple[Section, ...] = (
    "answer",
    "headline",
    "recommendation",
    "trades",
    "for",
    "against",
    "opportunity",
    "rotation",
    "forecast",
    "changes",
    "macro",
    "flow",
    "whales",
    "fundamentals",
    "stocks",
    "risk",
    "track",
    "missing",
    "warning",
)
_VIETNAMESE = re.compile(
    r"[ăâđêôơưàáảãạằắẳẵặầấẩẫậèéẻẽẹềếểễệìíỉĩịòóỏõọồốổỗộờớởỡợùúủũụừứửữựỳýỷỹỵ]", re.I
)
_ENOUGH_LETTERS = 12
"""From this many letters on a Vietnamese sentence without a mark is another language."""


@dataclass(frozen=True, slots=True)
class _Judged:
    claim: Claim
    sentence: Sentence | None
    repair: Repair | None


def verified(material: Material, drafts: tuple[Draft, ...]) -> tuple[Sentence, ...]:
    """Return the sentences that stand, by section; the last draft is the template's.

    A model's claim that falls is replaced by the template's sentences about the same entity in the
    same section. Sections the model left out keep the template's.
    """
    truth = Truth(material)
    template = [_judged(claim, "template", material, truth) for claim in drafts[-1].claims]
    standing = [row.sentence for row in template if row.sentence is not None]
    if len(drafts) == 1:
        return ordered(standing)
    own = {id(row.sentence) for row in template if _is_codes_own(row.claim, material)}
    model = [_judged(claim, "model", material, truth) for claim in drafts[0].claims]
    kept = [sentence for sentence in standing if id(sentence) in own]
    replaced = [sentence for sentence in standing if id(sentence) not in own]
    return ordered([*_merged(model, replaced), *kept])


def ordered(sentences: list[Sentence]) -> tuple[Sentence, ...]:
    """Return the sentences by section, each once, otherwise in their order."""
    unique = {(s.section, s.universe, s.text): s for s in sentences}
    return tuple(sorted(unique.values(), key=lambda s: ORDER.index(s.section)))


def _merged(model: list[_Judged], template: list[Sentence]) -> list[Sentence]:
    fallen = {_key(row.claim): row.repair for row in model if row.sentence is None}
    told = [row.sentence for row in model if row.sentence is not None]
    spoken = {(sentence.section, sentence.universe) for sentence in told}
    kept: list[Sentence] = []
    for sentence in template:
        repair = fallen.get((sentence.section, sentence.universe, sentence.entity))
        if repair is not None:
            kept.append(sentence.model_copy(update={"repaired": repair}))
        elif (sentence.section, sentence.universe) not in spoken:
            kept.append(sentence)
    return [*told, *kept]


def _judged(
    claim: Claim, author: Literal["model", "template"], material: Material, truth: Truth
) -> _Judged:
    facts = [material.facts.get(name) for name in claim.facts]
    known = tuple(fact for fact in facts if fact is not None and fact.universe == claim.universe)
    if len(known) < len(facts) or claim.universe not in material.universes:
        return _Judged(claim, None, "unknown_fact")
    repair = _refused(claim, known, material) if author == "model" else None
    if repair is None and not _is_true(claim, known, truth, author):
        repair = "false"
    if repair is not None:
        return _Judged(claim, None, repair)
    universe = material.universes[claim.universe]
    try:
        spans = filled(claim, known, language=material.request.language, universe=universe)
    except SlotError:
        return _Judged(claim, None, "bad_slot")
    sentence = Sentence(
        section=claim.section,
        universe=claim.universe,
        entity=claim.entity,
        spans=spans,
        author=author,
    )
    return _Judged(claim, sentence, None)


def _refused(claim: Claim, facts: tuple[Fact, ...], material: Material) -> Repair | None:
    """Return why a model's wording cannot stand, whether its facts are true or not."""
    language = material.request.language
    try:
        slots = tuple(slot for _, slot in pieces(claim.text) if slot is not None)
    except SlotError:
        return "bad_slot"
    if not _in_language(literal_text(claim.text), language):
        return "language"
    unsaid = any(_is_unsaid(fact, material) for fact in facts)
    if unsaid or claim.section not in MODEL_SECTIONS:
        return "unbound"
    if forbidden_outside_slots(claim.text, language):
        return "unbound"
    return None if well_bound(slots, claim, facts) else "unbound"


def _is_unsaid(fact: Fact, material: Material) -> bool:
    """Tell whether no model may speak of a fact: the user's own, or one of two of a name."""
    return fact.formula in UNSAID or fact.id in material.namesakes


def _is_true(
    claim: Claim, facts: tuple[Fact, ...], truth: Truth, author: Literal["model", "template"]
) -> bool:
    first = facts[0]
    if claim.entity != first.subject or not all(truth.stands(fact) for fact in facts):
        return False
    if claim.section in {"for", "against"} and not _argues(claim.section, facts, truth, author):
        return False
    return truth.compares(claim.comparator, first)


def _argues(
    section: Section, facts: tuple[Fact, ...], truth: Truth, author: Literal["model", "template"]
) -> bool:
    """Return whether the parts of the score have the sign of their section; a model names one."""
    parts = [fact for fact in facts if fact.measure.startswith("contribution")]
    wanted: Literal["above", "below"] = "above" if section == "for" else "below"
    if author == "model" and facts[0] not in parts:
        return False
    return all(truth.compares(wanted, part) for part in parts)


def _in_language(text: str, language: Language) -> bool:
    letters = sum(char.isalpha() for char in text)
    marked = _VIETNAMESE.search(text) is not None
    if language == "vi":
        return marked or letters < _ENOUGH_LETTERS
    return not marked


def _is_codes_own(claim: Claim, material: Material) -> bool:
    """Tell whether no model's claim can stand for a template's.

    It says what a model may not, or it is dissent that is no factor's.
    """
    facts = [fact for name in claim.facts if (fact := material.facts.get(name))]
    if any(_is_unsaid(fact, material) for fact in facts):
        return True
    fact = material.facts.get(claim.facts[0])
    return claim.section == "against" and not (fact and fact.measure.startswith("contribution"))


def _key(claim: Claim) -> Key:
    return (claim.section, claim.universe, claim.entity)
