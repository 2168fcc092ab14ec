"""Decides what foreigners bought of each stock, net, over a month of sessions."""

from typing import Final

import numpy as np
import pandas as pd

from core.panel import MarketPanels

FLOW_SESSIONS: Final = 20


def foreign_net_bn(panels: MarketPanels, symbols: list[str]) -> pd.Series:
    """Return buys less sells of the last 20 sessions by symbol, NaN without any known session."""
    if panels.flows is None:
        return pd.Series(np.nan, index=symbols, dtype=np.float64)
    net = (panels.flows.buys - panels.flows.sells).iloc[-FLOW_SESSIONS:]
    return net.reindex(columns=symbols).sum(min_count=1)
