"""Decides what is told of each sector's running stay: its length, its odds to end, its turns."""

import numpy as np
from numpy.typing import NDArray

from core.records.rotation_statistics import SectorTurnRow
from core.records.universe import Frequency
from core.rotation.early_warnings import WITHIN_BARS
from core.rotation.quadrants import DECIMALS, QUADRANTS, momentum_cross, quadrant_codes
from core.rotation.rrg import RotationFrames
from core.rotation.stays import leaving, stays
from core.rotation.transitions import RIGHT, spell_paths, transitions

ONE_SIDED_TURNS = 2
"""Crosses of RS-Momentum 100 on one side of RS-Ratio 100 from which a rotation is one-sided."""

COUNTED = ("full_count", "side_bars", "side_turns")


def sector_turns(
    frames: RotationFrames, past: NDArray[np.int8], *, frequency: Frequency
) -> tuple[SectorTurnRow, ...]:
    """Return a row for each sector whose last bar has a quadrant, in the order of the columns.

    Args:
        frames: bars x sectors, a running bar included.
        past: finished bars x sectors, of `quadrant_codes`; the odds are of their stays.
        frequency: of the bars.
    """
    pooled = stays([spell_paths(column) for column in past.T])
    codes, loops = quadrant_codes(frames), transitions(frames).loops[list(COUNTED)].to_numpy()
    within = WITHIN_BARS[frequency]
    momenta = frames.rs_momentum.to_numpy().round(DECIMALS)
    steps = np.diff(momenta[-2:], axis=0, prepend=np.nan).round(DECIMALS)[-1]
    rows = []
    for column, sector in enumerate(frames.rs_ratio.columns):
        path = spell_paths(codes[:, column])[-1]
        if not path:
            continue
        code, bars = path[-1]
        odds = leaving(pooled, code, bars, within=within)
        full_loops, side_bars, side_turns = map(int, loops[column])
        rows.append(
            SectorTurnRow(
                sector=str(sector),
                frequency=frequency,
                quadrant=QUADRANTS[code],
                dwell_count=bars,
                within_count=within,
                leave_fraction=odds.fraction,
                leave_low_fraction=odds.low,
                leave_high_fraction=odds.high,
                leave_cases_count=odds.trials,
                ratio_side="right" if code in RIGHT else "left",
                side_bars_count=side_bars,
                side_turns_count=side_turns,
                one_sided=side_turns >= ONE_SIDED_TURNS,
                full_loops_count=full_loops,
                early_warning=momentum_cross(float(momenta[-1, column]), float(steps[column])),
            )
        )
    return tuple(rows)
