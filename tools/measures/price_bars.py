"""Decides what a bar of prices holds; which instruments are wanted is the tools'."""

from dataclasses import dataclass
from datetime import date

import pandas as pd

from core.panel import PricePanel
from core.records.instruments import BarFrequency
from core.records.universe import Universe
from core.rotation.bars import to_bars
from core.signals.trailing import week_numbers


@dataclass(frozen=True, slots=True)
class PriceBars:
    """Bars x symbols: last close of each bar, sums of volumes and of matched values."""

    closes: pd.DataFrame
    volumes: pd.DataFrame
    values: pd.DataFrame
    provisional: bool


def price_bars(
    prices: PricePanel, frequency: BarFrequency, *, since: date, as_of: date, universe: Universe
) -> PriceBars:
    """Return the bars that end on `since` or later; a bar is whole, though it began before.

    NaN where a symbol has no close, or no known volume or value, in a bar.
    """
    bars = to_bars(prices.closes, frequency, as_of=as_of, universe=universe)
    sums = [prices.volumes, prices.values]
    if frequency == "weekly":
        weeks = week_numbers(pd.DatetimeIndex(prices.closes.index))
        sums = [cells.groupby(weeks).sum(min_count=1) for cells in sums]
        sums = [cells.set_axis(bars.closes.index, axis=0) for cells in sums]
    kept = bars.closes.index >= pd.Timestamp(since)
    volumes, values = (cells[kept] for cells in sums)
    return PriceBars(bars.closes[kept], volumes, values, bars.provisional)
