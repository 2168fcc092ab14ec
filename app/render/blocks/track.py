"""The report card: what became of earlier calls; none settled yet is said in words."""

from app.render.blocks.cells import sector_cell
from app.render.material import Material
from app.render.view import Align, Block, Cell, Column, Item, Table, footnoted, sourced_by_row
from core.records.history import ReportCard, SettledCall

FIGURES = (
    "hit_fraction", "excess_mean_pct", "momentum_excess_mean_pct", "coverage_fraction",
    "brier_index",
)  # fmt: skip
SIGNED = frozenset({"excess_mean_pct", "momentum_excess_mean_pct"})
COLUMNS: tuple[tuple[str, Align], ...] = (
    ("called", "left"), ("sector", "left"), ("call_stance", "left"), ("active", "right"),
    ("call_expected", "right"), ("realised", "right"), ("right", "left"), ("live", "left"),
)  # fmt: skip


def track(material: Material) -> Block:
    """Return the first page's share: settled calls, hits, mean excess, the worst, live since."""
    words, card = material.words, material.track
    title = words.label("title", "track")
    if card is None:
        return Block("track", title, notes=(words.text("no_card"),))
    if card.settled_count == 0 and card.reports_count == 0:
        return Block("track", title, notes=(words.text("no_track"),))
    if card.settled_count == 0:
        open_calls = material.binder.at(card, "open_count").plain
        said = words.text("none_settled", n=open_calls)
        return Block("track", title, notes=(" ".join((said, _live(material, card))),))
    items = [Item(words.label("track", "settled"), material.binder.at(card, "settled_count"))]
    items += [
        Item(words.label("track", field), _figure(material, card, field))
        for field in FIGURES
        if getattr(card, field) is not None
    ]
    lines = (_worst(material, card),) if card.worst else ()
    return Block("track", title, lines=lines, items=tuple(items), notes=(_live(material, card),))


def settled_calls(material: Material) -> Block:
    """Return the last settled calls, a row each."""
    words, card = material.words, material.track
    title = words.label("title", "settled_calls")
    if card is None or not card.calls:
        return Block("settled_calls", title, lines=material.lines("track"))
    columns = tuple(Column(words.label("column", key), align) for key, align in COLUMNS)
    rows = tuple(_call(material, card, place) for place in range(len(card.calls)))
    at = material.binder.row_source
    sources = tuple(at(card, "calls", place) for place in range(len(rows)))
    table = sourced_by_row(footnoted(Table("calls_settled", columns, rows)), sources)
    return Block("settled_calls", title, lines=material.lines("track"), tables=(table,))


def _figure(material: Material, card: ReportCard, field: str) -> Cell:
    signed = True if field in SIGNED else None
    return material.binder.at(card, field, unit=True, signed=signed)


def _live(material: Material, card: ReportCard) -> str:
    words = material.words
    if card.live_since is None:
        return words.text("not_live")
    since = words.text("live_since", day=words.day(card.live_since))
    if card.basis is None:
        return since
    counted = material.binder.at(card, "live_count").plain
    return f"{since} {words.text(f'judged_{card.basis}', n=counted)}"


def _worst(material: Material, card: ReportCard) -> Cell:
    words, binder = material.words, material.binder
    worst = card.worst
    if worst is None:
        return Cell()
    said = f"{words.entity(worst.sector)}, {words.label('stance', worst.stance)}, "
    realised = binder.at(card, "worst", "realised_excess_pct", unit=True, signed=True)
    return Cell(
        parts=(
            Cell(words.text("worst_call") + " ", tone="soft"), Cell(said),
            binder.at(card, "worst", "called"), Cell(": "), realised,
        )
    )  # fmt: skip


def _call(material: Material, card: ReportCard, place: int) -> tuple[Cell, ...]:
    words, binder, call = material.words, material.binder, card.calls[place]
    at = ("calls", place)
    return (
        binder.at(card, *at, "called"), sector_cell(material, call.sector),
        Cell(words.label("stance", call.stance)),
        binder.at(card, *at, "active_weight", signed=True),
        _expected(material, card, call, place),
        binder.at(card, *at, "realised_excess_pct", signed=True),
        binder.at(card, *at, "right"), binder.at(card, *at, "live"),
    )  # fmt: skip


def _expected(material: Material, card: ReportCard, call: SettledCall, place: int) -> Cell:
    if call.expected_excess_pct is None:
        return material.binder.missing(None, source=material.words.measure("expected_excess"))
    return material.binder.at(card, "calls", place, "expected_excess_pct", signed=True)
