"""No result moves before its decision: the control of fills at the close that was decided on."""

from collections.abc import Callable

import numpy as np
import pytest
from numpy.typing import NDArray

from core.backtest.engine import simulate

Matrix = NDArray[np.float64]
Rows = NDArray[np.int64]
Run = Callable[[Matrix, Matrix, Rows], Matrix]

N_BARS, N_ASSETS = 400, 6
ROWS = np.arange(20, 380, 21)


def drawn(seed: int = 3) -> Matrix:
    return np.random.default_rng(seed).normal(0.0, 0.01, (N_BARS, N_ASSETS))


def bars_to_effect(run: Run, returns: Matrix, targets: Matrix, rows: Rows) -> set[int]:
    """Return how many bars lie between each decision and the first result another target moves."""
    whole = run(returns, targets, rows)
    found = set()
    for place, row in enumerate(rows):
        other = targets.copy()
        other[place] = np.roll(other[place], 1)
        moved = np.flatnonzero(run(returns, other, rows) != whole)
        found.add(int(moved[0]) - int(row) if len(moved) else N_BARS)
    return found


def best_of_the_bar(returns: Matrix, rows: Rows) -> Matrix:
    """Return targets that hold what has just risen most."""
    targets = np.zeros((len(rows), returns.shape[1]))
    targets[np.arange(len(rows)), returns[rows].argmax(axis=1)] = 1.0
    return targets


def same_bar(returns: Matrix, targets: Matrix, rows: Rows) -> Matrix:
    """The planted mistake: a decision earns the bar it was made from."""
    held = np.zeros(returns.shape)
    for row, following, target in zip(rows, [*rows[1:], len(returns)], targets, strict=True):
        held[row:following] = target
    earned: Matrix = (held * returns).sum(axis=1)
    return earned


def ours(lag: int, cost: float = 0.001) -> Run:
    return lambda returns, targets, rows: simulate(returns, targets, rows, cost=cost, lag=lag).net


def test_a_fill_at_the_decisions_own_bar_is_found() -> None:
    returns = drawn()
    assert 0 in bars_to_effect(same_bar, returns, best_of_the_bar(returns, ROWS), ROWS)


@pytest.mark.parametrize("lag", [0, 1, 2])
def test_a_decision_moves_no_result_before_its_fill(lag: int) -> None:
    """At the fill the cost is paid; the bar after is the first that earns."""
    returns = drawn()
    effects = bars_to_effect(ours(lag), returns, best_of_the_bar(returns, ROWS), ROWS)
    assert min(effects) == lag
    free = bars_to_effect(ours(lag, cost=0.0), returns, best_of_the_bar(returns, ROWS), ROWS)
    assert min(free) == lag + 1


def test_holding_what_has_just_risen_earns_nothing_where_nothing_lasts() -> None:
    """The same decisions filled on their own bar would earn their whole hindsight."""
    gains, dreams = [], []
    for seed in range(20):
        returns = drawn(seed)
        targets = best_of_the_bar(returns, ROWS)
        gains.append(simulate(returns, targets, ROWS, cost=0.0, lag=1).net[ROWS + 2].mean())
        dreams.append(same_bar(returns, targets, ROWS)[ROWS].mean())
    error = np.std(gains, ddof=1) / np.sqrt(len(gains))
    assert abs(np.mean(gains)) < 2.5 * error
    assert np.mean(dreams) > 20.0 * error
