"""The actions: what to trade or where to depart, with expectation, reasons and dissent."""

from collections.abc import Collection

from app.render.blocks.arguments import for_and_against, reversal
from app.render.blocks.cells import active_cell, change_cell, expectation_cells, trade_cell
from app.render.material import Material
from app.render.view import Block, Cell, Column, Table, Tone, footnoted
from core.portfolio.precedence import active_weight, in_order, scores_of
from core.records.decision import AllocationLine, Stance

MAXIMUM_ROWS = 6
TONES: dict[Stance, Tone] = {"overweight": "good", "underweight": "bad", "excluded": "bad"}
COLUMNS = (
    ("sector", "left"), ("change", "right"), ("trade", "right"), ("stance", "left"),
    ("expected", "right"), ("outperform", "right"), ("for", "left"), ("against", "left"),
    ("reverses", "left"),
)  # fmt: skip


def actions(material: Material) -> Block:
    """Return the actions block; without an allocation it says so."""
    words = material.words
    title = words.label("title", "actions")
    if material.allocation is None:
        return Block("actions", title, notes=(words.text("no_allocation"),))
    chosen = chosen_lines(material)
    notes: tuple[str, ...] = (_note(material, argued=bool(chosen)),)
    if not chosen:
        key = "no_trade" if held(material) else "no_change"
        return Block("actions", title, notes=(words.text(key), *notes))
    kept = [key for key, _ in COLUMNS if key != "trade" or material.plan is not None]
    columns = tuple(
        Column(_heading(material, key), "left" if side == "left" else "right")
        for key, side in COLUMNS
        if key in kept
    )
    rows = tuple(_row(material, line, kept) for line in chosen)
    table = footnoted(Table("actions", columns, rows))
    return Block("actions", title, tables=(table,), notes=notes)


def held(material: Material) -> bool:
    """Whether the allocation starts from a portfolio."""
    lines = material.allocation.lines if material.allocation else ()
    return any(line.held_weight is not None for line in lines)


def chosen_lines(material: Material) -> list[AllocationLine]:
    """Return trades and changed stances in the order calls are told.

    A sector neither held nor wanted is none of them, whatever its stance.

    Without holdings a departure from the benchmark stands for a trade.
    """
    if material.allocation is None:
        return []
    lines = {x.sector: x for x in material.allocation.lines if _wanted(material, x)}
    moves = {sector: _move(line) for sector, line in lines.items()}
    order = in_order(moves, scores_of(material.card))
    return [lines[sector] for sector in order[:MAXIMUM_ROWS]]


def _wanted(material: Material, line: AllocationLine) -> bool:
    kept = line.held_weight == line.target_weight == 0.0
    if material.changed("stance", line.sector) is not None and not kept:
        return True
    return _move(line) != 0.0 and (line.held_weight is not None or line.stance in TONES)


def _move(line: AllocationLine) -> float:
    start = line.benchmark_weight if line.held_weight is None else line.held_weight
    return round(line.target_weight - start, 9)


def _heading(material: Material, key: str) -> str:
    words = material.words
    if key == "change":
        return words.label("column", "held_target" if held(material) else "benchmark_target")
    if key == "trade":
        return words.text("trade_over", unit=words.unit("bn"))
    if key == "expected":
        span = words.label("span", material.report.request.horizon.lower())
        return words.text("expected_over", horizon=span)
    return words.label("column", key)


def _row(material: Material, line: AllocationLine, kept: Collection[str]) -> tuple[Cell, ...]:
    excess, chance = expectation_cells(material, line.sector, material.report.request.horizon)
    reasons, dissent = for_and_against(material, line)
    cells = {
        "sector": _name(material, line), "change": _change(material, line),
        "trade": trade_cell(material, line.sector), "stance": _stance(material, line),
        "expected": excess, "outperform": chance, "for": reasons, "against": dissent,
        "reverses": reversal(material, line),
    }  # fmt: skip
    return tuple(cell for key, cell in cells.items() if key in kept)


def _name(material: Material, line: AllocationLine) -> Cell:
    words = material.words
    name = Cell(words.short(line.sector), words.entity(line.sector), tone="strong")
    if material.universe.built_from_members:
        return name
    return Cell(parts=(name, Cell(f" {line.instrument}", tone="soft")))


def _change(material: Material, line: AllocationLine) -> Cell:
    if line.held_weight is None:
        return change_cell(material, line.sector)
    moved = change_cell(material, line.sector, "held_weight")
    beside = active_cell(material, line.sector)
    return Cell(parts=(moved, Cell("\N{NO-BREAK SPACE}("), beside, Cell(")")))


def _stance(material: Material, line: AllocationLine) -> Cell:
    """Return the stance, where the trade goes against it that it does, and the former stance."""
    words = material.words
    now = Cell(words.label("stance", line.stance), tone=TONES.get(line.stance, ""))
    parts = [now, *_still(material, line)]
    found = material.changed("stance", line.sector)
    if found is not None and material.changes is not None and found[1].before_stance is not None:
        was = material.binder.at(material.changes, "rows", found[0], "before_stance")
        parts.append(Cell(words.text("was", before=was.plain), was.source, tone="soft"))
    return now if len(parts) == 1 else Cell(parts=tuple(parts))


def _still(material: Material, line: AllocationLine) -> tuple[Cell, ...]:
    """Return from where an overweight is sold down, or an underweight bought up."""
    against = active_weight(line) * _move(line) < 0.0
    if line.held_weight is None or line.stance == "neutral" or not against:
        return ()
    said = material.words.text("still_sold" if _move(line) < 0.0 else "still_bought")
    before = material.allocated(line.sector, "held_weight")
    return (Cell(f"{said} ", tone="soft"), before, Cell("%", tone="soft"))


def _note(material: Material, *, argued: bool) -> str:
    words, allocation = material.words, material.allocation
    said = [words.text("arguments")] if argued else []
    if allocation is not None:
        said.append(words.label("weights_source", allocation.benchmark_weights_source))
    if not held(material):
        said.append(words.text("no_holdings"))
    return " ".join(said)
