"""Decides what is held of scores: the best in equal parts, or all, tilted by rank; never over 1.

A row in which nothing has a score says nothing: what is listed is then held in equal parts.
"""

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from core.backtest.strategies import Shape

Matrix = NDArray[np.float64]
Mask = NDArray[np.bool_]


def targets(scores: Matrix, listed: Mask, *, shape: Shape, top: int | None) -> Matrix:
    """Return target weights, decisions x sectors.

    Args:
        scores: decisions x sectors, NaN without one.
        listed: the same shape, True where a sector can be held.
        shape: `weights` are taken as they are, a sector without one gets none. `ranked` without
            `top` gives rank_tilt. `held` without `top` gives equal parts.
        top: sectors held in equal parts; fewer where fewer have a score.
    """
    if shape == "weights":
        wanted = np.nan_to_num(scores)
    elif top is None and shape == "ranked":
        wanted = rank_tilt(scores)
    else:
        wanted = _equal_parts(~np.isnan(best(scores, top)))
    told = (~np.isnan(scores)).max(axis=1, keepdims=True, initial=False)
    return np.where(told, wanted, _equal_parts(listed))


def best(scores: Matrix, top: int | None) -> Matrix:
    """Return the scores of the best `top` of each row, ties by column order; NaN elsewhere."""
    if top is None:
        return scores
    order = np.argsort(np.where(np.isnan(scores), np.inf, -scores), axis=1, kind="stable")
    places = np.empty_like(order)
    np.put_along_axis(places, order, np.arange(scores.shape[1])[None, :], axis=1)
    return np.where(places < top, scores, np.nan)


def rank_tilt(scores: Matrix) -> Matrix:
    """Return 2 r / (n (n + 1)), r = n for the best of n and 1 for the worst, ties by mean rank.

    A sector without a score gets nothing; equal scores give equal weights.
    """
    ranks = pd.DataFrame(scores).rank(axis=1).fillna(0.0).to_numpy(dtype=np.float64)
    return _shares(ranks)


def smoothed(wanted: Matrix, smoothing: float) -> Matrix:
    """Return targets of which `smoothing` is the last ones', decisions ascending."""
    if smoothing == 0.0:
        return wanted
    found = wanted.copy()
    for row in range(1, len(found)):
        found[row] = smoothing * found[row - 1] + (1.0 - smoothing) * wanted[row]
    return found


def _equal_parts(chosen: Mask) -> Matrix:
    return _shares(chosen.astype(np.float64))


def _shares(parts: Matrix) -> Matrix:
    """Return each row over its sum; rows of nothing stay nothing."""
    whole = parts.sum(axis=1, keepdims=True)
    shares: Matrix = parts / np.where(whole > 0.0, whole, 1.0)
    return shares
