"""Decides what a forecast learns from: weekly decisions, what was known, and what came after.

Sectors and factors are in id order, so nothing depends on the caller's order.
"""

from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from core.forecast.unit_features import Bars
from core.forecast.units import Units, series_units, unit_sets
from core.panel import MarketPanels
from core.records.result import Family
from core.records.universe import Horizon
from core.signals.catalogue import factor_history, specs
from core.signals.cross_section import excess, standardised
from core.signals.trailing import Matrix, carried, week_ends

HORIZON_SESSIONS: dict[Horizon, int] = {"1W": 5, "1M": 21, "3M": 63}
"""Sessions of a label; a month is 21 and a quarter 63."""

DECISION_SESSIONS = 5
"""Sessions between decisions, a week."""

DECISIONS_A_YEAR, MONTHS_A_YEAR = 52, 12

VOLATILITY = "volatility_60d"
"""The factor a forecast's interval is scaled by."""

MOMENTUM = "momentum_12m"
"""The plain rule every forecast stands beside."""


@dataclass(frozen=True, slots=True)
class Labels:
    """What came after each decision.

    excess: decisions x sectors, simple return over the horizon less the equal-weighted mean of the
        sectors with one, percent; NaN without both closes.
    ends: the session each label ends on; only decisions whose label has ended are here.
    bars: bars of the label; overlap: the same in decisions.
    """

    excess: Matrix
    ends: NDArray[np.datetime64]
    bars: int
    overlap: float


@dataclass(frozen=True, slots=True)
class DecisionSet:
    """Decisions, ascending.

    families: each factor's, in the factors' order.
    z: decisions x sectors x factors, cross-sectional z-scores, NaN where a factor has no value.
    volatility: decisions x sectors, the factor's own values, percent a year.
    momentum: decisions x sectors, 12-month momentum, the rival.
    steps: decisions x sectors, return until the next decision, fraction; NaN at the last.
    labels: by horizon; the first rows of `dates` they are known for.
    units: what learners learn on, on the same dates.
    """

    dates: pd.DatetimeIndex
    sectors: tuple[str, ...]
    factors: tuple[str, ...]
    families: tuple[Family, ...]
    z: Matrix
    volatility: Matrix
    momentum: Matrix
    steps: Matrix
    labels: dict[Horizon, Labels]
    units: tuple[Units, ...]
    decisions_a_year: int
    built_from_members: bool


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
    family_of = {spec.id: spec.family for spec in specs(panels)}
    factors = tuple(sorted(history))
    z = np.stack(
        [standardised(history[name][sectors].to_numpy(dtype=np.float64)) for name in factors],
        axis=-1,
    )
    known = carried(closes)
    return DecisionSet(
        dates=dates,
        sectors=tuple(sectors),
        factors=factors,
        families=tuple(family_of[name] for name in factors),
        z=z,
        volatility=history[VOLATILITY][sectors].to_numpy(dtype=np.float64),
        momentum=history[MOMENTUM][sectors].to_numpy(dtype=np.float64),
        steps=_steps(known, rows),
        labels={
            horizon: _labels(known, index, rows, HORIZON_SESSIONS[horizon], DECISION_SESSIONS)
            for horizon in panels.universe.horizons
        },
        units=unit_sets(panels, rows),
        decisions_a_year=DECISIONS_A_YEAR,
        built_from_members=panels.universe.built_from_members,
    )


def monthly_decision_set(returns: pd.DataFrame) -> DecisionSet:
    """Return the decisions of series known at month ends alone, each held for one month.

    They have no factors but the series' own: what is learned is learned by the views.

    Args:
        returns: month ends x sectors, ascending, total returns, fractions; NaN before a listing
            alone. The first decision is at the month end before the first of them.
    """
    names = tuple(sorted(str(name) for name in returns.columns))
    known = _levels(returns[list(names)].to_numpy(dtype=np.float64))
    bars = pd.DatetimeIndex(returns.index)
    index = bars.insert(0, bars[0] - pd.offsets.MonthEnd(1))
    rows = np.arange(len(index) - 1)
    units = series_units(Bars(known, month=1, week=0), index[rows], names, rows)
    own = {name: units.x[:, :, place] for place, name in enumerate(units.features)}
    change = known[1:] / known[:-1] - 1.0
    spread = pd.DataFrame(change).rolling(MONTHS_A_YEAR).std().to_numpy()
    volatility = np.vstack([np.full((1, len(names)), np.nan), spread[:-1]])
    return DecisionSet(
        dates=index[rows],
        sectors=names,
        factors=(),
        families=(),
        z=np.empty((len(rows), len(names), 0)),
        volatility=100.0 * np.sqrt(MONTHS_A_YEAR) * volatility,
        momentum=own["momentum_12"],
        steps=_steps(known, rows),
        labels={"1M": _labels(known, index, rows, 1, 1)},
        units=(units,),
        decisions_a_year=MONTHS_A_YEAR,
        built_from_members=False,
    )


def _levels(returns: Matrix) -> Matrix:
    """Return levels from the row before each series' first return, 1 there; NaN earlier."""
    grown = np.cumprod(1.0 + np.nan_to_num(returns), axis=0)
    unlisted = np.isnan(np.vstack([returns, returns[-1:]]))
    return np.where(unlisted, np.nan, np.vstack([np.ones((1, returns.shape[1])), grown]))


def _steps(closes: Matrix, rows: NDArray[np.int64]) -> Matrix:
    """Return the return from each decision to the next."""
    found = np.full((len(rows), closes.shape[1]), np.nan)
    found[:-1] = closes[rows[1:]] / closes[rows[:-1]] - 1.0
    return found


def _labels(
    closes: Matrix, index: pd.DatetimeIndex, rows: NDArray[np.int64], bars: int, decision_bars: int
) -> Labels:
    ended = rows[rows + bars < len(index)]
    returns = 100.0 * (closes[ended + bars] / closes[ended] - 1.0)
    ends = index.to_numpy()[ended + bars]
    return Labels(excess(returns), ends, bars, bars / decision_bars)
