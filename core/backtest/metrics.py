"""Decides what a return series was worth: growth, risk, and their ratios; not whether it was luck.

`a year` figures multiply by the series' own bars a year: 12 for months, never empyrical's 252 by
default. Deviations are sample ones (ddof 1), skewness and kurtosis the population's.
"""

from math import sqrt

import numpy as np
import pandas as pd

from core.certainty import Vector, is_flat, newey_west_lag, newey_west_t
from core.errors import CallerError
from core.records.backtest import Against, Performance

LEAST_BARS = 2
"""Bars a deviation needs."""

LEAST_INFERENCE_BARS = 20
"""Bars below which no standard error is given."""

TAIL = 0.05
"""Share of the bars in the tail of value at risk and expected shortfall."""

LEAST_YEAR_SHARE = 0.5
"""Share of a year's bars a calendar year needs to be won or lost."""


def performance(
    returns: pd.Series,
    strategy: str,
    *,
    bars_a_year: float,
    turnover: float | None = None,
    cost: float | None = None,
    riskless: pd.Series | None = None,
) -> Performance:
    """Return what a series of bar returns was worth.

    Args:
        returns: fractions a bar, indexed by ascending dates, no NaN.
        strategy: its name.
        bars_a_year: bars a year has.
        turnover: one-way, a year, as measured by the engine.
        cost: paid, a year, as measured by the engine.
        riskless: the rate without risk, fractions a bar, indexed alike; None: zero.

    Raises:
        CallerError: fewer than two bars, a bar that is missing, or other dates than the riskless.
    """
    bars = _bars(returns)
    over = bars if riskless is None else bars - _alike(riskless, returns)
    ratio = sharpe_bar(over)
    growth, depth = _cagr(bars, bars_a_year), _max_drawdown(bars)
    moments = _moments(over)
    threshold, shortfall = _tail(bars)
    return Performance(
        strategy=strategy,
        first=returns.index[0].date(),
        last=returns.index[-1].date(),
        bars_count=len(bars),
        bars_a_year=bars_a_year,
        cagr=growth,
        volatility=float(bars.std(ddof=1)) * sqrt(bars_a_year),
        sharpe=None if ratio is None else ratio * sqrt(bars_a_year),
        sharpe_se=_annual_error(over, bars_a_year),
        sortino=_sortino(over, bars_a_year),
        calmar=growth / -depth if depth < 0.0 else None,
        max_drawdown=depth,
        skewness=moments[0],
        kurtosis=moments[1],
        positive_fraction=float((bars > 0.0).mean()),
        value_at_risk=threshold,
        expected_shortfall=shortfall,
        turnover=turnover,
        cost=cost,
    )


def against(returns: pd.Series, reference: pd.Series, name: str, *, bars_a_year: float) -> Against:
    """Return a series less a reference over the same bars.

    The ratio's t is Newey and West's with their lag rule (1994). A calendar year counts as won if
    its compound return is the higher one; years with less than half their bars are left out.

    Args:
        returns: fractions a bar, indexed by ascending dates, no NaN.
        reference: the same, of the reference.
        name: the reference's.
        bars_a_year: bars a year has.

    Raises:
        CallerError: as `performance`, or the dates differ.
    """
    bars = _bars(returns)
    other = _alike(reference, returns)
    active = bars - other
    level = is_flat(active, _scale(bars, other))
    error = 0.0 if level else float(active.std(ddof=1)) * sqrt(bars_a_year)
    return Against(
        reference=name,
        excess=_cagr(bars, bars_a_year) - _cagr(other, bars_a_year),
        tracking_error=error,
        information_ratio=None if level else float(active.mean()) * bars_a_year / error,
        ratio_t=None if level else newey_west_t(active, newey_west_lag(len(active))),
        beta=_beta(bars, other),
        years_won_fraction=_years_won(returns, reference, bars_a_year),
    )


def sharpe_bar(over: Vector) -> float | None:
    """Return mean over sample deviation a bar (Sharpe, 1994); None without risk."""
    if len(over) < LEAST_BARS or is_flat(over):
        return None
    return float(over.mean()) / float(over.std(ddof=1))


def sharpe_variance(over: Vector) -> float | None:
    """Return what a bar adds to the Sharpe ratio's precision: its variance times bars less one.

    1 - g3 SR + (g4 - 1) / 4 SR^2, SR a bar (Mertens, 2002); for a normal that is 1 + SR^2 / 2
    (Lo, 2002). None under 20 bars or without risk.
    """
    ratio = sharpe_bar(over)
    skewness, kurtosis = _moments(over)
    if ratio is None or skewness is None or kurtosis is None or len(over) < LEAST_INFERENCE_BARS:
        return None
    variance = 1.0 - skewness * ratio + (kurtosis - 1.0) / 4.0 * ratio**2
    return variance if variance > 0.0 else None


def _bars(returns: pd.Series) -> Vector:
    if len(returns) < LEAST_BARS:
        raise CallerError(f"{len(returns)} bars of returns: at least {LEAST_BARS} are needed")
    bars = returns.to_numpy(dtype=np.float64)
    if not np.isfinite(bars).all():
        day = returns.index[int(np.argmin(np.isfinite(bars)))].date()
        raise CallerError(f"the return of {day} is missing: give bars that all have one")
    return bars


def _alike(other: pd.Series, returns: pd.Series) -> Vector:
    if not other.index.equals(returns.index):
        raise CallerError("two series to compare must have the same dates")
    return _bars(other)


def _scale(*series: Vector) -> float:
    return max(float(np.max(np.abs(bars))) for bars in series)


def _growth(bars: Vector) -> Vector:
    """Return each bar's factor of wealth; what is lost whole stays lost."""
    return np.maximum(1.0 + bars, 0.0)


def _cagr(bars: Vector, bars_a_year: float) -> float:
    wealth = float(np.prod(_growth(bars)))
    return wealth ** (bars_a_year / len(bars)) - 1.0 if wealth > 0.0 else -1.0


def _max_drawdown(bars: Vector) -> float:
    """Return the deepest fall from a peak; the start is a peak too."""
    wealth = np.cumprod(_growth(bars))
    peaks = np.maximum(np.maximum.accumulate(wealth), 1.0)
    return min(float((wealth / peaks - 1.0).min()), 0.0)


def _annual_error(over: Vector, bars_a_year: float) -> float | None:
    variance = sharpe_variance(over)
    return None if variance is None else sqrt(variance / (len(over) - 1) * bars_a_year)


def _sortino(over: Vector, bars_a_year: float) -> float | None:
    """Return the mean over the root mean square of the losses, all bars counted (Sortino, 1991)."""
    losses = sqrt(float((np.minimum(over, 0.0) ** 2).mean()))
    return float(over.mean()) / losses * sqrt(bars_a_year) if losses > 0.0 else None


def _moments(over: Vector) -> tuple[float | None, float | None]:
    """Return skewness and kurtosis, the third and fourth standardised moments."""
    if is_flat(over):
        return None, None
    centred = over - over.mean()
    spread = sqrt(float((centred**2).mean()))
    return float((centred**3).mean()) / spread**3, float((centred**4).mean()) / spread**4


def _tail(bars: Vector) -> tuple[float, float]:
    """Return the 5th percentile, interpolated, and the mean of the bars that reach into it.

    Of bars equal to the percentile only as many count as fill the tail.
    """
    ordered = np.sort(bars)
    reached = int((len(bars) - 1) * TAIL)
    return float(np.percentile(bars, 100.0 * TAIL)), float(ordered[: reached + 1].mean())


def _beta(bars: Vector, other: Vector) -> float | None:
    if is_flat(other):
        return None
    centred = other - other.mean()
    return float((centred * (bars - bars.mean())).sum() / (centred**2).sum())


def _years_won(returns: pd.Series, reference: pd.Series, bars_a_year: float) -> float | None:
    years = pd.DatetimeIndex(returns.index).year
    table = pd.DataFrame({"own": 1.0 + returns, "other": 1.0 + reference})
    grown = table.groupby(years).prod()
    whole = table.groupby(years).size() >= LEAST_YEAR_SHARE * bars_a_year
    if not whole.any():
        return None
    return float((grown["own"] > grown["other"])[whole].mean())
