"""Decides how much of a Sharpe ratio luck and selection explain; not whether to trade on it.

Sharpe ratios go in and out a bar, never a year, unless a record says otherwise. What few bars, no
risk or one trial leave undefined is None, never infinite.
"""

from collections.abc import Sequence
from math import ceil, e, sqrt
from statistics import NormalDist
from typing import Final

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from core.backtest.metrics import LEAST_INFERENCE_BARS, sharpe_bar, sharpe_variance
from core.backtest.overfitting import pbo as pbo
from core.backtest.resampling import block_bars
from core.backtest.superiority import DRAWS
from core.backtest.superiority import spa as spa
from core.certainty import Vector, is_flat
from core.errors import CallerError
from core.records.backtest import Chance, ChanceMeasure, Undefined, WhyUndefined

NORMAL: Final = NormalDist()

CONFIDENCE = 0.95
LEAST_TRIALS = 2
"""Trials a deviation needs."""


def chance(
    returns: pd.Series,
    *,
    bars_a_year: float,
    trials: Sequence[float] = (),
    trials_count: int | None = None,
    strategies: pd.DataFrame | None = None,
    reference: pd.Series | None = None,
    dependence_bars: int = 1,
    draws: int = DRAWS,
    seed: int = 0,
) -> Chance:
    """Return how much of a strategy's Sharpe ratio chance explains.

    The Sharpe ratio is that of `returns` as given: hand over the excess over equal weight, and the
    trials' Sharpe ratios of theirs, to ask about skill rather than about the market's premium.

    Args:
        returns: fractions a bar, indexed by ascending dates, no NaN.
        bars_a_year: bars a year has.
        trials: Sharpe ratio a bar of every trial ever run on these data, this one among them.
        trials_count: how many there were, where some have no Sharpe ratio.
        strategies: bars of the strategies chosen from, indexed alike, no NaN; `returns` is added
            where it is not one of them. For PBO and SPA.
        reference: what SPA compares with, indexed alike; None: no SPA.
        dependence_bars: bars over which bars depend, the rebalance period or the horizon; the mean
            block is at least that long.
        draws: resamples of SPA.
        seed: of the resamples.

    Raises:
        CallerError: the dates differ, or a bar is missing.
    """
    bars = _vector(returns, returns.index)
    table = _candidates(bars, strategies, returns.index)
    luck = expected_luck(trials, trials_count=trials_count)
    split = pbo(table)
    superiority = None
    if reference is not None:
        other = _vector(reference, returns.index)
        block = block_bars(len(bars), dependence_bars)
        superiority = spa(table, other, block=block, rng=np.random.default_rng(seed), draws=draws)
    found = Chance(
        psr=psr(bars),
        dsr=None if luck is None else psr(bars, benchmark=luck),
        trials_count=max(trials_count or 0, len(trials), 1),
        luck_sharpe=None if luck is None else luck * sqrt(bars_a_year),
        pbo=None if split is None else split.probability,
        pbo_splits_count=0 if split is None else split.splits_count,
        spa_p=None if superiority is None else superiority.consistent,
        least_bars_count=least_bars(bars),
    )
    return found.model_copy(update={"undefined": _undefined(found, bars, reference is not None)})


def psr(returns: Vector, *, benchmark: float = 0.0) -> float | None:
    """Return P(true Sharpe > benchmark) (Bailey and Lopez de Prado, 2012).

    Args:
        returns: fractions a bar over the rate without risk, no NaN.
        benchmark: a Sharpe ratio a bar.

    Returns:
        None under 20 bars or without risk.
    """
    ratio, variance = sharpe_bar(returns), sharpe_variance(returns)
    if ratio is None or variance is None:
        return None
    return NORMAL.cdf((ratio - benchmark) * sqrt((len(returns) - 1) / variance))


def luck_sharpe(trials_count: int, sharpe_sd: float) -> float:
    """Return the best Sharpe a bar to expect of so many trials without skill.

    sd ((1 - g) Z(1 - 1/N) + g Z(1 - 1/(N e))), g Euler's constant (Bailey and Lopez de Prado,
    2014). The trials count as independent: for alike ones it is too high.

    Args:
        trials_count: trials ever run, at least one.
        sharpe_sd: sample deviation of their Sharpe ratios a bar.
    """
    if trials_count < 1 or sharpe_sd < 0.0:
        raise ValueError(f"{trials_count} trials with sd {sharpe_sd}: at least 1 and 0 are needed")
    if trials_count == 1:
        return 0.0
    typical = NORMAL.inv_cdf(1.0 - 1.0 / trials_count)
    beyond = NORMAL.inv_cdf(1.0 - 1.0 / (trials_count * e))
    return sharpe_sd * ((1.0 - np.euler_gamma) * typical + np.euler_gamma * beyond)


def dsr(
    returns: Vector, sharpes: Sequence[float], *, trials_count: int | None = None
) -> float | None:
    """Return P(true Sharpe > the best of so many lucky trials) (Bailey and Lopez de Prado, 2014).

    Args:
        returns: of the chosen strategy, fractions a bar, no NaN.
        sharpes: of every trial, a bar, the chosen one's among them.
        trials_count: trials ever run, where some have no Sharpe ratio; None: as many as `sharpes`.

    Returns:
        None under 20 bars, without risk, or with fewer than two trials: nothing was chosen from.
    """
    luck = expected_luck(sharpes, trials_count=trials_count)
    return None if luck is None else psr(returns, benchmark=luck)


def expected_luck(sharpes: Sequence[float], *, trials_count: int | None = None) -> float | None:
    """Return `luck_sharpe` of these trials; None with fewer than two."""
    if len(sharpes) < LEAST_TRIALS:
        return None
    sd = float(np.std(np.asarray(sharpes, dtype=np.float64), ddof=1))
    return luck_sharpe(max(trials_count or 0, len(sharpes)), sd)


def least_bars(returns: Vector, *, benchmark: float = 0.0) -> int | None:
    """Return the bars with which the PSR would reach 95 % (Bailey and Lopez de Prado, 2012).

    Returns:
        None under 20 bars, without risk, or where the Sharpe ratio is not above the benchmark.
    """
    ratio, variance = sharpe_bar(returns), sharpe_variance(returns)
    if ratio is None or variance is None or ratio <= benchmark:
        return None
    needed = variance * (NORMAL.inv_cdf(CONFIDENCE) / (ratio - benchmark)) ** 2
    return 1 + ceil(needed)


def _undefined(found: Chance, bars: Vector, compared: bool) -> tuple[Undefined, ...]:
    """Return why each figure that is None is so."""
    few = len(bars) < LEAST_INFERENCE_BARS
    flat = is_flat(bars)
    why: dict[ChanceMeasure, WhyUndefined] = {
        "psr": "no_risk",
        "dsr": "one_trial" if found.luck_sharpe is None else "no_risk",
        "pbo": "one_trial",
        "spa_p": "equals_reference" if compared else "no_reference",
        "least_bars_count": "no_risk" if flat else "not_positive",
    }
    return tuple(
        Undefined(measure=measure, why="few_bars" if few else reason)
        for measure, reason in why.items()
        if getattr(found, measure) is None
    )


def _vector(series: pd.Series, dates: pd.Index) -> Vector:
    if not series.index.equals(dates):
        raise CallerError("the strategies and the reference must have the dates of the returns")
    bars = series.to_numpy(dtype=np.float64)
    if not np.isfinite(bars).all():
        raise CallerError(f"{series.name}: a bar is missing; give bars that all have a return")
    return bars


def _candidates(
    bars: Vector, strategies: pd.DataFrame | None, dates: pd.Index
) -> NDArray[np.float64]:
    """Return the strategies chosen from, bars x strategies, `bars` first."""
    columns = [] if strategies is None else [_vector(row, dates) for _, row in strategies.items()]
    others = [column for column in columns if not np.array_equal(column, bars)]
    return np.column_stack([bars, *others])
