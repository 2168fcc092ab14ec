"""Decides how good a ranking was: rank correlation a date, and how sure its mean is."""

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from core.signals.cross_section import LEAST_SECTORS, across_sum, excess
from core.signals.trailing import Matrix

LEAST_T_DATES = 20
DECIMALS = 9


def rank_ic(predicted: Matrix, outcomes: Matrix) -> Matrix:
    """Return each row's Spearman correlation over sectors with both, ties by mean rank.

    NaN in rows with fewer than three sectors, or where either side is constant.
    """
    both = ~np.isnan(predicted) & ~np.isnan(outcomes)
    first, second = (
        excess(pd.DataFrame(np.where(both, values, np.nan)).rank(axis=1).to_numpy())
        for values in (predicted, outcomes)
    )
    size = np.sqrt(across_sum(first**2) * across_sum(second**2))
    usable = (both.sum(axis=1) >= LEAST_SECTORS) & (size > 0.0)
    ic = across_sum(first * second) / np.where(usable, size, 1.0)
    return np.where(usable, np.round(ic, DECIMALS), np.nan)


def sign_hits(predicted: Matrix, outcomes: Matrix) -> Matrix:
    """Return each row's share of sectors whose excess had the predicted sign; NaN without any."""
    both = ~np.isnan(predicted) & ~np.isnan(outcomes)
    right = both & (np.sign(np.nan_to_num(predicted)) == np.sign(np.nan_to_num(outcomes)))
    counts = both.sum(axis=1)
    shares = np.round(right.sum(axis=1) / np.maximum(counts, 1), DECIMALS)
    return np.where(counts > 0, shares, np.nan)


def newey_west_t(values: NDArray[np.float64], lag: int) -> float | None:
    """Return the t of the mean with Bartlett weights up to `lag` (Newey and West, 1987).

    Args:
        values: one a date, ascending.
        lag: dates over which outcomes overlap.

    Returns:
        None under 20 dates or without variance.
    """
    if len(values) < LEAST_T_DATES:
        return None
    centred = values - values.mean()
    variance = float((centred * centred).mean())
    for step in range(1, min(lag, len(values) - 1) + 1):
        share = 1.0 - step / (lag + 1.0)
        variance += 2.0 * share * float((centred[step:] * centred[:-step]).sum()) / len(values)
    if variance <= 0.0:
        return None
    return round(float(values.mean()) / float(np.sqrt(variance / len(values))), DECIMALS)
