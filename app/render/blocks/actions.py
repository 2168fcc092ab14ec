"""The recommendations: changed stances first, each with its expectation, reason and dissent."""

from app.render.blocks.cells import change_cell, expectation_cells
from app.render.material import Material
from app.render.view import Block, Cell, Column, Table, Tone, footnoted
from core.records.decision import AllocationLine, Stance

MAXIMUM_ROWS = 6
TONES: dict[Stance, Tone] = {"overweight": "good", "underweight": "bad", "excluded": "bad"}


def actions(material: Material) -> Block:
    """Return the recommendations block; without an allocation it says so."""
    words = material.words
    if material.allocation is None:
        return Block("actions", words.label("title", "actions"))
    chosen = chosen_lines(material)
    notes = _notes(material)
    if not chosen:
        notes = (words.text("no_change"), *notes)
        return Block("actions", words.label("title", "actions"), notes=notes)
    held = any(line.held_weight is not None for line in chosen)
    rows = tuple(_row(material, line, held=held) for line in chosen)
    table = footnoted(Table("actions", _columns(material, held=held), rows))
    return Block("actions", words.label("title", "actions"), tables=(table,), notes=notes)


def chosen_lines(material: Material) -> list[AllocationLine]:
    """Return the lines that depart from the benchmark, most overweight first."""
    if material.allocation is None:
        return []
    active = [
        line for line in material.allocation.lines if line.stance in TONES and _active(line) != 0.0
    ]
    largest = sorted(active, key=lambda line: (-abs(_active(line)), line.sector))[:MAXIMUM_ROWS]
    return sorted(largest, key=lambda line: (-_active(line), line.sector))


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
    return (
        Cell(words.entity(line.sector), tone="strong"),
        Cell(words.label("stance", line.stance), tone=TONES[line.stance]),
        *((Cell(line.instrument),) if _has_funds(material) else ()),
        change_cell(material, line.sector, start),
        excess,
        chance,
        _argument(material, "for", line.sector),
        _argument(material, "against", line.sector),
    )


def _argument(material: Material, side: str, sector: str) -> Cell:
    lines = material.lines("for" if side == "for" else "against", entity=sector)
    if not lines:
        return Cell(material.words.text("none_stated"), tone="soft")
    parts: list[Cell] = []
    for line in lines:
        parts += [*line.parts, Cell(" ")]
    return Cell(parts=tuple(parts[:-1]))


def _notes(material: Material) -> tuple[str, ...]:
    words, allocation = material.words, material.allocation
    if allocation is None:
        return ()
    notes = [words.label("weights_source", allocation.benchmark_weights_source)]
    if all(line.held_weight is None for line in allocation.lines):
        notes.append(words.text("no_holdings"))
    return tuple(notes)
