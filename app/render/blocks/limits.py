"""What the allocation costs, and which limits bind with what each of them costs."""

from app.render.blocks.cells import explained, sector_cell
from app.render.material import Material
from app.render.view import Align, Block, Cell, Column, Item, Table, footnoted
from core.measures import measure_of
from core.records.decision import Allocation, LimitEvent

COLUMNS: tuple[tuple[str, Align], ...] = (
    ("limit", "left"), ("about", "left"), ("limit_at", "right"), ("wanted", "right"),
    ("got", "right"), ("limit_cost", "right"),
)  # fmt: skip

SAME = 1e-9
"""Two weights of one grid are the same below this."""


def limits(material: Material) -> Block:
    """Return what the allocation costs and which limits bind."""
    words, allocation = material.words, material.allocation
    title = words.label("title", "limits")
    if allocation is None:
        return Block("limits", title)
    items = tuple(
        Item(
            words.measure(measure_of(name)[0]),
            explained(material.binder.at(allocation, name, unit=True)),
        )
        for name in ("turnover", "cost_bps", "tracking_error_pct")
    )
    rows = tuple(_limit(material, allocation, i) for i in range(len(allocation.limits)))
    columns = tuple(Column(words.label("column", key), align) for key, align in COLUMNS)
    tables = (footnoted(Table("limits", columns, rows)),) if rows else ()
    notes = (words.text("limit_cost"),) if rows else (words.text("no_limit"),)
    way = given_way(material)
    lines = () if way is None else (way,)
    return Block("limits", title, lines=lines, items=items, tables=tables, notes=notes)


def given_way(material: Material) -> Cell | None:
    """Return that the cap of a sector nobody stated gives way, to what, and which targets pass it.

    What is held beyond it is what it gives way to; else it is a limit somebody stated.
    """
    mandate, allocation, words = material.mandate, material.allocation, material.words
    if mandate is None or allocation is None or "sector_cap" not in mandate.assumed:
        return None
    lines = enumerate(allocation.lines)
    above = [(place, row) for place, row in lines if row.target_weight > mandate.sector_cap + SAME]
    if not above:
        return None
    kept = any((row.held_weight or 0.0) > mandate.sector_cap for _, row in above)
    parts = [
        Cell(words.text("built_in_cap") + " ", tone="soft"),
        material.binder.at(mandate, "sector_cap", unit=True, as_unit="fraction"),
        Cell(" " + words.text("gives_way_held" if kept else "gives_way_stated") + " ", tone="soft"),
    ]
    for number, (place, row) in enumerate(above):
        target = material.binder.at(allocation, "lines", place, "target_weight", unit=True)
        parts += [Cell((", " if number else "") + words.short(row.sector) + " "), target]
    return Cell(parts=tuple(parts))


def limit_name(material: Material, event: LimitEvent) -> str:
    """Return a limit's name with the sector, issuer or group it is about."""
    words = material.words
    about = event.name or (words.short(event.sector) if event.sector else "")
    return f"{words.label('limit', event.kind)} {about}".strip()


def _limit(material: Material, allocation: Allocation, place: int) -> tuple[Cell, ...]:
    words, event = material.words, allocation.limits[place]
    about = sector_cell(material, event.sector) if event.sector else Cell(words.text("all_sectors"))
    if event.name:
        about = Cell(event.name, tone="strong")
    figures = (
        Cell() if getattr(event, name) is None
        else material.binder.at(allocation, "limits", place, name)
        for name in ("limit", "wanted", "got", "cost_bps")
    )  # fmt: skip
    return (Cell(words.label("limit", event.kind)), about, *figures)
