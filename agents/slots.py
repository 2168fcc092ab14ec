"""Fills the slots of a claim from its facts; every filled piece names the fact it came from."""

import re
from string import Formatter

from core.records.evidence import Fact
from core.records.report import Claim, Span
from core.records.request import Language
from core.records.universe import Universe
from core.wording import comparator_text, date_text, entity_name, key_name, measure_name, phrase

_SLOT = re.compile(r"(value|measure|date|name|key|benchmark)(?:_([2-8]))?")


class SlotError(ValueError):
    """A slot that does not exist, or has no fact."""


def filled(
    claim: Claim, facts: tuple[Fact, ...], *, language: Language, universe: Universe
) -> tuple[Span, ...]:
    """Return the sentence in pieces; `facts` are the claim's, in its order.

    Raises:
        SlotError: braces that do not pair, an unknown slot, a number beyond the facts.
    """
    spans: list[Span] = []
    for literal, slot in pieces(claim.text):
        if literal:
            spans.append(Span(text=literal))
        if slot is not None:
            spans.append(_span(slot, claim, facts, language, universe))
    return tuple(spans)


def pieces(text: str) -> tuple[tuple[str, str | None], ...]:
    """Return pairs of literal text and the slot after it (None at the end).

    Raises:
        SlotError: braces that do not pair, or a slot with a format of its own.
    """
    try:
        parsed = list(Formatter().parse(text))
    except ValueError as error:
        raise SlotError("braces do not pair") from error
    for literal, _, form, conversion in parsed:
        if form or conversion or "{" in literal or "}" in literal:
            raise SlotError("a slot takes no format")
    return tuple((literal, slot) for literal, slot, _, _ in parsed)


def literal_text(text: str) -> str:
    """Return the text outside slots, a gap where each slot stands."""
    return " … ".join(literal for literal, _ in pieces(text))


def _span(
    slot: str, claim: Claim, facts: tuple[Fact, ...], language: Language, universe: Universe
) -> Span:
    first = facts[0]
    if slot == "entity":
        return Span(text=entity_name(claim.entity, language, universe), fact=first.id)
    if slot == "universe":
        return Span(text=entity_name(universe.id, language, universe), fact=first.id)
    if slot == "comparator":
        return Span(text=comparator_text(claim.comparator, language), fact=first.id)
    if slot == "currency":
        return Span(text=universe.currency, fact=first.id)
    if slot == "names":
        named = dict.fromkeys(entity_name(fact.subject, language, universe) for fact in facts)
        return Span(text=", ".join(named), fact=first.id)
    match = _SLOT.fullmatch(slot)
    place = int(match[2] or 1) - 1 if match else len(facts)
    if match is None or place >= len(facts):
        raise SlotError(f"no fact for the slot at place {place + 1}")
    fact = facts[place]
    return Span(text=_worded(match[1], fact, language, universe), fact=fact.id)


def _worded(kind: str, fact: Fact, language: Language, universe: Universe) -> str:
    match kind:
        case "value":
            return phrase(fact, language, universe)
        case "measure":
            return measure_name(fact.measure, language)
        case "key":
            return key_name(fact.measure, language)
        case "date":
            return date_text(fact.as_of, language)
        case "benchmark":
            if fact.benchmark is None:
                raise SlotError("the fact has no benchmark")
            return entity_name(fact.benchmark, language, universe)
        case _:
            return entity_name(fact.subject, language, universe)
