"""Decides how a sector's rotation is told: three years of weekly bars, its stays, its odds."""

from datetime import timedelta
from typing import Final

from app.web.sector.records import SectorRotation
from app.web.sector.sheets import SectorAsked
from core.records.rotation_statistics import MoveRow, QuadrantRow
from core.records.sectors import RotationSpell
from tools.sectors.rotation_history import rotation_history
from tools.sectors.transitions import sector_transitions

SPAN: Final = timedelta(days=3 * 365)
STAY_FIELDS: Final = (
    "quadrant", "entered", "left", "bars_count", "ratio_low_index", "ratio_high_index",
    "momentum_peak_index", "momentum_peak_period", "ratio_last_index", "momentum_last_index",
)  # fmt: skip
MOVE_FIELDS: Final = (
    "quadrant", "next_quadrant", "moves_count", "move_fraction", "move_low_fraction",
    "move_high_fraction",
)  # fmt: skip
QUADRANT_FIELDS: Final = (
    "quadrant", "spells_count", "dwell_mean_index", "dwell_median_index", "dwell_longest_count",
    "bars_count", "leave_fraction",
)  # fmt: skip


def sector_rotation(asked: SectorAsked) -> SectorRotation:
    """Return the path of three years, its stays latest first, and the moves of all its history.

    Raises:
        CallerError: the universe has no such benchmark.
    """
    tools, region, as_of = asked.house.tools, asked.universe.id, asked.asked.as_of
    benchmark = asked.asked.benchmark
    scope = tools.scope(region, as_of)
    history = rotation_history(
        tools, region=region, sector=asked.sector, since=scope.back(SPAN), as_of=as_of,
        benchmark=benchmark,
    )  # fmt: skip
    counted = sector_transitions(
        tools, sector=asked.sector, benchmark=benchmark, region=region, as_of=as_of
    )
    moves = (row for row in counted.rows if row.moves_count)
    return SectorRotation(
        path=history.paths[0].tail if history.paths else (),
        stays=asked.sheet(history, RotationSpell, reversed(history.rows), STAY_FIELDS),
        moves=asked.sheet(counted, MoveRow, moves, MOVE_FIELDS),
        quadrants=asked.sheet(counted, QuadrantRow, counted.quadrants, QUADRANT_FIELDS),
    )
