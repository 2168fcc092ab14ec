"""Decides how fast a backtest is, beside a plain numpy loop over days and beside `bt`, in one run.

Ten sectors, twenty years of sessions, the best three by momentum of twelve months without the last,
bought at the close after each month's end. Times taken apart are not comparable: each round runs
the three ways one after the other. `bt` is given the targets ready made; the others find them.
"""

import time
from collections.abc import Callable
from dataclasses import dataclass
from importlib import import_module

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from core.backtest.costs import flat_cost
from core.backtest.play import play
from core.backtest.return_panel import ReturnPanel, Terms
from core.backtest.schedule import decision_rows
from core.records.backtest import BacktestSpec

N_SECTORS = 10
N_BARS = 5_040
"""Twenty years of sessions."""

TOP = 3
YEAR, MONTH = 252, 21
ROUNDS = 5
TOLERANCE = 1e-9
MILLISECONDS = 1e3

Matrix = NDArray[np.float64]
Vector = NDArray[np.float64]
Rows = NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class Rotation:
    """Returns, bars x sectors, and what is bought when."""

    returns: pd.DataFrame
    targets: Matrix
    fills: Rows


def measure(rounds: int = ROUNDS) -> dict[str, float]:
    """Return medians in ms and their ratios; `engine_over_numpy` below 1: the engine is faster.

    Raises:
        ValueError: the three ways disagree beyond 1e-9.
    """
    returns = _returns()
    panel = ReturnPanel(returns)
    spec = BacktestSpec(signal="momentum:12-1", top=TOP, offsets="first")
    terms = Terms(flat_cost(0.0, N_SECTORS))
    rotation = rotated(returns)
    ways: dict[str, Callable[[], Vector]] = {
        "engine": lambda: play(panel, spec, terms).net.to_numpy(),
        "numpy": lambda: plain_loop(returns.to_numpy(), *_found(returns)),
        "bt": lambda: with_bt(rotation),
    }
    _check({name: way() for name, way in ways.items()})
    times = np.array([[_seconds(way) for way in ways.values()] for _ in range(rounds)])
    medians = dict(zip(ways, (np.median(times, axis=0) * MILLISECONDS).tolist(), strict=True))
    found = {f"{name}_ms": value for name, value in medians.items()}
    found["engine_over_numpy"] = medians["engine"] / medians["numpy"]
    found["bt_over_engine"] = medians["bt"] / medians["engine"]
    return found


def rotated(returns: pd.DataFrame) -> Rotation:
    """Return the rotation's targets and the rows they are bought at."""
    targets, fills = _found(returns)
    return Rotation(returns, targets, fills)


def plain_loop(returns: Matrix, targets: Matrix, fills: Rows) -> Vector:
    """Return what the targets earn from the first fill on, a day at a time and without costs."""
    weights = np.zeros(returns.shape[1])
    earned = np.zeros(len(returns))
    due = {int(row): number for number, row in enumerate(fills)}
    for bar, moves in enumerate(returns):
        values = weights * (1.0 + moves)
        total = values.sum() + 1.0 - weights.sum()
        earned[bar] = total - 1.0
        weights = values / total
        number = due.get(bar)
        if number is not None:
            weights = targets[number]
    return earned[fills[0] + 1 :]


def with_bt(rotation: Rotation) -> Vector:
    """Return the same, simulated by `bt` (Morissette, 2014)."""
    bt = import_module("bt")
    returns = rotation.returns
    prices = 100.0 * (1.0 + returns).cumprod()
    dated = pd.DataFrame(
        rotation.targets, index=returns.index[rotation.fills], columns=returns.columns
    )
    strategy = bt.Strategy(
        "rotation",
        [bt.algos.RunOnDate(*dated.index), bt.algos.WeighTarget(dated), bt.algos.Rebalance()],
    )
    test = bt.Backtest(strategy, prices, integer_positions=False, progress_bar=False)
    test.run()
    level = test.strategy.prices.reindex(returns.index).to_numpy(dtype=np.float64)
    earned: Vector = level[1:] / level[:-1] - 1.0
    return earned[rotation.fills[0] :]


def main() -> None:
    """Print the table of one measurement."""
    found = measure()
    print(f"monthly 12-1 rotation, {N_SECTORS} sectors, {N_BARS} bars, median of {ROUNDS} rounds")
    for name, value in found.items():
        print(f"  {name:20}{value:10.2f}")


def _returns() -> pd.DataFrame:
    moves = np.random.default_rng(10).normal(0.0003, 0.01, (N_BARS, N_SECTORS))
    dates = pd.bdate_range("2000-01-03", periods=N_BARS)
    return pd.DataFrame(moves, index=dates, columns=[f"s{n}" for n in range(N_SECTORS)])


def _found(returns: pd.DataFrame) -> tuple[Matrix, Rows]:
    """Return the targets of the best by twelve months without the last, and their fill rows."""
    levels = np.cumprod(1.0 + returns.to_numpy(), axis=0)
    rows = decision_rows(pd.DatetimeIndex(returns.index), "monthly", first=YEAR - 1)
    rows = rows[rows + 1 < len(levels) - 1]
    levels = np.vstack([np.ones(levels.shape[1]), levels])
    momentum = levels[rows + 1 - MONTH] / levels[rows + 1 - YEAR]
    targets = np.zeros(momentum.shape)
    best = np.argsort(-momentum, axis=1, kind="stable")[:, :TOP]
    np.put_along_axis(targets, best, 1.0 / TOP, axis=1)
    return targets, rows + 1


def _seconds(way: Callable[[], object]) -> float:
    start = time.perf_counter()
    way()
    return time.perf_counter() - start


def _check(earned: dict[str, Vector]) -> None:
    """Raise unless all ways earn the same."""
    engine = earned["engine"]
    for name, other in earned.items():
        gap = float(np.abs(engine - other).max())
        if not gap < TOLERANCE:
            raise ValueError(f"engine and {name} disagree by {gap}")


if __name__ == "__main__":
    main()
