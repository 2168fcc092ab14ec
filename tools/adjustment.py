"""Decides the one close returns are made from: the source's adjusted one, or raw ones chained.

Chaining goes forward from a symbol's first session, so no later dividend, split or import of newer
days ever changes an earlier value; ratios equal those of the usual backward adjustment.
"""

import numpy as np
import pandas as pd


def effective_closes(rows: pd.DataFrame) -> pd.Series:
    """Return total-return closes in the row order, NaN where the symbol has none that day.

        adjusted(t) = close(t) * product over u <= t of (split(u) + dividend(u) / close(u))

    so that adjusted(t) / adjusted(t-1) is the holding return of CRSP.

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
    steps = np.where(dividends != 0.0, ratios + dividends / closes, ratios)
    steps[np.isnan(steps)] = 1.0
    chosen = np.where(has_adjusted[codes], adjusted, closes)
    for code in np.unique(codes[(steps != 1.0) & ~has_adjusted[codes]]):
        places = np.flatnonzero(codes == code)
        chosen[places] = closes[places] * np.cumprod(steps[places])
    return pd.Series(chosen, index=rows.index)
