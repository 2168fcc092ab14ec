"""Decides how many of a sector's members take part in its trend."""

import numpy as np
import pandas as pd
from numpy.lib.stride_tricks import sliding_window_view

from core.panel import MarketPanels
from core.signals.factor import FactorFamily, FactorSpec, Frames, few_or_short
from core.signals.membership import membership
from core.signals.trailing import CARRY_SESSIONS, Matrix, at, carried, trailing_sum

TREND_WINDOWS = {"breadth_50d": 50, "breadth_200d": 200}
EXTREME_SESSIONS = 20
REACH_SESSIONS = max(TREND_WINDOWS.values()) + CARRY_SESSIONS

ABOVE = 1.0 + 1e-9
"""A close this far over its mean is above it: rounding of a flat price is not."""


def history(panels: MarketPanels, dates: pd.DatetimeIndex) -> Frames:
    """Return shares of members above their means, and net new 20-session highs, percent."""
    columns = panels.sectors.closes.columns
    names = [*TREND_WINDOWS, "new_highs_20d"]
    if panels.stocks is None or panels.members is None:
        return {name: pd.DataFrame(np.nan, index=dates, columns=columns) for name in names}
    frame = panels.stocks.closes
    index = pd.DatetimeIndex(frame.index)
    members = membership(panels, dates, list(frame.columns), list(columns))
    least = panels.universe.min_members
    closes = carried(frame)
    last = at(closes, index, dates)
    shares: dict[str, Matrix] = {}
    for name, window in TREND_WINDOWS.items():
        mean = at(trailing_sum(closes, window) / window, index, dates)
        known = ~np.isnan(mean) & ~np.isnan(last)
        shares[name] = members.share(last > mean * ABOVE, known, least)
    high, low = (at(extreme, index, dates) for extreme in _extremes(closes))
    known = ~np.isnan(high) & ~np.isnan(last)
    moved = known & (high > low)
    highs = members.share(moved & (last >= high), known, least)
    shares["new_highs_20d"] = highs - members.share(moved & (last <= low), known, least)
    return {
        name: pd.DataFrame(100.0 * share, index=dates, columns=columns)
        for name, share in shares.items()
    }


def _extremes(closes: Matrix) -> tuple[Matrix, Matrix]:
    """Return the highest and the lowest close of the last 20 sessions, NaN if any is missing."""
    high, low = np.full(closes.shape, np.nan), np.full(closes.shape, np.nan)
    if len(closes) >= EXTREME_SESSIONS:
        windows = sliding_window_view(closes, EXTREME_SESSIONS, axis=0)
        high[EXTREME_SESSIONS - 1 :] = windows.max(axis=-1)
        low[EXTREME_SESSIONS - 1 :] = windows.min(axis=-1)
    return high, low


_NAN = "NaN with fewer known members than the universe's min_members"


def _spec(name: str, formula: str, source: str, positive: str) -> FactorSpec:
    return FactorSpec(
        id=name,
        family="breadth",
        dataset="members",
        formula=formula,
        unit="% of members",
        lag="none",
        nan_policy=_NAN,
        source=source,
        positive=positive,
    )


_TREND = "members with close > SMA{n} over members with {n} closes, in %"

FAMILY = FactorFamily(
    specs=(
        _spec("breadth_50d", _TREND.format(n=50), "market practice", "most members rise"),
        _spec(
            "breadth_200d", _TREND.format(n=200), "market practice", "most members have risen long"
        ),
        _spec(
            "new_highs_20d",
            "(members at their 20-session high - at their low) / members, in %",
            "market practice",
            "members break out upwards",
        ),
    ),
    history=history,
    absence=few_or_short,
    reach_sessions=REACH_SESSIONS,
)
