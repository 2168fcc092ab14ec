"""Decides what a forecast learns from: weekly decisions, what was known, and what came after.

Sectors and factors are in id order, so nothing depends on the caller's order.
"""

from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from core.panel import MarketPanels
from core.records.universe import Horizon
from core.signals.catalogue import FACTORS, factor_history
from core.signals.cross_section import excess, standardised
from core.signals.trailing import Matrix, carried, week_ends

HORIZON_SESSIONS: dict[Horizon, int] = {"1W": 5, "1M": 21, "3M": 63}
"""Sessions of a label; a month is 21 and a quarter 63."""

DECISION_SESSIONS = 5
"""Sessions between decisions, a week."""

VOLATILITY = "volatility_60d"
"""The factor a forecast's interval is scaled by."""


@dataclass(frozen=True, slots=True)
class Labels:
    """What came after each decision.

    excess: decisions x sectors, simple return over the horizon less the equal-weighted mean of the
        sectors with one, percent; NaN without both closes.
    ends: the session each label ends on; only decisions whose label has ended are here.
    """

    excess: Matrix
    ends: NDArray[np.datetime64]


@dataclass(frozen=True, slots=True)
class DecisionSet:
    """Decisions of finished weeks, ascending.

    z: decisions x sectors x factors, cross-sectional z-scores, NaN where a factor has no value.
    volatility: decisions x sectors, the factor's own values, percent a year.
    labels: by horizon; the first rows of `dates` they are known for.
    """

    dates: pd.DatetimeIndex
    sectors: tuple[str, ...]
    factors: tuple[str, ...]
    z: Matrix
    volatility: Matrix
    labels: dict[Horizon, Labels]


def decision_set(panels: MarketPanels) -> DecisionSet:
    """Return every decision the panels know the outcome of.

    A decision is made at the close of an ISO week's last session. The last week is left out: only
    the next session tells that it is over.
    """
    sectors = sorted(panels.universe.sector_ids)
    closes = panels.sectors.only(sectors).closes
    index = pd.DatetimeIndex(closes.index)
    rows = week_ends(index)[:-1]
    dates = index[rows]
    history = factor_history(panels, dates)
    factors = tuple(sorted(spec.id for spec in FACTORS))
    z = np.stack(
        [standardised(history[name][sectors].to_numpy(dtype=np.float64)) for name in factors],
        axis=-1,
    )
    known = carried(closes)
    labels = {
        horizon: _labels(known, index, rows, HORIZON_SESSIONS[horizon])
        for horizon in panels.universe.horizons
    }
    volatility = history[VOLATILITY][sectors].to_numpy(dtype=np.float64)
    return DecisionSet(dates, tuple(sectors), factors, z, volatility, labels)


def _labels(
    closes: Matrix, index: pd.DatetimeIndex, rows: NDArray[np.int64], sessions: int
) -> Labels:
    ended = rows[rows + sessions < len(index)]
    returns = 100.0 * (closes[ended + sessions] / closes[ended] - 1.0)
    return Labels(excess(returns), index.to_numpy()[ended + sessions])
