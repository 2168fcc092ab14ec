"""Why: the contributions to each score, the limits that bound, and the forecast's own record."""

from dataclasses import replace

from app.render.blocks.cells import explained, sector_cell
from app.render.charts.contributions import contributions
from app.render.charts.heatmap import has_skill
from app.render.material import Material
from app.render.view import Block, Cell, Column, Item, Picture, Table, footnoted
from core.measures import measure_of
from core.records.decision import Allocation, Contribution

RECORD = (
    "ic_mean_index", "ic_t_index", "hit_fraction", "dates_count", "momentum_ic_mean_index",
)  # fmt: skip
MARKED = 3
SMALLEST_PRINTED = 0.005
"""Half of the last printed decimal of a contribution."""


def why(material: Material) -> Block:
    """Return the contributions picture and the factor table behind it."""
    words, card = material.words, material.card
    title = words.label("title", "why")
    if card is None:
        return Block("why", title)
    notes = [words.label("score_weights", card.weights_source)]
    if card.trained_until is not None:
        notes.append(words.text("trained_until", day=words.day(card.trained_until)))
    items = []
    if card.top3_stability is not None:
        stable = material.binder.at(card, "top3_stability", unit=True)
        items.append(Item(words.text("top3_stable"), stable))
    pictures: tuple[Picture, ...] = ()
    if any(score.score is not None for score in card.sectors):
        name = f"contributions-{material.universe.id}"
        pictures = (contributions(card.sectors, words, name=name),)
    return Block(
        "why", title, items=tuple(items), pictures=pictures, tables=(_factor_table(material),),
        notes=(" ".join(notes),),
    )  # fmt: skip


def _factor_table(material: Material) -> Table:
    words, scores = material.words, material.scores
    known = [sector for sector in material.order if sector in scores]
    sectors = [s for s in known if scores[s].score is not None] or known
    families = {part.factor: part.family for s in sectors for part in scores[s].contributions}
    by_sector = {s: {part.factor: part for part in scores[s].contributions} for s in sectors}
    rows = []
    empty: dict[str, tuple[str, ...]] = {}
    for factor, family in families.items():
        parts = [by_sector[s].get(factor) for s in sectors]
        if all(part is None or part.contribution is None for part in parts):
            empty[factor] = _reasons(material, parts)
            continue
        marks = _marks(parts)
        cells = [
            replace(_part(material, sector, factor), shade=marks.get(place))
            for place, sector in enumerate(sectors)
        ]
        rows.append(
            (
                Cell(
                    words.label("factor", factor),
                    source=f"{factor} · {words.label('family', family)}",
                ),
                *cells,
            )
        )
    columns = [Column(words.label("column", "factor"), "left")]
    columns += [Column(words.sector_tag(s)) for s in sectors]
    notes = (words.text("factor_note"), *_left_out(material, empty, set(known) - set(sectors)))
    return footnoted(Table("factors", tuple(columns), tuple(rows), notes, upright=False))


def _reasons(material: Material, parts: list[Contribution | None]) -> tuple[str, ...]:
    found = {part.reason or "not_stated" for part in parts if part is not None}
    return tuple(material.words.label("reason", reason) for reason in sorted(found))


def _left_out(
    material: Material, empty: dict[str, tuple[str, ...]], unscored: set[str]
) -> list[str]:
    """Return, in words, the factors without any value and the sectors without a score."""
    words, notes = material.words, []
    by_reason: dict[tuple[str, ...], list[str]] = {}
    for factor, reasons in empty.items():
        by_reason.setdefault(reasons, []).append(words.label("factor", factor))
    if by_reason:
        said = [f"{', '.join(names)} ({' / '.join(whys)})" for whys, names in by_reason.items()]
        notes.append(words.text("no_factor", names="; ".join(said)))
    if unscored:
        why = {
            s: material.scores[s].reason or "not_stated" for s in material.order if s in unscored
        }
        named = [f"{words.entity(s)} ({words.label('reason', why[s])})" for s in why]
        notes.append(words.text("not_scored", names=", ".join(named)))
    return notes


def _part(material: Material, sector: str, factor: str) -> Cell:
    parts = material.scores[sector].contributions
    place = next((i for i, part in enumerate(parts) if part.factor == factor), None)
    if place is None:
        return material.binder.missing(None, source=material.words.label("factor", factor))
    part, write = parts[place], material.words.number
    note = material.words.label("factor", factor)
    if part.z is not None:
        note += (
            f": {write(part.weight, 'index', signed=True)} × z {write(part.z, 'sd', signed=True)}"
        )
    return material.scored(sector, "contributions", place, "contribution", note=note)


def _marks(parts: list[Contribution | None]) -> dict[int, int]:
    """Return the places of the three highest above and the three lowest below zero, as shades."""
    ranked = sorted(
        (part.contribution, place)
        for place, part in enumerate(parts)
        if part is not None
        and part.contribution is not None
        and abs(part.contribution) >= SMALLEST_PRINTED
    )
    lowest = [place for value, place in ranked[:MARKED] if value < 0]
    highest = [place for value, place in ranked[-MARKED:] if value > 0]
    return dict.fromkeys(lowest, -2) | dict.fromkeys(highest, 2)


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
    label = words.label
    columns = (
        Column(label("column", "limit"), "left"), Column(label("column", "sector"), "left"),
        Column(label("column", "limit_at")), Column(label("column", "wanted")),
        Column(label("column", "got")),
    )  # fmt: skip
    tables = (footnoted(Table("limits", columns, rows)),) if rows else ()
    notes = () if rows else (words.text("no_limit"),)
    return Block("limits", title, items=items, tables=tables, notes=notes)


def _limit(material: Material, allocation: Allocation, place: int) -> tuple[Cell, ...]:
    words, event = material.words, allocation.limits[place]
    sector = (
        sector_cell(material, event.sector) if event.sector else Cell(words.text("all_sectors"))
    )
    figures = (
        Cell() if getattr(event, name) is None
        else material.binder.at(allocation, "limits", place, name)
        for name in ("limit", "wanted", "got")
    )  # fmt: skip
    return (Cell(words.label("limit", event.kind)), sector, *figures)


def record(material: Material) -> Block:
    """Return the forecast's out-of-sample record at each horizon."""
    words = material.words
    title = words.label("title", "record")
    if not material.skills:
        return Block("record", title, notes=(words.text("no_record"),))
    rows = []
    for horizon, bound in material.skills.items():
        at = (bound.evidence, "skill", bound.place)
        cells = [material.binder.at(*at, field) for field in RECORD]
        verdict = words.text("skill_yes" if has_skill(bound.value) else "skill_chance")
        source = f"{words.measure('horizon')} · {bound.evidence.id}"
        name = Cell(words.label("span", horizon.lower()), source, tone="strong")
        rows.append((name, *cells, Cell(verdict)))
    columns = (
        Column(words.label("column", "horizon"), "left"),
        *(Column(words.heading(f, *measure_of(f))) for f in RECORD),
        Column(words.label("column", "verdict"), "left"),
    )
    return Block("record", title, tables=(footnoted(Table("record", columns, tuple(rows))),))
