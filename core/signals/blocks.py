"""Decides which sessions carry a block: put-through far above its own usual share of trading.

It says how much of such a session counts; who stood behind the block is not in the data.
"""

from dataclasses import dataclass

import numpy as np

from core.signals.trailing import Mask, Matrix, known_sum, lagged, ratio

BASE_SESSIONS = 60
"""Sessions before the one judged, over which the usual share is the mean."""
LEAST_SESSIONS = 20
"""Earlier shares without which there is no usual one, and no block."""
BLOCK_MULTIPLE = 3.0
"""A block session's put-through share is more than this multiple of the usual one."""
BLOCK_FLOOR = 0.05
"""And at least this fraction of the session's matched plus put-through value."""


@dataclass(frozen=True, slots=True)
class BlockSessions:
    """Sessions x columns.

    block: where put-through is a block.
    kept: fraction of the session's trading left when put-through is cut to its usual share; 1.0 at
        every other session.
    """

    block: Mask
    kept: Matrix


def block_sessions(matched: Matrix, put_through: Matrix) -> BlockSessions:
    """Return where put-through is a block, and what is left of the session without its excess.

        share = put-through / (matched + put-through)
        usual = mean(share over the 60 sessions before)
        block = share > 3 * usual and share >= 5 %
        kept  = (1 - share) / (1 - usual) at a block, else 1

    With put-through cut to matched * usual / (1 - usual), the session has `kept` of its value.

    Args:
        matched: sessions x columns, traded value; a session without a known one has no share.
        put_through: likewise, negotiated value; a session without a known one has none.

    Returns:
        A session without any value has no share and is no block; fewer than 20 earlier shares make
        no base, and no block.
    """
    negotiated = np.nan_to_num(put_through)
    share = ratio(negotiated, matched + negotiated)
    counted = np.where(np.isnan(share), np.nan, 1.0)
    sums = (known_sum(part, BASE_SESSIONS, LEAST_SESSIONS) for part in (share, counted))
    usual = lagged(ratio(*sums), 1)
    with np.errstate(invalid="ignore"):
        block: Mask = (share > BLOCK_MULTIPLE * usual) & (share >= BLOCK_FLOOR)
    kept = np.where(block, (1.0 - share) / np.where(block, 1.0 - usual, 1.0), 1.0)
    return BlockSessions(block, kept)
