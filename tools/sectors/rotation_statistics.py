"""Decides what get_rotation_statistics prints: what a universe's past rotations did, counted."""

from datetime import date
from typing import Final

from core.errors import CallerError
from core.records.rotation_statistics import RotationStatisticsResult
from core.records.universe import Frequency
from tools.context import ToolContext
from tools.sectors.counted import counted

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
    found = counted(scope, TOOL, None, frequency=frequency, benchmark=benchmark)
    told = found.statistics
    return RotationStatisticsResult(
        **found.envelope,
        benchmark=found.mark.id,
        treatment=found.mark.treatment,
        frequency=frequency,
        since=told.since,
        rows=told.quadrants,
        turns=told.turns,
        readings=told.readings,
        early_warnings=told.early_warnings,
        sectors=told.sectors,
        moves=told.moves,
        missing=found.missing,
    )
