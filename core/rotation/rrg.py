"""Decides where a series stands against its benchmark: RS-Ratio and RS-Momentum.

It refuses to name quadrants, and to fill gaps.
"""

from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from core.windows import window_sums

CENTRE = 100.0
"""The level at which a series does as its benchmark does, on both axes."""

CELLS_PER_BLOCK = 1 << 15
"""Cells worked on at a time, 256 KiB: measured, the block and its sums stay in the cache."""


@dataclass(frozen=True, slots=True)
class RotationFrames:
    """Bars x symbols, around 100; NaN while warming up and where a window holds a gap."""

    rs_ratio: pd.DataFrame
    rs_momentum: pd.DataFrame

    def __post_init__(self) -> None:
        ratio, momentum = self.rs_ratio, self.rs_momentum
        if not (ratio.index.equals(momentum.index) and ratio.columns.equals(momentum.columns)):
            raise ValueError("rs_momentum: must be aligned with rs_ratio")


def relative_rotation(
    closes: pd.DataFrame,
    benchmark: pd.Series,
    *,
    ratio_short: int = 10,
    ratio_long: int = 30,
    momentum: int = 9,
) -> RotationFrames:
    """Return RS-Ratio and RS-Momentum of every symbol, RRG-compatible.

        RS          = close / benchmark
        RS-Ratio    = 100 * SMA10(RS) / SMA30(RS)
        RS-Momentum = 100 * RS-Ratio / SMA9(RS-Ratio)

    The axes are de Kempenaer's (2004-05); his formula is unpublished. This one is ours, inferred
    from dated published statements. It needs 38 bars: `ratio_long + momentum - 1`.

    Args:
        closes: bars x symbols, positive, ascending; one dividend treatment with the benchmark's.
        benchmark: close by bar, positive; taken at the bars of `closes`, NaN where it has none.
        ratio_short: bars of the faster mean.
        ratio_long: bars of the slower mean.
        momentum: bars of the mean RS-Ratio is held against.

    Returns:
        Frames of the shape and labels of `closes`. A missing close or benchmark makes NaN of that
        bar and of every bar whose windows hold it: nothing is filled and no bar is skipped. A value
        depends on its own 38 bars and on nothing else, bit for bit.

    Raises:
        ValueError: the windows are not 1 <= ratio_short < ratio_long and momentum >= 1.
    """
    if not (1 <= ratio_short < ratio_long and momentum >= 1):
        raise ValueError(
            "windows: need 1 <= ratio_short < ratio_long and momentum >= 1, "
            f"got {ratio_short}, {ratio_long}, {momentum}"
        )
    prices = closes.to_numpy(dtype=np.float64).T
    level = benchmark.reindex(closes.index).to_numpy(dtype=np.float64)
    ratios, momenta = np.empty(prices.shape), np.empty(prices.shape)
    ratio_lag, momentum_lag = ratio_long - 1, ratio_long + momentum - 2
    ratios[:, :ratio_lag] = np.nan
    momenta[:, :momentum_lag] = np.nan
    n_rows = max(1, CELLS_PER_BLOCK // max(1, level.size))
    for start in range(0, prices.shape[0], n_rows):
        rows = slice(start, start + n_rows)
        ratio = _ratios(prices[rows] / level, ratio_short, ratio_long)
        ratios[rows, ratio_lag:] = ratio
        momenta[rows, momentum_lag:] = _momenta(ratio, momentum)
    return RotationFrames(_framed(ratios, closes), _framed(momenta, closes))


def _ratios(strengths: NDArray[np.float64], short: int, long: int) -> NDArray[np.float64]:
    fast = window_sums(strengths, short)[:, long - short :]
    return fast / window_sums(strengths, long) * (CENTRE * long / short)


def _momenta(ratios: NDArray[np.float64], window: int) -> NDArray[np.float64]:
    return ratios[:, window - 1 :] / window_sums(ratios, window) * (CENTRE * window)


def _framed(values: NDArray[np.float64], closes: pd.DataFrame) -> pd.DataFrame:
    return pd.DataFrame(values.T, index=closes.index, columns=closes.columns, copy=False)
