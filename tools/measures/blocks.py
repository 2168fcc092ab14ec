"""Decides which sessions carry a block: put-through far above its own usual share of trading."""

import numpy as np
import pandas as pd

from core.panel import PricePanel

BASE_SESSIONS = 60
"""Sessions before the one judged, over which the usual share is the mean."""
BLOCK_MULTIPLE = 3.0
"""A block session's put-through share is more than this multiple of the usual one."""
BLOCK_FLOOR = 0.05
"""And at least this fraction of the session's matched plus put-through value."""


def blocks(matched: pd.DataFrame, put_through: pd.DataFrame) -> pd.DataFrame:
    """Return where put-through is a block, sessions x names.

        share = put-through / (matched + put-through)
        block = share > 3 * mean(share over the 60 sessions before) and share >= 5 %

    A session without a known put-through has none; one without any value has no share and is no
    block. Fewer than 20 earlier shares make no base, and no block.
    """
    total = matched.fillna(0.0) + put_through.fillna(0.0)
    share = (put_through.fillna(0.0) / total).where(total > 0.0)
    usual = share.rolling(BASE_SESSIONS, min_periods=BASE_SESSIONS // 3).mean().shift(1)
    return (share > BLOCK_MULTIPLE * usual) & (share >= BLOCK_FLOOR)


def block_sessions(stocks: PricePanel | None, names: list[str], n_sessions: int) -> int:
    """Return in how many of the last sessions the names together saw a block."""
    if stocks is None:
        return 0
    known = [name for name in names if name in stocks.closes.columns]
    reach = n_sessions + BASE_SESSIONS + 1
    matched = stocks.values[known].iloc[-reach:].sum(axis=1).to_frame()
    put_through = stocks.put_throughs[known].iloc[-reach:].sum(axis=1).to_frame()
    return int(np.count_nonzero(blocks(matched, put_through).iloc[-n_sessions:]))
