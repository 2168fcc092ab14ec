"""What is not what it was in the predecessor, each with its cause; it finds no change itself."""

from app.render.binding import DASH
from app.render.material import Material
from app.render.view import Align, Block, Cell, Column, Table, footnoted, sourced_by_row
from core.records.history import Change, ChangeKind, Changes
from core.records.plan import ToolName

MAXIMUM_LINES = 5
FIELDS: dict[ChangeKind, tuple[str, str]] = {
    "rank": ("before_rank", "after_rank"),
    "weekly_quadrant": ("before_quadrant", "after_quadrant"),
    "daily_quadrant": ("before_quadrant", "after_quadrant"),
    "weight": ("before_weight", "after_weight"),
    "stance": ("before_stance", "after_stance"),
    "evidence": ("before_reason", "after_reason"),
    "cash": ("before_weight", "after_weight"),
}
IN_PERCENT: frozenset[ChangeKind] = frozenset({"weight", "cash"})
COLUMNS: tuple[tuple[str, Align], ...] = (
    ("sector", "left"), ("changed", "left"), ("before", "right"), ("after", "right"),
    ("cause", "left"), ("causes", "left"),
)  # fmt: skip


def changed(material: Material) -> Block:
    """Return the first page's share: the largest changes, one line each, of every kind first."""
    words, changes = material.words, material.changes
    title = words.label("title", "changes")
    if changes is None:
        return Block("changes", title, notes=(words.text("no_predecessor"),))
    since = words.text("changed_since", day=words.day(changes.since))
    if not changes.rows:
        return Block("changes", title, notes=(since, words.text("nothing_changed")))
    places = _telling(changes)
    lines = tuple(_line(material, changes, place) for place in places)
    rest = len(changes.rows) - len(places)
    more = (words.text("more_changes", n=str(rest)),) if rest else ()
    return Block("changes", title, lines=lines, notes=(" ".join((since, *more)),))


def all_changes(material: Material) -> Block:
    """Return every change with the share of each cause."""
    words, changes = material.words, material.changes
    title = words.label("title", "all_changes")
    if changes is None or not changes.rows:
        return Block("all_changes", title, lines=material.lines("changes"))
    columns = tuple(Column(words.label("column", key), align) for key, align in COLUMNS)
    rows = tuple(_row(material, changes, place) for place in range(len(changes.rows)))
    stayed = material.binder.at(changes, "same_count")
    note = words.text("stayed", n=stayed.plain, day=words.day(changes.since))
    at = material.binder.row_source
    table = sourced_by_row(
        footnoted(Table("changes", columns, rows)),
        tuple(at(changes, "rows", place) for place in range(len(rows))),
    )
    said = material.lines("changes")
    return Block("all_changes", title, lines=said, tables=(table,), notes=(note,))


def _telling(changes: Changes) -> list[int]:
    """Return the places of the lines to show: the first of each kind, then the next largest."""
    first = {row.kind: place for place, row in reversed(list(enumerate(changes.rows)))}
    others = [place for place in range(len(changes.rows)) if place not in first.values()]
    return sorted([*sorted(first.values()), *others][:MAXIMUM_LINES])


def _line(material: Material, changes: Changes, place: int) -> Cell:
    words, row = material.words, changes.rows[place]
    before, after = _ends(material, changes, place)
    what = words.label("change", row.kind)
    cause = words.label("cause", row.cause)
    unit = Cell("\N{NO-BREAK SPACE}%") if row.kind in IN_PERCENT else Cell()
    return Cell(
        parts=(
            Cell(_subject(material, row), tone="strong"), Cell(f" {what} "), before, Cell(" → "),
            after, unit, Cell(f" ({cause})", tone="soft"),
        )
    )  # fmt: skip


def _row(material: Material, changes: Changes, place: int) -> tuple[Cell, ...]:
    words, row = material.words, changes.rows[place]
    what = words.label("change", row.kind) + (", %" if row.kind in IN_PERCENT else "")
    return (
        Cell(_subject(material, row), tone="strong"), Cell(what),
        *_ends(material, changes, place), Cell(words.label("cause", row.cause)),
        _causes(material, changes, place),
    )  # fmt: skip


def _ends(material: Material, changes: Changes, place: int) -> tuple[Cell, Cell]:
    first, second = (
        _end(material, changes, place, field) for field in FIELDS[changes.rows[place].kind]
    )
    return first, second


def _end(material: Material, changes: Changes, place: int, field: str) -> Cell:
    row = changes.rows[place]
    if getattr(row, field) is None:
        known = material.words.text("answered") if row.kind == "evidence" else DASH
        return Cell(known, tone="soft")
    cell = material.binder.at(changes, "rows", place, field)
    if row.kind == "evidence":
        return Cell(material.words.label("reason", getattr(row, field)), cell.source, cell.fact)
    return cell


def _causes(material: Material, changes: Changes, place: int) -> Cell:
    words, row = material.words, changes.rows[place]
    if row.kind not in ("rank", *IN_PERCENT):
        return Cell()
    parts: list[Cell] = []
    unit = "fraction" if row.kind in IN_PERCENT else "count"
    for index, share in enumerate(row.causes):
        amount = material.binder.at(
            changes, "rows", place, "causes", index, "amount", as_unit=unit, signed=True
        )
        parts += [Cell((", " if parts else "") + words.label("cause", share.cause) + " "), amount]
    return Cell(parts=tuple(parts))


def _subject(material: Material, row: Change) -> str:
    words = material.words
    if row.subject in material.universe.sector_ids:
        return words.entity(row.subject)
    step = next((s for s in material.report.plan.steps if s.id == row.subject), None)
    tool: ToolName | None = step.tool if step else None
    return words.label("tool", tool) if tool else words.entity(row.subject)
