"""Decides what the economy's releases say together, and which sectors lean that way.

It reads numbers and their dates only; a release counts from the day it was public.
"""

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from core.panel import MarketPanels
from core.records.payloads import Regime, RegimeRow
from core.records.result import GapReason
from core.signals.factor import FactorFamily, FactorSpec, Frames, everywhere
from core.signals.macro_readings import MacroStates, macro_states
from core.signals.sensitivity import sector_weeks, trailing_slopes
from core.signals.trailing import lagged

WINDOW_WEEKS, LEAST_WEEKS = 260, 104

SINCE_SESSIONS = 1260
"""Sessions a regime is followed back: five years."""


def history(panels: MarketPanels, dates: pd.DatetimeIndex) -> Frames:
    """Return each sector's slope on sentiment changes times the sentiment of the date."""
    columns = panels.sectors.closes.columns
    values = np.full((len(dates), len(columns)), np.nan)
    if panels.macro is not None and len(dates):
        weeks = sector_weeks(panels)
        first = max(int(weeks.dates.searchsorted(dates[0])) - WINDOW_WEEKS - 2, 0)
        asked = weeks.dates[first:].union(dates)
        known = macro_states(panels.macro, asked).sentiment
        sentiment = np.full((len(weeks.ends), 1), np.nan)
        sentiment[first:, 0] = known[asked.get_indexer(weeks.dates[first:])]
        slopes = trailing_slopes(
            weeks.returns, sentiment - lagged(sentiment, 1), window=WINDOW_WEEKS, least=LEAST_WEEKS
        )
        now = known[asked.get_indexer(dates)]
        values = weeks.before(slopes, dates) * now[:, None]
    return {"macro_tilt": pd.DataFrame(values, index=dates, columns=columns)}


def absence(panels: MarketPanels, factor: str) -> dict[str, GapReason]:
    """Return stale when too few releases are recent enough for a sentiment."""
    del factor
    if panels.macro is None or panels.macro.rows.empty:
        return everywhere(panels, "no_data")
    now = macro_states(panels.macro, pd.DatetimeIndex([pd.Timestamp(panels.last)]))
    return everywhere(panels, "stale" if bool(np.isnan(now.sentiment[0])) else "too_short")


def macro_regime(panels: MarketPanels) -> RegimeRow | None:
    """Return the regime at the panels' end and the session it began; None without both readings.

    Growth up or down against its five years, inflation likewise: the four phases of the investment
    clock (Greetham and Hartnett, 2004). `since` looks back five years at most.
    """
    if panels.macro is None:
        return None
    sessions = pd.DatetimeIndex(panels.sectors.closes.index[-SINCE_SESSIONS:])
    states = macro_states(panels.macro, sessions)
    last = (states.growth[-1], states.inflation[-1], states.sentiment[-1])
    if bool(np.isnan(last).any()):
        return None
    codes = _codes(states)
    changed = np.flatnonzero(codes != codes[-1])
    start = int(changed[-1]) + 1 if len(changed) else 0
    return RegimeRow(
        regime=_REGIMES[int(codes[-1])],
        since=sessions[start].date(),
        growth_z=float(last[0]),
        inflation_z=float(last[1]),
        sentiment_z=float(last[2]),
    )


_REGIMES: tuple[Regime, ...] = ("contraction", "recovery", "slowdown", "expansion")
"""By growth up (1) and inflation up (2)."""

_UNKNOWN = -1


def _codes(states: MacroStates) -> NDArray[np.int64]:
    codes = (states.growth >= 0.0).astype(np.int64) + 2 * (states.inflation >= 0.0)
    return np.where(np.isnan(states.growth) | np.isnan(states.inflation), _UNKNOWN, codes)


FAMILY = FactorFamily(
    specs=(
        FactorSpec(
            id="macro_tilt",
            family="macro",
            dataset="macro",
            formula=(
                "slope of weekly excess return on the weekly change of sentiment (260 weeks to the "
                "last finished one) * sentiment"
            ),
            unit="% a week",
            lag="each release's publication date",
            nan_policy="NaN under 104 weeks, or with fewer than two categories fresh",
            source="after Chen, Roll and Ross (1986)",
            positive="the sector does well when sentiment is where it is",
        ),
    ),
    history=history,
    absence=absence,
)
