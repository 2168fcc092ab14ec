"""Decides how good a ranking was: rank correlation, spread and turnover a date, and their means."""

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
import pandas as pd

from core.certainty import DECIMALS, Vector, is_flat
from core.certainty import LEAST_T_DATES as LEAST_T_DATES
from core.certainty import newey_west_t as newey_west_t
from core.signals.cross_section import LEAST_SECTORS, across_sum, excess
from core.signals.trailing import Matrix

THIRDS = 3
"""A top third and a bottom third are compared; the parts have n // 3 sectors each."""


class Average(NamedTuple):
    """A mean over dates, its Newey-West t, and how many dates it is of."""

    mean: float
    t: float | None
    dates_count: int


class Decayed(NamedTuple):
    """The mean rank IC of predictions so many dates old."""

    lag: int
    ic: Average


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


def average(values: Vector, *, overlap: int) -> Average | None:
    """Return the mean over dates that have a value, and how sure it is; None without any.

    Args:
        values: one a date, ascending, NaN where the date has none.
        overlap: dates over which outcomes overlap: the t's lag.
    """
    known = values[~np.isnan(values)]
    if not len(known):
        return None
    mean = round(float(known.mean()), DECIMALS)
    return Average(mean, newey_west_t(known, overlap), len(known))


def icir(ics: Vector) -> float | None:
    """Return the mean rank IC over its sample deviation a date (Grinold and Kahn, 2000).

    None with fewer than two ICs, or ICs that are all equal.
    """
    known = ics[~np.isnan(ics)]
    if is_flat(known):
        return None
    return round(float(known.mean()) / float(known.std(ddof=1)), DECIMALS)


def third_spread(predicted: Matrix, outcomes: Matrix) -> Vector:
    """Return each row's mean outcome of the top third less the bottom third.

    Sectors with both count. Those tied across a third's edge share its places evenly, so the order
    of columns never matters. NaN in rows with fewer than three sectors or a constant prediction.
    """
    both = ~np.isnan(predicted) & ~np.isnan(outcomes)
    ranked = np.where(both, predicted, np.nan)
    weights = third_weights(ranked) - third_weights(-ranked)
    spread = across_sum(weights * np.where(both, outcomes, 0.0))
    usable = np.abs(np.nan_to_num(weights)).sum(axis=1) > 0.0
    return np.where(usable, np.round(spread, DECIMALS), np.nan)


def third_weights(predicted: Matrix) -> Matrix:
    """Return each row's equal weights of the top third, n // 3 sectors; they sum to one.

    NaN where a prediction is, and in rows with fewer than three.
    """
    frame = pd.DataFrame(predicted)
    highest, lowest = (frame.rank(axis=1, method=method).to_numpy() for method in ("max", "min"))
    count = (~np.isnan(predicted)).sum(axis=1)[:, None]
    places = count // THIRDS
    share = np.clip((places - (count - highest)) / (highest - lowest + 1.0), 0.0, 1.0)
    return np.where(count >= LEAST_SECTORS, share / np.maximum(places, 1), np.nan)


def ic_decay(
    predicted: Matrix, outcomes: Matrix, *, lags: Sequence[int], overlap: int
) -> tuple[Decayed, ...]:
    """Return the mean rank IC of predictions that are `lags` dates old when their period begins.

    All means are over the same dates, those the longest lag leaves; lags without a date are left
    out. Lag 0 is the prediction as made.

    Args:
        predicted: dates x sectors, ascending, NaN where there is none.
        outcomes: of the period that begins at the row's date.
        lags: in dates, not negative.
        overlap: dates over which outcomes overlap.
    """
    first = max(lags)
    rows = np.arange(first, len(predicted))
    ics = np.column_stack([rank_ic(predicted[rows - lag], outcomes[rows]) for lag in lags])
    common = ics[np.isfinite(ics).all(axis=1)]
    means = [average(column, overlap=overlap) for column in common.T]
    return tuple(
        Decayed(lag, mean) for lag, mean in zip(lags, means, strict=True) if mean is not None
    )


def rank_persistence(predicted: Matrix, lag: int = 1) -> Vector:
    """Return each row's rank correlation with the prediction `lag` dates before, NaN at first."""
    same = np.full(len(predicted), np.nan)
    same[lag:] = rank_ic(predicted[: max(len(predicted) - lag, 0)], predicted[lag:])
    return same


def top_turnover(predicted: Matrix) -> Vector:
    """Return the share of the top third replaced since the date before, NaN where one has none."""
    weights = third_weights(predicted)
    known = np.isfinite(weights).sum(axis=1) > 0
    moved = np.abs(np.diff(np.nan_to_num(weights), axis=0)).sum(axis=1) / 2.0
    turnover = np.full(len(predicted), np.nan)
    turnover[1:] = np.where(known[1:] & known[:-1], np.round(moved, DECIMALS), np.nan)
    return turnover
