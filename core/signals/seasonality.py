"""Decides how a sector has fared after this day of the year, in the years before."""

import numpy as np
import pandas as pd

from core.panel import MarketPanels
from core.signals.cross_section import excess
from core.signals.factor import FactorFamily, FactorSpec, Frames, too_short
from core.signals.trailing import MAX_AGE_DAYS, Matrix, at, carried

MONTH_SESSIONS = 21
LEAST_YEARS, MOST_YEARS = 5, 20


def history(panels: MarketPanels, dates: pd.DatetimeIndex) -> Frames:
    """Return the mean excess return of the 21 sessions after the same day of earlier years.

    Dates x sectors, percent. Every such month ended before the date; a date a year back without a
    session takes the last one before it, at most 15 days older.
    """
    closes = panels.sectors.closes
    index = pd.DatetimeIndex(closes.index)
    known = carried(closes)
    shape = (len(dates), closes.shape[1])
    total, years = np.zeros(shape), np.zeros(shape)
    for year in range(1, MOST_YEARS + 1):
        months = _months_after(known, index, dates - pd.DateOffset(years=year))
        total += np.nan_to_num(months)
        years += ~np.isnan(months)
    mean = np.where(years >= LEAST_YEARS, total / np.maximum(years, 1.0), np.nan)
    listed = np.where(np.isnan(at(known, index, dates)), np.nan, mean)
    return {SPEC.id: pd.DataFrame(listed, index=dates, columns=closes.columns)}


def _months_after(known: Matrix, index: pd.DatetimeIndex, anchors: pd.DatetimeIndex) -> Matrix:
    """Return excess returns of the 21 sessions after each anchor, NaN without both closes."""
    rows = index.searchsorted(anchors, side="right") - 1
    then = np.maximum(rows, 0)
    fresh = (rows >= 0) & (anchors - index[then] <= pd.Timedelta(days=MAX_AGE_DAYS))
    ended = then + MONTH_SESSIONS < len(index)
    after = np.minimum(then + MONTH_SESSIONS, len(index) - 1)
    returns = 100.0 * (known[after] / known[then] - 1.0)
    return excess(np.where((fresh & ended)[:, None], returns, np.nan))


SPEC = FactorSpec(
    id="seasonality_1m",
    family="momentum",
    dataset="prices",
    formula=(
        "mean over the last 20 years of close(d+21) / close(d) - 1 less the mean over sectors, d "
        "the same day of each earlier year, in %"
    ),
    unit="%",
    lag="none",
    nan_policy="NaN under five years with both closes",
    source="Heston and Sadka (2008)",
    positive="has done well at this time of the year",
)

FAMILY = FactorFamily(specs=(SPEC,), history=history, absence=too_short)
