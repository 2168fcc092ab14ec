"""The full factor table, read downwards: every contribution, the best and worst three marked."""

from dataclasses import replace

from app.render.material import Material
from app.render.view import Block, Cell, Column, Table, footnoted
from core.records.decision import Contribution

MARKED = 3
SMALLEST_PRINTED = 0.005
"""Half of the last printed decimal of a contribution."""


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
    families = {part.factor: part.family for s in sectors for part in scores[s].contributions}
    by_sector = {s: {part.factor: part for part in scores[s].contributions} for s in sectors}
    rows = []
    empty: dict[str, tuple[str, ...]] = {}
    for factor, family in families.items():
        parts = [by_sector[s].get(factor) for s in sectors]
        if all(part is None or part.contribution is None for part in parts):
            empty[factor] = _reasons(material, parts)
            continue
        marks = _marks(parts)
        cells = [
            replace(_part(material, sector, factor), shade=marks.get(place))
            for place, sector in enumerate(sectors)
        ]
        rows.append(
            (
                Cell(
                    words.label("factor", factor),
                    source=f"{factor} · {words.label('family', family)}",
                ),
                *cells,
            )
        )
    columns = [Column(words.label("column", "factor"), "left")]
    columns += [Column(words.sector_tag(s)) for s in sectors]
    notes = (words.text("factor_note"), *_left_out(material, empty, set(known) - set(sectors)))
    return footnoted(Table("factors", tuple(columns), tuple(rows), notes, upright=False))


def _reasons(material: Material, parts: list[Contribution | None]) -> tuple[str, ...]:
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
    return material.scored(sector, "contributions", place, "contribution", note=note)


def _marks(parts: list[Contribution | None]) -> dict[int, int]:
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
