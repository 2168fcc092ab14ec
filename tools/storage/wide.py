"""Decides where a stored row stands among dates x symbols; it adjusts and fills nothing."""

from collections.abc import Callable
from collections.abc import Mapping as Lookup

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from core.panel import PricePanel
from tools.storage.adjustment import effective_volumes

Adjust = Callable[[pd.DataFrame], "pd.Series[float]"]
"""Rows of the prices schema to their closes."""


class Spread:
    """Puts long values into dates x symbols; rows off the calendar are left out."""

    def __init__(
        self,
        periods: pd.Series,
        symbols: pd.Series,
        sessions: pd.DatetimeIndex,
        columns: list[str],
    ) -> None:
        self.sessions = sessions
        dates = sessions.get_indexer(pd.DatetimeIndex(periods))
        codes, found = pd.factorize(symbols)
        places = pd.Index(columns).get_indexer(pd.Index(np.asarray(found)))
        wanted: NDArray[np.intp] = places[codes]
        self.kept = (dates >= 0) & (wanted >= 0)
        self.cells = wanted[self.kept] * len(sessions) + dates[self.kept]
        self.shape = (len(columns), len(sessions))

    def wide(self, values: pd.Series, labels: list[str]) -> pd.DataFrame:
        """Return the values as a frame whose columns lie in one piece, made without a copy."""
        cells = np.full(self.shape[0] * self.shape[1], np.nan)
        cells[self.cells] = values.to_numpy(dtype=np.float64)[self.kept]
        table = cells.reshape(self.shape).T
        return pd.DataFrame(table, index=self.sessions, columns=labels, copy=False)


def price_panel(
    rows: pd.DataFrame,
    adjust: Adjust,
    sessions: pd.DatetimeIndex,
    names: Lookup[str, str] | None = None,
) -> PricePanel:
    """Return the rows on these sessions, NaN where there is none.

    Args:
        rows: the prices schema; all rows of any symbol that is wanted, by symbol, then period.
        adjust: what a close is made from.
        sessions: the panel's dates.
        names: symbols to columns, which also fixes their order; None: every symbol, sorted.
    """
    symbols = list(names) if names is not None else sorted(rows["symbol"].unique())
    labels = list(names.values()) if names is not None else symbols
    chosen = rows if names is None else rows[rows["symbol"].isin(symbols)]
    spread = Spread(chosen["period"], chosen["symbol"], sessions, symbols)
    columns = {
        "closes": adjust(chosen),
        "volumes": effective_volumes(chosen),
        "values": chosen["value_bn"],
        "put_throughs": chosen["put_through_bn"],
    }
    return PricePanel(**{name: spread.wide(values, labels) for name, values in columns.items()})
