"""The macro strip: six published numbers, the regime, and the target's lean to cyclicals."""

from app.render.blocks.balance import balance_line
from app.render.blocks.tables import Placed, placed
from app.render.material import Material
from app.render.view import Align, Block, Cell, Item
from core.language.printed.series import SERIES
from core.records.payloads import MacroResult, MacroRow

MAXIMUM_SERIES = 6
COLUMNS: tuple[tuple[str, Align], ...] = (
    ("series", "left"), ("value_level", "right"), ("previous_level", "right"),
    ("released", "right"),
)  # fmt: skip


def macro_strip(material: Material) -> Block:
    """Return the strip; a market without macro series says so."""
    words = material.words
    title = words.label("title", "macro")
    rows = placed(material.answers(MacroResult), key=lambda row: getattr(row, "series", None))
    lines = tuple(
        line for line in (_regime(material), _lean(material), balance_line(material)) if line
    )
    assumed = any(getattr(one.row, "assumed_release", False) for one in rows)
    if not rows:
        return Block("macro_strip", title, lines=lines, notes=(words.text("no_macro"),))
    items = tuple(_item(material, row) for row in six(material, rows))
    key = (Cell(words.text("release_assumed"), tone="soft"),) if assumed else ()
    return Block("macro_strip", title, lines=(*lines, *key), items=items)


def six(material: Material, rows: list[Placed]) -> list[Placed]:
    """Return up to six series: one of each kind first, fresh, named and unusual ones before."""
    said = {sentence.entity for sentence in material.sentences("headline", "macro")}
    seen: dict[str, int] = {}
    keyed: list[tuple[tuple[int, bool, float, int], Placed]] = []
    ranked = sorted(enumerate(rows), key=lambda item: _merit(item[1], said, item[0]))
    for place, one in ranked:
        kind = one.row.category if isinstance(one.row, MacroRow) else ""
        round_of = seen[kind] = seen.get(kind, -1) + 1
        keyed.append(((round_of, *_merit(one, said, place)[:2], place), one))
    chosen = sorted(keyed, key=lambda item: item[0])[:MAXIMUM_SERIES]
    order = {id(row): place for place, row in enumerate(rows)}
    return sorted((one for _, one in chosen), key=lambda one: order[id(one)])


def _merit(one: Placed, said: set[str], place: int) -> tuple[bool, float, int]:
    row = one.row
    if not isinstance(row, MacroRow):
        return True, 0.0, place
    unknown = row.series not in SERIES or "stale" in row.flags
    return unknown, -(abs(row.history_z or 0.0) + 9.0 * (row.series in said)), place


def _item(material: Material, one: Placed) -> Item:
    words, binder = material.words, material.binder
    at = (one.evidence, "rows", one.index)
    row = one.row
    if not isinstance(row, MacroRow):
        return Item("", Cell())
    parts = [
        _strong(binder.at(*at, "value_level", unit=True)),
        Cell(" " + words.text("from_before") + " ", tone="soft"),
        binder.at(*at, "previous_level"), Cell(" · "), binder.at(*at, "released"),
    ]  # fmt: skip
    if "stale" in row.flags:
        parts.append(Cell(" " + words.text("stale"), tone="bad"))
    elif row.assumed_release:
        parts.append(Cell(" ~", source=words.label("flag", "assumed_known_at"), tone="soft"))
    return Item(words.entity(row.series), Cell(parts=tuple(parts)))


def _strong(cell: Cell) -> Cell:
    return Cell(cell.text, cell.source, cell.fact, tone="strong") if not cell.reason else cell


def _regime(material: Material) -> Cell | None:
    words, binder = material.words, material.binder
    for evidence, result in material.answers(MacroResult):
        if result.regime:
            at = (evidence, "regime", 0)
            return Cell(
                parts=(
                    Cell(words.text("regime") + " ", tone="soft"),
                    _strong(binder.at(*at, "regime")),
                    Cell(" " + words.text("since") + " "), binder.at(*at, "since"),
                    Cell(f" ({words.text('growth_z')} "), binder.at(*at, "growth_z"),
                    Cell(f", {words.text('inflation_z')} "), binder.at(*at, "inflation_z"),
                    Cell(")"),
                )
            )  # fmt: skip
    return None


def _lean(material: Material) -> Cell | None:
    """Return how much more the target has of cyclical and of defensive sectors."""
    words, allocation = material.words, material.allocation
    if allocation is None:
        return None
    style = {sector.id: sector.style for sector in material.universe.sectors}
    parts = [Cell(words.text("lean") + " ", tone="soft")]
    source = f"{words.measure('active_weight')} · {words.label('formula', 'difference')}"
    for number, name in enumerate(("cyclical", "defensive")):
        lean = round(
            100.0 * sum(
                line.target_weight - line.benchmark_weight
                for line in allocation.lines if style.get(line.sector) == name
            ), 9,
        )  # fmt: skip
        said = (", " if number else "") + words.label("style", name) + " "
        parts += [Cell(said), Cell(words.measured(lean, "pp", signed=True), source)]
    return Cell(parts=tuple(parts))
