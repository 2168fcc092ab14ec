"""Decides which part of a good answer is a gap of its own: the forecast no sector asked for has."""

from collections.abc import Iterator

from agents.material import Material
from core.gaps import actor_of
from core.records.evidence import Evidence, Gap
from core.records.result import GapReason, NamedGap
from core.records.sectors import HeatmapResult


def unforecast(material: Material) -> tuple[Gap, ...]:
    """Return the gap of each heatmap without a forecast of the horizon asked for.

    Of the sectors in the question, else of all: where one of them has a forecast, there is none.
    """
    names = dict.fromkeys(material.request.universes)
    return tuple(gap for name in names for gap in _of(material, name))


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
