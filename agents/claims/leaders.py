"""Which sectors a report speaks of first; decided by ranks, never by words."""

from agents.claims.maker import Maker
from agents.drilldown import ranked
from core.records.decision import AllocationLine
from core.records.payloads import HeatmapResult

RECOMMENDED_CAP = 5
"""Sectors a page recommends; the house's pages have room for five."""
LEADERS_CAP = 3


def recommended(maker: Maker) -> tuple[tuple[int, AllocationLine], ...]:
    """Return the lines furthest from the benchmark, with their places."""
    allocation = maker.material.allocation(maker.universe.id)
    if allocation is None:
        return ()
    lines = [(place, line) for place, line in enumerate(allocation.lines) if _active(line) != 0.0]
    chosen = sorted(lines, key=lambda row: (-abs(_active(row[1])), row[1].sector))
    return tuple(chosen[:RECOMMENDED_CAP])


def leaders(maker: Maker) -> tuple[str, ...]:
    """Return the sectors ranked first by the scorecard, else by the heatmap."""
    card = maker.material.scorecard(maker.universe.id)
    if card is not None:
        return tuple(row.sector for row in card.sectors if row.rank is not None)[:LEADERS_CAP]
    for _, heatmap in maker.material.answers(maker.universe.id, HeatmapResult):
        return tuple(row.sector for row in ranked(heatmap, maker.material.request.horizon))[
            :LEADERS_CAP
        ]
    return ()


def spoken_of(maker: Maker) -> tuple[str, ...]:
    """Return the sectors the user named, then the leaders, each once."""
    named = [
        focus.sector
        for focus in maker.material.request.focus
        if focus.universe == maker.universe.id
    ]
    return tuple(dict.fromkeys([*named, *leaders(maker)]))


def _active(line: AllocationLine) -> float:
    return round(line.target_weight - line.benchmark_weight, 9)
