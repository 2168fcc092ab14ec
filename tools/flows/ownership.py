"""Decides what share of a stock foreigners hold, and of which cap that is measured.

A company's own lower cap is not in the data; a stock held above the cap by law has none.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

import numpy as np
import pandas as pd

from core.records.universe import Sector
from tools.measures.common import number
from tools.scope import Scope
from tools.storage.foreign_room import (
    BANK_CAP_PCT,
    CAP_PCT,
    MEMORY_SESSIONS,
    TOLERANCE_PCT,
    room_full,
)
from tools.storage.store import Store

COLUMNS: Final = ("symbol", "investor", "period", "own_pct")
ICB_BANKS: Final = "8300"


def foreign_ownership(store: Store, scope: Scope) -> pd.DataFrame:
    """Return foreign ownership known at the scope's date, dates x symbols, percent, NaN unknown."""
    universe = scope.universe.id
    if store.has_late_rows(universe):
        rows = store.read(universe, "flows", columns=COLUMNS, as_of=scope.as_of)
        return _wide(rows).loc[: pd.Timestamp(scope.as_of)]
    whole = store.remembered(
        universe, "foreign ownership", lambda: _wide(store.read(universe, "flows", columns=COLUMNS))
    )
    return whole.loc[: pd.Timestamp(scope.as_of)]


@dataclass(frozen=True, slots=True)
class Room:
    """A stock's ownership, its cap by law and how full that is, percent; None where not known.

    A stock held above the cap has none: its company lifted it, to a level not in the data.
    """

    own_pct: float | None = None
    cap_pct: float | None = None

    @property
    def used_pct(self) -> float | None:
        """Ownership over the cap, at most 100."""
        if self.own_pct is None or self.cap_pct is None:
            return None
        return min(100.0 * self.own_pct / self.cap_pct, 100.0)


def rooms(owned: pd.DataFrame, sector_of: Mapping[str, Sector | None]) -> dict[str, Room]:
    """Return the room of each stock at the end of its ownership.

    The cap is 30 % for banks, and for a stock that reached that level within a year of sessions and
    was never held above it; 49 % for all others.

    Args:
        owned: dates x symbols, percent, up to the date asked about, NaN unknown.
        sector_of: the stocks asked for, and the sector each belongs to.
    """
    names = [name for name in sector_of if name in owned]
    recent = owned[names].iloc[-MEMORY_SESSIONS:]
    level = BANK_CAP_PCT + TOLERANCE_PCT
    capped = (room_full(recent) == 1.0).any() & (recent.max() <= level)
    last = owned[names].ffill().iloc[-1:]
    found = dict.fromkeys(sector_of, Room())
    for name in names:
        sector, own = sector_of[name], number(last[name].iloc[0]) if len(last) else None
        bank = sector is not None and sector.code == ICB_BANKS
        cap = BANK_CAP_PCT if bank or bool(capped[name]) else CAP_PCT
        lifted = own is None or own > cap + TOLERANCE_PCT
        found[name] = Room(own, None if lifted else cap)
    return found


def _wide(rows: pd.DataFrame) -> pd.DataFrame:
    foreign = rows[(rows["investor"] == "foreign") & rows["own_pct"].notna()]
    if foreign.empty:
        return pd.DataFrame(index=pd.DatetimeIndex([], dtype="datetime64[us]"), dtype=np.float64)
    return foreign.pivot(index="period", columns="symbol", values="own_pct").sort_index()
