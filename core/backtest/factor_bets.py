"""Decides which factor's opinion earned the allocation effect; what no factor asked for is limits.

It refuses to judge a factor: an effect is what its bets earned, not whether they will again.
"""

from collections.abc import Mapping

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from core.backtest.attribution import Held, bar_effects, linking
from core.records.backtest import FactorEffect

LIMITS = "limits"
"""What limits, rounding, drift and the choice of the best few did to the bets."""

LEAST_SPREAD = 1e-18
"""Sum of squares under which scores do not differ, so nothing follows from them."""

Matrix = NDArray[np.float64]


def factor_effects(
    held: Held, contributions: Mapping[str, pd.DataFrame], *, bars_a_year: float | None = None
) -> tuple[FactorEffect, ...]:
    """Return what each factor's share of the bets earned; they sum to the allocation effect.

    At each bar the active weights are put on the line through the scores in force: `slope x score`
    is what the scores asked for, and a factor asked for `slope x contribution`, contributions taken
    from their mean over the scored sectors. Where bets are linear in the scores this is exact and
    nothing is left; elsewhere it is the least-squares share, the rest being `limits`, last.

    Args:
        held: what was held and earned; sectors as in the contributions.
        contributions: factor to bars x sectors, in force at each bar's start (see `in_force`);
            their sum over factors is the score. NaN adds nothing; a sector without any
            contribution is not scored.
        bars_a_year: as in `attribution.effects`.

    Raises:
        ValueError: a factor's frame does not have the bars and sectors of the weights.
    """
    bars = bar_effects(held)
    link = linking(bars.strategy, bars.reference, bars_a_year=bars_a_year)
    count = held.weights.shape[1]
    parts = _centred(held, contributions)
    scores = np.sum(list(parts.values()), axis=0) if parts else np.zeros(held.weights.shape)
    spread = (scores * scores).sum(axis=1)
    told = spread > LEAST_SPREAD
    asked = (bars.bets[:, :count] * scores).sum(axis=1)
    slope = np.where(told, asked / np.where(told, spread, 1.0), 0.0)
    leads = bars.leads[:, :count]
    earned = {
        factor: float(link @ (slope * (part * leads).sum(axis=1))) for factor, part in parts.items()
    }
    whole = float(link @ bars.allocation.sum(axis=1))
    rest = FactorEffect(factor=LIMITS, effect=whole - sum(earned.values()))
    return (*(FactorEffect(factor=name, effect=effect) for name, effect in earned.items()), rest)


def in_force(decided: pd.DataFrame, bars: pd.DatetimeIndex, *, lag_bars: int) -> pd.DataFrame:
    """Return what the bets of each bar were decided on.

    Args:
        decided: decisions x sectors, indexed by the bar at whose close they were decided.
        bars: the bars of the backtest.
        lag_bars: bars from a decision to its fill; its bets earn from the bar after.

    Returns:
        Bars x sectors; NaN before the first decision is filled.

    Raises:
        ValueError: a decision is not at one of the bars.
    """
    if not decided.index.isin(bars).all():
        raise ValueError("decided: every decision must be at one of the bars")
    latest = pd.Series(np.nan, index=bars)
    latest.loc[decided.index] = np.arange(len(decided), dtype=np.float64)
    places = latest.ffill().shift(lag_bars + 1).to_numpy()
    known = ~np.isnan(places)
    values = np.full((len(bars), decided.shape[1]), np.nan)
    values[known] = decided.to_numpy(np.float64)[places[known].astype(np.intp)]
    return pd.DataFrame(values, index=bars, columns=decided.columns)


def _centred(held: Held, contributions: Mapping[str, pd.DataFrame]) -> dict[str, Matrix]:
    """Return each factor's contributions less their mean over the scored sectors; 0 elsewhere."""
    scored = np.zeros(held.weights.shape, dtype=bool)
    for factor, frame in contributions.items():
        if not held.fits(frame):
            raise ValueError(f"{factor}: must have the bars and sectors of the weights")
        scored |= frame.notna().to_numpy()
    counts = np.maximum(scored.sum(axis=1, keepdims=True), 1)
    parts = {}
    for factor, frame in contributions.items():
        values = np.nan_to_num(frame.to_numpy(np.float64), nan=0.0)
        mean = values.sum(axis=1, keepdims=True) / counts
        parts[factor] = np.where(scored, values - mean, 0.0)
    return parts
