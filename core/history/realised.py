"""Decides what became of a day's sectors over a horizon, from the closes known at a date."""

from dataclasses import dataclass
from datetime import date

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from core.forecast.dataset import HORIZON_SESSIONS
from core.forecast.model import settles
from core.records.universe import Horizon, Universe
from core.signals.cross_section import DECIMALS, excess
from core.signals.trailing import carried

Matrix = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Realised:
    """Closes to settle by: sessions x sectors in id order, gaps of five sessions carried."""

    as_of: date
    dates: pd.DatetimeIndex
    sectors: tuple[str, ...]
    closes: Matrix

    @classmethod
    def known(cls, closes: pd.DataFrame, universe: Universe, *, as_of: date) -> "Realised":
        """Return what settles by a date.

        Args:
            closes: sessions x sectors, ascending, in any column order; later rows are not seen.
            universe: its sectors make the mean.
            as_of: the date.
        """
        sectors = tuple(sorted(universe.sector_ids))
        seen = closes.reindex(columns=list(sectors)).loc[: pd.Timestamp(as_of)]
        return cls(as_of, pd.DatetimeIndex(seen.index), sectors, carried(seen))

    def row(self, day: date) -> int:
        """Return the row of the last session by a day; -1 before the first."""
        return int(self.dates.searchsorted(pd.Timestamp(day), side="right")) - 1

    def excess_pct(self, day: date, horizon: Horizon) -> dict[str, float] | None:
        """Return each sector's return over the horizon less the sectors' mean, percent, by id.

        None until the horizon's calendar date has come and its sessions have passed; a sector
        without both closes is left out.
        """
        start = self.row(day)
        end = start + HORIZON_SESSIONS[horizon]
        if start < 0 or end >= len(self.dates) or settles(day, horizon) > self.as_of:
            return None
        beyond = excess(100.0 * (self.closes[end : end + 1] / self.closes[start : start + 1] - 1.0))
        return {
            sector: round(float(value), DECIMALS)
            for sector, value in zip(self.sectors, beyond[0], strict=True)
            if not np.isnan(value)
        }
