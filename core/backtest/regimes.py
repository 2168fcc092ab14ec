"""Decides how bars are told apart by the state of the market, known before each; judges no state.

Returns are fractions a bar, indexed by ascending dates, without NaN.
"""

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from core.certainty import newey_west_lag, newey_west_t
from core.records.backtest import InRegime
from core.windows import window_sums

TREND_YEARS = 1.0
VOLATILITY_YEARS = 0.25
LEAST_VOLATILITY_BARS = 6
STORMY_QUANTILE = 0.75
"""A market is stormy while its recent volatility is in the highest quarter of those before."""

ROLLING_YEARS = 3.0
BAND_Z = 1.96
"""Half width of a 95 % band in standard errors."""


def in_regimes(
    returns: pd.Series, reference: pd.Series | None, labels: pd.Series, *, bars_a_year: float
) -> tuple[InRegime, ...]:
    """Return what the bars of each label brought, labels in alphabetical order.

    Args:
        returns: of the strategy.
        reference: the same dates; None: no excess.
        labels: one a bar, slugs, known before the bar (a macro regime at the last close, or
            `market_states`); bars without a label belong to none.
        bars_a_year: means are arithmetic, times this.

    Returns:
        t is Newey and West's (1987) of the mean excess, without a reference of the mean; None under
        20 bars. Neighbouring bars of a label count as consecutive.

    Raises:
        ValueError: labels or reference with other dates.
    """
    for name, other in (("reference", reference), ("labels", labels)):
        if other is not None and not other.index.equals(returns.index):
            raise ValueError(f"{name}: must have the dates of the returns")
    own = returns.to_numpy(np.float64)
    active = own if reference is None else own - reference.to_numpy(np.float64)
    found = []
    for label in sorted(set(labels.dropna())):
        chosen = (labels == label).to_numpy()
        excess = active[chosen]
        found.append(
            InRegime(
                regime=str(label),
                bars_count=len(excess),
                mean=float(own[chosen].mean()) * bars_a_year,
                excess=None if reference is None else float(excess.mean()) * bars_a_year,
                t=newey_west_t(excess, newey_west_lag(len(excess))),
            )
        )
    return tuple(found)


def market_states(market: pd.Series, *, bars_a_year: float) -> pd.Series:
    """Return each bar's state of the market, from the bars before it alone.

    `stormy`: the deviation of the last quarter's bars (six at least) is in the highest quarter of
    all such deviations so far, a year of them at least; else `rising` or `falling` by the sign of
    the last year's compound return. NaN before a year and a quarter of bars.
    """
    values = market.to_numpy(np.float64)
    short = max(LEAST_VOLATILITY_BARS, round(VOLATILITY_YEARS * bars_a_year))
    year = max(2, round(TREND_YEARS * bars_a_year))
    trend = _trailing(np.log1p(values), year)
    mean = _trailing(values, short) / short
    spread = _trailing(values**2, short) / short - mean**2
    risk = pd.Series(spread)
    limit = risk.expanding(min_periods=year).quantile(STORMY_QUANTILE)
    states = np.where(risk > limit, "stormy", np.where(trend >= 0.0, "rising", "falling"))
    known = limit.notna().to_numpy() & ~np.isnan(trend)
    labelled = pd.Series(states, index=market.index, dtype=object).where(known)
    return labelled.shift(1)


def rolling_excess(
    returns: pd.Series, reference: pd.Series, *, bars_a_year: float, years: float = ROLLING_YEARS
) -> pd.DataFrame:
    """Return the mean excess over the last years at every bar, with its 95 % band.

    Args:
        returns: of the strategy.
        reference: the same dates.
        bars_a_year: means are arithmetic, times this.
        years: length of the window; its last bar is the row's.

    Returns:
        Columns `excess`, `low` and `high`, fractions a year; the band is 1.96 errors of Newey and
        West (1987) with their lag rule (1994), not widened for looking at many windows. No rows
        where the bars are fewer than a window.
    """
    window = max(2, round(years * bars_a_year))
    active = returns.to_numpy(np.float64) - reference.to_numpy(np.float64)
    lag = newey_west_lag(window)
    if len(active) < window:
        columns = ["excess", "low", "high"]
        return pd.DataFrame(columns=columns, index=returns.index[:0], dtype=np.float64)
    mean = window_sums(active, window) / window
    variance = window_sums(active**2, window) / window - mean**2
    for step in range(1, lag + 1):
        variance += 2.0 * (1.0 - step / (lag + 1.0)) * _covariance(active, mean, window, step)
    error = np.sqrt(np.maximum(variance, 0.0) / window) * bars_a_year
    excess = mean * bars_a_year
    return pd.DataFrame(
        {"excess": excess, "low": excess - BAND_Z * error, "high": excess + BAND_Z * error},
        index=returns.index[window - 1 :],
    )


def _covariance(
    active: NDArray[np.float64], mean: NDArray[np.float64], window: int, step: int
) -> NDArray[np.float64]:
    """Return each window's autocovariance at a lag, about the window's own mean."""
    inner = window - step
    products = window_sums(active[step:] * active[:-step], inner)
    later = window_sums(active, inner)[step:]
    earlier = window_sums(active, inner)[: len(active) - window + 1]
    return (products - mean * (later + earlier) + inner * mean**2) / window


def _trailing(values: NDArray[np.float64], window: int) -> NDArray[np.float64]:
    """Return trailing sums, aligned with the values; NaN before a full window."""
    missing = np.full(min(window - 1, len(values)), np.nan)
    return np.concatenate([missing, window_sums(values, window)])
