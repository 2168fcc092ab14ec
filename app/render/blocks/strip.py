"""The strip: what market, against what, as of when, how fresh, and how good the forecast is."""

from app.render.blocks.verdict import verdict_text
from app.render.charts.heatmap import has_skill
from app.render.material import Material
from app.render.view import Cell, Item, Tone
from app.render.words import quoted
from core.language.limits.holdings import SOURCE
from core.records.payloads import StatusResult

RECORD = ("ic_mean_index", "ic_t_index", "dates_count")


def strip(material: Material) -> tuple[Item, ...]:
    """Return the strip's entries."""
    words, universe = material.words, material.universe
    entries = [
        Item(words.label("strip", "universe"), _market(material)),
        Item(words.label("strip", "benchmark"), Cell(_benchmark(material))),
        Item(words.label("strip", "as_of"), _moment(material)),
        Item(
            words.label("strip", "frequency"),
            Cell(words.label("frequency", universe.decision_frequency)),
        ),
        Item(words.label("strip", "data"), _data_lamp(material)),
        Item(words.label("strip", "skill"), _skill_lamp(material)),
    ]
    if material.allocation is not None:
        entries.append(Item(words.label("strip", "mandate"), _mandate(material)))
    if material.portfolio is not None:
        entries.append(Item(words.label("strip", "holdings"), _holdings(material)))
    return tuple(entries)


def _mandate(material: Material) -> Cell:
    """Return the mandate's name, its version with its date, and whether the question adds to it."""
    words, allocation, mandate = material.words, material.allocation, material.mandate
    name = words.label("mandate", allocation.mandate) if allocation else ""
    said = [name if mandate is None or mandate.packaged else quoted(name)]
    if mandate is not None and not mandate.packaged:
        said.append(words.text("version", n=words.number(float(mandate.version), "count")))
        if mandate.valid_from is not None:
            said.append(f"{words.text('since')} {words.day(mandate.valid_from)}")
    if material.report.request.patch is not None:
        said.append(words.text("patched"))
    return Cell(", ".join(said), source=f"{words.label('strip', 'mandate')} · {name}")


def _holdings(material: Material) -> Cell:
    words, portfolio = material.words, material.portfolio
    if portfolio is None:
        return Cell()
    stated = portfolio.source == SOURCE
    said = [words.label("formula", "request") if stated else quoted(portfolio.source)]
    if portfolio.dated is not None:
        said.append(words.day(portfolio.dated))
    return Cell(
        ", ".join(said),
        source=f"{words.label('strip', 'holdings')} · {words.label('formula', 'portfolio')}",
    )


def _market(material: Material) -> Cell:
    words, universe = material.words, material.universe
    rows = material.heatmap.result.rows if material.heatmap else ()
    said = words.text(
        "market",
        name=words.entity(universe.id),
        taxonomy=words.label("taxonomy", universe.taxonomy),
        covered=str(sum(row.weekly is not None for row in rows)),
        all=str(len(universe.sectors)),
    )
    counted = material.heatmap.evidence.id if material.heatmap else universe.id
    return Cell(said, source=f"{words.label('formula', 'count')} · {counted}")


def _benchmark(material: Material) -> str:
    words = material.words
    benchmark = material.universe.benchmark
    if material.heatmap is None:
        return f"{words.entity(benchmark.id)} ({words.label('treatment', benchmark.treatment)})"
    result = material.heatmap.result
    said = f"{words.entity(result.benchmark)} ({words.label('treatment', result.treatment)})"
    other = material.places.result if material.places else result
    if other.benchmark == result.benchmark:
        return said
    named = f"{words.entity(other.benchmark)} ({words.label('treatment', other.treatment)})"
    return f"{said}; {words.text('map_against', benchmark=named)}"


def _moment(material: Material) -> Cell:
    universe = material.universe
    said = f"{material.words.day(material.as_of)}, {universe.close_time} {universe.timezone}"
    return Cell(said, source=f"{material.words.label('strip', 'as_of')} · {universe.id}")


def _data_lamp(material: Material) -> Cell:
    words = material.words
    stale = _stale(material)
    gaps = len(material.gaps) + sum(e.result.gap is not None for e in material.evidence)
    said = [Cell(words.text("stale") + ": "), *stale] if stale else []
    if gaps:
        counted = Cell(words.text("gaps", n=str(gaps)), source=words.label("formula", "count"))
        said += [Cell("; "), counted] if said else [counted]
    tone: Tone = "bad" if stale else "warn" if gaps else "good"
    return Cell(parts=tuple(said), tone=tone) if said else Cell(words.text("fresh"), tone=tone)


def _stale(material: Material) -> list[Cell]:
    """Return each stale data set with the date it ends."""
    words = material.words
    cells: list[Cell] = []
    for evidence, result in material.answers(StatusResult):
        for place, row in enumerate(result.rows):
            if row.stale:
                name = f"{words.label('dataset', row.dataset)} ({words.text('ends')} "
                last = material.binder.at(evidence, "rows", place, "last")
                cells += [Cell((", " if cells else "") + name), last, Cell(")")]
    return cells


def _skill_lamp(material: Material) -> Cell:
    words = material.words
    bound = material.skills.get(material.report.request.horizon)
    if bound is None:
        return Cell(words.text("no_record"), tone="warn")
    skill = bound.value
    cells = [material.binder.at(bound.evidence, "skill", bound.place, field) for field in RECORD]
    horizon = words.label("span", skill.horizon.lower())
    tone: Tone = "good" if has_skill(skill) else "warn"
    return Cell(
        tone=tone,
        parts=(
            Cell(f"{horizon}: IC "), cells[0], Cell(", t "), cells[1], Cell(", n "), cells[2],
            Cell(f"; {verdict_text(skill, words)}"),
        ),
    )  # fmt: skip
