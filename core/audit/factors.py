"""Decides which rows of our own factors an audit compares: at its cuts and long before."""

from collections.abc import Callable
from datetime import date

import numpy as np
import pandas as pd

from core.panel import MarketPanels
from core.records.result import Family
from core.signals.catalogue import factor_history

NEAR_SESSIONS = 4
"""Rows up to each cut, where a filled gap or a running week shows."""

FAR_SESSIONS = 42
"""Sessions between the other rows, where a scale taken of the whole sample shows."""


def factor_signal(
    panels: MarketPanels,
    *,
    cuts: tuple[date, ...],
    families: tuple[Family, ...] | None = None,
    factors: tuple[str, ...] | None = None,
) -> Callable[[MarketPanels], pd.DataFrame]:
    """Return a signal of our factors for `leaks`: some dates x columns "factor:sector".

    Args:
        panels: those to be audited; they settle the dates.
        cuts: those of the audit.
        families: computed; all by default.
        factors: ids kept of them; all by default.
    """
    index = pd.DatetimeIndex(panels.sectors.closes.index)
    at_cuts = index.searchsorted(pd.DatetimeIndex(list(cuts)), side="right") - 1
    near = np.concatenate([at_cuts - back for back in range(NEAR_SESSIONS)])
    far = np.arange(len(index) - 1, -1, -FAR_SESSIONS)
    rows = np.union1d(near, far)
    dates = index[rows[rows >= 0]]

    def signal(known: MarketPanels) -> pd.DataFrame:
        asked = dates[dates < pd.Timestamp(known.last) + pd.Timedelta(days=1)]
        frames = factor_history(known, asked, families=families)
        kept = {name: frame for name, frame in frames.items() if factors is None or name in factors}
        named = [frame.add_prefix(f"{name}:") for name, frame in kept.items()]
        return pd.concat(named, axis=1)

    return signal
