"""The recommendations: the report's own first, each with its expectation, reasons and dissent."""

from app.render.blocks.cells import change_cell, expectation_cells
from app.render.material import Material
from app.render.view import Block, Cell, Column, Table, Tone, footnoted
from core.records.decision import AllocationLine, Contribution, Stance

MAXIMUM_ROWS = 6
ARGUMENTS = 2
SMALLEST_PRINTED = 0.005
"""Half of the last printed decimal of a contribution."""
TONES: dict[Stance, Tone] = {"overweight": "good", "underweight": "bad", "excluded": "bad"}


def actions(material: Material) -> Block:
    """Return the recommendations block; without an allocation it says so."""
    words = material.words
    if material.allocation is None:
        return Block("actions", words.label("title", "actions"))
    chosen = chosen_lines(material)
    notes: tuple[str, ...] = (_note(material, argued=bool(chosen)),)
    if not chosen:
        notes = (words.text("no_change"), *notes)
        return Block("actions", words.label("title", "actions"), notes=notes)
    held = any(line.held_weight is not None for line in chosen)
    rows = tuple(_row(material, line, held=held) for line in chosen)
    table = footnoted(Table("actions", _columns(material, held=held), rows))
    return Block("actions", words.label("title", "actions"), tables=(table,), notes=notes)


def chosen_lines(material: Material) -> list[AllocationLine]:
    """Return the lines that depart from the benchmark: recommended ones first, then by size."""
    if material.allocation is None:
        return []
    said = [sentence.entity for sentence in material.sentences("recommendation")]
    active = [
        line for line in material.allocation.lines if line.stance in TONES and _active(line) != 0.0
    ]
    place = {sector: said.index(sector) for sector in said}
    order = sorted(
        active,
        key=lambda line: (place.get(line.sector, len(said)), -abs(_active(line)), line.sector),
    )
    return order[:MAXIMUM_ROWS]


def _active(line: AllocationLine) -> float:
    return round(line.target_weight - line.benchmark_weight, 9)


def _columns(material: Material, *, held: bool) -> tuple[Column, ...]:
    def label(key: str) -> str:
        return material.words.label("column", key)

    horizon = material.words.label("span", material.report.request.horizon.lower())
    expected = material.words.text("expected_over", horizon=horizon)
    change = label("held_target") if held else label("benchmark_target")
    return (
        Column(label("sector"), "left"),
        Column(label("stance"), "left"),
        *((Column(label("instrument"), "left"),) if _has_funds(material) else ()),
        Column(change),
        Column(expected),
        Column(label("outperform")),
        Column(label("for"), "left"),
        Column(label("against"), "left"),
    )


def _has_funds(material: Material) -> bool:
    return not material.universe.built_from_members


def _row(material: Material, line: AllocationLine, *, held: bool) -> tuple[Cell, ...]:
    words = material.words
    excess, chance = expectation_cells(material, line.sector, material.report.request.horizon)
    start = "held_weight" if held and line.held_weight is not None else "benchmark_weight"
    more = line.stance == "overweight"
    return (
        Cell(words.entity(line.sector), tone="strong"),
        Cell(words.label("stance", line.stance), tone=TONES[line.stance]),
        *((Cell(line.instrument),) if _has_funds(material) else ()),
        change_cell(material, line.sector, start),
        excess,
        chance,
        _arguments(material, line.sector, raising=more),
        _arguments(material, line.sector, raising=not more),
    )


def _arguments(material: Material, sector: str, *, raising: bool) -> Cell:
    """Return the strongest contributions that raise the sector's score, or that lower it."""
    score = material.scores.get(sector)
    found = _strongest(score.contributions if score else (), raising=raising)
    if not found:
        return Cell(material.words.text("no_argument"), tone="soft")
    parts: list[Cell] = []
    for place, part in found:
        name = material.words.label("factor", part.factor)
        family = f"{part.factor} · {material.words.label('family', part.family)}"
        value = material.scored(sector, "contributions", place, "contribution")
        parts += [Cell("; ")] if parts else []
        parts += [Cell(f"{name}\N{NO-BREAK SPACE}", family), value]
    return Cell(parts=tuple(parts))


def _strongest(
    contributions: tuple[Contribution, ...], *, raising: bool
) -> list[tuple[int, Contribution]]:
    sided = [
        (abs(part.contribution), place, part)
        for place, part in enumerate(contributions)
        if part.contribution and (part.contribution > 0) == raising
    ]
    ranked = sorted(sided, key=lambda item: (-item[0], item[1]))[:ARGUMENTS]
    printed = [item for item in ranked if item[0] >= SMALLEST_PRINTED] or ranked[:1]
    return [(place, part) for _, place, part in printed]


def _note(material: Material, *, argued: bool) -> str:
    words, allocation = material.words, material.allocation
    said = [words.text("arguments")] if argued else []
    if allocation is not None:
        said.append(words.label("weights_source", allocation.benchmark_weights_source))
        if all(line.held_weight is None for line in allocation.lines):
            said.append(words.text("no_holdings"))
    return " ".join(said)
