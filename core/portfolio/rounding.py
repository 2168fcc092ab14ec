"""Decides how fractions become whole basis points that still sum to one and keep every limit."""

from collections.abc import Mapping

import numpy as np

from core.portfolio.limits import WHOLE, Bounds, Units
from core.signals.trailing import Matrix

SNAP = 0.01
"""Basis points from a whole number taken as solver noise."""


def whole_weights(weights: Mapping[str, float]) -> dict[str, int]:
    """Return basis points summing to 10,000 by largest remainder (Hamilton), ties by id.

    Args:
        weights: not negative, at least one positive; scaled to sum to one.
    """
    sectors = sorted(weights)
    total = sum(weights[sector] for sector in sectors)
    exact = {sector: WHOLE * weights[sector] / total for sector in sectors}
    whole = {sector: int(exact[sector]) for sector in sectors}
    left = WHOLE - sum(whole.values())
    by_remainder = sorted(sectors, key=lambda sector: (whole[sector] - exact[sector], sector))
    for sector in by_remainder[:left]:
        whole[sector] += 1
    return whole


def whole_targets(active: Matrix, limits: Bounds) -> Units:
    """Return target weights in basis points near benchmark + active, within the limits.

    Trades are cut toward zero; the side that then buys or sells less is filled up by largest
    remainder. So sums match and no cap, nor the turnover, is passed.

    Args:
        active: sectors in id order, fractions summing to zero up to solver noise.
        limits: whole bounds the exact solution keeps.
    """
    low, high = limits.low - limits.benchmark, limits.high - limits.benchmark
    exact = np.clip(WHOLE * active, low, high)
    nearest = np.rint(exact)
    exact = np.where(np.abs(exact - nearest) < SNAP, nearest, exact)
    whole = np.trunc(exact).astype(np.int64)
    while (gap := int(whole.sum())) != 0:
        step = -1 if gap > 0 else 1
        wished = step * (exact - whole)
        roomy = (low <= whole + step) & (whole + step <= high)
        deeper = (np.sign(exact) == step) | (whole * step < 0)
        order = np.lexsort((-wished, ~deeper, ~roomy))
        whole[order[0]] += step
    return limits.benchmark + whole
