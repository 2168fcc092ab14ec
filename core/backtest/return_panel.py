"""Decides what a backtest may see: returns a bar, what was known when, and what trading takes.

It refuses gaps: a sector has returns from its first bar on.
"""

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import date

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from core.backtest.costs import Cost
from core.backtest.fills import Fillable
from core.backtest.schedule import BARS_A_YEAR, bar_frequency
from core.errors import DataError
from core.records.backtest import Rebalance

Matrix = NDArray[np.float64]

HASHED_DECIMALS = 12


@dataclass(frozen=True, slots=True)
class ReturnPanel:
    """Sector returns, and a market beside them.

    returns: bars x sectors, fractions above -1, ascending unique dates; NaN only before a sector's
        first bar. A halted sector returns 0 and makes it good on the day it trades again.
    market: fractions a bar on the same dates, no NaN; None where there is none.
    stale: bars x sectors, True where the last price is too old to rank by; None: nowhere.
    given: scores or weights from outside by signal, dates x sectors, as known on each date.
    """

    returns: pd.DataFrame
    market: pd.Series | None = None
    stale: pd.DataFrame | None = None
    given: Mapping[str, pd.DataFrame] = field(default_factory=dict)

    def __post_init__(self) -> None:
        index = self.returns.index
        if not isinstance(index, pd.DatetimeIndex) or not index.is_monotonic_increasing:
            raise DataError("returns: dates must be ascending")
        if not index.is_unique or self.returns.shape[1] == 0 or len(index) == 0:
            raise DataError("returns: dates must be unique, with at least one bar and sector")
        cells = self.values
        known = ~np.isnan(cells)
        if (np.maximum.accumulate(known, axis=0) & ~known).any():
            raise DataError("returns: a sector has a gap after its first bar")
        if (cells[known] <= -1.0).any() or np.isinf(cells).any():
            raise DataError("returns: every return must be above -1 (-100 %) and finite")
        if self.market is not None and not (
            self.market.index.equals(index) and bool(np.isfinite(self.market).all())
        ):
            raise DataError("market: needs a return on every date of the sectors")

    @property
    def values(self) -> Matrix:
        """Returns as an array."""
        return np.ascontiguousarray(self.returns.to_numpy(dtype=np.float64))

    @property
    def dates(self) -> pd.DatetimeIndex:
        """Dates of the bars."""
        return pd.DatetimeIndex(self.returns.index)

    @property
    def sectors(self) -> list[str]:
        """Names of the columns."""
        return [str(name) for name in self.returns.columns]

    @property
    def frequency(self) -> Rebalance:
        """How often there is a bar."""
        return bar_frequency(self.dates)

    @property
    def bars_a_year(self) -> int:
        """Bars of a year."""
        return BARS_A_YEAR[self.frequency]

    def sha256(self) -> str:
        """Return the hash of all that is in the panel but what was given from outside.

        Returns to 12 decimals, so that percent and fractions of the same returns hash alike.
        """
        digest = hashlib.sha256("\n".join(self.sectors).encode())
        digest.update(self.dates.to_numpy().astype("datetime64[D]").astype("<i8").tobytes())
        digest.update(_exact(self.values))
        if self.market is not None:
            digest.update(_exact(self.market.to_numpy(dtype=np.float64)))
        return digest.hexdigest()

    def until(self, end: date) -> "ReturnPanel":
        """Return the bars dated `end` or earlier."""
        stop = int(self.dates.searchsorted(pd.Timestamp(end) + pd.Timedelta(days=1)))
        return replace(
            self,
            returns=self.returns.iloc[:stop],
            market=None if self.market is None else self.market.iloc[:stop],
            stale=None if self.stale is None else self.stale.iloc[:stop],
        )


def _exact(cells: NDArray[np.float64]) -> bytes:
    """Return the bytes of what is left of the numbers once rounding errors and -0 are gone."""
    return (np.round(cells, HASHED_DECIMALS) + 0.0).astype("<f8").tobytes()


@dataclass(frozen=True, slots=True)
class Terms:
    """What trading takes on a market.

    cost: by sector and side, where the caller names no other.
    fillable: how much of an order each bar's close takes, aligned with the returns.
    settlement: bars before what was bought can be sold.
    """

    cost: Cost
    fillable: Fillable | None = None
    settlement: int = 0

    def until(self, n_bars: int) -> "Terms":
        """Return the terms of the first bars."""
        if self.fillable is None:
            return self
        takes = Fillable(self.fillable.buys[:n_bars], self.fillable.sells[:n_bars])
        return replace(self, fillable=takes)
