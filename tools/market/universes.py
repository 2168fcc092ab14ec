"""Decides what list_universes tells: the markets the server knows, and which have prices."""

from datetime import date

from core.records.instruments import (
    BenchmarkEntry,
    SectorEntry,
    UniverseRow,
    UniversesResult,
)
from core.records.universe import Universe
from tools.context import ToolContext

TOOL = "list_universes"


def known_universes(context: ToolContext) -> UniversesResult:
    """Return a row a universe, the default first; the envelope is the default universe's.

    Its date is the last stored day of any universe, and today's where nothing is stored.
    """
    default = context.universe(None)
    others = [row for row in context.universes.values() if row.id != default.id]
    rows = tuple(_row(context, universe) for universe in (default, *others))
    last = max((row.last for row in rows if row.last is not None), default=None)
    return UniversesResult(
        tool=TOOL,
        universe=default.id,
        universe_hash=default.content_hash(),
        as_of=last or context.today(),
        known_at=last,
        currency=default.currency,
        synthetic=default.synthetic,
        rows=rows,
    )


def _row(context: ToolContext, universe: Universe) -> UniverseRow:
    first, last = _stored(context, universe)
    return UniverseRow(
        universe=universe.id,
        name_en=universe.name_en,
        name_vi=universe.name_vi,
        currency=universe.currency,
        taxonomy=universe.taxonomy,
        synthetic=universe.synthetic,
        foreign_flow=universe.foreign_flow,
        first=first,
        last=last,
        regions=universe.regions,
        benchmarks=tuple(
            BenchmarkEntry(
                benchmark=mark.id,
                name_en=mark.name_en,
                name_vi=mark.name_vi,
                treatment=mark.treatment,
            )
            for mark in universe.benchmarks
        ),
        sectors=tuple(
            SectorEntry(sector=row.id, name_en=row.name_en, name_vi=row.name_vi)
            for row in universe.sectors
        ),
    )


def _stored(context: ToolContext, universe: Universe) -> tuple[date | None, date | None]:
    """Return the first and the last stored day of prices, none after the context's latest."""
    parts = context.store.partitions(universe.id, "prices")
    latest = context.latest or date.max
    firsts = [part.first for part in parts if part.first <= latest]
    if not firsts:
        return None, None
    return min(firsts), min(latest, max(part.last for part in parts))
