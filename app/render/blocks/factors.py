"""The full factor table by family: every contribution, the best and worst three marked."""

from collections.abc import Iterator
from dataclasses import replace
from math import fsum
from typing import Final, get_args

from app.render.binding import DASH
from app.render.material import Material
from app.render.view import Block, Cell, Column, Table, footnoted
from core.records.decision import Contribution
from core.records.result import Family

Parts = tuple[Contribution | None, ...]
"""A factor's contribution to each shown sector."""

MARKED = 3
HUNDREDTHS = 100.0
PRINTED = "pp"
"""Contributions are printed in hundredths of a point of score, with this unit's one decimal."""
SMALLEST_PRINTED = 0.0005
"""Half of the last printed decimal of a contribution, in points."""
INDENT = 2 * "\N{NO-BREAK SPACE}"
FAMILY_ORDER: Final[tuple[Family, ...]] = (
    "views",
    *(family for family in get_args(Family) if family != "views"),
)
"""What fitted views add stands first: it is most of a learned score."""


def factors(material: Material) -> Block:
    """Return the table of contributions, a row a factor and a column a sector."""
    words, card = material.words, material.card
    title = words.label("title", "factors")
    if card is None:
        return Block("factors", title)
    notes = [words.label("score_weights", card.weights_source)]
    if card.trained_until is not None:
        notes.append(words.text("trained_until", day=words.day(card.trained_until)))
    return Block("factors", title, tables=(_factor_table(material),), notes=(" ".join(notes),))


def _factor_table(material: Material) -> Table:
    words, scores = material.words, material.scores
    known = [sector for sector in material.order if sector in scores]
    sectors = [s for s in known if scores[s].score is not None] or known
    by_sector = [{part.factor: part for part in scores[s].contributions} for s in sectors]
    families = {part.factor: part.family for parts in by_sector for part in parts.values()}
    held: dict[Family, dict[str, Parts]] = {}
    empty: dict[str, tuple[str, ...]] = {}
    for factor, family in families.items():
        parts = tuple(own.get(factor) for own in by_sector)
        if all(part is None or part.contribution is None for part in parts):
            empty[factor] = _reasons(material, parts)
        else:
            held.setdefault(family, {})[factor] = parts
    rows = [
        row
        for family in FAMILY_ORDER
        if family in held
        for row in _family(material, family, held[family], sectors)
    ]
    columns = [Column(words.label("column", "factor"), "left")]
    columns += [Column(words.sector_tag(s)) for s in sectors]
    notes = (words.text("factor_note"), *_left_out(material, empty, set(known) - set(sectors)))
    return footnoted(Table("factors", tuple(columns), tuple(rows), notes, upright=False))


def _family(
    material: Material, family: Family, factors: dict[str, Parts], sectors: list[str]
) -> Iterator[tuple[Cell, ...]]:
    """Yield the family's sum, then its factors; of a family of one only the factor."""
    words = material.words
    name = words.label("family", family)
    if len(factors) > 1:
        source = f"{words.text('total')} · {words.label('formula', 'scorecard')}"
        columns = zip(*factors.values(), strict=True)
        yield Cell(name, tone="strong"), *(_summed(material, column, source) for column in columns)
    for factor, parts in factors.items():
        marks = _marks(parts)
        said = words.label("factor", factor)
        alone = len(factors) == 1
        head = Cell(
            said if alone else f"{INDENT}{said}",
            source=f"{factor} · {name}",
            tone="strong" if alone else "",
        )
        cells = (
            replace(_part(material, sector, factor), shade=marks.get(place))
            for place, sector in enumerate(sectors)
        )
        yield head, *cells


def _summed(material: Material, parts: Parts, source: str) -> Cell:
    held = [part.contribution for part in parts if part and part.contribution is not None]
    if not held:
        return Cell(DASH, source, tone="soft")
    text = material.words.number(round(HUNDREDTHS * fsum(held), 7), PRINTED, signed=True)
    return Cell(text, source, tone="strong")


def _reasons(material: Material, parts: Parts) -> tuple[str, ...]:
    found = {part.reason or "not_stated" for part in parts if part is not None}
    return tuple(material.words.label("reason", reason) for reason in sorted(found))


def _left_out(
    material: Material, empty: dict[str, tuple[str, ...]], unscored: set[str]
) -> list[str]:
    """Return, in words, the factors without any value and the sectors without a score."""
    words, notes = material.words, []
    by_reason: dict[tuple[str, ...], list[str]] = {}
    for factor, reasons in empty.items():
        by_reason.setdefault(reasons, []).append(words.label("factor", factor))
    if by_reason:
        said = [f"{', '.join(names)} ({' / '.join(whys)})" for whys, names in by_reason.items()]
        notes.append(words.text("no_factor", names="; ".join(said)))
    if unscored:
        why = {
            s: material.scores[s].reason or "not_stated" for s in material.order if s in unscored
        }
        named = [f"{words.entity(s)} ({words.label('reason', why[s])})" for s in why]
        notes.append(words.text("not_scored", names=", ".join(named)))
    return notes


def _part(material: Material, sector: str, factor: str) -> Cell:
    parts = material.scores[sector].contributions
    place = next((i for i, part in enumerate(parts) if part.factor == factor), None)
    if place is None:
        return material.binder.missing(None, source=material.words.label("factor", factor))
    part, write = parts[place], material.words.number
    note = ""
    if part.z is not None:
        weight = write(part.weight, "index", signed=True)
        note = f"{weight} × z {write(part.z, 'sd', signed=True)}"
    cell = material.scored(sector, "contributions", place, "contribution", note=note)
    if part.contribution is None:
        return cell
    return replace(cell, text=write(HUNDREDTHS * part.contribution, PRINTED, signed=True))


def _marks(parts: Parts) -> dict[int, int]:
    """Return the places of the three highest above and the three lowest below zero, as shades."""
    ranked = sorted(
        (part.contribution, place)
        for place, part in enumerate(parts)
        if part is not None
        and part.contribution is not None
        and abs(part.contribution) >= SMALLEST_PRINTED
    )
    lowest = [place for value, place in ranked[:MARKED] if value < 0]
    highest = [place for value, place in ranked[-MARKED:] if value > 0]
    return dict.fromkeys(lowest, -2) | dict.fromkeys(highest, 2)
