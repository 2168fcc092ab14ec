"""Decides what get_sector_transitions prints: which quadrant followed which, and how often."""

from datetime import date
from functools import partial
from typing import Final

from core.errors import CallerError
from core.markets.benchmark import measured, named_benchmark
from core.records.sector_readings import TransitionsResult
from core.records.universe import Frequency
from core.rotation.statistics import rotation_statistics
from tools.context import ToolContext
from tools.measures.heatmap_gaps import missing_rotations

TOOL: Final = "get_sector_transitions"


def sector_transitions(
    context: ToolContext,
    *,
    sector: str | None = None,
    frequency: Frequency = "weekly",
    benchmark: str | None = None,
    region: str | None = None,
    as_of: date | None = None,
) -> TransitionsResult:
    """Return the moves of the sectors asked for, counted together, of finished bars only.

    Raises:
        CallerError: an unknown sector or benchmark, or bars a daily store does not have.
    """
    if frequency == "15min":
        raise CallerError("frequency '15min': transitions are of daily, weekly or monthly bars")
    scope = context.scope(region, as_of)
    wanted = scope.sectors(sector)
    mark = named_benchmark(scope.universe, benchmark)
    answer = partial(
        TransitionsResult, benchmark=mark.id, treatment=mark.treatment, frequency=frequency
    )
    if scope.panels is None:
        return answer(**scope.envelope(TOOL))
    against = measured(scope.panels, mark)
    if isinstance(against, str):
        return answer(**scope.absent(TOOL, against, "prices"))
    found = rotation_statistics(
        against.sectors[[row.id for row in wanted]],
        against.level,
        frequency=frequency,
        as_of=scope.as_of,
        universe=scope.universe,
    )
    if found.since is None:
        return answer(**scope.absent(TOOL, "too_short", "prices"))
    placed = {row.sector for row in found.sectors}
    absent = [row for row in wanted if row.id not in placed]
    return answer(
        **scope.envelope(TOOL, ("prices", "members"), known_at=scope.panels.last),
        since=found.since,
        rows=found.moves,
        quadrants=found.quadrants,
        missing=missing_rotations(scope.panels, against, absent, frequency),
    )
