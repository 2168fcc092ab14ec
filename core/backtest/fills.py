"""Decides how orders fill where closes may be locked, purchases unsettled and small trades skipped.

Orders are counted in units, so what stays open drifts with its price. Sales come first; purchases
are cut alike to the cash there is.
"""

from collections import deque
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from core.backtest.costs import Cost, left_over

Matrix = NDArray[np.float64]
Vector = NDArray[np.float64]
Rows = NDArray[np.int64]

DONE = 1e-12
"""Fraction of the portfolio below which an order, or cash, is nothing."""


@dataclass(frozen=True, slots=True)
class Fillable:
    """How much of an order each close takes: bars x assets, 0 (locked) to 1."""

    buys: Matrix
    sells: Matrix


@dataclass(frozen=True, slots=True)
class Ledger:
    """Every fill, ascending, and what each decision traded.

    rows: fills, the bar at whose close it was.
    after: fills x assets, weights then.
    fees: fills x assets, cost as a fraction of the portfolio before it.
    traded: decisions, bought plus sold, as a fraction of the portfolio.
    unfilled: decisions, what never filled, as a fraction of the portfolio.
    """

    rows: Rows
    after: Matrix
    fees: Matrix
    traded: Vector
    unfilled: Vector

    @property
    def paid(self) -> Vector:
        """Fills: cost of all assets as a fraction of the portfolio before it."""
        total: Vector = self.fees.sum(axis=1)
        return total


@dataclass(slots=True)
class _Tape:
    """What has been filled so far."""

    rows: list[int] = field(default_factory=list)
    after: list[Vector] = field(default_factory=list)
    fees: list[Vector] = field(default_factory=list)
    traded: list[float] = field(default_factory=list)
    unfilled: list[float] = field(default_factory=list)

    def ledger(self) -> Ledger:
        return Ledger(
            np.array(self.rows, dtype=np.int64),
            np.array(self.after),
            np.array(self.fees),
            np.array(self.traded),
            np.array(self.unfilled),
        )


@dataclass(slots=True)
class _Book:
    """One portfolio while it trades; values start from 1."""

    cost: Cost
    units: Vector
    orders: Vector
    settlement: int
    cash: float = 1.0
    bought: deque[Vector] = field(default_factory=deque)


def takes_of(marks: Matrix) -> Fillable:
    """Return what closes marked +1 (locked up), -1 (locked down), else 0 or NaN, take."""
    return Fillable(np.where(marks > 0.0, 0.0, 1.0), np.where(marks < 0.0, 0.0, 1.0))


def worked(
    growth: Matrix,
    targets: Matrix,
    fills: Rows,
    *,
    cost: Cost,
    fillable: Fillable | None,
    settlement: int,
    band: float,
) -> Ledger:
    """Return the fills, looking at each bar with an open order and at no other.

    Args:
        growth: bars x assets, value of what was 1 at the start.
        targets: decisions x assets.
        fills: decisions, the bar each begins to fill in.
        cost: by asset and side.
        fillable: None: everything fills.
        settlement: bars before what was bought can be sold.
        band: a weight nearer to its target stays.
    """
    n_assets = growth.shape[1]
    open_to_all = np.ones(growth.shape)
    takes = fillable or Fillable(open_to_all, open_to_all)
    book = _Book(cost, np.zeros(n_assets), np.zeros(n_assets), settlement)
    tape = _Tape()
    stops = np.append(fills[1:], len(growth) - 1)
    before = int(fills[0])
    for wanted, first, stop in zip(targets, fills.tolist(), stops.tolist(), strict=True):
        _age(book, first - before)
        _decide(book, wanted, growth[first], band if tape.rows else 0.0)
        before = _filled(book, growth, takes, tape, first=first, stop=stop)
    return tape.ledger()


def banded(weights: Vector, targets: Vector, band: float) -> Vector:
    """Return the targets with every weight nearer than the band left where it is.

    What that leaves over, or lacks, is shared by the wanted assets that trade, in proportion to
    their targets; by all wanted ones where none trades.
    """
    stays = np.abs(weights - targets) < band
    if stays.all():
        return weights
    kept = np.where(stays, weights, targets)
    trading = np.where(stays, 0.0, targets)
    sharing = trading if trading.sum() > 0.0 else targets
    rest = targets.sum() - kept.sum()
    if sharing.sum() > 0.0:
        kept = np.maximum(kept + rest * sharing / sharing.sum(), 0.0)
    whole: Vector = kept / max(float(kept.sum()), 1.0)
    return whole


def _decide(book: _Book, wanted: Vector, prices: Vector, band: float) -> None:
    """Replace what is open by the orders that reach the targets of what costs leave."""
    value = _value(book, prices)
    weights = book.units * prices / value
    targets = wanted if band == 0.0 else banded(weights, wanted, band)
    left = left_over(weights[None, :], targets[None, :], book.cost)[0]
    book.orders = (targets * left - weights) * value / prices


def _filled(
    book: _Book, growth: Matrix, takes: Fillable, tape: _Tape, *, first: int, stop: int
) -> int:
    """Fill from `first` on until nothing is open or the next decision; return the last bar."""
    bar, traded = first, 0.0
    while True:
        prices = growth[bar]
        value = _value(book, prices)
        moved, fees = _fill(book, prices, takes.buys[bar], takes.sells[bar])
        traded += moved / value
        left = _value(book, prices)
        tape.rows.append(bar)
        tape.after.append(book.units * prices / left)
        tape.fees.append(fees / value)
        if bar + 1 >= stop or not _open(book, prices):
            break
        _age(book, 1)
        bar += 1
    tape.traded.append(traded)
    tape.unfilled.append(float(np.abs(book.orders * prices).sum()) / left)
    return bar


def _fill(book: _Book, prices: Vector, buys: Vector, sells: Vector) -> tuple[float, Vector]:
    """Fill what the close takes; return the value traded and each asset's cost."""
    free = np.maximum(book.units - sum(book.bought, np.zeros(len(book.units))), 0.0)
    sold = np.minimum(np.maximum(-book.orders, 0.0), free) * sells
    book.cash += float((sold * prices * (1.0 - book.cost.sell)).sum())
    bought = np.maximum(book.orders, 0.0) * buys
    needed = float((bought * prices * (1.0 + book.cost.buy)).sum())
    if needed > book.cash:
        bought *= book.cash / needed
        needed = book.cash
    book.cash -= needed
    book.units = book.units + bought - sold
    book.orders = book.orders - bought + sold
    if book.settlement:
        book.bought[-1] = book.bought[-1] + bought
    fees = (bought * book.cost.buy + sold * book.cost.sell) * prices
    return float(((bought + sold) * prices).sum()), fees


def _age(book: _Book, bars: int) -> None:
    """Let bars pass: what was bought `settlement` bars ago may be sold."""
    for _ in range(min(max(bars, 1), book.settlement)):
        book.bought.append(np.zeros(len(book.units)))
    while len(book.bought) > book.settlement:
        book.bought.popleft()


def _open(book: _Book, prices: Vector) -> bool:
    """Tell whether anything can still fill: a sale, or a purchase there is cash for."""
    money = book.orders * prices / _value(book, prices)
    can_buy = book.cash / _value(book, prices) > DONE
    return bool((money < -DONE).any()) or (can_buy and bool((money > DONE).any()))


def _value(book: _Book, prices: Vector) -> float:
    return float((book.units * prices).sum()) + book.cash
