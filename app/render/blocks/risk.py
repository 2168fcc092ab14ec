"""The risk of the target: active risk, largest bets, binding limits and what all of it costs."""

from app.render.blocks.cells import explained
from app.render.blocks.limits import given_way, limit_name
from app.render.blocks.market_warning import de_risking_line, warning_line
from app.render.material import Material
from app.render.view import Block, Cell, Item
from core.portfolio.precedence import departures, in_order, scores_of
from core.records.decision import Allocation

LARGEST = 3
FIGURES = (
    ("tracking_error_pct", ""), ("beta_x", "index"), ("expected_shortfall_pct", ""),
    ("turnover", ""), ("cost_bps", ""),
)  # fmt: skip
OF_RISK = frozenset({"beta_x", "expected_shortfall_pct"})
NEVER_BINDING = frozenset({"too_few_members", "not_listed", "too_short", "long_only"})
"""Limits the market sets, not the mandate: they are in the details."""


def risk(material: Material) -> Block:
    """Return risk figures, largest bets, binding limits, the market's state and what follows."""
    words, allocation = material.words, material.allocation
    title = words.label("title", "risk")
    market = (warning_line(material), de_risking_line(material))
    strain = tuple(line for line in market if line is not None)
    if allocation is None:
        return Block("risk", title, lines=strain, notes=(words.text("no_allocation"),))
    items = tuple(
        Item(words.label("risk", field), _figure(material, allocation, field, unit))
        for field, unit in FIGURES
    )
    found = (_bets(material, allocation), _binding(material, allocation), given_way(material))
    lines = tuple(line for line in found if line is not None)
    return Block("risk", title, lines=(*lines, *strain), items=items)


def _figure(material: Material, allocation: Allocation, field: str, unit: str) -> Cell:
    binder = material.binder
    if field not in OF_RISK:
        return explained(binder.at(allocation, field, unit=True))
    if allocation.risk is None:
        return explained(binder.missing("too_short", source=material.words.label("risk", field)))
    return binder.at(allocation, "risk", field, unit=True, as_unit=unit)


def _bets(material: Material, allocation: Allocation) -> Cell | None:
    """Return the largest departures decided on, in percentage points, with their share of risk."""
    words = material.words
    moves = departures(allocation.lines)
    placed = {line.sector: (place, line) for place, line in enumerate(allocation.lines)}
    order = in_order(moves, scores_of(material.card))
    bets = [placed[sector] for sector in order[:LARGEST]]
    if not bets:
        return None
    parts = [Cell(words.text("largest_bets") + " ", tone="soft")]
    for number, (place, line) in enumerate(bets):
        away = words.measured(100.0 * moves[line.sector], "pp", signed=True)
        source = f"{words.measure('active_weight')} · {words.label('formula', 'difference')}"
        parts += [
            Cell((", " if number else "") + words.short(line.sector) + " "),
            Cell(away, source),
        ]
        if line.risk_share_pct is not None:
            share = material.binder.at(allocation, "lines", place, "risk_share_pct", unit=True)
            parts += [Cell(" ("), share, Cell(" " + words.text("of_risk") + ")")]
    return Cell(parts=tuple(parts))


def _binding(material: Material, allocation: Allocation) -> Cell | None:
    words, binder = material.words, material.binder
    events = [(i, e) for i, e in enumerate(allocation.limits) if e.kind not in NEVER_BINDING]
    parts = [Cell(words.text("binding") + " ", tone="soft")]
    if not events:
        return Cell(parts=(*parts, Cell(words.text("none"))))
    costly = sorted(events, key=lambda item: (-(item[1].cost_bps or 0.0), item[0]))
    for number, (place, event) in enumerate(costly[:LARGEST]):
        parts.append(Cell((", " if number else "") + limit_name(material, event)))
        if event.cost_bps is not None:
            cost = binder.at(allocation, "limits", place, "cost_bps", unit=True)
            parts += [Cell(" ("), cost, Cell(")")]
    if len(costly) > LARGEST:
        parts.append(Cell(" " + words.text("and_more", n=str(len(costly) - LARGEST))))
    return Cell(parts=tuple(parts))
