"""Random markets for the backtest's tests, small and always the same for a seed."""

from dataclasses import dataclass

import numpy as np
import pandas as pd
from hypothesis import strategies as st
from numpy.typing import NDArray

Matrix = NDArray[np.float64]
Rows = NDArray[np.int64]


@dataclass(frozen=True)
class Market:
    """Returns, bars x assets, and decisions: targets summing to at most 1, at ascending rows."""

    returns: Matrix
    targets: Matrix
    rows: Rows


def market(seed: int, *, n_bars: int = 60, n_assets: int = 4, every: int = 7) -> Market:
    rng = np.random.default_rng(seed)
    rows = np.arange(2, n_bars - 3, every)
    parts = rng.random((len(rows), n_assets)) * (rng.random((len(rows), n_assets)) > 0.3)
    parts[:, 0] += 0.1
    invested = rng.choice([1.0, 0.8], size=(len(rows), 1))
    targets = invested * parts / parts.sum(axis=1, keepdims=True)
    return Market(rng.normal(0.0, 0.03, (n_bars, n_assets)), targets, rows)


markets = st.integers(min_value=0, max_value=10_000).map(market)


def frame(returns: Matrix, *, freq: str = "B") -> pd.DataFrame:
    dates = pd.date_range("2001-01-01", periods=len(returns), freq=freq, unit="us")
    return pd.DataFrame(returns, index=dates, columns=[f"s{n}" for n in range(returns.shape[1])])
