"""Decides how much a sector's price moves, and how much of it is downward."""

import numpy as np
import pandas as pd

from core.panel import MarketPanels
from core.signals.factor import FactorFamily, FactorSpec, Frames, too_short
from core.signals.trailing import at, carried, lagged, trailing_sum

WINDOW_SESSIONS = 60
SESSIONS_A_YEAR = 252


def history(panels: MarketPanels, dates: pd.DatetimeIndex) -> Frames:
    """Return annualised standard and downside deviation of 60 daily returns, percent."""
    closes = panels.sectors.closes
    index = pd.DatetimeIndex(closes.index)
    known = carried(closes)
    returns = known / lagged(known, 1) - 1.0
    n = WINDOW_SESSIONS
    sums, squares = trailing_sum(returns, n), trailing_sum(returns**2, n)
    variance = np.maximum(squares - sums**2 / n, 0.0) / (n - 1)
    downside = trailing_sum(np.minimum(returns, 0.0) ** 2, n) / n
    return {
        name: pd.DataFrame(
            at(100.0 * np.sqrt(SESSIONS_A_YEAR * values), index, dates),
            index=dates,
            columns=closes.columns,
        )
        for name, values in (("volatility_60d", variance), ("downside_60d", downside))
    }


_NAN = "NaN with fewer than 60 returns; a gap is carried at most 5 sessions"

FAMILY = FactorFamily(
    specs=(
        FactorSpec(
            id="volatility_60d",
            family="volatility",
            dataset="prices",
            formula="sqrt(252) * sd of 60 daily simple returns (n - 1), in %",
            unit="% a year",
            lag="none",
            nan_policy=_NAN,
            source="Ang, Hodrick, Xing and Zhang (2006)",
            positive="the price moves much",
        ),
        FactorSpec(
            id="downside_60d",
            family="volatility",
            dataset="prices",
            formula="sqrt(252 * mean of min(r, 0)^2 over 60 sessions), in %",
            unit="% a year",
            lag="none",
            nan_policy=_NAN,
            source="Sortino and van der Meer (1991)",
            positive="the price falls much",
        ),
    ),
    history=history,
    absence=too_short,
)
