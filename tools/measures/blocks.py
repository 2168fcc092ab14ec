"""Decides how block sessions are counted for names together; what a block is, is the core's."""

import numpy as np
import pandas as pd

from core.panel import PricePanel
from core.signals import blocks as core_blocks
from core.signals.trailing import matrix

BASE_SESSIONS = core_blocks.BASE_SESSIONS


def blocks(matched: pd.DataFrame, put_through: pd.DataFrame) -> pd.DataFrame:
    """Return where put-through is a block, sessions x names, as `core.signals.blocks` has it."""
    found = core_blocks.block_sessions(matrix(matched), matrix(put_through)).block
    return pd.DataFrame(found, index=matched.index, columns=matched.columns)


def block_sessions(stocks: PricePanel | None, names: list[str], n_sessions: int) -> int:
    """Return in how many of the last sessions the names together saw a block."""
    if stocks is None:
        return 0
    known = [name for name in names if name in stocks.closes.columns]
    reach = n_sessions + BASE_SESSIONS + 1
    matched, put_through = (
        cells.iloc[-reach:][known].sum(axis=1, min_count=1).to_frame()
        for cells in (stocks.values, stocks.put_throughs)
    )
    return int(np.count_nonzero(blocks(matched, put_through).iloc[-n_sessions:]))
