"""All weights in full: benchmark, held, target; every column sums to 100.0 as printed."""

from app.render.blocks.actions import held
from app.render.blocks.cells import active_cell, sector_cell
from app.render.blocks.sectors import beyond
from app.render.material import Material
from app.render.view import Align, Block, Cell, Column, Table, footnoted, sourced_by_row
from core.records.decision import Allocation

COLUMNS: tuple[tuple[str, Align], ...] = (
    ("sector", "left"), ("benchmark_weight", "right"), ("held_weight", "right"),
    ("target_weight", "right"), ("active", "right"), ("risk_share", "right"), ("stance", "left"),
)  # fmt: skip
WEIGHTS = ("benchmark_weight", "held_weight", "target_weight")


def weights(material: Material) -> Block:
    """Return the table of weights with cash, what lies outside, and the sum of each column."""
    words, allocation = material.words, material.allocation
    title = words.label("title", "weights")
    if allocation is None:
        return Block("weights", title)
    kept = [key for key, _ in COLUMNS if _kept(material, allocation, key)]
    rows = [_row(material, allocation, place) for place in range(len(allocation.lines))]
    rows += [_beyond(material, allocation, *line) for line in beyond(material)]
    rows.append(_total(material, allocation))
    columns = tuple(Column(words.label("column", k), side) for k, side in COLUMNS if k in kept)
    cells = tuple(tuple(row.get(key, Cell()) for key in kept) for row in rows)
    note = words.label("weights_source", allocation.benchmark_weights_source)
    if allocation.benchmark_weights_as_of is not None:
        day = words.day(allocation.benchmark_weights_as_of)
        note += f" {words.text('weights_dated', day=day)}"
    at, count = material.binder.row_source, len(allocation.lines)
    sources = [at(allocation, "lines", place) for place in range(count)]
    sources += [at(allocation)] * (len(cells) - count)
    table = sourced_by_row(footnoted(Table("weights", columns, cells)), tuple(sources))
    return Block("weights", title, tables=(table,), notes=(note,))


def _kept(material: Material, allocation: Allocation, key: str) -> bool:
    if key == "held_weight":
        return held(material)
    return key != "risk_share" or any(x.risk_share_pct is not None for x in allocation.lines)


def _row(material: Material, allocation: Allocation, place: int) -> dict[str, Cell]:
    line, binder = allocation.lines[place], material.binder
    row = {name: binder.at(allocation, "lines", place, name) for name in WEIGHTS}
    if not material.portfolio and line.held_weight is None:
        row["held_weight"] = Cell()
    share = Cell()
    if line.risk_share_pct is not None:
        share = binder.at(allocation, "lines", place, "risk_share_pct")
    return row | {
        "sector": sector_cell(material, line.sector),
        "active": active_cell(material, line.sector), "risk_share": share,
        "stance": Cell(material.words.label("stance", line.stance)),
    }  # fmt: skip


def _beyond(
    material: Material, allocation: Allocation, key: str, before: str, after: str
) -> dict[str, Cell]:
    at = material.binder.at
    started = Cell() if getattr(allocation, before) is None else at(allocation, before)
    name = Cell(material.words.label("beyond", key), tone="soft")
    return {"sector": name, "held_weight": started, "target_weight": at(allocation, after)}


def _total(material: Material, allocation: Allocation) -> dict[str, Cell]:
    words = material.words
    source = f"{words.text('total')} · {words.label('formula', 'allocation')}"
    sums = {name: sum(getattr(line, name) or 0.0 for line in allocation.lines) for name in WEIGHTS}
    sums["held_weight"] += (allocation.cash_held_weight or 0.0) + allocation.outside_weight
    sums["target_weight"] += allocation.cash_target_weight + allocation.outside_weight
    cells = {
        name: Cell(words.number(round(total, 9), "fraction"), source, tone="strong")
        for name, total in sums.items()
    }
    return cells | {"sector": Cell(words.text("total"), tone="strong")}
