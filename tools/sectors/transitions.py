"""Decides what get_sector_transitions prints: which quadrant followed which, and how often."""

from datetime import date
from typing import Final

from core.errors import CallerError
from core.records.sector_readings import TransitionsResult
from core.records.universe import Frequency
from tools.context import ToolContext
from tools.sectors.counted import counted

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
    found = counted(scope, TOOL, wanted, frequency=frequency, benchmark=benchmark)
    return TransitionsResult(
        **found.envelope,
        benchmark=found.mark.id,
        treatment=found.mark.treatment,
        frequency=frequency,
        since=found.statistics.since,
        rows=found.statistics.moves,
        quadrants=found.statistics.quadrants,
        missing=found.missing,
    )
