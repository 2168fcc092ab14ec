"""Decides what a specification is said to hold; how much of it is `weighting`'s."""

from typing import Final, Literal

from core.backtest.strategies import EQUAL_WEIGHT, MARKET
from core.records.backtest import BacktestSpec

Holding = Literal["given", "market", "quadrant", "top", "equal", "tilt"]

UNCHECKED: Final = ("own", "weights")
"""Signals of the user's own, which nobody has tested for look-ahead."""

QUADRANTS: Final = ("leading", "weakening", "lagging", "improving")


def holding(spec: BacktestSpec) -> Holding:
    """Return what is held: weights as given, the market, the best few, or all in some measure."""
    kind = source(spec.signal)
    if kind == "weights":
        return "given"
    if kind == MARKET:
        return "market"
    if spec.top is not None:
        return "top"
    if kind == EQUAL_WEIGHT:
        return "equal"
    return "quadrant" if kind in QUADRANTS else "tilt"


def source(signal: str) -> str:
    """Return a signal's name without its argument."""
    return signal.partition(":")[0]
