"""Decides which sentences a report may hold: bound, true, in its language, else a template's.

It replaces or drops one sentence at a time, never the report.
"""

import re
from dataclasses import dataclass
from typing import Literal

from agents.material import Material
from agents.slots import SlotError, filled, literal_text
from agents.truth import Truth
from core.lexicon import forbidden_outside_slots, names_outside_slots
from core.records.evidence import Fact
from core.records.report import Claim, Draft, Section, Sentence
from core.records.request import Language
from prompts.library import judgements

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
UNSAID = frozenset({"request", "before", "portfolio", "trades", "changes", "track"})
"""Formulas of facts a model may not use: the user's and the desk's own, weights without limits."""
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
_PLAIN = re.compile(r"""[^\W\d_]*(?:[\s.,;:'’"()–—/?!&%…-]+[^\W\d_]+)*[\s.,;:'’"()–—/?!&%…-]*""")
_ADDRESS = re.compile(r"://|www\b|[^\W\d_]\.[^\W\d_]|//", re.IGNORECASE)
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
    repair = _refused(claim, material) if author == "model" else None
    if author == "model" and any(fact.formula in UNSAID for fact in known):
        repair = "unbound"
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


def _refused(claim: Claim, material: Material) -> Repair | None:
    """Return why a model's wording cannot stand, whatever its facts."""
    language = material.request.language
    if claim.section not in MODEL_SECTIONS:
        return "unbound"
    try:
        text = literal_text(claim.text)
    except SlotError:
        return "bad_slot"
    if not _PLAIN.fullmatch(text) or _ADDRESS.search(text):
        return "unbound"
    if forbidden_outside_slots(claim.text, language) or judgements(language).search(text):
        return "unbound"
    asked = (material.universes[name] for name in material.request.universes)
    if any(names_outside_slots(claim.text, universe) for universe in asked):
        return "unbound"
    return None if _in_language(text, language) else "language"


def _is_true(
    claim: Claim, facts: tuple[Fact, ...], truth: Truth, author: Literal["model", "template"]
) -> bool:
    first = facts[0]
    if claim.entity != first.subject or not all(truth.stands(fact) for fact in facts):
        return False
    argued = author == "model" or first.measure.startswith("contribution")
    if claim.section in {"for", "against"} and argued:
        wanted: Literal["above", "below"] = "above" if claim.section == "for" else "below"
        if not first.measure.startswith("contribution") or not truth.compares(wanted, first):
            return False
    return truth.compares(claim.comparator, first)


def _in_language(text: str, language: Language) -> bool:
    letters = sum(char.isalpha() for char in text)
    marked = _VIETNAMESE.search(text) is not None
    if language == "vi":
        return marked or letters < _ENOUGH_LETTERS
    return not marked


def _is_codes_own(claim: Claim, material: Material) -> bool:
    """Tell whether a template's dissent is no factor's, so that no model's claim stands for it."""
    fact = material.facts.get(claim.facts[0])
    return claim.section == "against" and not (fact and fact.measure.startswith("contribution"))


def _key(claim: Claim) -> Key:
    return (claim.section, claim.universe, claim.entity)
