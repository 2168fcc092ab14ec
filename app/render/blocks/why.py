"""Why: the strongest over- and underweights, each score as one stacked bar."""

from app.render.charts.contributions import contributions
from app.render.material import Material
from app.render.view import Block, Item
from core.portfolio.precedence import departures, in_order, scores_of
from core.records.decision import SectorScore

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
    scored = {s: score for s, score in material.scores.items() if score.score is not None}
    lines = material.allocation.lines if material.allocation else ()
    moves = {name: away for name, away in departures(lines).items() if name in scored}
    order = in_order(moves, scores_of(material.card))
    over = [name for name in order if moves[name] > 0.0][:EACH_SIDE]
    under = [name for name in order if moves[name] < 0.0][:EACH_SIDE]
    chosen = {*over, *under} or set(_ends(material, scored))
    return tuple(scored[s] for s in material.order if s in chosen)


def _ends(material: Material, scored: dict[str, SectorScore]) -> tuple[str, ...]:
    ranked = [sector for sector in material.order if sector in scored]
    return (*ranked[:EACH_SIDE], *ranked[-EACH_SIDE:])
