"""Decides how sectors move together, and how much risk weights carry by that measure."""

from datetime import date

import numpy as np
import pandas as pd

from core.panel import MarketPanels
from core.portfolio.view import View
from core.records.decision import Risk
from core.records.scoring import CovarianceRow
from core.signals.trailing import Matrix, carried

WINDOW_WEEKS, LEAST_WEEKS = 156, 52
WEEK_SESSIONS = 5
WEEKS_A_YEAR = 252 / WEEK_SESSIONS
"""Weeks here are five sessions, and a year has 252 of those."""

DECIMALS = 12
RISK_DECIMALS = 9

TAIL_LOSS = 2.062712807507
"""Mean loss, in standard deviations, of the worst twentieth of a normal month: phi(z) / 0.05."""

MONTHS_A_YEAR = 12


def risk_of(target: Matrix, benchmark: Matrix, view: View) -> Risk | None:
    """Return the risk of target weights; None without a covariance.

    Cash and what lies outside the universe count as riskless. Beta is against the benchmark
    weights. The expected shortfall is that of one month at 95 %, normal, around a mean of zero:
    monthly volatility x phi(z) / 0.05 (Rockafellar and Uryasev, 2000).

    Args:
        target: fractions of sectors, then cash.
        benchmark: in the same places.
        view: covariance.
    """
    if not view.measured:
        return None
    held, base = target[:-1], benchmark[:-1]
    volatility, market = view.variance(held) ** 0.5, view.variance(base) ** 0.5
    beta = float(held @ view.covariance @ base) / market**2 if market > 0.0 else 0.0
    monthly = volatility / MONTHS_A_YEAR**0.5
    return Risk(
        volatility_pct=round(100.0 * volatility, RISK_DECIMALS),
        benchmark_volatility_pct=round(100.0 * market, RISK_DECIMALS),
        beta_x=round(beta, RISK_DECIMALS),
        expected_shortfall_pct=round(100.0 * monthly * TAIL_LOSS, RISK_DECIMALS),
    )


def risk_shares(active: Matrix, view: View) -> Matrix | None:
    """Return each sector's share of the active variance, percent, summing to 100.

    a x Va / a'Va (Litterman, 1996). None without a covariance or without active risk; a share below
    zero takes risk off the others.

    Args:
        active: target less benchmark, fractions of sectors, then cash.
        view: covariance.
    """
    bets = active[:-1]
    variance = view.variance(bets)
    if not view.measured or variance <= 0.0:
        return None
    shares: Matrix = 100.0 * bets * (view.covariance @ bets) / variance
    return shares


def sector_covariance(panels: MarketPanels, *, as_of: date) -> tuple[CovarianceRow, ...]:
    """Return the annualised covariance of weekly simple returns, by sector id.

    Weeks are five sessions counted back from the last one, 156 at most; the window is the one all
    rows share. A sector with fewer than 52 returns, or without a price now, is left out. Shrunk to
    constant correlation, see `shrunk_covariance`.
    """
    closes = panels.until(as_of).sectors.only(sorted(panels.universe.sector_ids)).closes
    rows = np.arange(len(closes) - 1, -1, -WEEK_SESSIONS)[: WINDOW_WEEKS + 1][::-1]
    steps = pd.DataFrame(carried(closes)[rows], columns=closes.columns)
    returns = (steps / steps.shift(1) - 1.0).iloc[1:]
    usable = (returns.notna().sum() >= LEAST_WEEKS) & returns.tail(1).notna().any()
    shared = returns.loc[:, usable].dropna()
    if shared.empty or len(shared) < LEAST_WEEKS:
        return ()
    annual = np.round(WEEKS_A_YEAR * shrunk_covariance(shared.to_numpy()), DECIMALS)
    return tuple(
        CovarianceRow(sector=str(sector), values=tuple(float(value) for value in row))
        for sector, row in zip(shared.columns, annual, strict=True)
    )


def shrunk_covariance(returns: Matrix) -> Matrix:
    """Return delta x target + (1 - delta) x sample (Ledoit and Wolf, 2004, "Honey").

    The target keeps the sample's variances and gives every pair the mean correlation; delta is
    their estimate of the optimal intensity, within 0..1. One column is its own target.

    Args:
        returns: weeks x sectors, no NaN.
    """
    n_weeks, n_sectors = returns.shape
    x = returns - returns.mean(axis=0)
    sample: Matrix = x.T @ x / n_weeks
    if n_sectors < 2:
        return sample
    sd = np.sqrt(np.diagonal(sample))
    outer = np.outer(sd, sd)
    correlation = sample / np.where(outer > 0.0, outer, 1.0)
    mean_correlation = (correlation.sum() - np.trace(correlation)) / (n_sectors * (n_sectors - 1))
    target = mean_correlation * outer
    np.fill_diagonal(target, np.diagonal(sample))
    distance = float(((sample - target) ** 2).sum())
    if distance <= 0.0:
        return sample
    intensity = (_pi(x, sample) - _rho(x, sample, sd, mean_correlation)) / distance / n_weeks
    delta = float(np.clip(intensity, 0.0, 1.0))
    shrunk: Matrix = delta * target + (1.0 - delta) * sample
    return shrunk


def _pi(x: Matrix, sample: Matrix) -> float:
    """Return the sum of asymptotic variances of the sample's entries."""
    squares = x * x
    return float((squares.T @ squares / len(x) - sample**2).sum())


def _rho(x: Matrix, sample: Matrix, sd: Matrix, mean_correlation: float) -> float:
    """Return the sum of asymptotic covariances of target and sample entries."""
    squares = x * x
    diagonal = float(np.diagonal(squares.T @ squares / len(x) - sample**2).sum())
    variances = np.diagonal(sample)
    theta = (x**3).T @ x / len(x) - variances[:, None] * sample
    scale = np.outer(1.0 / np.where(sd > 0.0, sd, 1.0), sd)
    cross = scale * theta
    return diagonal + mean_correlation * float(cross.sum() - np.trace(cross))
