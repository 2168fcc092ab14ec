"""Decides which stock counts for which sector on which day, and adds stocks up by sector.

A spell includes its start and excludes its end, as in the baskets.
"""

from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from core.panel import MarketPanels

Matrix = NDArray[np.float64]
Mask = NDArray[np.bool_]

NO_SECTOR = -1

PRICED_SESSIONS = 20
"""A month: a stock without a close for that long is taken as gone."""


@dataclass(frozen=True, slots=True)
class Membership:
    """Dates x symbols: the place of the symbol's sector among `sectors`, NO_SECTOR outside."""

    codes: NDArray[np.int64]
    n_sectors: int

    def total(self, values: Matrix) -> Matrix:
        """Return dates x sectors: the sum over members with a value, added in symbol order."""
        known = ~np.isnan(values) & (self.codes != NO_SECTOR)
        dates, _ = np.nonzero(known)
        cells = dates * self.n_sectors + self.codes[known]
        n_cells = len(values) * self.n_sectors
        sums: Matrix = np.bincount(cells, weights=values[known], minlength=n_cells).astype(
            np.float64
        )
        return sums.reshape(len(values), self.n_sectors)

    def count(self, mask: Mask) -> Matrix:
        """Return dates x sectors: members for which the mask holds."""
        return self.total(np.where(mask, 1.0, np.nan))

    def share(self, mask: Mask, known: Mask, least: int) -> Matrix:
        """Return the fraction of known members for which the mask holds, NaN under `least`."""
        counts = self.count(known)
        shares = self.count(mask & known) / np.maximum(counts, 1.0)
        return np.where(counts >= max(least, 1), shares, np.nan)


def membership(
    panels: MarketPanels, dates: pd.DatetimeIndex, symbols: list[str], sectors: list[str]
) -> Membership:
    """Return who belongs where at each date; without a members table nobody does anywhere."""
    codes = np.full((len(dates), len(symbols)), NO_SECTOR)
    if panels.members is not None:
        rows = panels.members.rows
        column_of = {symbol: column for column, symbol in enumerate(symbols)}
        code_of = {sector: code for code, sector in enumerate(sectors)}
        starts = dates.searchsorted(pd.DatetimeIndex(rows["start"]))
        ended = dates.searchsorted(pd.DatetimeIndex(rows["end"]))
        ends = np.where(rows["end"].isna(), len(dates), ended)
        spells = zip(rows["symbol"].tolist(), rows["sector"].tolist(), starts, ends, strict=True)
        for symbol, sector, start, end in spells:
            if symbol in column_of and sector in code_of:
                codes[start:end, column_of[symbol]] = code_of[sector]
    return Membership(codes, len(sectors))


def members_at_end(panels: MarketPanels) -> dict[str, int]:
    """Return how many priced members each sector has at the panels' end.

    A member counts when its stock closed within the last PRICED_SESSIONS; without a members table
    or stocks every count is 0. A name in a classification without a price cannot be bought.
    """
    counts = dict.fromkeys(panels.universe.sector_ids, 0)
    if panels.members is not None and panels.stocks is not None:
        rows = panels.members.rows
        recent = panels.stocks.closes.iloc[-PRICED_SESSIONS:].notna().any()
        priced = set(recent.index[recent])
        current = rows[rows["end"].isna() & rows["symbol"].isin(priced)]
        for sector in current.drop_duplicates(["symbol", "sector"])["sector"]:
            if sector in counts:
                counts[sector] += 1
    return counts
