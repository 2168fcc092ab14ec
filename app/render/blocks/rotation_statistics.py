"""What past rotations did: moves and stays drawn, sayings against history, odds of each sector."""

from app.render.blocks.cells import sector_cell
from app.render.blocks.parts import Made, field_column, part_table, share_cell, told
from app.render.blocks.textbook import counted, textbook_table
from app.render.charts.moves import dwell_chart, moves_chart
from app.render.material import Material
from app.render.view import Block, Cell, Column, Table
from core.records.evidence import Evidence
from core.records.rotation_statistics import RotationStatisticsResult

LOOPS = ("full_loops", "right_loops", "left_loops")


def rotation_statistics(material: Material) -> Block:
    """Return the statistics of the universe's rotations; empty without them."""
    words = material.words
    title = words.label("title", "rotation_statistics")
    pair = counted(material)
    if pair is None:
        return Block("rotation_statistics", title)
    evidence, result = pair
    name = material.universe.id
    return Block(
        "rotation_statistics",
        title,
        lines=(*_turns(material, evidence, result), *_warnings(material, evidence, result)),
        pictures=(
            moves_chart(result.moves, words, name=f"moves-{name}"),
            dwell_chart(result.rows, words, name=f"dwell-{name}"),
        ),
        tables=(
            textbook_table(material, evidence, result),
            *((_sectors(material, evidence, result),) if result.sectors else ()),
        ),
        notes=(f"{_span(material, result)} {words.text('counted_note')}",),
    )


def _span(material: Material, result: RotationStatisticsResult) -> str:
    words = material.words
    return words.text(
        "counted_since",
        frequency=words.label("frequency", result.frequency),
        benchmark=words.entity(result.benchmark),
        day=words.day(result.since) if result.since else "",
    )


def _turns(
    material: Material, evidence: Evidence, result: RotationStatisticsResult
) -> tuple[Cell, ...]:
    """Return the share of clockwise changes and how many loops were closed."""
    words = material.words
    lines = []
    for place, row in enumerate(result.turns):
        changes = words.measured(float(row.changes_count), "count")
        parts = [
            Cell(words.text("clockwise") + " ", tone="soft"),
            share_cell(material, evidence, "turns", place, "clockwise"),
            Cell(f" {words.text('of_changes', n=changes)}"),
        ]
        for loop in LOOPS:
            count = told(material, evidence, "turns", place, f"{loop}_count")
            parts += [Cell(" · "), Cell(words.text(loop) + " ", tone="soft"), count]
        lines.append(Cell(parts=tuple(parts)))
    return tuple(lines)


def _warnings(
    material: Material, evidence: Evidence, result: RotationStatisticsResult
) -> tuple[Cell, ...]:
    """Return each kind of early warning with its hit rate, against bars as near and any bar."""
    words = material.words
    lines = []
    for place, row in enumerate(result.early_warnings):
        at = (material, evidence, "early_warnings", place)
        kind = words.label("early_warning", row.kind)
        within = words.text("came_within", n=str(row.within_count))
        lines.append(
            Cell(
                parts=(
                    Cell(words.text("warned", kind=kind) + " ", tone="soft"),
                    told(*at, "followed_count"), Cell("/"), told(*at, "announced_count"),
                    Cell(f" {within}, "), share_cell(*at, "hit"), Cell("; "),
                    Cell(words.text("bars_as_near") + " ", tone="soft"),
                    told(*at, "near_fraction", unit=True), Cell("; "),
                    Cell(words.text("any_bar") + " ", tone="soft"),
                    told(*at, "base_fraction", unit=True), Cell("; "), told(*at, "verdict"),
                )
            )
        )  # fmt: skip
    return tuple(lines)


def _sectors(material: Material, evidence: Evidence, result: RotationStatisticsResult) -> Table:
    """Return each sector's stay with the odds that such a stay ends soon, in the page's order."""
    words, rows = material.words, result.sectors
    order = {sector: rank for rank, sector in enumerate(material.order)}
    places = sorted(range(len(rows)), key=lambda place: order.get(rows[place].sector, len(order)))
    within = words.text("left_within", n=str(rows[0].within_count))

    def name(place: int) -> Cell:
        return sector_cell(material, rows[place].sector)

    def odds(place: int) -> Cell:
        return share_cell(material, evidence, "sectors", place, "leave")

    def side(place: int) -> Cell:
        cell = told(material, evidence, "sectors", place, "ratio_side")
        bars = told(material, evidence, "sectors", place, "side_bars_count")
        one = f", {words.text('one_sided')}" if rows[place].one_sided else ""
        return Cell(parts=(cell, Cell(" ("), bars, Cell(f"){one}")))

    def plain(field: str) -> tuple[Column, Made]:
        return field_column(material, evidence, "sectors", field)

    columns = (
        (Column(words.label("column", "sector"), "left"), name),
        plain("quadrant"),
        plain("dwell_count"),
        (Column(f"{within}, %", "right"), odds),
        plain("leave_cases_count"),
        (Column(words.column("ratio_side", "ratio_side"), "left"), side),
        plain("side_turns_count"),
        plain("full_loops_count"),
    )
    return part_table(material, evidence, "sectors", places, columns)
