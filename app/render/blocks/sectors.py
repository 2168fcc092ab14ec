"""All sectors, one line each, best score first."""

from app.render.binding import toned
from app.render.blocks.cells import (
    NO_BREAK,
    change_cell,
    expectation_cells,
    flags_cell,
    sector_cell,
    unanswered,
)
from app.render.material import Material
from app.render.view import Block, Cell, Column, Table, footnoted
from core.measures import measure_of
from core.records.evidence import Evidence
from core.records.payloads import FlowResult, FlowRow, FundamentalsResult
from core.records.result import Flag

FLOW_SESSIONS = 20
COLUMNS = (
    ("rank", "right"), ("sector", "left"), ("weekly", "left"), ("daily", "left"),
    ("score", "right"), ("confidence", "right"), ("expected", "right"), ("outperform", "right"),
    ("return_3m_pct", "right"), ("distance_200d_pct", "right"), ("flow", "right"),
    ("valuation_percentile_pct", "right"), ("benchmark_target", "right"), ("flags", "left"),
)  # fmt: skip


def sectors(material: Material) -> Block:
    """Return the table of all sectors; columns nobody has are left out."""
    words = material.words
    shared = _shared(material)
    rows = [_row(material, sector, shared) for sector in material.order]
    kept = [
        place
        for place, (key, _) in enumerate(COLUMNS)
        if key in ("rank", "sector") or any(_says(row[place]) for row in rows)
    ]
    columns = tuple(
        Column(
            _heading(material, COLUMNS[place][0]),
            "left" if COLUMNS[place][1] == "left" else "right",
        )
        for place in kept
    )
    body = tuple(tuple(row[place] for place in kept) for row in rows)
    table = footnoted(Table("sectors", columns, body))
    notes: tuple[str, ...] = ()
    if shared:
        notes = (words.text("every_sector", flags=flags_cell(material, shared).plain),)
    return Block("sectors", words.label("title", "sectors"), tables=(table,), notes=notes)


def _shared(material: Material) -> frozenset[Flag]:
    """Return the flags of every sector that has data, to be said once."""
    rows = material.heatmap.result.rows if material.heatmap else ()
    known = [row.sector for row in rows if row.weekly is not None]
    each = [frozenset(_flags(material, sector)) for sector in known]
    return frozenset.intersection(*each) - {"single_stock"} if len(each) > 1 else frozenset()


def _target(material: Material, sector: str) -> Cell:
    for place, line in enumerate(material.allocation.lines if material.allocation else ()):
        if material.allocation and line.sector == sector and line.stance == "not_weighted":
            said = material.binder.at(material.allocation, "lines", place, "stance")
            return toned(said, "soft")
    return change_cell(material, sector)


def _says(cell: Cell) -> bool:
    if cell.parts:
        return any(_says(part) and bool(part.fact) for part in cell.parts)
    return bool(cell.text) and cell.tone != "missing"


def _heading(material: Material, key: str) -> str:
    words = material.words
    if key == "expected":
        span = words.label("span", material.report.request.horizon.lower())
        return words.text("expected_over", horizon=span)
    if key == "flow":
        return words.text("flow_over", unit=words.unit("bn"))
    if key == "return_3m_pct":
        return words.heading("absolute_3m_pct", "return_3m", "%")
    if key in ("distance_200d_pct", "valuation_percentile_pct"):
        return words.heading(key, key.removesuffix("_pct"), "%")
    return words.label("column", key)


def _row(material: Material, sector: str, shared: frozenset[Flag]) -> tuple[Cell, ...]:
    excess, chance = expectation_cells(material, sector, material.report.request.horizon)
    return (
        material.scored(sector, "rank"),
        sector_cell(material, sector),
        _quadrant(material, sector, "weekly"),
        _quadrant(material, sector, "daily"),
        material.scored(sector, "score"),
        material.scored(sector, "confidence"),
        excess,
        chance,
        _heat(material, sector, "return_3m_pct"),
        _heat(material, sector, "distance_200d_pct"),
        _flow(material, sector),
        _valuation(material, sector),
        _target(material, sector),
        flags_cell(material, set(_flags(material, sector)) - shared, sector),
    )


def _heat(material: Material, sector: str, field: str) -> Cell:
    found = material.heatmap_row(sector)
    if found is None or material.heatmap is None:
        return unanswered(material, sector, field)
    return material.binder.at(material.heatmap.evidence, "rows", found[0], field)


def _quadrant(material: Material, sector: str, frequency: str) -> Cell:
    found = material.heatmap_row(sector)
    binder = material.binder
    if found is None or material.heatmap is None:
        return unanswered(material, sector, "quadrant")
    evidence = material.heatmap.evidence
    where = binder.at(evidence, "rows", found[0], frequency, "quadrant")
    if where.tone == "missing" or frequency == "daily":
        return where
    dwell = binder.at(evidence, "rows", found[0], frequency, "dwell_count")
    return Cell(parts=(where, Cell(f"{NO_BREAK}("), dwell, Cell(")")))


def _flow(material: Material, sector: str) -> Cell:
    found = flow_of(material, sector)
    binder = material.binder
    if found is None:
        return _no_flow(material, sector)
    evidence, index, _ = found
    path = ("rows", index)
    return Cell(
        parts=(
            binder.at(evidence, *path, "net_bn"), Cell(f"{NO_BREAK}("),
            binder.at(evidence, *path, "intensity_pct", unit=True), Cell(")"),
        )
    )  # fmt: skip


def flow_of(material: Material, sector: str) -> tuple[Evidence, int, FlowRow] | None:
    """Return the sector's foreign flow over the span nearest to twenty sessions."""
    found = [
        (evidence, index, row)
        for evidence, result in material.answers(FlowResult)
        for index, row in enumerate(result.rows)
        if row.sector == sector and row.symbol is None
    ]
    return min(found, key=lambda item: abs(item[2].sessions - FLOW_SESSIONS), default=None)


def _no_flow(material: Material, sector: str) -> Cell:
    for evidence, _ in material.answers(FlowResult):
        return material.binder.absent(evidence, sector, "net_bn")
    reason = material.gap_reason("foreign_flow")
    return material.binder.missing(reason, source=material.words.measure("net"))


def _valuation(material: Material, sector: str) -> Cell:
    binder, field = material.binder, "valuation_percentile_pct"
    for evidence, result in material.answers(FundamentalsResult):
        for index, row in enumerate(result.rows):
            if row.sector == sector:
                return binder.at(evidence, "rows", index, field)
    for evidence, _ in material.answers(FundamentalsResult):
        return binder.absent(evidence, sector, field.removesuffix("_pct"))
    reason = material.gap_reason("fundamentals")
    return binder.missing(reason, source=material.words.measure(measure_of(field)[0]))


def _flags(material: Material, sector: str) -> tuple[Flag, ...]:
    found = material.heatmap_row(sector)
    flow = flow_of(material, sector)
    return (*(found[1].flags if found else ()), *(flow[2].flags if flow else ()))
