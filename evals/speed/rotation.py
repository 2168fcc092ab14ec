"""Decides how fast RS-Ratio and RS-Momentum are, beside pandas and beside bare numpy, in one run.

Times taken apart are not comparable: each round runs the three ways one after the other, and only
ratios of their medians mean anything on another machine.
"""

import time
from collections.abc import Callable

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from core.rotation.rrg import RotationFrames, relative_rotation

N_BARS = 2_520
"""Ten years of sessions."""

N_SYMBOLS = (110, 2_200)
"""Ten universes of eleven sectors, and two hundred."""

ROUNDS = 7
TOLERANCE = 1e-9
MILLISECONDS = 1e3

Matrix = NDArray[np.float64]


def measure(rounds: int = ROUNDS) -> dict[str, float]:
    """Return medians and ratios of medians, each key ending in the number of symbols.

    `engine_ms`, `pandas_ms` and `numpy_ms` are times; `engine_over_pandas` and `engine_over_numpy`
    are below 1 where the engine is faster.

    Raises:
        ValueError: the three ways disagree beyond 1e-9.
    """
    found: dict[str, float] = {}
    for n_symbols in N_SYMBOLS:
        closes, benchmark = _prices(n_symbols)
        taken = _medians_ms(closes, benchmark, rounds)
        for name, value in taken.items():
            found[f"{name}_ms_{n_symbols}"] = value
        for name in ("pandas", "numpy"):
            found[f"engine_over_{name}_{n_symbols}"] = taken["engine"] / taken[name]
    return found


def plain_pandas(closes: pd.DataFrame, benchmark: pd.Series) -> RotationFrames:
    """Return the same formula written with rolling means, as most open code writes its own."""
    strength = closes.div(benchmark, axis=0)
    ratio = 100.0 * strength.rolling(10).mean() / strength.rolling(30).mean()
    return RotationFrames(ratio, 100.0 * ratio / ratio.rolling(9).mean())


def bare_numpy(prices: Matrix, level: Matrix) -> tuple[Matrix, Matrix]:
    """Return full windows only, from running totals: no labels, no NaN; symbols x bars."""
    strength = prices / level
    ratio = 300.0 * _running_sums(strength, 10)[:, 20:] / _running_sums(strength, 30)
    return ratio, 900.0 * ratio[:, 8:] / _running_sums(ratio, 9)


def main() -> None:
    """Print the table of one measurement."""
    found = measure()
    print(f"RS-Ratio and RS-Momentum, {N_BARS} bars, median of {ROUNDS} rounds")
    print(
        f"{'symbols':>8}{'engine ms':>11}{'pandas ms':>11}{'numpy ms':>10}"
        f"{'/pandas':>9}{'/numpy':>8}"
    )
    for n in N_SYMBOLS:
        print(
            f"{n:>8}{found[f'engine_ms_{n}']:>11.1f}{found[f'pandas_ms_{n}']:>11.1f}"
            f"{found[f'numpy_ms_{n}']:>10.1f}{found[f'engine_over_pandas_{n}']:>9.2f}"
            f"{found[f'engine_over_numpy_{n}']:>8.2f}"
        )


def _prices(n_symbols: int) -> tuple[pd.DataFrame, pd.Series]:
    steps = np.random.default_rng(n_symbols).normal(0.0, 0.01, (n_symbols + 1, N_BARS))
    paths = 100.0 * np.exp(steps.cumsum(axis=1))
    dates = pd.bdate_range("2015-01-01", periods=N_BARS)
    symbols = [f"s{number}" for number in range(n_symbols)]
    closes = pd.DataFrame(paths[:-1].T, index=dates, columns=symbols)
    return closes, pd.Series(paths[-1], index=dates)


def _medians_ms(closes: pd.DataFrame, benchmark: pd.Series, rounds: int) -> dict[str, float]:
    prices, level = closes.to_numpy().T.copy(), benchmark.to_numpy()
    ways: dict[str, Callable[[], object]] = {
        "engine": lambda: relative_rotation(closes, benchmark),
        "pandas": lambda: plain_pandas(closes, benchmark),
        "numpy": lambda: bare_numpy(prices, level),
    }
    _check(closes, benchmark)
    times = np.array([[_seconds(way) for way in ways.values()] for _ in range(rounds)])
    return dict(zip(ways, (np.median(times, axis=0) * MILLISECONDS).tolist(), strict=True))


def _seconds(way: Callable[[], object]) -> float:
    start = time.perf_counter()
    way()
    return time.perf_counter() - start


def _check(closes: pd.DataFrame, benchmark: pd.Series) -> None:
    """Raise unless the three ways give the same last full windows and the same warm-up."""
    ours, theirs = relative_rotation(closes, benchmark), plain_pandas(closes, benchmark)
    ratio, momentum = bare_numpy(closes.to_numpy().T, benchmark.to_numpy())
    pairs = (
        (ours.rs_ratio, theirs.rs_ratio, ratio),
        (ours.rs_momentum, theirs.rs_momentum, momentum),
    )
    for engine, rolling, bare in pairs:
        values = engine.to_numpy()
        gap = float(np.abs(values[-bare.shape[1] :] - bare.T).max())
        if not np.allclose(values, rolling.to_numpy(), 0.0, TOLERANCE, equal_nan=True):
            raise ValueError("engine and plain pandas disagree beyond 1e-9")
        if gap > TOLERANCE:
            raise ValueError(f"engine and bare numpy disagree by {gap}")


def _running_sums(values: Matrix, window: int) -> Matrix:
    totals = np.cumsum(values, axis=-1)
    sums = totals[:, window - 1 :].copy()
    sums[:, 1:] -= totals[:, :-window]
    return sums


if __name__ == "__main__":
    main()
