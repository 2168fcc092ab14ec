"""Decides how near a sector stands to its best close of the past year."""

import numpy as np
import pandas as pd

from core.panel import MarketPanels
from core.signals.factor import FactorFamily, FactorSpec, Frames, too_short
from core.signals.trailing import at, carried

WINDOW_SESSIONS = 252
LEAST_SESSIONS = WINDOW_SESSIONS - WINDOW_SESSIONS // 5
"""Known closes a high needs: four in five."""


def history(panels: MarketPanels, dates: pd.DatetimeIndex) -> Frames:
    """Return 100 * (close / highest close of 252 sessions - 1); dates x sectors, 0 at a high."""
    closes = panels.sectors.closes
    index = pd.DatetimeIndex(closes.index)
    known = carried(closes)
    rows = index.searchsorted(dates, side="right") - 1
    back = rows[:, None] - np.arange(WINDOW_SESSIONS)[None, :]
    window = np.where((back >= 0)[:, :, None], known[np.maximum(back, 0)], np.nan)
    enough = (~np.isnan(window)).sum(axis=1) >= LEAST_SESSIONS
    highest = np.fmax.reduce(window, axis=1)
    nearness = np.where(enough, 100.0 * (window[:, 0] / highest - 1.0), np.nan)
    spoken = at(np.zeros((len(index), 1)), index, dates)
    return {SPEC.id: pd.DataFrame(nearness + spoken, index=dates, columns=closes.columns)}


SPEC = FactorSpec(
    id="high_52w",
    family="momentum",
    dataset="prices",
    formula="close / highest close of 252 sessions - 1, in %",
    unit="%",
    lag="none",
    nan_policy="NaN without a close, or with under four in five of 252 known",
    source="George and Hwang (2004)",
    positive="stands near its high of the year",
)

FAMILY = FactorFamily(specs=(SPEC,), history=history, absence=too_short)
