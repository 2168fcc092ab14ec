"""Decides how each settled decision is judged: rank, sign, interval and probability."""

from datetime import date

import numpy as np
import pandas as pd

from core.forecast.calibration import EDGES, Z_80, chance_above, place
from core.forecast.dataset import DecisionSet
from core.forecast.folds import BinCount, Fold, Outcome
from core.forecast.skill import rank_ic, sign_hits
from core.records.universe import Horizon
from core.signals.cross_section import DECIMALS
from core.signals.trailing import Matrix


def outcomes_of(
    decisions: DecisionSet, horizon: Horizon, predicted: Matrix, folds: tuple[Fold, ...]
) -> tuple[Outcome, ...]:
    """Return the settled decisions that ranked at least three sectors, ascending.

    Args:
        decisions: with their labels.
        horizon: of the forecasts.
        predicted: decisions x sectors, scores out of sample.
        folds: ascending; each speaks from its cut until the next.
    """
    labels = decisions.labels[horizon]
    n_known = len(labels.ends)
    said, came = predicted[:n_known], labels.excess
    ics, hits = rank_ic(said, came), sign_hits(said, came)
    rival = np.where(np.isnan(said), np.nan, decisions.momentum[:n_known])
    rivals = rank_ic(rival, came)
    fold_of = _fold_rows(decisions.dates[:n_known], folds)
    return tuple(
        Outcome(
            horizon=horizon,
            decided=decisions.dates[row].date(),
            ended=pd.Timestamp(labels.ends[row]).date(),
            ic=float(ics[row]),
            hit=float(hits[row]),
            momentum_ic=None if np.isnan(rivals[row]) else float(rivals[row]),
            **_judged(said[row], came[row], decisions.volatility[row], folds[fold_of[row]]),
        )
        for row in np.flatnonzero(~np.isnan(ics)).tolist()
    )


def _fold_rows(dates: pd.DatetimeIndex, folds: tuple[Fold, ...]) -> list[int]:
    cuts: list[date] = [fold.cut for fold in folds]
    placed = pd.DatetimeIndex(cuts).searchsorted(dates, side="right") - 1
    return [int(at) for at in placed]


def _judged(said: Matrix, came: Matrix, volatility: Matrix, fold: Fold) -> dict[str, object]:
    """Return coverage, Brier score (1950) and bins of one decision's sectors."""
    known = ~np.isnan(said) & ~np.isnan(came)
    inside, errors = [], []
    bins = [[0.0, 0, 0] for _ in range(len(EDGES) + 1)]
    for score, excess, spread in zip(said[known], came[known], volatility[known], strict=True):
        mean, half = interval(fold, float(score), None if np.isnan(spread) else float(spread))
        chance, won = chance_above(mean, half), bool(excess > 0.0)
        inside.append(abs(float(excess) - mean) <= half)
        errors.append((chance - won) ** 2)
        cell = bins[place(chance)]
        cell[0], cell[1], cell[2] = cell[0] + chance, cell[1] + 1, cell[2] + int(won)
    return {
        "covered": round(float(np.mean(inside)), DECIMALS),
        "brier": round(float(np.mean(errors)), DECIMALS),
        "bins": tuple(
            BinCount(chance_sum=round(total, DECIMALS), count=int(n), won_count=int(won))
            for total, n, won in bins
        ),
    }


def interval(fold: Fold, score: float, volatility: float | None) -> tuple[float, float]:
    """Return the expected excess and the 80 % half-width, percent.

    The width is the fold's share of the sector's volatility now, or from its residual deviation
    where one of the two is unknown.
    """
    mean = round(fold.slope_x * score, DECIMALS)
    if volatility is None or fold.half_width_x is None:
        return mean, Z_80 * fold.residual_sd_pct
    return mean, fold.half_width_x * volatility
