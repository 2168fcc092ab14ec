"""Decides what several limits allow together, and whether whole units keep them exactly."""

from collections.abc import Iterable
from dataclasses import dataclass, replace

import numpy as np

from core.portfolio.grid import WHOLE, Mask, Start, Units
from core.portfolio.limits import Limit
from core.portfolio.view import View
from core.signals.trailing import Matrix

OPEN = 2 * WHOLE
"""Units no weight reaches, even sold short."""

DUST = 1e-9
"""Units, or a fraction of variance, by which floating-point sums may miss a limit."""


@dataclass(frozen=True, slots=True)
class Bounds:
    """What weights must keep, in units: places are sectors in id order, then cash.

    rows @ units <= most, rows are 0..1. turnover: one-way, None for any. tracking: annual, a
    fraction, None for any.
    """

    low: Units
    high: Units
    rows: Matrix
    most: Matrix
    turnover: int | None
    tracking: float | None

    def fixed(self, places: Mask, units: Units) -> "Bounds":
        """Return the same with these places held at these units."""
        low, high = np.where(places, units, self.low), np.where(places, units, self.high)
        return replace(self, low=low, high=high)

    def as_in(self, places: Mask, other: "Bounds") -> "Bounds":
        """Return the same with low and high of these places as in the other bounds."""
        low, high = np.where(places, other.low, self.low), np.where(places, other.high, self.high)
        return replace(self, low=low, high=high)

    def boxes_meet(self, start: Start) -> bool:
        """Tell, exactly, whether some units keep low, high, the sum and the turnover."""
        if (self.low > self.high).any():
            return False
        if not int(self.low.sum()) <= start.total <= int(self.high.sum()):
            return False
        forced_buys = int(np.maximum(self.low - start.reference, 0).sum())
        forced_sales = int(np.maximum(start.reference - self.high, 0).sum())
        return self.turnover is None or max(forced_buys, forced_sales) <= self.turnover

    def keep(self, units: Units, start: Start, view: View) -> bool:
        """Tell whether these units keep every limit."""
        inside = bool((self.low <= units).all() and (units <= self.high).all())
        traded = int(np.abs(units - start.reference).sum())
        slow = self.turnover is None or traded <= 2 * self.turnover
        whole = int(units.sum()) == start.total
        return inside and slow and whole and self.excess(units[None], start, view)[0] <= 0.0

    def excess(self, units: Units, start: Start, view: View) -> Matrix:
        """Return by how many units look-through and tracking error are passed, 0 within.

        Args:
            units: candidates x places.
            start: the benchmark the tracking error is against.
            view: covariance.
        """
        passed: Matrix = np.maximum(units @ self.rows.T - self.most - DUST, 0.0).sum(axis=1)
        if self.tracking is not None:
            errors = np.sqrt(view.variances((units - start.benchmark)[:, :-1] / WHOLE))
            passed = passed + WHOLE * np.maximum(errors - self.tracking * (1.0 + DUST), 0.0)
        return passed


def combined(limits: Iterable[Limit], size: int) -> Bounds:
    """Return what limits allow together.

    Args:
        limits: any of one mandate's.
        size: number of places: sectors and cash.
    """
    given = tuple(limits)
    none = np.zeros((0, size))
    rows = [limit.row for limit in given if limit.row is not None]
    turnovers = [limit.turnover for limit in given if limit.turnover is not None]
    errors = [limit.tracking for limit in given if limit.tracking is not None]
    lows = [limit.low for limit in given if limit.low is not None]
    highs = [limit.high for limit in given if limit.high is not None]
    return Bounds(
        low=np.maximum.reduce([np.full(size, -OPEN, dtype=np.int64), *lows]),
        high=np.minimum.reduce([np.full(size, OPEN, dtype=np.int64), *highs]),
        rows=np.vstack([none, *rows]),
        most=np.array([limit.most for limit in given if limit.row is not None], dtype=np.float64),
        turnover=min(turnovers, default=None),
        tracking=min(errors, default=None),
    )
