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
    return Block("limits", title, items=items, tables=tables, notes=notes)


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
