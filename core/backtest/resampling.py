"""Decides which past could have been: bars drawn again in blocks, and halves of a split sample."""

from collections.abc import Iterator
from itertools import combinations
from math import cbrt, ceil

import numpy as np
from numpy.typing import NDArray

Matrix = NDArray[np.float64]
Indices = NDArray[np.int64]

DRAWS_AT_ONCE = 128
"""Resamples held in memory together."""


def block_bars(bars_count: int, least: int = 1) -> int:
    """Return the mean block length: n^(1/3), and at least the bars over which bars depend.

    The rate is Hall, Horowitz and Jing's (1995) for a variance. `least` is the longer of the
    rebalance period and the forecast horizon where outcomes overlap.
    """
    return max(least, ceil(round(cbrt(bars_count), 9)))


def stationary_indices(bars_count: int, block: int, rng: np.random.Generator) -> Indices:
    """Return one resample's rows: blocks of geometric length, mean `block`, around the end.

    Politis and Romano (1994). The generator is asked for what `arch` asks it for, in that order.
    """
    starts = rng.integers(bars_count, size=bars_count, dtype=np.int64)
    begins = rng.random(bars_count) <= 1.0 / block
    begins[0] = True
    place = np.arange(bars_count)
    begun = np.maximum.accumulate(np.where(begins, place, 0))
    rows: Indices = (starts[begun] + place - begun) % bars_count
    return rows


def resampled_means(values: Matrix, *, block: int, draws: int, rng: np.random.Generator) -> Matrix:
    """Return each stationary resample's column means, draws x columns.

    Args:
        values: bars x columns, finite.
        block: mean block length in bars.
        draws: resamples.
        rng: the source of randomness.
    """
    means = np.empty((draws, values.shape[1]))
    for first in range(0, draws, DRAWS_AT_ONCE):
        size = min(DRAWS_AT_ONCE, draws - first)
        counts = np.stack(
            [
                np.bincount(stationary_indices(len(values), block, rng), minlength=len(values))
                for _ in range(size)
            ]
        )
        means[first : first + size] = counts.astype(np.float64) @ values / len(values)
    return means


def block_bounds(bars_count: int, blocks: int) -> Indices:
    """Return where each of the consecutive blocks begins; their sizes differ by one at most."""
    bounds: Indices = (np.arange(blocks, dtype=np.int64) * bars_count) // blocks
    return bounds


def halves(blocks: int) -> Iterator[Matrix]:
    """Yield every choice of half the blocks as rows of ones, in lexicographic order, in parts.

    The choice at place i from the front and the one at place i from the end complete each other.
    """
    chosen = np.array(list(combinations(range(blocks), blocks // 2)))
    for first in range(0, len(chosen), DRAWS_AT_ONCE):
        part = chosen[first : first + DRAWS_AT_ONCE]
        rows = np.zeros((len(part), blocks))
        np.put_along_axis(rows, part, 1.0, axis=1)
        yield rows
