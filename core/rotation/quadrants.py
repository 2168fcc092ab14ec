"""Decides which quadrant a sector is in, for how long, and where it is heading.

It describes; whether a quadrant pays is for the forecast to learn.
"""

import math
from datetime import date
from typing import Literal

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from core.records.sectors import Quadrant, Rotation, TailPoint
from core.records.universe import Frequency, Universe
from core.rotation.bars import to_bars
from core.rotation.rrg import CENTRE, RotationFrames, relative_rotation

QUADRANTS: tuple[Quadrant, ...] = ("LEADING", "WEAKENING", "LAGGING", "IMPROVING")
"""Clockwise from the upper right, the way a sector usually travels; a code is a place in it."""

MISSING = -1
"""The code of a bar without a quadrant."""

DECIMALS = 9
"""Places both axes are rounded to before anything is compared or shown."""

FULL_TURN_DEG = 360.0

MomentumCross = Literal["momentum_crossing_up", "momentum_crossing_down"]


def rotations(
    closes: pd.DataFrame,
    benchmark: pd.Series,
    *,
    frequency: Frequency,
    as_of: date,
    tail_bars: int = 8,
    universe: Universe | None = None,
) -> dict[str, Rotation | None]:
    """Return each sector's rotation at its last bar, in the order of the columns.

    Heading and velocity are direction and length of the step from the node before; both are None
    without such a node, and heading is None when the step is zero. An early warning says that one
    more step of the same size takes RS-Momentum across 100.

    Args:
        closes: sessions x sectors, positive, NaN where unknown.
        benchmark: close by session, taken at the sessions of `closes`.
        frequency: of the bars; the answer names it.
        as_of: later sessions are not seen.
        tail_bars: nodes of the tail, the last one included, at least 1.
        universe: whose calendar says when a week or month is over; None: weekdays.

    Returns:
        None for a sector whose last bar has no quadrant: not listed, warming up (38 bars), or a gap
        within its windows. Tail, dwell and step end at the first gap met going back.

    Raises:
        ValueError: tail_bars is below 1.
    """
    if tail_bars < 1:
        raise ValueError(f"tail_bars: must be at least 1, got {tail_bars}")
    level = benchmark.reindex(closes.index).to_frame()
    bars = to_bars(closes, frequency, as_of=as_of, universe=universe)
    reference = to_bars(level, frequency, as_of=as_of).closes.iloc[:, 0]
    frames = relative_rotation(bars.closes, reference)
    codes = quadrant_codes(frames)
    nodes = np.stack([_rounded(frames.rs_ratio), _rounded(frames.rs_momentum)], axis=-1)
    periods = [stamp.date() for stamp in pd.DatetimeIndex(bars.closes.index)]
    found: dict[str, Rotation | None] = {}
    for column, sector in enumerate(closes.columns):
        n_known = _trailing_count(codes[:, column] != MISSING)
        known = slice(len(periods) - n_known, None)
        found[str(sector)] = (
            None
            if n_known == 0
            else _rotation(
                nodes[known, column],
                codes=codes[known, column],
                periods=periods[known],
                frequency=frequency,
                provisional=bars.provisional,
                tail_bars=tail_bars,
            )
        )
    return found


def quadrant_codes(frames: RotationFrames) -> NDArray[np.int8]:
    """Return each bar's place in `QUADRANTS`, bars x symbols, `MISSING` where an axis is NaN.

    Exactly 100, after rounding to 1e-9, counts as right on RS-Ratio and as up on RS-Momentum.
    """
    ratios, momenta = _rounded(frames.rs_ratio), _rounded(frames.rs_momentum)
    up = momenta >= CENTRE
    codes = np.where(ratios >= CENTRE, np.where(up, 0, 1), np.where(up, 3, 2)).astype(np.int8)
    codes[np.isnan(ratios) | np.isnan(momenta)] = MISSING
    return codes


def quadrant_history(frames: RotationFrames) -> pd.DataFrame:
    """Return each bar's quadrant by name, bars x symbols, NaN where an axis is NaN."""
    names = np.array([*QUADRANTS, None], dtype=object)
    return pd.DataFrame(
        names[quadrant_codes(frames)],
        index=frames.rs_ratio.index,
        columns=frames.rs_ratio.columns,
        dtype="str",
    )


def momentum_cross(momentum: float, north: float) -> MomentumCross | None:
    """Return the side RS-Momentum changes to when its last change repeats; NaN changes nothing."""
    if momentum < CENTRE <= momentum + north:
        return "momentum_crossing_up"
    if momentum >= CENTRE > momentum + north:
        return "momentum_crossing_down"
    return None


def _rotation(
    nodes: NDArray[np.float64],
    *,
    codes: NDArray[np.int8],
    periods: list[date],
    frequency: Frequency,
    provisional: bool,
    tail_bars: int,
) -> Rotation:
    """Return the rotation at the end of an unbroken path, bars x (ratio, momentum)."""
    tail = tuple(
        TailPoint(period=period, rs_ratio_index=float(ratio), rs_momentum_index=float(momentum))
        for period, (ratio, momentum) in zip(periods[-tail_bars:], nodes[-tail_bars:], strict=True)
    )
    east, north = (math.nan, math.nan) if len(nodes) == 1 else _step(nodes)
    last = tail[-1]
    return Rotation(
        frequency=frequency,
        period=last.period,
        provisional=provisional,
        rs_ratio_index=last.rs_ratio_index,
        rs_momentum_index=last.rs_momentum_index,
        quadrant=QUADRANTS[codes[-1]],
        heading_deg=_heading_deg(east, north),
        velocity_index=None if math.isnan(east) else round(math.hypot(east, north), DECIMALS),
        dwell_count=_trailing_count(codes == codes[-1]),
        early_warning=momentum_cross(last.rs_momentum_index, north),
        tail=tail,
    )


def _step(nodes: NDArray[np.float64]) -> tuple[float, float]:
    east, north = (nodes[-1] - nodes[-2]).round(DECIMALS)
    return float(east), float(north)


def _heading_deg(east: float, north: float) -> float | None:
    """Return degrees clockwise from north in [0, 360), None without motion."""
    if math.isnan(east) or (east == 0.0 and north == 0.0):
        return None
    return round(math.degrees(math.atan2(east, north)), DECIMALS) % FULL_TURN_DEG


def _trailing_count(flags: NDArray[np.bool_]) -> int:
    """Return how many flags are set at the end, without a break."""
    return int(np.cumprod(flags[::-1]).sum())


def _rounded(frame: pd.DataFrame) -> NDArray[np.float64]:
    return frame.to_numpy().round(DECIMALS)
