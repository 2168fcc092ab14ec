"""Decides which weights a mandate allows, in whole basis points, and says which limits conflict."""

from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from core.errors import MandateError
from core.records.decision import Stance
from core.records.mandate import Mandate

Units = NDArray[np.int64]
Mask = NDArray[np.bool_]

PACKAGED = Mandate().id
WHOLE = 10_000
"""Basis points of a portfolio: every weight is a count of them."""

SLACK = 1e-6
"""Basis points by which a limit written as a fraction may miss its whole number."""


@dataclass(frozen=True, slots=True)
class Bounds:
    """Basis points by sector, in id order; `turnover` is one-way, of the portfolio."""

    sectors: tuple[str, ...]
    benchmark: Units
    low: Units
    high: Units
    turnover: int

    def held(self, also: Mask) -> "Bounds":
        """Return the same with more sectors fixed at their benchmark weight."""
        return replace(
            self,
            low=np.where(also, self.benchmark, self.low),
            high=np.where(also, self.benchmark, self.high),
        )

    @property
    def room(self) -> int:
        """The most the sectors may hold together."""
        return int(self.high.sum())

    @property
    def forced(self) -> int:
        """What has to be sold to come within the bounds."""
        return int(np.maximum(self.benchmark - self.high, 0).sum())

    @property
    def feasible(self) -> bool:
        """Whether some weights within the bounds sum to one within the turnover."""
        return self.room >= WHOLE and self.forced <= self.turnover


def bounds(benchmark: dict[str, int], movable: frozenset[str], mandate: Mandate) -> Bounds:
    """Return the mandate's bounds.

    A cap or an exclusion overrides the active cap from below: an order to hold less counts for more
    than staying near the benchmark. A sector that is not movable keeps its benchmark weight, or its
    cap if that is less.

    Args:
        benchmark: basis points by sector, summing to 10,000.
        movable: sectors a view may be taken on.
        mandate: limits, fractions.

    Raises:
        MandateError: the limits cannot all hold; the message names them.
    """
    sectors = tuple(sorted(benchmark))
    weights = np.array([benchmark[sector] for sector in sectors], dtype=np.int64)
    caps = np.array([cap_of(mandate, name, benchmark[name]) for name in sectors], dtype=np.int64)
    active = np.array([units(mandate.active_cap) * (name in movable) for name in sectors])
    high = np.minimum(caps, weights + active)
    low = np.minimum(np.maximum(weights - active, 0), high)
    found = Bounds(sectors, weights, low, high, units(mandate.turnover))
    _refuse_conflicts(found, mandate)
    return found


def cap_of(mandate: Mandate, sector: str, weight: int) -> int:
    """Return the most the mandate allows of a sector, basis points; 0 when excluded.

    The packaged mandate's general cap gives way to the benchmark's own weight: nobody asked for it,
    so in a market of few sectors it must not force a sale. A stated limit never gives way.
    """
    if sector in mandate.excluded:
        return 0
    own = {row.sector: row.cap for row in mandate.caps}
    general = units(mandate.sector_cap)
    if mandate.id == PACKAGED:
        general = max(general, weight)
    return min(general, units(own.get(sector, 1.0)))


def stance_of(active: int, mandate: Mandate) -> Stance:
    """Return the stance of an active weight in basis points: neutral within the no-trade band."""
    if active == 0 or abs(active) < WHOLE * mandate.no_trade_band - SLACK:
        return "neutral"
    return "overweight" if active > 0 else "underweight"


def units(fraction: float) -> int:
    """Return the whole basis points within a fraction."""
    return int(np.floor(WHOLE * fraction + SLACK))


def _refuse_conflicts(found: Bounds, mandate: Mandate) -> None:
    if found.room < WHOLE:
        raise MandateError(
            f"mandate {mandate.id}: sector_cap, caps, excluded and active_cap together leave room "
            f"for {found.room / 100:.2f} % of the portfolio; loosen one until they reach 100 %"
        )
    if found.forced > found.turnover:
        raise MandateError(
            f"mandate {mandate.id}: sector_cap, caps and excluded force sales of "
            f"{found.forced / 100:.2f} % but turnover allows {found.turnover / 100:.2f} %; "
            "raise turnover or the caps"
        )
