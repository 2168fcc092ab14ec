"""Decides what a backtest tells: the strategy, its baselines, where it came from, and what luck is.

It refuses to show a strategy alone.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import pandas as pd

from core.backtest.attempt import Attempt
from core.backtest.attribution import effects
from core.backtest.beside import baselines, break_even_bps, delays, measured, offsets
from core.backtest.factor_bets import factor_effects
from core.backtest.held import held
from core.backtest.inference import chance
from core.backtest.metrics import against
from core.backtest.periods import worst, years
from core.backtest.play import Played, cost_of
from core.backtest.regimes import in_regimes, market_states
from core.backtest.schedule import bars_between
from core.backtest.strategies import MARKET
from core.records.backtest import (
    BacktestResult,
    Caveat,
    Chance,
    Effect,
    FactorEffect,
    InRegime,
    Trial,
)

SHORT_YEARS = 10.0
"""Fewer are called short: an excess of a fifth of its risk takes a hundred to tell."""

FEW_TRIALS = 5
"""Under so many trials the best of them says little about how many were looked at."""

DEVIATION_BARS = 60
"""Bars of a trial whose Sharpe ratio counts in the trials' deviation: a shorter one's is mostly
error. It still counts as a trial."""


@dataclass(frozen=True, slots=True)
class Study:
    """A result, and the returns a bar after costs it was made of.

    net: of the strategy. baselines: bars x baselines, equal weight first.
    """

    result: BacktestResult
    net: pd.Series
    baselines: pd.DataFrame


def study(
    tried: Attempt,
    *,
    universe: str,
    data_sha256: str,
    trials: Sequence[Trial] = (),
    earlier: Sequence[float] = (),
    caveats: Sequence[Caveat] = (),
    labels: pd.Series | None = None,
    contributions: Mapping[str, pd.DataFrame] | None = None,
) -> Study:
    """Return everything there is to say of an attempt.

    Args:
        tried: the strategy as played.
        universe: id of the data.
        data_sha256: of the data.
        trials: every distinct one ever made on these data, this one among them.
        earlier: Sharpe ratios a bar of the excess of trials no registry has.
        caveats: what the caller knows of the data.
        labels: the state of the market by bar, known before it; None: rising, falling, stormy.
        contributions: the scores' parts by factor, in force at each bar's start.
    """
    rows = baselines(tried)
    bars = tried.panel.bars_a_year
    net, equal = tried.strategy.net, tried.equal.net
    luck = _luck(tried, rows, trials, earlier)
    bets, by_factor = _effects(tried, contributions)
    result = BacktestResult(
        universe=universe,
        data_sha256=data_sha256,
        spec=tried.spec,
        performance=measured(tried.strategy, bars_a_year=bars),
        baselines=tuple(measured(row, bars_a_year=bars) for row in rows),
        against=tuple(against(net, row.net, row.name, bars_a_year=bars) for row in rows),
        chance=luck,
        worst=worst(net, equal),
        years=years(net, equal),
        regimes=_regimes(tried, labels),
        decay=delays(tried) if tried.strategy.tranches else (),
        offsets=offsets(tried),
        break_even_bps=break_even_bps(tried),
        effects=bets,
        factor_effects=by_factor,
        caveats=_caveats(tried, luck, caveats),
    )
    return Study(result, net, pd.DataFrame({row.name: row.net for row in rows}))


def _luck(
    tried: Attempt, rows: Sequence[Played], trials: Sequence[Trial], earlier: Sequence[float]
) -> Chance:
    """Return how much of the excess over equal weight chance explains.

    The strategies chosen from are this one and the baselines that trade: the market pays nothing.
    What they are held against is equal weight, whose own excess is 0.
    """
    equal = tried.equal.net
    known = [
        trial.sharpe_bar
        for trial in trials
        if trial.sharpe_bar is not None and trial.bars_count >= DEVIATION_BARS
    ]
    trading = [row for row in rows if row is not tried.equal and row.name != MARKET]
    rivals = {row.name: row.net - equal for row in trading}
    return chance(
        tried.excess,
        bars_a_year=tried.panel.bars_a_year,
        trials=[*earlier, *known],
        trials_count=max(len(earlier) + len(trials), 1),
        strategies=pd.DataFrame(rivals, index=equal.index),
        reference=equal * 0.0,
        dependence_bars=bars_between(tried.spec.rebalance, tried.panel.frequency),
    )


def _effects(
    tried: Attempt, contributions: Mapping[str, pd.DataFrame] | None
) -> tuple[tuple[Effect, ...], tuple[FactorEffect, ...]]:
    whole = held(tried)
    if whole is None:
        return (), ()
    bars = tried.panel.bars_a_year
    parts = () if not contributions else factor_effects(whole, contributions, bars_a_year=bars)
    return effects(whole, bars_a_year=bars), parts


def _regimes(tried: Attempt, labels: pd.Series | None) -> tuple[InRegime, ...]:
    bars = tried.panel.bars_a_year
    if labels is None:
        market = tried.panel.market
        level = tried.panel.returns.mean(axis=1).fillna(0.0) if market is None else market
        labels = market_states(level, bars_a_year=bars)
    told = labels.reindex(tried.strategy.net.index)
    return in_regimes(tried.strategy.net, tried.equal.net, told, bars_a_year=bars)


def _caveats(tried: Attempt, luck: Chance, given: Sequence[Caveat]) -> tuple[Caveat, ...]:
    cost = cost_of(tried.spec, tried.terms)
    found: list[tuple[Caveat, bool]] = [
        ("same_close", tried.spec.lag_bars == 0),
        ("no_costs", not (cost.buy.any() or cost.sell.any())),
        ("short_sample", len(tried.strategy.net) < SHORT_YEARS * tried.panel.bars_a_year),
        ("few_trials", luck.trials_count < FEW_TRIALS),
    ]
    return tuple(sorted({*given, *(name for name, holds in found if holds)}))
