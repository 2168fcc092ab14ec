"""Decides the grid weights lie on, whole tenths of a percent, and where an allocation starts."""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from core.records.decision import Stance
from core.records.mandate import Mandate

Units = NDArray[np.int64]
Mask = NDArray[np.bool_]

WHOLE = 1_000
"""Tenths of a percent of a portfolio: every weight is a count of them."""

SLACK = 1e-6
"""Units by which a limit written as a fraction may miss its whole number."""


@dataclass(frozen=True, slots=True)
class Start:
    """What an allocation starts from, in units: sectors in id order, then cash.

    benchmark: sums to WHOLE, its cash is 0.
    given: whether the benchmark holds the weights given; else they are equal.
    reference: what trades are counted from; with `outside` it sums to WHOLE.
    outside: held outside the universe, never traded.
    most_cash: what cash may reach at all; without a portfolio it is the mandate's floor.
    """

    sectors: tuple[str, ...]
    benchmark: Units
    reference: Units
    outside: int
    most_cash: int
    held: bool
    given: bool

    @property
    def total(self) -> int:
        """What sectors and cash come to."""
        return WHOLE - self.outside

    def place(self, sector: str) -> int:
        """Return a sector's place, or raise ValueError."""
        return self.sectors.index(sector)


def whole_weights(weights: Mapping[str, float]) -> dict[str, int]:
    """Return tenths of a percent summing to 1,000 by largest remainder (Hamilton), ties by id.

    Args:
        weights: not negative, at least one positive; scaled to sum to one.
    """
    sectors = sorted(weights)
    total = sum(weights[sector] for sector in sectors)
    exact = {sector: WHOLE * weights[sector] / total for sector in sectors}
    whole = {sector: int(exact[sector]) for sector in sectors}
    left = WHOLE - sum(whole.values())
    by_remainder = sorted(sectors, key=lambda sector: (whole[sector] - exact[sector], sector))
    for sector in by_remainder[:left]:
        whole[sector] += 1
    return whole


def at_most(fraction: float) -> int:
    """Return the whole units within a fraction."""
    return int(np.floor(WHOLE * fraction + SLACK))


def at_least(fraction: float) -> int:
    """Return the fewest whole units that reach a fraction."""
    return int(np.ceil(WHOLE * fraction - SLACK))


def stance_of(active: int, mandate: Mandate) -> Stance:
    """Return the stance of active units: neutral within the no-trade band."""
    if within_band(active, mandate):
        return "neutral"
    return "overweight" if active > 0 else "underweight"


def within_band(trade: int, mandate: Mandate) -> bool:
    """Tell whether so many units are too few to trade."""
    return trade == 0 or abs(trade) < WHOLE * mandate.no_trade_band - SLACK
