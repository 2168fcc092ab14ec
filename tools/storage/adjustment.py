"""Decides what returns and activity are made from: the source's adjusted rows, or raw ones chained.

Chaining goes forward from a symbol's first session, so no later dividend, split or import of newer
days ever changes an earlier value; ratios equal those of the usual backward adjustment.
"""

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from core.records.universe import Treatment


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
    closes, codes = rows["close"].to_numpy(), _codes(rows)
    dividends, ratios = rows["dividend"].fillna(0.0).to_numpy(), _split_ratios(rows)
    steps = np.where(dividends != 0.0, ratios + dividends / closes, ratios)
    steps[np.isnan(steps)] = 1.0
    adjusted = _adjusted(rows, codes)
    chained = closes * _chain(steps, codes, ~adjusted)
    return pd.Series(np.where(adjusted, rows["adj_close"].to_numpy(), chained), index=rows.index)


def price_closes(rows: pd.DataFrame) -> pd.Series:
    """Return closes adjusted for splits alone, in the row order: what a price index is made of.

        adjusted(t) = close(t) * product over u <= t of split(u)

    NaN for a symbol with any adjusted close: its dividends cannot be taken out again, since nothing
    tells whether the close beside it, if there is one, carries the splits or the dividends too.

    Args:
        rows: as in `effective_closes`.
    """
    codes = _codes(rows)
    adjusted = _adjusted(rows, codes)
    chained = rows["close"].to_numpy() * _chain(_split_ratios(rows), codes, ~adjusted)
    return pd.Series(np.where(adjusted, np.nan, chained), index=rows.index)


def closes_of(rows: pd.DataFrame, treatment: Treatment) -> pd.Series:
    """Return closes of series that are declared to be of one dividend treatment.

    Declared price series that a source calls adjusted stand as they are: the declaration holds.

    Args:
        rows: as in `effective_closes`.
        treatment: what the universe says the series are.
    """
    whole = effective_closes(rows)
    return whole if treatment == "total_return" else price_closes(rows).fillna(whole)


def effective_volumes(rows: pd.DataFrame) -> pd.Series:
    """Return volumes in shares of the symbol's first session, so that a split is no activity.

        adjusted(t) = volume(t) / product over u <= t of split(u)

    Dividends change no share count. A symbol with any adjusted close keeps its volumes as its
    source gives them, and so does one whose source tells no splits: beside an adjusted close the
    ratio of the two closes mixes splits with dividends and cannot be divided out.

    Args:
        rows: symbol, volume, adj_close, split as in `effective_closes`; NaN volumes stay NaN.
    """
    codes = _codes(rows)
    shares = _chain(_split_ratios(rows), codes, ~_adjusted(rows, codes))
    return pd.Series(rows["volume"].to_numpy() / shares, index=rows.index)


def _codes(rows: pd.DataFrame) -> NDArray[np.intp]:
    codes, _ = pd.factorize(rows["symbol"])
    return codes


def _adjusted(rows: pd.DataFrame, codes: NDArray[np.intp]) -> NDArray[np.bool_]:
    """Mark the rows of symbols that have any adjusted close."""
    has_adjusted = np.zeros(codes.max(initial=-1) + 1, dtype=np.bool_)
    has_adjusted[codes[np.isfinite(rows["adj_close"].to_numpy())]] = True
    return has_adjusted[codes]


def _split_ratios(rows: pd.DataFrame) -> NDArray[np.float64]:
    splits = rows["split"].to_numpy()
    return np.where(np.isfinite(splits) & (splits > 0.0), splits, 1.0)


def _chain(
    steps: NDArray[np.float64], codes: NDArray[np.intp], wanted: NDArray[np.bool_]
) -> NDArray[np.float64]:
    """Return each symbol's running product of steps; ones where the row is not wanted."""
    products = np.ones(len(steps))
    for code in np.unique(codes[(steps != 1.0) & wanted]):
        places = np.flatnonzero(codes == code)
        products[places] = np.cumprod(steps[places])
    return products
