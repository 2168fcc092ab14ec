"""The report's sentences: which are told in words, and which only repeat a table of the page."""

from app.render.material import Material
from app.render.view import Block, Cell, Group
from core.records.report import Section, Sentence

TOLD: tuple[tuple[str, tuple[Section, ...]], ...] = (
    ("actions", ("recommendation",)),
    ("arguments", ("for", "against")),
    ("rotation", ("rotation",)),
    ("forecast", ("forecast",)),
)
REPEATING: frozenset[Section] = frozenset(
    {"recommendation", "for", "against", "forecast", "macro", "whales", "fundamentals", "stocks"}
)
"""Sections whose template sentence about one sector, stock or series is a row of a table."""


def reading(material: Material) -> Block:
    """Return the sentences about stances, arguments, rotation and forecast, a group each."""
    groups: list[Group] = []
    for title, sections in TOLD:
        lines, repeated = told(material, *sections)
        name = material.words.label("title", title)
        groups += [Group(name, lines)] if lines else []
        groups += [Group(name, group.lines, repeats=True) for group in repeated]
    title = material.words.label("title", "reading")
    return Block("reading", title, groups=tuple(groups))


def told(material: Material, *sections: Section) -> tuple[tuple[Cell, ...], tuple[Group, ...]]:
    """Return the sentences to be read, and apart from them those a table already shows."""
    lines: list[Cell] = []
    repeated: list[Cell] = []
    for sentence in material.sentences(*sections):
        (repeated if _repeats(material, sentence) else lines).append(material.binder.line(sentence))
    groups = (Group("", tuple(repeated), repeats=True),) if repeated else ()
    return tuple(lines), groups


def _repeats(material: Material, sentence: Sentence) -> bool:
    whole = sentence.entity == material.universe.id
    return sentence.author == "template" and sentence.section in REPEATING and not whole
