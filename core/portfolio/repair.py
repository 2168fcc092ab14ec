"""Decides which single units move so that rounded weights keep look-through and tracking error."""

import numpy as np

from core.portfolio.bounds import Bounds
from core.portfolio.grid import WHOLE, Start, Units
from core.portfolio.view import View

MOST_MOVES = 40
"""Units moved at most: twice the places of the largest universe."""

TIE_DECIMALS = 9


def repaired(units: Units, start: Start, bounds: Bounds, view: View) -> Units | None:
    """Return units that keep every limit, one move of a unit at a time; None where moves end.

    Each move keeps low, high, sum and turnover and takes the most off what is passed; of moves that
    end it, the one that loses least utility. Ties go to the first places.

    Args:
        units: within low, high, sum and turnover.
        start: of the bounds.
        bounds: with look-through or tracking error.
        view: utility and covariance.
    """
    excess = float(bounds.excess(units[None], start, view)[0])
    for _ in range(MOST_MOVES):
        if excess <= 0.0:
            return units
        moves = _moves(units, start, bounds)
        if not len(moves):
            return None
        after = units + moves
        left = bounds.excess(after, start, view)
        worth = view.utilities((after - start.benchmark)[:, :-1] / WHOLE)
        worth = np.where(left <= 0.0, worth, 0.0)
        best = np.lexsort((-np.round(worth, TIE_DECIMALS), np.round(left, TIE_DECIMALS)))[0]
        if left[best] >= excess:
            return None
        units, excess = after[best], float(left[best])
    return None


def _moves(units: Units, start: Start, bounds: Bounds) -> Units:
    """Return the moves of one unit that keep low, high and turnover, moves x places."""
    size = len(units)
    trades, unit = units - start.reference, np.eye(size, dtype=np.int64)
    pairs = (units > bounds.low)[:, None] & (units < bounds.high)[None, :]
    pairs &= ~np.eye(size, dtype=np.bool_)
    if bounds.turnover is not None:
        now = np.abs(trades)
        added = (np.abs(trades - 1) - now)[:, None] + (np.abs(trades + 1) - now)[None, :]
        pairs &= int(now.sum()) + added <= 2 * bounds.turnover
    givers, takers = np.nonzero(pairs)
    moves: Units = unit[takers] - unit[givers]
    return moves
