"""Decides how a trailing window is summed: from the window's own values alone, in a fixed order.

A running total carries the whole history in its rounding; here equal windows give equal bits,
whatever came before or after them.
"""

import numpy as np
from numpy.typing import NDArray


def window_sums(values: NDArray[np.float64], window: int) -> NDArray[np.float64]:
    """Return the sum of every full window along the last axis.

    Spans of 1, 2, 4, ... cells are built by doubling and joined by the binary digits of `window`,
    so a sum of n cells costs about log2(n) passes (the ladder of Hillis and Steele, 1986).

    Args:
        values: shape (..., n_bars), ascending in time.
        window: cells a sum, at least 1.

    Returns:
        Shape (..., max(n_bars - window + 1, 0)); cell i sums values[i : i + window]. A NaN makes
        exactly the windows that hold it NaN.

    Raises:
        ValueError: the window is shorter than one cell.
    """
    if window < 1:
        raise ValueError(f"window: must be at least 1 cell, got {window}")
    n_sums = max(values.shape[-1] - window + 1, 0)
    if n_sums == 0:
        return values[..., :0]
    spans, covered = values, 0
    sums: NDArray[np.float64] | None = None
    for bit in range(window.bit_length()):
        width = 1 << bit
        if window & width:
            part = spans[..., covered : covered + n_sums]
            sums = part if sums is None else sums + part
            covered += width
        if covered < window:
            spans = spans[..., width:] + spans[..., :-width]
    return values[..., :0] if sums is None else sums
