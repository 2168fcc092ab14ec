"""All sectors, one line each, best score first; cash and what lies outside close the weights."""

from app.render.binding import DASH, toned
from app.render.blocks.cells import NO_BREAK, change_cell, expectation_cells, unanswered
from app.render.blocks.flags import own_flags, shared_flags, short_flags
from app.render.blocks.flow_cells import flow_cell
from app.render.blocks.place_cells import name_cell, quadrant_cells, rank_cell
from app.render.material import Material
from app.render.view import Align, Block, Cell, Column, Table, footnoted
from core.measures import measure_of
from core.records.payloads import FundamentalsResult

BREADTH = "breadth_200d"
COLUMNS: tuple[tuple[str, Align], ...] = (
    ("rank", "left"), ("sector", "left"), ("weekly", "left"), ("daily", "left"),
    ("score", "right"), ("expected", "right"), ("outperform", "right"),
    ("return_3m_pct", "right"), ("distance_200d_pct", "right"), ("breadth", "right"),
    ("flow", "right"), ("share", "right"), ("valuation_percentile_pct", "right"),
    ("benchmark_target", "right"), ("flags", "left"),
)  # fmt: skip


def sectors(material: Material) -> Block:
    """Return the table of all sectors; columns nobody has are left out."""
    words = material.words
    rows = [_row(material, sector) for sector in material.order]
    rows += [_beyond(material, key, after) for key, _, after in beyond(material)]
    kept = [
        place
        for place, (key, _) in enumerate(COLUMNS)
        if key in ("rank", "sector") or any(_says(row[place]) for row in rows)
    ]
    columns = tuple(Column(_heading(material, COLUMNS[i][0]), COLUMNS[i][1]) for i in kept)
    body = tuple(tuple(row[place] for place in kept) for row in rows)
    table = footnoted(Table("sectors", columns, body))
    return Block(
        "sectors", words.label("title", "sectors"), tables=(table,),
        notes=(_note(material, {COLUMNS[place][0] for place in kept}),),
    )  # fmt: skip


def beyond(material: Material) -> list[tuple[str, str, str]]:
    """Return the weights that are no sector's: label, field before and field after."""
    allocation = material.allocation
    if allocation is None:
        return []
    found: list[tuple[str, str, str]] = []
    if allocation.cash_held_weight or allocation.cash_target_weight:
        found.append(("cash", "cash_held_weight", "cash_target_weight"))
    if allocation.outside_weight:
        found.append(("outside", "outside_weight", "outside_weight"))
    return found


def _beyond(material: Material, key: str, after: str) -> tuple[Cell, ...]:
    words, binder, allocation = material.words, material.binder, material.allocation
    blank = dict.fromkeys((name for name, _ in COLUMNS), Cell())
    if allocation is not None:
        target = toned(binder.at(allocation, after), "strong")
        start = Cell(f"{DASH}{NO_BREAK}→{NO_BREAK}")
        blank["benchmark_target"] = Cell(parts=(start, target))
    blank["sector"] = Cell(words.label("beyond", key), tone="soft")
    return tuple(blank[name] for name, _ in COLUMNS)


def _row(material: Material, sector: str) -> tuple[Cell, ...]:
    excess, chance = expectation_cells(material, sector, material.report.request.horizon)
    return (
        rank_cell(material, sector), name_cell(material, sector),
        *quadrant_cells(material, sector),
        material.scored(sector, "score"), excess, chance,
        _heat(material, sector, "return_3m_pct"), _heat(material, sector, "distance_200d_pct"),
        _breadth(material, sector), flow_cell(material, sector), _share(material, sector),
        _valuation(material, sector), _target(material, sector),
        short_flags(material, sector),
    )  # fmt: skip


def _target(material: Material, sector: str) -> Cell:
    for place, line in enumerate(material.allocation.lines if material.allocation else ()):
        if material.allocation and line.sector == sector and line.stance == "not_weighted":
            said = toned(material.binder.at(material.allocation, "lines", place, "stance"), "soft")
            if not (line.target_weight or line.benchmark_weight):
                return said
            return Cell(parts=(said, Cell(" "), change_cell(material, sector)))
    return change_cell(material, sector)


def _heat(material: Material, sector: str, field: str) -> Cell:
    found = material.heatmap_row(sector)
    if found is None or material.heatmap is None:
        return unanswered(material, sector, field)
    return material.binder.at(material.heatmap.evidence, "rows", found[0], field)


def _share(material: Material, sector: str) -> Cell:
    share = _heat(material, sector, "turnover_share_pct")
    found = material.heatmap_row(sector)
    if found is None or found[1].turnover_share_change_pp is None or share.tone == "missing":
        return share
    change = _heat(material, sector, "turnover_share_change_pp")
    return Cell(parts=(share, Cell(f"{NO_BREAK}("), change, Cell(")")))


def _breadth(material: Material, sector: str) -> Cell:
    binder = material.binder
    for evidence in material.evidence:
        for place, factor in enumerate(evidence.result.factors):
            if (factor.sector, factor.factor) == (sector, BREADTH):
                return binder.at(evidence, "factors", place, "value", as_unit="%", signed=False)
    return unanswered(material, sector, BREADTH)


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
    return words.label("column", f"all_{key}")


def _note(material: Material, kept: set[str]) -> str:
    words = material.words
    said = [words.text("sector_marks")]
    if "flow" in kept:
        said.append(words.text("flow_marks"))
    if material.places is not None and material.places is not material.heatmap:
        named = words.entity(material.places.result.benchmark)
        said.append(words.text("quadrants_against", benchmark=named))
    shared = shared_flags(material)
    if shared:
        said.append(words.text("every_sector", flags=own_flags(material, shared)))
    return " ".join(said)
