"""Decides how much of a sector's movement is the market's, and how much its own."""

import numpy as np
import pandas as pd

from core.panel import MarketPanels
from core.signals.factor import FactorFamily, FactorSpec, Frames, too_short
from core.signals.trailing import Matrix, at, carried, known_sum, lagged, ratio
from core.signals.volatility import SESSIONS_A_YEAR

BETA_SESSIONS, OWN_SESSIONS = 252, 60

PARAMETERS = 2
"""A level and a slope: what a residual's degrees of freedom are short of."""


def history(panels: MarketPanels, dates: pd.DatetimeIndex) -> Frames:
    """Return beta against the default benchmark and annualised residual deviation, percent."""
    closes = panels.sectors.closes
    index = pd.DatetimeIndex(closes.index)
    level = panels.benchmark.closes.reindex(index=index, columns=[panels.universe.benchmark.id])
    returns, market = (
        known / lagged(known, 1) - 1.0 for known in (carried(closes), carried(level))
    )
    market = np.broadcast_to(market, returns.shape)
    beta, _ = _line(returns, market, BETA_SESSIONS)
    _, residual = _line(returns, market, OWN_SESSIONS)
    own = 100.0 * np.sqrt(SESSIONS_A_YEAR * residual)
    return {
        name: pd.DataFrame(at(values, index, dates), index=dates, columns=closes.columns)
        for name, values in (("beta_252d", beta), ("idiosyncratic_60d", own))
    }


def _line(returns: Matrix, market: Matrix, window: int) -> tuple[Matrix, Matrix]:
    """Return slope and residual variance of the least-squares line over trailing sessions."""
    both = ~np.isnan(returns) & ~np.isnan(market)
    y, x = np.where(both, returns, np.nan), np.where(both, market, np.nan)
    parts = (np.where(both, 1.0, np.nan), x, y, x * x, y * y, x * y)
    count, sum_x, sum_y, squares_x, squares_y, products = (
        known_sum(part, window, window - window // 5) for part in parts
    )
    of_x = squares_x - sum_x * sum_x / count
    of_y = squares_y - sum_y * sum_y / count
    of_both = products - sum_x * sum_y / count
    slope = ratio(of_both, of_x)
    return slope, np.maximum(of_y - slope * of_both, 0.0) / (count - PARAMETERS)


_NAN = "NaN with under four in five of the window's returns of sector and benchmark known"

FAMILY = FactorFamily(
    specs=(
        FactorSpec(
            id="beta_252d",
            family="volatility",
            dataset="prices",
            formula="least-squares slope of 252 daily returns on those of the default benchmark",
            unit="x",
            lag="none",
            nan_policy=_NAN,
            source="Frazzini and Pedersen (2014)",
            positive="moves more than the market",
        ),
        FactorSpec(
            id="idiosyncratic_60d",
            family="volatility",
            dataset="prices",
            formula=(
                "sqrt(252) * sd (n - 2) of the residuals of 60 daily returns on those of the "
                "default benchmark, in %"
            ),
            unit="% a year",
            lag="none",
            nan_policy=_NAN,
            source="Ang, Hodrick, Xing and Zhang (2006)",
            positive="moves much for reasons of its own",
        ),
    ),
    history=history,
    absence=too_short,
)
