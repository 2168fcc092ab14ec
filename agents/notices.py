"""Sentences without facts: what is absent and who must act, what is refused, how the run went."""

from datetime import date, timedelta

from agents.material import Material
from agents.slots import pieces
from agents.state import Notice
from core.gaps import gap_sentence
from core.records.report import Section, Sentence, Span
from core.records.universe import Universe
from core.wording import entity_name
from prompts.library import sentences

HINDSIGHT_AFTER = timedelta(days=45)
"""A report this much older than today may be worded by a model that knows what came after."""


def refusals(material: Material) -> tuple[Sentence, ...]:
    """Return what the request cannot be answered with, first of all sentences."""
    universe = material.universes[material.request.universes[0]]
    if material.request.intent == "off_topic":
        return (_notice(material, "answer", "off_topic", universe),)
    if material.request.intent == "what_if":
        return (_notice(material, "answer", "what_if", universe),)
    return ()


def missing(material: Material) -> tuple[Sentence, ...]:
    """Return every gap's sentence, and the universes without a score."""
    found = [
        Sentence(
            section="missing",
            universe=gap.universe,
            entity=gap.tool,
            spans=(
                Span(
                    text=gap_sentence(
                        gap.gap, material.universes[gap.universe], material.request.language
                    )
                ),
            ),
            author="template",
        )
        for gap in material.gaps
    ]
    if material.request.intent != "off_topic":
        found += [
            _notice(material, "missing", "no_score", material.universes[name])
            for name in material.request.universes
            if material.scorecard(name) is None
        ]
    return tuple(found)


def warnings(
    material: Material,
    notices: tuple[Notice, ...],
    *,
    modelled: bool,
    dates: tuple[date, ...],
    today: date,
) -> tuple[Sentence, ...]:
    """Return how the run went and what kind of data it stands on."""
    first = material.universes[material.request.universes[0]]
    found = [_notice(material, "warning", key, first) for key in notices]
    if modelled and any(today - day > HINDSIGHT_AFTER for day in dates):
        found.append(_notice(material, "warning", "hindsight", first))
    made = {item.result.universe for item in material.evidence if item.result.synthetic}
    found += [
        _notice(material, "warning", "synthetic", material.universes[name])
        for name in material.request.universes
        if name in made
    ]
    return tuple(found)


def _notice(material: Material, section: Section, key: str, universe: Universe) -> Sentence:
    language = material.request.language
    name = entity_name(universe.id, language, universe)
    text = "".join(
        literal + (name if slot == "universe" else "")
        for literal, slot in pieces(sentences(language)[f"notice.{key}"])
    )
    return Sentence(
        section=section,
        universe=universe.id,
        entity=universe.id,
        spans=(Span(text=text),),
        author="template",
    )
