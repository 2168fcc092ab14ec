"""Decides how a past rotation is told: the stays of a sector in quadrants within a span of dates.

It describes what happened; it says nothing of what comes next.
"""

from dataclasses import dataclass
from datetime import date
from itertools import groupby

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from core.records.sectors import Quadrant, RotationSpell, TailPoint
from core.records.universe import Frequency
from core.rotation.bars import to_bars
from core.rotation.quadrants import DECIMALS, MISSING, QUADRANTS, quadrant_codes
from core.rotation.rrg import CENTRE, relative_rotation

UP: tuple[Quadrant, ...] = ("LEADING", "IMPROVING")
"""Quadrants whose own side of RS-Momentum is above 100."""


@dataclass(frozen=True, slots=True)
class RotationTale:
    """One sector's bars within the span that have a quadrant, and its stays, oldest first."""

    path: tuple[TailPoint, ...]
    spells: tuple[RotationSpell, ...]


def rotation_tales(
    closes: pd.DataFrame,
    benchmark: pd.Series,
    *,
    frequency: Frequency,
    since: date,
    as_of: date,
) -> dict[str, RotationTale]:
    """Return each sector's stays and path between two dates, in the order of the columns.

    Bars before `since` warm the means up and are not told. A stay ends where the quadrant changes
    or a bar has none. Its momentum peak is furthest from 100 on the quadrant's own side: above it
    in LEADING and IMPROVING, below it in WEAKENING and LAGGING. The turn is the later bar of the
    stay that is nearest to 100 again, None when the peak is the last bar. Of equal bars the first
    stands.

    Args:
        closes: sessions x sectors, positive, NaN where unknown.
        benchmark: close by session, of the sectors' own dividend treatment.
        frequency: of the bars.
        since: the first bar told is dated this day or later.
        as_of: later sessions are not seen; the last bar is its period's running one.
    """
    bars = to_bars(closes, frequency, as_of=as_of)
    level = to_bars(benchmark.reindex(closes.index).to_frame(), frequency, as_of=as_of)
    frames = relative_rotation(bars.closes, level.closes.iloc[:, 0])
    index = pd.DatetimeIndex(bars.closes.index)
    first = int(index.searchsorted(pd.Timestamp(since)))
    codes = quadrant_codes(frames)[first:]
    ratios = frames.rs_ratio.to_numpy().round(DECIMALS)[first:]
    momenta = frames.rs_momentum.to_numpy().round(DECIMALS)[first:]
    periods = [stamp.date() for stamp in index[first:]]
    return {
        str(sector): RotationTale(
            path=_path(codes[:, column], periods, ratios[:, column], momenta[:, column]),
            spells=tuple(
                _spell(
                    str(sector),
                    frequency,
                    QUADRANTS[codes[stay.start, column]],
                    periods[stay],
                    ratios=ratios[stay, column],
                    momenta=momenta[stay, column],
                    running=stay.stop == len(periods),
                )
                for stay in _stays(codes[:, column])
            ),
        )
        for column, sector in enumerate(closes.columns)
    }


def _path(
    codes: NDArray[np.int8],
    periods: list[date],
    ratios: NDArray[np.float64],
    momenta: NDArray[np.float64],
) -> tuple[TailPoint, ...]:
    return tuple(
        TailPoint(
            period=periods[bar],
            rs_ratio_index=float(ratios[bar]),
            rs_momentum_index=float(momenta[bar]),
        )
        for bar in np.flatnonzero(codes != MISSING)
    )


def _stays(codes: NDArray[np.int8]) -> list[slice]:
    """Return the runs of one quadrant, bars without one left out."""
    stays, start = [], 0
    for code, run in groupby(codes.tolist()):
        stop = start + len(list(run))
        if code != MISSING:
            stays.append(slice(start, stop))
        start = stop
    return stays


def _spell(
    sector: str,
    frequency: Frequency,
    quadrant: Quadrant,
    periods: list[date],
    *,
    ratios: NDArray[np.float64],
    momenta: NDArray[np.float64],
    running: bool,
) -> RotationSpell:
    peak = int(np.argmax(momenta) if quadrant in UP else np.argmin(momenta))
    after = np.abs(momenta[peak + 1 :] - CENTRE)
    turn = None if not len(after) else peak + 1 + int(np.argmin(after))
    return RotationSpell(
        sector=sector,
        frequency=frequency,
        quadrant=quadrant,
        entered=periods[0],
        left=periods[-1],
        bars_count=len(periods),
        ratio_low_index=float(ratios.min()),
        ratio_high_index=float(ratios.max()),
        momentum_peak_index=float(momenta[peak]),
        momentum_peak_period=periods[peak],
        momentum_last_index=float(momenta[-1]),
        ratio_last_index=float(ratios[-1]),
        momentum_turn_index=None if turn is None else float(momenta[turn]),
        momentum_turn_period=None if turn is None else periods[turn],
        running=running,
    )
