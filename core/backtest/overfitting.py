"""Decides how often choosing the best of several strategies would have misled."""

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from core.backtest.metrics import LEAST_INFERENCE_BARS
from core.backtest.resampling import block_bounds, halves
from core.certainty import Vector, is_flat

Matrix = NDArray[np.float64]

MOST_BLOCKS = 16
"""Blocks of a split sample: 12,870 ways to choose half of them."""

LEAST_BLOCKS = 4
LEAST_BLOCK_BARS = 4
MIDDLE = 0.5

RISKLESS = 1e-10
"""Deviation relative to the largest bar below which a half has no risk."""


class Overfitting(NamedTuple):
    """How often the best in one half of the sample was not above the middle in the other."""

    probability: float
    splits_count: int


def pbo(strategies: Matrix, *, blocks: int | None = None) -> Overfitting | None:
    """Return the probability of backtest overfitting (Bailey, Borwein, Lopez de Prado, Zhu, 2017).

    Bars are cut into consecutive blocks; for every choice of half of them the strategy with the
    best Sharpe ratio there is ranked among all in the other half. Counted are ranks at or below
    the middle (logit <= 0), ties at their mean rank.

    Args:
        strategies: bars x strategies, fractions, no NaN.
        blocks: an even number; None: 16, fewer where a block would have less than 4 bars.

    Returns:
        None under 20 bars or with fewer than two strategies that took a risk.

    Raises:
        ValueError: the blocks are odd in number, or too many for the bars.
    """
    if blocks is not None and (blocks % 2 or blocks > len(strategies)):
        raise ValueError(f"{blocks} blocks of {len(strategies)} bars: an even number that fits")
    risky = strategies[:, [not is_flat(column) for column in strategies.T]]
    count = blocks or min(MOST_BLOCKS, len(risky) // LEAST_BLOCK_BARS // 2 * 2)
    if len(risky) < LEAST_INFERENCE_BARS or risky.shape[1] < 2 or count < LEAST_BLOCKS:
        return None
    inside = _half_sharpes(risky, count)
    places = _relative_ranks(inside)
    return Overfitting(float((places <= MIDDLE).mean()), len(places))


def _half_sharpes(strategies: Matrix, blocks: int) -> Matrix:
    """Return Sharpe ratios on every half of the blocks, halves x strategies; NaN without risk.

    Sums are of deviations from each column's mean, so squares cancel little.
    """
    middle = strategies.mean(axis=0)
    bounds = block_bounds(len(strategies), blocks)
    moved = strategies - middle
    sums, squares = (np.add.reduceat(part, bounds, axis=0) for part in (moved, moved**2))
    sizes = np.diff(np.append(bounds, len(strategies))).astype(np.float64)
    scale = np.max(np.abs(strategies), axis=0)
    ratios = []
    for half in halves(blocks):
        count = (half @ sizes)[:, None]
        mean = half @ sums / count
        variance = (half @ squares - count * mean**2) / (count - 1.0)
        risky = variance > (RISKLESS * scale) ** 2
        ratio = np.where(risky, (mean + middle) / np.sqrt(np.where(risky, variance, 1.0)), np.nan)
        ratios.append(ratio)
    return np.concatenate(ratios)


def _relative_ranks(inside: Matrix) -> Vector:
    """Return the rank of each half's best in the other half, over the strategies plus one."""
    usable = ~np.isnan(inside).all(axis=1)
    outside = inside[::-1]
    best = np.argmax(np.where(np.isnan(inside), -np.inf, inside), axis=1)
    own = np.take_along_axis(outside, best[:, None], axis=1)
    below, equal = (outside < own).sum(axis=1), (outside == own).sum(axis=1)
    known = (~np.isnan(outside)).sum(axis=1)
    ranks: Vector = (below + (equal + 1.0) / 2.0) / (known + 1.0)
    return ranks[usable & ~np.isnan(own[:, 0])]
