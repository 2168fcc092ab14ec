"""Decides the one close returns are made from: the source's adjusted one, or raw ones chained.

Chaining goes forward from a symbol's first session, so no later dividend, split or import of newer
days ever changes an earlier value; ratios equal those of the usual backward adjustment.
"""

import numpy as np
import pandas as pd
from numpy.typing import NDArray

Vector = NDArray[np.float64]


def effective_closes(rows: pd.DataFrame) -> pd.Series:
    """Return total-return closes in the row order, NaN where the symbol has none that day.

        r(t) = (close(t) * split(t) + dividend(t)) / close(t-1) - 1        (CRSP holding return)
        adjusted(t) = close(first) * product of (1 + r)

    A symbol with any adjusted close uses those alone. Without dividends and splits the close stands
    as published.

    Args:
        rows: symbol, period, close, adj_close, dividend, split; sorted by symbol and period.
            dividend is a share on its ex-day; split is new shares per old one, 0 or NaN for none.
    """
    adjusted = rows["adj_close"].to_numpy()
    closes = rows["close"].to_numpy()
    codes, _ = pd.factorize(rows["symbol"])
    has_adjusted = np.zeros(codes.max(initial=-1) + 1, dtype=np.bool_)
    has_adjusted[codes[np.isfinite(adjusted)]] = True
    dividends, splits = rows["dividend"].fillna(0.0).to_numpy(), rows["split"].to_numpy()
    ratios = np.where(np.isfinite(splits) & (splits > 0.0), splits, 1.0)
    has_events = np.zeros(len(has_adjusted), dtype=np.bool_)
    has_events[codes[(dividends != 0.0) | (ratios != 1.0)]] = True
    chosen = np.where(has_adjusted[codes], adjusted, closes)
    for code in np.flatnonzero(has_events & ~has_adjusted):
        places = np.flatnonzero((codes == code) & np.isfinite(closes))
        chosen[places] = _chained(closes[places], dividends[places], ratios[places])
    return pd.Series(chosen, index=rows.index)


def _chained(closes: Vector, dividends: Vector, ratios: Vector) -> Vector:
    steps = (closes[1:] * ratios[1:] + dividends[1:]) / closes[:-1]
    chained: Vector = closes[0] * np.concatenate([[1.0], np.cumprod(steps)])
    return chained
