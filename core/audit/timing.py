"""Decides how a series moves with returns around its own bar; it can only make one suspicious.

A test of this kind found 1 of 12 known leaks and blamed 1 of 5 honest features, so it proves
nothing in either direction.
"""

import numpy as np
import pandas as pd
from scipy import stats

from core.records.audit import LagCorrelation, Oddity

LAGS = (-5, -4, -3, -2, -1, 0, 1, 2, 3, 4, 5)

LEAST_PAIRS = 100

SAME_BAR_LEAST = 0.15
SAME_BAR_TIMES = 2.0
"""The own bar is suspicious at this correlation and this many times that of any earlier bar."""

NEXT_BAR_MOST = 0.15
"""Of the next bar, by size: sector studies find rank correlations of 0.03 to 0.04 at best."""

ERRORS = 4.0
"""Standard errors a suspicious correlation must lie from 0."""


def lag_correlations(series: pd.DataFrame, prices: pd.DataFrame) -> tuple[LagCorrelation, ...]:
    """Return Spearman's correlation of the series with each near bar's return, columns pooled.

    Series and returns are taken as ranks within each column, so that no column's level or size
    counts; a single column of the series is held against the mean return of all prices.

    Args:
        series: dates x columns; dates without a close are dated on the next session.
        prices: closes, dates x columns, ascending; those of the series' names are used.

    Returns:
        By lag in bars of the prices; none where too few pairs are known.
    """
    returns = prices.pct_change(fill_method=None)
    shared = [name for name in series.columns if name in returns.columns]
    if shared:
        signal, moves = series[shared], returns[shared]
    elif len(series.columns) == 1:
        name = series.columns[0]
        signal, moves = series, returns.mean(axis=1).to_frame(name)
    else:
        return ()
    placed = _on_sessions(signal, pd.DatetimeIndex(prices.index))
    found = (_at_lag(placed, moves.shift(-lag), lag) for lag in LAGS)
    return tuple(row for row in found if row is not None)


def odd_timing(rows: tuple[LagCorrelation, ...]) -> tuple[Oddity, ...]:
    """Return the own bar's correlation where it dwarfs earlier ones, and a large next bar's."""
    by_lag = {row.lag_bars: row for row in rows}
    odd: list[Oddity] = []
    own, ahead = by_lag.get(0), by_lag.get(1)
    if own is not None:
        past = max((abs(row.correlation) for row in rows if row.lag_bars < 0), default=0.0)
        least = max(SAME_BAR_LEAST, SAME_BAR_TIMES * past, _error(own))
        if abs(own.correlation) > least:
            odd.append(Oddity(kind="same_bar", value=own.correlation, count=own.pairs_count))
    if ahead is not None and abs(ahead.correlation) > max(NEXT_BAR_MOST, _error(ahead)):
        odd.append(Oddity(kind="next_bar", value=ahead.correlation, count=ahead.pairs_count))
    return tuple(odd)


def _error(row: LagCorrelation) -> float:
    return ERRORS / float(np.sqrt(row.pairs_count))


def _on_sessions(series: pd.DataFrame, sessions: pd.DatetimeIndex) -> pd.DataFrame:
    rows = sessions.searchsorted(pd.DatetimeIndex(series.index))
    kept = rows < len(sessions)
    moved = series[kept].set_axis(sessions[rows[kept]], axis=0)
    return moved[~moved.index.duplicated(keep="last")].reindex(sessions)


def _at_lag(signal: pd.DataFrame, moves: pd.DataFrame, lag: int) -> LagCorrelation | None:
    both = signal.notna() & moves.notna()
    left = signal.where(both).rank(pct=True).to_numpy()[both.to_numpy()]
    right = moves.where(both).rank(pct=True).to_numpy()[both.to_numpy()]
    if len(left) < LEAST_PAIRS or np.ptp(left) == 0.0 or np.ptp(right) == 0.0:
        return None
    value = float(np.clip(stats.pearsonr(left, right).statistic, -1.0, 1.0))
    return LagCorrelation(lag_bars=lag, correlation=round(value, 6), pairs_count=len(left))
