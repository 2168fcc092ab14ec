"""Counts what sectors' rotations did against a benchmark, or says why not; it prints nothing."""

from dataclasses import dataclass

from core.markets.benchmark import measured, named_benchmark
from core.records.result import MissingCell
from core.records.universe import Benchmark, Frequency, Sector
from core.rotation.statistics import EMPTY, Statistics, rotation_statistics
from tools.measures.heatmap_gaps import missing_rotations
from tools.scope import Envelope, Scope


@dataclass(frozen=True, slots=True)
class Counted:
    """Statistics with the envelope of their answer; empty where that is of a gap."""

    envelope: Envelope
    mark: Benchmark
    statistics: Statistics = EMPTY
    missing: tuple[MissingCell, ...] = ()


def counted(
    scope: Scope,
    tool: str,
    wanted: tuple[Sector, ...] | None,
    *,
    frequency: Frequency,
    benchmark: str | None,
) -> Counted:
    """Return the counts of some sectors together, None: of all the universe has, of finished bars.

    Raises:
        CallerError: an unknown benchmark.
    """
    mark = named_benchmark(scope.universe, benchmark)
    if scope.panels is None:
        return Counted(scope.envelope(tool), mark)
    against = measured(scope.panels, mark)
    if isinstance(against, str):
        return Counted(scope.absent(tool, against, "prices"), mark)
    found = rotation_statistics(
        against.sectors if wanted is None else against.sectors[[row.id for row in wanted]],
        against.level,
        frequency=frequency,
        as_of=scope.as_of,
        universe=scope.universe,
    )
    if found.since is None:
        return Counted(scope.absent(tool, "too_short", "prices"), mark)
    placed = {row.sector for row in found.sectors}
    sectors = scope.universe.sectors if wanted is None else wanted
    absent = [row for row in sectors if row.id not in placed]
    envelope = scope.envelope(tool, ("prices", "members"), known_at=scope.panels.last)
    missing = missing_rotations(scope.panels, against, absent, frequency)
    return Counted(envelope, mark, found, missing)
