"""Decides how often an announced cross of RS-Momentum through 100 came, against chance.

A warning is near 100 by its nature, so it is held against bars just as near.
"""

from collections.abc import Mapping
from typing import Final

import numpy as np
from numpy.lib.stride_tricks import sliding_window_view
from numpy.typing import NDArray

from core.estimates import Share, share
from core.records.rotation_statistics import BaseVerdict, CrossKind, EarlyWarningRow
from core.records.universe import Frequency
from core.rotation.quadrants import DECIMALS, MISSING, quadrant_codes
from core.rotation.rrg import CENTRE, RotationFrames

Mask = NDArray[np.bool_]

WITHIN_BARS: Final[Mapping[Frequency, int]] = {"15min": 26, "daily": 5, "weekly": 4, "monthly": 3}
"""Bars a cross may take: a session, a week, a month, a quarter."""

LEAST_WARNINGS: Final = 20


def early_warnings(
    frames: RotationFrames, *, frequency: Frequency
) -> tuple[EarlyWarningRow, EarlyWarningRow]:
    """Return the record of warnings of a cross upwards and of one downwards.

    A warning says that one more step of the last one's size takes RS-Momentum across 100. Of an
    unbroken run of them the first counts. It is followed when RS-Momentum is across at one of the
    next bars; only bars whose next bars are all known count.

    Args:
        frames: finished bars x sectors, at least one bar.
        frequency: of the bars; it sets how many bars a cross may take (`WITHIN_BARS`).
    """
    momenta = frames.rs_momentum.to_numpy().round(DECIMALS)
    known = quadrant_codes(frames) != MISSING
    up = _row("momentum_crossing_up", momenta < CENTRE, momenta, known, frequency)
    down = _row("momentum_crossing_down", momenta >= CENTRE, momenta, known, frequency)
    return up, down


def _row(
    kind: CrossKind, side: Mask, momenta: NDArray[np.float64], known: Mask, frequency: Frequency
) -> EarlyWarningRow:
    within = WITHIN_BARS[frequency]
    side = side & known
    crossed, settled = _fate(~side & known, known, within)
    counted = side & settled
    announced = _announced(side, momenta, known) & counted
    away = np.abs(momenta - CENTRE)
    reach = float(np.median(away[announced])) if announced.any() else -1.0
    near = counted & (away <= reach)
    told, base, close = (
        share(int((crossed & which).sum()), int(which.sum()))
        for which in (announced, counted, near)
    )
    return EarlyWarningRow(
        kind=kind,
        frequency=frequency,
        within_count=within,
        announced_count=told.trials,
        followed_count=told.hits,
        hit_fraction=told.fraction,
        hit_low_fraction=told.low,
        hit_high_fraction=told.high,
        base_cases_count=base.trials,
        base_fraction=base.fraction,
        near_cases_count=close.trials,
        near_fraction=close.fraction,
        verdict=_verdict(told, close),
    )


def _announced(side: Mask, momenta: NDArray[np.float64], known: Mask) -> Mask:
    """Return the first bar of each run of warnings."""
    north = np.diff(momenta, axis=0, prepend=np.nan).round(DECIMALS)
    before = np.vstack([np.zeros_like(known[:1]), known[:-1]])
    ahead = momenta + np.where(before, north, np.nan)
    warned = side & np.where(momenta < CENTRE, ahead >= CENTRE, ahead < CENTRE)
    warned &= ~np.isnan(ahead)
    first: Mask = warned & ~np.vstack([np.zeros_like(warned[:1]), warned[:-1]])
    return first


def _fate(across: Mask, known: Mask, within: int) -> tuple[Mask, Mask]:
    """Return whether one of the next bars is across, and whether all of them are known."""
    pad = np.zeros((within, known.shape[1]), dtype=bool)
    next_across, next_known = (
        sliding_window_view(np.vstack([mask, pad])[1:], within, axis=0) for mask in (across, known)
    )
    crossed: Mask = np.any(next_across, axis=-1)
    settled: Mask = np.all(next_known, axis=-1)
    return crossed, settled


def _verdict(told: Share, close: Share) -> BaseVerdict:
    """Return where the warnings' interval lies against what bars as near did."""
    if told.trials < LEAST_WARNINGS or close.fraction is None:
        return "too_few"
    if told.low is None or told.high is None:
        return "too_few"
    if told.low > close.fraction:
        return "above_base"
    return "below_base" if told.high < close.fraction else "not_distinguishable"
