"""Decides which part of an answer is a gap of its own.

The forecast no sector asked for has; a sector in the question that has no place; stocks' prices,
where sectors have theirs.
"""

from collections.abc import Iterator

from agents.material import Material
from core.gaps import actor_of
from core.records.evidence import Evidence, Gap
from core.records.request import Focus
from core.records.result import Dataset, GapReason, NamedGap
from core.records.sectors import HeatmapResult


def unforecast(material: Material) -> tuple[Gap, ...]:
    """Return the gap of each heatmap without a forecast of the horizon asked for.

    Of the sectors in the question, else of all: where one of them has a forecast, there is none.
    """
    names = dict.fromkeys(material.request.universes)
    return tuple(gap for name in names for gap in _of(material, name))


def meant(gap: NamedGap, held: frozenset[Dataset]) -> NamedGap:
    """Return a gap of prices as one of stocks' prices, where the store holds others.

    Args:
        gap: as its tool names it.
        held: the data sets the store has.
    """
    stocks = gap.reason == "no_data" and gap.dataset == "prices" and {"prices", "members"} <= held
    return gap.model_copy(update={"dataset": "members"}) if stocks else gap


def unplaced(material: Material) -> tuple[tuple[Focus, NamedGap], ...]:
    """Return the sectors in the question that the heatmap does not place, each with its reason.

    Where there is no heatmap it is the heatmap's. A sector nobody says a reason for is left out.
    """
    found = ((row, _unplaced(material, row)) for row in material.request.focus)
    return tuple((row, gap) for row, gap in found if gap is not None)


def _unplaced(material: Material, focus: Focus) -> NamedGap | None:
    heatmaps = [result for _, result in material.answers(focus.universe, HeatmapResult)]
    if not heatmaps:
        missed = (gap for gap in material.gaps if gap.universe == focus.universe)
        return next((gap.gap for gap in missed if gap.tool == "get_sector_heatmap"), None)
    if any(row.sector == focus.sector and row.weekly for row in heatmaps[0].rows):
        return None
    cells = {c.measure: c.reason for c in heatmaps[0].missing if c.subject == focus.sector}
    reason = cells.get("weekly")
    return NamedGap(reason=reason, actor=actor_of(reason), dataset=None) if reason else None


def _of(material: Material, universe: str) -> Iterator[Gap]:
    asked = {row.sector for row in material.request.focus if row.universe == universe}
    for item, result in material.answers(universe, HeatmapResult):
        reason = _reason(result, asked, measure=f"expected_{material.request.horizon.lower()}")
        if reason is not None:
            yield _gap(item, reason)


def _reason(result: HeatmapResult, asked: set[str], *, measure: str) -> GapReason | None:
    """Return why none of the sectors has the measure; None where one has, or nobody says why."""
    absent = {cell.subject: cell.reason for cell in result.missing if cell.measure == measure}
    rows = [row.sector for row in result.rows]
    wanted = [name for name in rows if name in asked] or rows
    if not wanted or not absent.keys() >= set(wanted):
        return None
    return absent[wanted[0]]


def _gap(item: Evidence, reason: GapReason) -> Gap:
    gap = NamedGap(reason=reason, actor=actor_of(reason), dataset="model")
    return Gap(id=item.id, node=item.node, tool=item.tool, universe=item.result.universe, gap=gap)
