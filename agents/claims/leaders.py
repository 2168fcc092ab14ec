"""Which sectors a report speaks of first; decided by ranks and quadrants, never by words."""

from agents.claims.maker import Maker
from agents.drilldown import ranked
from core.portfolio.precedence import departures, in_order, scores_of
from core.records.decision import AllocationLine
from core.records.evidence import Evidence
from core.records.sectors import HeatmapResult, HeatmapRow

RECOMMENDED_CAP = 5
"""Sectors a page recommends; the house's pages have room for five."""
LEADERS_CAP = 3
LED_CAP = 6
"""Weekly leaders named; an answer is read in a minute."""

Placed = tuple[Evidence, int, HeatmapRow]
"""A heatmap's evidence, a row's place in it, and the row."""


def heatmap_rows(maker: Maker, *, benchmark: str | None = None) -> tuple[Placed, ...]:
    """Return the rows of the scored heatmap, or of the one against a benchmark, with places."""
    for item, result in maker.material.answers(maker.universe.id, HeatmapResult):
        if item.arguments.benchmark == benchmark:
            return tuple((item, place, row) for place, row in enumerate(result.rows))
    return ()


def row_of(maker: Maker, sector: str) -> Placed | None:
    """Return a sector's row of the scored heatmap."""
    return next((found for found in heatmap_rows(maker) if found[2].sector == sector), None)


def viewed_rows(maker: Maker) -> tuple[Placed, ...]:
    """Return the rows against the benchmark the question names, else the scored ones."""
    named = maker.material.request.benchmark
    return (heatmap_rows(maker, benchmark=named) if named else ()) or heatmap_rows(maker)


def led(maker: Maker) -> tuple[Placed, ...]:
    """Return the sectors leading on weekly bars, the furthest ahead of the benchmark first.

    The benchmark is the one the question names, where the data have it.
    """
    leading = [
        (-row.weekly.rs_ratio_index, row.sector, item, place, row)
        for item, place, row in viewed_rows(maker)
        if row.weekly is not None and row.weekly.quadrant == "LEADING"
    ]
    leading.sort(key=lambda entry: entry[:2])
    return tuple((item, place, row) for _, _, item, place, row in leading[:LED_CAP])


def recommended(maker: Maker) -> tuple[tuple[int, AllocationLine], ...]:
    """Return the weighted lines in the order calls are told, with their places."""
    allocation = maker.material.allocation(maker.universe.id)
    if allocation is None:
        return ()
    placed = {line.sector: (place, line) for place, line in enumerate(allocation.lines)}
    order = in_order(departures(allocation.lines), scores(maker))
    return tuple(placed[sector] for sector in order[:RECOMMENDED_CAP])


def scores(maker: Maker) -> dict[str, float]:
    """Return the scores of the sectors that have one."""
    return scores_of(maker.material.scorecard(maker.universe.id))


def leaders(maker: Maker) -> tuple[str, ...]:
    """Return the sectors ranked first by the scorecard, else by the heatmap."""
    card = maker.material.scorecard(maker.universe.id)
    if card is not None:
        return tuple(row.sector for row in card.sectors if row.rank is not None)[:LEADERS_CAP]
    for item, heatmap in maker.material.answers(maker.universe.id, HeatmapResult):
        if item.arguments.benchmark is None:
            order = ranked(heatmap, maker.material.request.horizon)
            return tuple(row.sector for row in order)[:LEADERS_CAP]
    return ()


def focused(maker: Maker) -> tuple[str, ...]:
    """Return the sectors of this universe the user named."""
    return tuple(
        focus.sector
        for focus in maker.material.request.focus
        if focus.universe == maker.universe.id
    )


def spoken_of(maker: Maker) -> tuple[str, ...]:
    """Return the sectors the user named, then the leaders, each once."""
    return tuple(dict.fromkeys([*focused(maker), *leaders(maker)]))
