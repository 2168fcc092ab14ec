"""Decides how slowly a forecast may change its mind: what turning costs, judged on the past alone.

Turnover control is part of the model (docs/method): a better ranking that turns every week loses
more to trading than it adds.
"""

from collections.abc import Mapping
from typing import Final

import numpy as np

from core.forecast.units import ranks
from core.signals.cross_section import across_mean, across_sum
from core.signals.trailing import Matrix

HALF_LIVES_WEEKS: Final = (0.0, 3.0, 6.5, 13.0)
"""Candidates; 0 is no smoothing."""

DEFAULT_WEEKS: Final = 6.5
"""Taken until two years of its own record can choose: the value found to serve in development."""

LEAST_YEARS: Final = 2
"""Years of its own record from which a forecast is smoothed and calibrated by it."""

WEEKS_A_YEAR: Final = 52


def shares(decisions_a_year: int) -> tuple[float, ...]:
    """Return the candidates as the share of the last value in the next, ascending."""
    return tuple(_share(weeks, decisions_a_year) for weeks in HALF_LIVES_WEEKS)


def default_share(decisions_a_year: int) -> float:
    """Return the candidate used without a record."""
    return _share(DEFAULT_WEEKS, decisions_a_year)


def chosen_share(
    scores: Mapping[float, Matrix],
    steps: Matrix,
    *,
    cost: float,
    decisions_a_year: int,
) -> float:
    """Return the candidate whose tilt earned most a unit of risk after costs; ties: the slower.

    Args:
        scores: by candidate, settled decisions x sectors; rows without a score do not count.
        steps: the return until the next decision, fraction.
        cost: a side, fraction of what is traded.
        decisions_a_year: for the least record.
    """
    best, found = -np.inf, default_share(decisions_a_year)
    for share in sorted(scores, reverse=True):
        net = tilt_returns(scores[share], steps, cost=cost)
        if len(net) < LEAST_YEARS * decisions_a_year or not net.std() > 0.0:
            continue
        ratio = round(float(net.mean() / net.std()), 9)
        if ratio > best:
            best, found = ratio, share
    return found


def tilt_returns(score: Matrix, steps: Matrix, *, cost: float) -> Matrix:
    """Return each decision's net excess over equal weight of a tilt by rank.

        weight = (1 + 2 rank) / n        rank within +-1/2: from none to double the equal weight

    Trades are the change of the weights; what prices do to them in between is left out.
    """
    usable = ~np.isnan(score) & ~np.isnan(steps)
    known = np.where(usable, score, np.nan)
    counts = usable.sum(axis=1)
    rows = counts >= 3
    weight = np.nan_to_num((1.0 + 2.0 * ranks(known)) / np.maximum(counts, 1)[:, None])
    part = np.where(usable, steps, np.nan)
    gross = across_sum(weight * np.nan_to_num(part)) - across_mean(part)
    moved = np.zeros(len(score))
    moved[1:] = np.abs(np.diff(weight, axis=0)).sum(axis=1) * (rows[1:] & rows[:-1])
    net: Matrix = (gross - cost * moved)[rows]
    return net


def _share(weeks: float, decisions_a_year: int) -> float:
    if weeks == 0.0:
        return 0.0
    apart = WEEKS_A_YEAR / decisions_a_year
    return round(float(0.5 ** (apart / weeks)), 9)
