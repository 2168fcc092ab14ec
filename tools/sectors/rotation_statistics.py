"""Decides what get_rotation_statistics prints: what a universe's past rotations did, counted."""

from datetime import date
from functools import partial
from typing import Final

from core.errors import CallerError
from core.markets.benchmark import measured, named_benchmark
from core.records.rotation_statistics import RotationStatisticsResult
from core.records.universe import Frequency
from core.rotation.statistics import rotation_statistics
from tools.context import ToolContext
from tools.measures.heatmap_gaps import missing_rotations

TOOL: Final = "get_rotation_statistics"


def rotation_counts(
    context: ToolContext,
    *,
    region: str | None = None,
    frequency: Frequency = "weekly",
    benchmark: str | None = None,
    as_of: date | None = None,
) -> RotationStatisticsResult:
    """Return the stays, moves, turns, early warnings and outcomes of a universe's rotations.

    Raises:
        CallerError: an unknown benchmark, or bars a daily store does not have.
    """
    if frequency == "15min":
        raise CallerError("frequency '15min': statistics are of daily, weekly or monthly bars")
    scope = context.scope(region, as_of)
    mark = named_benchmark(scope.universe, benchmark)
    answer = partial(
        RotationStatisticsResult,
        benchmark=mark.id,
        treatment=mark.treatment,
        frequency=frequency,
    )
    if scope.panels is None:
        return answer(**scope.envelope(TOOL))
    against = measured(scope.panels, mark)
    if isinstance(against, str):
        return answer(**scope.absent(TOOL, against, "prices"))
    found = rotation_statistics(
        against.sectors,
        against.level,
        frequency=frequency,
        as_of=scope.as_of,
        universe=scope.universe,
    )
    if found.since is None:
        return answer(**scope.absent(TOOL, "too_short", "prices"))
    placed = {row.sector for row in found.sectors}
    absent = [sector for sector in scope.universe.sectors if sector.id not in placed]
    return answer(
        **scope.envelope(TOOL, ("prices", "members"), known_at=scope.panels.last),
        since=found.since,
        rows=found.quadrants,
        turns=found.turns,
        readings=found.readings,
        early_warnings=found.early_warnings,
        sectors=found.sectors,
        moves=found.moves,
        missing=missing_rotations(scope.panels, against, absent, frequency),
    )
