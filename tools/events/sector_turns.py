"""Decides which weekly turns of sectors are dated events: changes of quadrant, early warnings.

Only finished weeks count; a turn of a running week may be gone by Friday.
"""

from collections.abc import Iterator
from datetime import date
from typing import Final

import numpy as np
import pandas as pd

from core.markets.benchmark import Measured
from core.records.events import DatedEvent
from core.records.universe import Universe
from core.rotation.bars import to_bars
from core.rotation.quadrants import DECIMALS, MISSING, QUADRANTS, momentum_cross, quadrant_codes
from core.rotation.rrg import relative_rotation

FREQUENCY: Final = "weekly"


def sector_turns(
    against: Measured, universe: Universe, *, first: date, as_of: date
) -> Iterator[DatedEvent]:
    """Yield the turns of finished weeks whose last session is `first` or later.

    A change is of a week with another quadrant than the week before. A warning says that one more
    week like the last takes RS-Momentum across 100; of an unbroken run of them the first counts.
    """
    bars = to_bars(against.sectors, FREQUENCY, as_of=as_of, universe=universe)
    level = to_bars(against.level.to_frame(), FREQUENCY, as_of=as_of).closes.iloc[:, 0]
    frames = relative_rotation(bars.closes, level)
    codes = quadrant_codes(frames)
    momenta = frames.rs_momentum.to_numpy().round(DECIMALS)
    index = pd.DatetimeIndex(bars.closes.index)
    weeks = range(
        max(int(index.searchsorted(pd.Timestamp(first))), 1), len(index) - bars.provisional
    )
    for column, sector in enumerate(map(str, bars.closes.columns)):
        steps = np.diff(momenta[:, column], prepend=np.nan).round(DECIMALS)
        crosses = [
            momentum_cross(float(momentum), float(step))
            for momentum, step in zip(momenta[:, column], steps, strict=True)
        ]
        for week in weeks:
            before, now = int(codes[week - 1, column]), int(codes[week, column])
            if MISSING in (before, now):
                continue
            turn = DatedEvent(
                kind="quadrant_change",
                period=index[week].date(),
                ahead=False,
                sectors=(sector,),
                quadrant=QUADRANTS[now],
            )
            if before != now:
                yield turn.model_copy(update={"quadrant_before": QUADRANTS[before]})
            if crosses[week] is not None and crosses[week] != crosses[week - 1]:
                warned = {"kind": "early_warning", "early_warning": crosses[week]}
                yield turn.model_copy(update=warned)
