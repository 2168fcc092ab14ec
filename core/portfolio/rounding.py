"""Decides how fractions become whole tenths of a percent that still sum to one and keep limits."""

import numpy as np

from core.portfolio.bounds import Bounds
from core.portfolio.grid import WHOLE, Start, Units
from core.portfolio.lattice import nearest_units
from core.portfolio.repair import repaired
from core.portfolio.view import View
from core.signals.trailing import Matrix

SNAP = 1e-3
"""Units from a whole number taken as solver noise."""

TIE_DECIMALS = 6
"""Places of a unit remainders are compared to."""


def whole_targets(exact: Matrix, start: Start, bounds: Bounds, view: View) -> Units | None:
    """Return whole units near exact weights that keep every limit; None where no units do.

    Trades are cut toward zero and the side that then buys or sells less is filled up by largest
    remainder, which keeps sum, low, high and turnover. Where look-through or tracking error are
    then passed, single units move to where least utility is lost; where that leads nowhere, the
    nearest units of all that keep the limits are searched. No limit is ever passed to make up for
    the grid.

    Args:
        exact: sectors and cash, fractions, within the bounds up to solver noise.
        start: what trades are counted from.
        bounds: with whole low, high and turnover.
        view: what a unit is worth.
    """
    units = _filled(WHOLE * exact, start, bounds)
    if bounds.keep(units, start, view):
        return units
    found = repaired(units, start, bounds, view)
    if found is not None and bounds.keep(found, start, view):
        return found
    return nearest_units(exact, start, bounds, view)


def _filled(exact: Matrix, start: Start, bounds: Bounds) -> Units:
    reference = start.reference
    low, high = bounds.low - reference, bounds.high - reference
    trades = np.clip(exact - reference, low, high)
    nearest = np.rint(trades)
    trades = np.where(np.abs(trades - nearest) < SNAP, nearest, trades)
    whole = np.trunc(trades).astype(np.int64)
    while (gap := int(whole.sum())) != 0:
        step = -1 if gap > 0 else 1
        wished = np.round(step * (trades - whole), TIE_DECIMALS)
        roomy = (low <= whole + step) & (whole + step <= high)
        deeper = (np.sign(trades) == step) | (whole * step < 0)
        order = np.lexsort((-wished, ~deeper, ~roomy))
        whole[order[0]] += step
    return reference + whole
