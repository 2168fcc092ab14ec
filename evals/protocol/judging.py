"""Decides how each strategy of a market is judged: ranks, money after costs, and luck."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from math import ceil, sqrt

import numpy as np
import pandas as pd

from app.journals.trials import Trials
from core.backtest.attempt import Attempt, attempt, trial_of
from core.backtest.inference import chance
from core.backtest.metrics import against
from core.backtest.play import play
from core.backtest.strategies import EQUAL_WEIGHT, signal_scores
from core.forecast.skill import Average, average, rank_ic
from core.records.backtest import BacktestSpec, Chance
from evals.protocol.grounds import Market
from evals.protocol.models import BASELINES, HORIZON, Said

MONTHS_A_YEAR = 12
QUADRANTS = ("leading", "improving")
FULL_WEEK = pd.Timedelta(days=7)


@dataclass(frozen=True, slots=True)
class Window:
    """What is judged: bars from `start` (the first said, without one) to `end`."""

    start: date | None
    end: date


@dataclass(frozen=True, slots=True)
class Row:
    """A strategy on a market.

    ic, ic_t, ics_count: mean rank IC of 1M outcomes over decisions settled within the window.
    ratio, ratio_t: net information ratio against equal weight rebalanced monthly, the same for
        every row, and its Newey-West t.
    excess, turnover: a year, fractions.
    """

    strategy: str
    ic: float | None
    ic_t: float | None
    ics_count: int
    ratio: float | None
    ratio_t: float | None
    excess: float
    turnover: float | None
    dsr: float | None


@dataclass(frozen=True, slots=True)
class Judged:
    """A market: its rows, what its best is worth after selection, and monthly excess returns."""

    market: str
    first: date
    last: date
    rows: tuple[Row, ...]
    luck: Chance
    monthly: pd.DataFrame


def judged(
    market: Market,
    models: Sequence[Said],
    window: Window,
    *,
    registry: Trials,
    earlier: Sequence[float],
    now: datetime,
) -> Judged:
    """Return a market's rows; every strategy is written down as a trial before it is judged.

    Args:
        market: up to the window's end.
        models: what was said of it; one that is silent at the window's start is left out.
        window: the bars that count.
        registry: where trials are counted.
        earlier: Sharpe ratios a bar of trials made before the registry was there.
        now: with a time zone.
    """
    models = [said for said in models if window.start is None or _first(said) < window.start]
    given = {said.signal: said.scores for said in models}
    first = window.start or _first_said(models)
    names = {said.signal: said.model for said in models}
    tried = _tried(market, given, first, window.end)
    known = _written_down(tried, market, registry, now)
    sharpes = [*earlier, *known]
    equal = _equal(tried[0], market, first, window.end)
    named = {names.get(one.spec.signal, one.spec.signal): one for one in tried}
    table = pd.DataFrame({name: one.strategy.net - equal for name, one in named.items()})
    overlap = ceil(market.decisions.labels[HORIZON].overlap)
    rows = tuple(
        _row(name, one, equal, sharpes,
             average(_ics(one, market, given, window, first), overlap=overlap))
        for name, one in named.items()
    )  # fmt: skip
    luck = _luck(market, rows, table, sharpes)
    index = pd.DatetimeIndex(table.index)
    return Judged(market.name, index[0].date(), index[-1].date(), rows, luck, _monthly(table))


def _tried(
    market: Market, given: dict[str, pd.DataFrame], first: date, last: date
) -> list[Attempt]:
    panel = replace(market.ground.panel, given=_fitting(given, market))
    return [
        attempt(panel, _spec(signal, market, first, last), market.ground.terms)
        for signal in (*given, *_baselines(market))
    ]


def _written_down(
    tried: Sequence[Attempt], market: Market, registry: Trials, now: datetime
) -> list[float]:
    """Write the attempts down and return the Sharpe ratio a bar of every trial of the market.

    Those are over equal weight at each trial's own calendar, as the registry has them of any trial.
    """
    digest = market.ground.panel.sha256()
    for one in tried:
        trial = trial_of(one, study=market.name, data_sha256=digest)
        registry.add(trial, recorded_at=now)
    known = [row.sharpe_bar for row in registry.of_study(market.name)]
    return [value for value in known if value is not None]


def _luck(
    market: Market, rows: Sequence[Row], table: pd.DataFrame, sharpes: Sequence[float]
) -> Chance:
    """Return what the best of the rows is worth after its selection."""
    best = table.columns[int(np.argmax([row.ratio or -np.inf for row in rows]))]
    return chance(
        table[best], bars_a_year=market.ground.panel.bars_a_year, trials=sharpes, strategies=table,
        reference=0.0 * table[best], dependence_bars=_month_bars(market),
    )  # fmt: skip


def _monthly(table: pd.DataFrame) -> pd.DataFrame:
    """Return each month's return of each column of returns a bar."""
    months = pd.DatetimeIndex(table.index).to_period("M")
    return pd.DataFrame({name: _compound(table[name], months) for name in table.columns})


def _compound(bars: pd.Series, months: pd.PeriodIndex) -> pd.Series:
    return (1.0 + bars).groupby(months).prod() - 1.0


def _baselines(market: Market) -> tuple[str, ...]:
    """Return the baselines; monthly bars make no weekly chart to read quadrants off."""
    monthly = market.ground.panel.frequency == "monthly"
    return tuple(name for name in BASELINES if not (monthly and name in QUADRANTS))


def _fitting(given: dict[str, pd.DataFrame], market: Market) -> dict[str, pd.DataFrame]:
    kept = market.ground.panel.sectors
    return {name: frame[kept].dropna(how="all") for name, frame in given.items()}


def _first_said(models: Sequence[Said]) -> date:
    """Return a week after every model speaks, so that all are bought in on the same bar."""
    return (pd.Timestamp(max(map(_first, models))) + FULL_WEEK).date()


def _first(said: Said) -> date:
    return pd.Timestamp(said.scores.dropna(how="all").index[0]).date()


def _spec(signal: str, market: Market, first: date, last: date) -> BacktestSpec:
    is_model = signal.startswith("model:")
    return BacktestSpec(
        signal=signal,
        rebalance=market.rebalance if is_model else "monthly",
        lag_bars=market.lag_bars,
        start=first,
        end=last,
    )


def _equal(tried: Attempt, market: Market, first: date, last: date) -> pd.Series:
    """Return equal weight rebalanced monthly, after costs, on the bars of the attempt."""
    spec = _spec(EQUAL_WEIGHT, market, first, last)
    return play(tried.panel, spec, tried.terms, first=tried.first).net


def _row(
    name: str, tried: Attempt, equal: pd.Series, sharpes: Sequence[float], found: Average | None
) -> Row:
    bars, net = tried.panel.bars_a_year, tried.strategy.net
    beside = against(net, equal, EQUAL_WEIGHT, bars_a_year=bars)
    own = chance(net - equal, bars_a_year=bars, trials=sharpes)
    return Row(
        strategy=name,
        ic=None if found is None else found.mean,
        ic_t=None if found is None else found.t,
        ics_count=0 if found is None else found.dates_count,
        ratio=beside.information_ratio,
        ratio_t=beside.ratio_t,
        excess=beside.excess,
        turnover=tried.strategy.turnover,
        dsr=own.dsr,
    )


def _ics(
    tried: Attempt,
    market: Market,
    given: dict[str, pd.DataFrame],
    window: Window,
    first: date,
) -> np.ndarray:
    """Return the rank IC of each decision of the window whose label ended within it."""
    decisions = market.decisions
    labels = decisions.labels[HORIZON]
    n_known = len(labels.ends)
    dates = decisions.dates[:n_known]
    scores = given.get(tried.spec.signal)
    if scores is None:
        whole = signal_scores(tried.spec.signal, tried.panel).values
        rows = tried.panel.dates.searchsorted(dates, side="right") - 1
        cells = np.where((rows >= 0)[:, None], whole[np.maximum(rows, 0)], np.nan)
        frame = pd.DataFrame(cells, index=dates, columns=tried.panel.sectors)
        scores = frame.reindex(columns=pd.Index(decisions.sectors))
    within = (dates >= pd.Timestamp(first)) & (labels.ends <= np.datetime64(window.end))
    kept = [decisions.sectors.index(name) for name in tried.panel.sectors]
    predicted = scores.to_numpy(dtype=np.float64)[:n_known][within][:, kept]
    return rank_ic(predicted, labels.excess[within][:, kept])


def _month_bars(market: Market) -> int:
    return max(market.ground.panel.bars_a_year // MONTHS_A_YEAR, 1)


def pooled(
    parts: Sequence[Judged], strategy: str, trials_count: int, sharpes: Sequence[float]
) -> tuple[float | None, float | None, int]:
    """Return IR, DSR and months of one strategy on all markets together.

    Each month's excess is the mean over the markets alive, each divided by its own deviation of the
    36 months before (12 at least), so that no market counts for more by being wilder.
    """
    columns = {}
    for part in parts:
        earned = part.monthly[strategy]
        spread = earned.rolling(36, min_periods=12).std().shift(1)
        columns[part.market] = earned / spread
    together = pd.DataFrame(columns).mean(axis=1).dropna()
    if len(together) < MONTHS_A_YEAR or not together.std() > 0.0:
        return None, None, len(together)
    ratio = float(together.mean() / together.std(ddof=1)) * sqrt(MONTHS_A_YEAR)
    stamped = together.set_axis(pd.PeriodIndex(together.index).to_timestamp(how="end").normalize())
    own = chance(
        stamped, bars_a_year=MONTHS_A_YEAR, trials=list(sharpes), trials_count=trials_count
    )
    return ratio, own.dsr, len(together)
