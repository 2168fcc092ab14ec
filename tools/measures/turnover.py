"""Decides each sector's part of the money traded, and how it moves: money between sectors."""

from typing import Final

import numpy as np
import pandas as pd

from core.panel import PricePanel

SHARE_SESSIONS: Final = 20
"""A month of sessions, as desks quote turnover."""


def turnover_shares(sectors: PricePanel) -> pd.DataFrame:
    """Return each sector's share of all sectors' matched and put-through value, percent.

    Args:
        sectors: sessions x sectors; a missing put-through is no put-through.

    Returns:
        sectors x (turnover_share_pct over the last 20 sessions, turnover_share_change_pp against
        the 20 before); NaN with fewer sessions, and for a sector without any known value in them.
    """
    known = sectors.values.notna() | sectors.put_throughs.notna()
    traded = (sectors.values.fillna(0.0) + sectors.put_throughs.fillna(0.0)).where(known)
    now = _shares_pct(traded.iloc[-SHARE_SESSIONS:])
    before = _shares_pct(traded.iloc[-2 * SHARE_SESSIONS : -SHARE_SESSIONS])
    return pd.DataFrame({"turnover_share_pct": now, "turnover_share_change_pp": now - before})


def _shares_pct(window: pd.DataFrame) -> pd.Series:
    if len(window) < SHARE_SESSIONS:
        return pd.Series(np.nan, index=window.columns, dtype=np.float64)
    sums = window.sum(min_count=1)
    total = float(sums.sum())
    return 100.0 * sums / total if total > 0.0 else sums * np.nan
