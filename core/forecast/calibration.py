"""Decides what a score is worth in percent, how wide its interval is, and the chance of winning.

All three come from the forecast's own settled record; until there is one, from the fit.
"""

import math
from dataclasses import dataclass
from typing import Final

import numpy as np

from core.signals.cross_section import DECIMALS
from core.signals.trailing import Matrix, ratio

COVERAGE: Final = 0.8
"""Share of outcomes an interval is to hold."""

Z_80: Final = 1.2815515655446004
"""Standard normal quantile of 0.9: an 80 % interval leaves a tenth on either side."""

SLOPE_CAP: Final = 1.5

EDGES: Final = (0.4, 0.475, 0.525, 0.6)
"""Bounds of the five bins of a probability in which forecasts are counted."""


@dataclass(frozen=True, slots=True)
class Calibration:
    """slope: expected percent a unit of score. half_width: of |miss| over volatility, 80th pct."""

    slope: float
    half_width: float | None


def calibrated(
    predicted: Matrix,
    outcomes: Matrix,
    volatility: Matrix,
    *,
    overlap: float,
    prior: Calibration,
    least: int,
) -> Calibration:
    """Return slope and width of a settled record, the prior's where it is too short.

        slope = (sum p y / o + s2) / (sum p^2 / o + s2)    within 0..1.5

    The slope is pulled to 1 as if by s2 of evidence: s2 is the variance of what is missed, o the
    decisions that share a label's sessions. So a record must be long before it says much.

    Args:
        predicted: settled decisions x sectors, scores in percent, NaN where none was made.
        outcomes: excess, percent.
        volatility: percent a year.
        overlap: decisions a label spans, at least 1.
        prior: of the fit.
        least: decisions a record needs.
    """
    known = ~np.isnan(predicted) & ~np.isnan(outcomes)
    if int(known.any(axis=1).sum()) < least:
        return prior
    p, y = predicted[known], outcomes[known]
    spread = float(np.mean((y - p) ** 2))
    above, below = float(p @ y) / overlap + spread, float(p @ p) / overlap + spread
    slope = round(min(max(above / below, 0.0), SLOPE_CAP), DECIMALS)
    width = half_width(slope * predicted, outcomes, volatility)
    return Calibration(slope, prior.half_width if width is None else width)


def half_width(predicted: Matrix, outcomes: Matrix, volatility: Matrix) -> float | None:
    """Return the 80th percentile of |miss| over volatility, None without any."""
    relative = ratio(np.abs(outcomes - predicted), volatility)
    known = relative[~np.isnan(relative)]
    return round(float(np.quantile(known, COVERAGE)), DECIMALS) if len(known) else None


def chance_above(mean: float, half: float) -> float:
    """Return P(outcome > 0) of a normal with that mean and 80 % half-width; 1/2 without width."""
    sd = half / Z_80
    if not sd > 0.0:
        return 0.5
    return round(0.5 * (1.0 + math.erf(mean / (sd * math.sqrt(2.0)))), DECIMALS)


def place(chance: float) -> int:
    """Return the bin of a probability, 0 to 4; a bin holds its lower bound."""
    return sum(chance >= edge for edge in EDGES)
