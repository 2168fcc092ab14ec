"""Decides where each sector was at every bar, seen from that bar: the frames of a moving map.

A frame holds what `rotations` tells of its day; it invents no bar and forecasts nothing.
"""

from dataclasses import dataclass
from datetime import date

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from core.records.universe import Frequency, Universe
from core.rotation.bars import Bars, period_end, to_bars
from core.rotation.quadrants import DECIMALS, FULL_TURN_DEG, MISSING, quadrant_codes
from core.rotation.rrg import CENTRE, relative_rotation

CROSSING_UP, CROSSING_DOWN = 1, -1
"""Codes of an early warning; 0 is none."""

Values = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class RotationCourse:
    """Bars x sectors up to as_of, oldest first; the last bar may be provisional.

    periods: the bars' labels. seen: the day each bar is a frame of: the last weekday of a closed
    week, as_of of the last bar. level: the benchmark's close. rs_ratio, rs_momentum: around 100,
    NaN where unknown. codes: places in `QUADRANTS`, -1 none. heading_deg, velocity: of the step
    from the bar before, NaN without one. dwell: bars in the quadrant so far, 0 without a quadrant.
    warnings: `CROSSING_UP`, `CROSSING_DOWN` or 0.
    """

    frequency: Frequency
    provisional: bool
    sectors: tuple[str, ...]
    periods: tuple[date, ...]
    seen: tuple[date, ...]
    level: Values
    rs_ratio: Values
    rs_momentum: Values
    codes: NDArray[np.int8]
    heading_deg: Values
    velocity: Values
    dwell: NDArray[np.int64]
    warnings: NDArray[np.int8]


def rotation_course(
    closes: pd.DataFrame,
    benchmark: pd.Series,
    *,
    frequency: Frequency,
    as_of: date,
    bars: int,
    universe: Universe | None = None,
) -> RotationCourse:
    """Return the last `bars` frames; a frame is a function of what was closed on its day.

    Args:
        closes: sessions x sectors, positive, NaN where unknown.
        benchmark: close by session, taken at the sessions of `closes`.
        frequency: of the bars.
        as_of: later sessions are not seen.
        bars: most frames returned, at least 1.
        universe: whose calendar says when a week or month is over; None: weekdays.

    Raises:
        ValueError: bars is below 1.
    """
    if bars < 1:
        raise ValueError(f"bars: must be at least 1, got {bars}")
    level = benchmark.reindex(closes.index).to_frame()
    made = to_bars(closes, frequency, as_of=as_of, universe=universe)
    reference = to_bars(level, frequency, as_of=as_of).closes.iloc[:, 0]
    return _course(made, reference, frequency=frequency, as_of=as_of, bars=bars)


def _course(
    made: Bars, reference: pd.Series, *, frequency: Frequency, as_of: date, bars: int
) -> RotationCourse:
    frames = relative_rotation(made.closes, reference)
    codes = quadrant_codes(frames)
    ratios = frames.rs_ratio.to_numpy().round(DECIMALS)
    momenta = frames.rs_momentum.to_numpy().round(DECIMALS)
    east, north = _steps(ratios), _steps(momenta)
    periods = tuple(stamp.date() for stamp in pd.DatetimeIndex(made.closes.index))
    last = slice(max(0, len(periods) - bars), None)
    return RotationCourse(
        frequency=frequency,
        provisional=made.provisional,
        sectors=tuple(str(name) for name in made.closes.columns),
        periods=periods[last],
        seen=_seen(periods, frequency, as_of)[last],
        level=reference.to_numpy(dtype=np.float64)[last],
        rs_ratio=ratios[last],
        rs_momentum=momenta[last],
        codes=codes[last],
        heading_deg=_headings(east, north)[last],
        velocity=np.hypot(east, north).round(DECIMALS)[last],
        dwell=_dwell(codes)[last],
        warnings=_warnings(momenta, north)[last],
    )


def _seen(periods: tuple[date, ...], frequency: Frequency, as_of: date) -> tuple[date, ...]:
    ends = [min(as_of, period_end(period, frequency)) for period in periods]
    return (*ends[:-1], as_of) if ends else ()


def _steps(values: Values) -> Values:
    """Return each bar's change, NaN at the first and beside a gap."""
    return np.diff(values, axis=0, prepend=np.full_like(values[:1], np.nan)).round(DECIMALS)


def _headings(east: Values, north: Values) -> Values:
    """Return degrees clockwise from north in [0, 360), NaN without motion."""
    turned: Values = np.degrees(np.arctan2(east, north)).round(DECIMALS) % FULL_TURN_DEG
    still = (east == 0.0) & (north == 0.0)
    return np.where(still, np.nan, turned)


def _dwell(codes: NDArray[np.int8]) -> NDArray[np.int64]:
    """Return for how many bars each bar's quadrant has lasted."""
    lengths = np.zeros(codes.shape, dtype=np.int64)
    for bar in range(len(codes)):
        before = lengths[bar - 1] if bar else 0
        same = codes[bar] == codes[bar - 1] if bar else np.zeros(codes.shape[1], dtype=np.bool_)
        lengths[bar] = np.where(codes[bar] == MISSING, 0, np.where(same, before + 1, 1))
    return lengths


def _warnings(momenta: Values, north: Values) -> NDArray[np.int8]:
    """Return the side RS-Momentum changes to when its last change repeats; NaN warns of none."""
    ahead = momenta + north
    up = (momenta < CENTRE) & (ahead >= CENTRE)
    down = (momenta >= CENTRE) & (ahead < CENTRE)
    return np.select([up, down], [CROSSING_UP, CROSSING_DOWN], 0).astype(np.int8)
