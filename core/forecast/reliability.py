"""Decides whether stated probabilities and intervals kept their word; it corrects none of them."""

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from core.certainty import DECIMALS, Interval, Vector, wilson

Flags = NDArray[np.bool_]

BINS = 5


class Reliability(NamedTuple):
    """Predictions of like probability and how often what they spoke of happened.

    `predicted`, `happened` and `interval` are None in a bin without predictions.
    """

    low: float
    high: float
    cases_count: int
    predicted: float | None
    happened: float | None
    interval: Interval | None


class Coverage(NamedTuple):
    """How often outcomes fell inside stated intervals."""

    fraction: float
    interval: Interval
    cases_count: int


def brier(probabilities: Vector, happened: Flags) -> float | None:
    """Return the mean squared error of probabilities (Brier, 1950); None without any.

    Args:
        probabilities: from 0 to 1, NaN where none was stated.
        happened: whether what they spoke of did.
    """
    stated, came = _stated(probabilities, happened)
    return round(float(((stated - came) ** 2).mean()), DECIMALS) if len(stated) else None


def brier_skill(probabilities: Vector, happened: Flags) -> float | None:
    """Return 1 - Brier over that of always stating the frequency; None if nothing varied."""
    stated, came = _stated(probabilities, happened)
    if not len(stated) or came.min() == came.max():
        return None
    worst = float(((came - came.mean()) ** 2).mean())
    return round(1.0 - float(((stated - came) ** 2).mean()) / worst, DECIMALS)


def reliability(
    probabilities: Vector, happened: Flags, *, bins: int = BINS
) -> tuple[Reliability, ...]:
    """Return the reliability table in bins of equal width (Murphy and Winkler, 1977).

    Args:
        probabilities: from 0 to 1, NaN where none was stated; 1 belongs to the last bin.
        happened: whether what they spoke of did.
        bins: how many.
    """
    stated, came = _stated(probabilities, happened)
    place = np.minimum((stated * bins).astype(np.int64), bins - 1)
    rows = []
    for row in range(bins):
        inside = place == row
        count, hits = int(inside.sum()), int(came[inside].sum())
        rows.append(
            Reliability(
                low=row / bins,
                high=(row + 1) / bins,
                cases_count=count,
                predicted=round(float(stated[inside].mean()), DECIMALS) if count else None,
                happened=round(hits / count, DECIMALS) if count else None,
                interval=wilson(hits, count),
            )
        )
    return tuple(rows)


def calibration_error(table: tuple[Reliability, ...]) -> float | None:
    """Return the expected calibration error: bins' gaps by their counts; None without any.

    Naeini, Cooper and Hauskrecht (2015).
    """
    total = sum(row.cases_count for row in table)
    if total == 0:
        return None
    gaps = (
        row.cases_count * abs(row.predicted - row.happened)
        for row in table
        if row.predicted is not None and row.happened is not None
    )
    return round(sum(gaps) / total, DECIMALS)


def coverage(low: Vector, high: Vector, outcomes: Vector) -> Coverage | None:
    """Return how often outcomes were inside [low, high]; None where no row has all three."""
    known = ~(np.isnan(low) | np.isnan(high) | np.isnan(outcomes))
    count = int(known.sum())
    inside = int(((low <= outcomes) & (outcomes <= high) & known).sum())
    interval = wilson(inside, count)
    return None if interval is None else Coverage(round(inside / count, DECIMALS), interval, count)


def _stated(probabilities: Vector, happened: Flags) -> tuple[Vector, Vector]:
    """Return the stated probabilities and 1.0 where what they spoke of happened.

    Raises:
        ValueError: a probability is below 0 or above 1.
    """
    known = ~np.isnan(probabilities)
    stated = probabilities[known]
    if ((stated < 0.0) | (stated > 1.0)).any():
        raise ValueError(f"probabilities from {stated.min()} to {stated.max()}: 0 to 1 expected")
    return stated, happened[known].astype(np.float64)
