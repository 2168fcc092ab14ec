"""Why: the strongest over- and underweights, each score as one stacked bar."""

from app.render.blocks.arguments import raises
from app.render.charts.contributions import contributions
from app.render.material import Material
from app.render.view import Block, Item
from core.records.decision import AllocationLine, SectorScore

EACH_SIDE = 3


def why(material: Material) -> Block:
    """Return the bars of the largest departures from the benchmark, and how firm the top is."""
    words, card = material.words, material.card
    title = words.label("title", "why")
    if card is None:
        return Block("why", title, notes=(words.text("no_scores"),))
    items: tuple[Item, ...] = ()
    if card.top3_stability is not None:
        stable = material.binder.at(card, "top3_stability", unit=True)
        items = (Item(words.text("top3_stable"), stable),)
    shown = _shown(material)
    if not shown:
        return Block("why", title, items=items, notes=(words.text("no_scores"),))
    name = f"contributions-{material.universe.id}"
    return Block("why", title, items=items, pictures=(contributions(shown, words, name=name),))


def _shown(material: Material) -> tuple[SectorScore, ...]:
    """Return the scores of the three largest over- and underweights, best score first."""
    lines = material.allocation.lines if material.allocation else ()
    scored = {s: score for s, score in material.scores.items() if score.score is not None}
    active = [
        line
        for line in lines
        if _active(line) and line.sector in scored and line.stance != "not_weighted"
    ]
    over = sorted((x for x in active if raises(x)), key=_size)[:EACH_SIDE]
    under = sorted((x for x in active if not raises(x)), key=_size)[:EACH_SIDE]
    chosen = {line.sector for line in (*over, *under)} or set(_ends(material, scored))
    return tuple(scored[s] for s in material.order if s in chosen)


def _ends(material: Material, scored: dict[str, SectorScore]) -> tuple[str, ...]:
    ranked = [sector for sector in material.order if sector in scored]
    return (*ranked[:EACH_SIDE], *ranked[-EACH_SIDE:])


def _active(line: AllocationLine) -> float:
    return round(line.target_weight - line.benchmark_weight, 9)


def _size(line: AllocationLine) -> tuple[float, str]:
    return (-abs(_active(line)), line.sector)
