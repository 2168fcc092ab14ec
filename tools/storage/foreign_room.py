"""Decides on which sessions the foreign room of a stock is used up, so its net flow says nothing.

The law's caps are public, each company's own lower cap is not in the data: a stock held back by
one (VIB at 20.5 %, TCB at 22.5 %) is not recognised.
"""

import numpy as np
import pandas as pd

CAP_PCT = 49.0
BANK_CAP_PCT = 30.0
"""Foreign ownership caps of Vietnamese law: listed companies 49 % (Decree 58/2012, still kept by
many after Decree 60/2015), banks 30 % (Decree 01/2014)."""

TOLERANCE_PCT = 0.1001
"""Distance to the cap that counts as reached; covers odd lots and 32-bit sources. Within it the
2022-24 shares of sessions are ACB 82, PNJ 65, FPT 62, MSB 60, REE 58 and MWG 50 %."""


MEMORY_SESSIONS = 250
"""A year of sessions tells a bank's cap from a passing level."""


def room_full(own_pct: pd.DataFrame) -> pd.DataFrame:
    """Return 1.0 where foreign ownership is at a legal cap, 0.0 where not, NaN where unknown.

    30 % is a cap only where holdings above it were the exception over the 250 sessions to date;
    sources show 39 % for some days after a bank's share issue.

    Args:
        own_pct: dates x symbols, percent, NaN where the source tells none.
    """
    values = own_pct.to_numpy(dtype=np.float64)
    with np.errstate(invalid="ignore"):
        at_cap = np.abs(values - CAP_PCT) <= TOLERANCE_PCT
        above = (own_pct > BANK_CAP_PCT + TOLERANCE_PCT).rolling(MEMORY_SESSIONS, min_periods=1)
        bank = above.mean().to_numpy() < 0.5
        at_bank_cap = (np.abs(values - BANK_CAP_PCT) <= TOLERANCE_PCT) & bank
    full = np.where(np.isnan(values), np.nan, (at_cap | at_bank_cap).astype(np.float64))
    return pd.DataFrame(full, index=own_pct.index, columns=own_pct.columns)
