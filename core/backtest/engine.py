"""Decides what a portfolio earns between and at its trades; which trades to make is the caller's.

A decision made at the close of a bar is filled at the close `lag` bars later and earns from the bar
after. Between fills the weights drift exactly. Costs are paid by the portfolio, so that after a
trade the weights are the targets of what is left.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from core.backtest.costs import BPS, Cost, flat_cost, left_over
from core.backtest.fills import Fillable, Ledger, worked
from core.errors import CallerError

Matrix = NDArray[np.float64]
Vector = NDArray[np.float64]
Rows = NDArray[np.int64]

WEIGHT_SLACK = 1e-9
"""How far targets may sum above 1: rounding."""


@dataclass(frozen=True, slots=True)
class Simulation:
    """What was held and earned.

    gross, net: bars, fractions before and after costs; 0 before the first fill. `gross` is what the
        same weights earn without costs.
    start: the first bar that earns, the one after the first fill.
    decided: decisions that were filled, rows of `returns`.
    ledger: the fills: their rows, weights after, costs, and by decision what was traded.
    """

    gross: Vector
    net: Vector
    start: int
    decided: Rows
    ledger: Ledger
    _growth: Matrix

    @property
    def traded(self) -> Vector:
        """Decisions: bought plus sold, as a fraction of the portfolio; the first buys in."""
        return self.ledger.traded

    @property
    def paid(self) -> Vector:
        """Fills: cost as a fraction of the portfolio before it."""
        return self.ledger.paid

    @property
    def unfilled(self) -> Vector:
        """Decisions: orders that never filled, as a fraction of the portfolio."""
        return self.ledger.unfilled

    def weights(self) -> Matrix:
        """Return bars x assets, held at each bar's start; 0 before the first fill."""
        held = np.zeros(self._growth.shape)
        values, totals = _held(self._growth, self.ledger, self.start)
        starts = np.vstack([self.ledger.after[:1], values[:-1] / totals[:-1, None]])
        fresh = self.ledger.rows[self.ledger.rows < len(held) - 1] + 1
        starts[fresh - self.start] = self.ledger.after[: len(fresh)]
        held[self.start :] = starts
        return held


def simulate(
    returns: Matrix,
    targets: Matrix,
    rows: Rows,
    *,
    cost: Cost | float,
    lag: int = 1,
    fillable: Fillable | None = None,
    settlement: int = 0,
    band: float = 0.0,
) -> Simulation:
    """Return what holding the targets earned.

    Args:
        returns: bars x assets, fractions above -1; NaN where an asset has none, and then none may
            be held.
        targets: decisions x assets, at least 0, each row summing to at most 1; the rest is cash,
            which earns nothing.
        rows: the bar of each decision, ascending. Those without a bar to earn in are left out.
        cost: a fraction of the traded value on either side, or one by asset and side.
        lag: bars from decision to fill; 0 trades at the very close that was decided on.
        fillable: how much of an order each close takes; the rest stays open until it fills or the
            next decision replaces it. None: everything fills.
        settlement: bars before what was bought can be sold.
        band: a weight nearer to its target stays as it is.

    Raises:
        CallerError: a target where an asset has no return, or no decision has a bar to earn in.
        ValueError: arrays that do not fit together.
    """
    prices = cost if isinstance(cost, Cost) else flat_cost(cost / BPS, returns.shape[1])
    _require(returns, targets, rows, lag)
    usable = rows + lag < len(returns) - 1
    if not usable.any():
        raise CallerError(
            f"no decision can be filled and earn within {len(returns)} bars: give more bars"
        )
    decided, wanted = rows[usable], targets[usable]
    growth: Matrix = np.cumprod(1.0 + np.nan_to_num(returns), axis=0, dtype=np.float64)
    if band == 0.0 and _fills_at_once(decided + lag, fillable, settlement):
        ledger = _free(growth, wanted, decided + lag, prices)
    else:
        ledger = worked(
            growth,
            wanted,
            decided + lag,
            cost=prices,
            fillable=fillable,
            settlement=settlement,
            band=band,
        )
    start = int(decided[0]) + lag + 1
    gross = _gross(growth, ledger, start)
    net = gross.copy()
    net[ledger.rows] = (1.0 + gross[ledger.rows]) * (1.0 - ledger.paid) - 1.0
    done = Simulation(gross, net, start, decided, ledger, growth)
    _require_priced(done, returns)
    return done


def _fills_at_once(fills: Rows, fillable: Fillable | None, settlement: int) -> bool:
    """Tell whether every order fills whole in its own bar, all it holds being settled."""
    settled = bool((np.diff(fills) >= settlement).all())
    if fillable is None:
        return settled
    return settled and bool(
        (fillable.buys[fills] == 1.0).all() and (fillable.sells[fills] == 1.0).all()
    )


def _free(growth: Matrix, targets: Matrix, fills: Rows, cost: Cost) -> Ledger:
    """Return the fills of a market that takes every order: all decisions at once."""
    grown = targets[:-1] * growth[fills[1:]] / growth[fills[:-1]]
    idle = 1.0 - targets[:-1].sum(axis=1)
    before = np.zeros(targets.shape)
    before[1:] = grown / (grown.sum(axis=1) + idle)[:, None]
    left = left_over(before, targets, cost)
    change = targets * left[:, None] - before
    fees = np.where(change > 0.0, cost.buy, -cost.sell) * change
    return Ledger(fills, targets, fees, np.abs(change).sum(axis=1), np.zeros(len(fills)))


def _held(growth: Matrix, ledger: Ledger, start: int) -> tuple[Matrix, Vector]:
    """Return each asset's value and the portfolio's from `start` on, over it at the last fill."""
    bars = np.arange(start, len(growth))
    last = np.searchsorted(ledger.rows, bars, side="left") - 1
    units = ledger.after / growth[ledger.rows]
    values = growth[start:] * units[last]
    idle = 1.0 - ledger.after.sum(axis=1)
    return values, values.sum(axis=1) + idle[last]


def _gross(growth: Matrix, ledger: Ledger, start: int) -> Vector:
    _, totals = _held(growth, ledger, start)
    before = np.concatenate([[1.0], totals[:-1]])
    fresh = ledger.rows[ledger.rows < len(growth) - 1] + 1
    before[fresh - start] = 1.0
    gross = np.zeros(len(growth))
    gross[start:] = totals / before - 1.0
    return gross


def _require(returns: Matrix, targets: Matrix, rows: Rows, lag: int) -> None:
    if returns.ndim != 2 or targets.shape != (len(rows), returns.shape[1]):
        raise ValueError(
            f"targets {targets.shape} do not fit {len(rows)} decisions of {returns.shape}"
        )
    if lag < 0 or len(rows) == 0 or (np.diff(rows) <= 0).any() or rows[0] < 0:
        raise ValueError("rows: at least one decision, ascending, and a lag of at least 0")
    if (returns <= -1.0).any() or np.isinf(returns).any():
        raise CallerError("a return of -100 % or less, or an infinite one, cannot be held")
    if np.isnan(targets).any() or (targets < 0.0).any():
        raise CallerError("targets must be 0 or more; this engine neither shorts nor guesses")
    if (targets.sum(axis=1) > 1.0 + WEIGHT_SLACK).any():
        raise CallerError("targets sum to more than 1: this engine does not borrow")


def _require_priced(done: Simulation, returns: Matrix) -> None:
    missing = np.isnan(returns)
    if not missing.any():
        return
    wrong = np.argwhere(missing & (done.weights() > 0.0))
    if len(wrong):
        bar, asset = wrong[0]
        raise CallerError(f"asset {asset} is held in bar {bar}, where it has no return")
