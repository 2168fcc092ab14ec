"""Decides how a specification is played on a panel: when, at which targets, in how many tranches.

A strategy of several offsets is that many portfolios, each with an equal part of the money at the
start and a calendar of its own (Jegadeesh and Titman, 1993; timing luck: Hoffstein, 2019).
"""

from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from core.backtest.costs import BPS, Cost, flat_cost
from core.backtest.engine import Simulation, simulate
from core.backtest.metrics import LEAST_INFERENCE_BARS
from core.backtest.return_panel import ReturnPanel, Terms
from core.backtest.schedule import Rows, bars_between, decision_rows
from core.backtest.strategies import MARKET, Scores, signal_scores
from core.backtest.weighting import smoothed, targets
from core.errors import CallerError
from core.records.backtest import BacktestSpec

Matrix = NDArray[np.float64]
Vector = NDArray[np.float64]

BARS_SHOWN = LEAST_INFERENCE_BARS
"""Bars a result needs: with fewer nothing can be said of luck."""


@dataclass(frozen=True, slots=True)
class Played:
    """A strategy on its bars.

    name: the signal's, as specified.
    net: fractions a bar after costs, by date; what buying in costs is in the first bar.
    tranches: one portfolio an offset, of the panel's bars; none for the market.
    start: the panel's row of the first bar.
    turnover: one-way, a year, buying in left out; None where nothing trades.
    cost: paid, a year, buying in included; None likewise.
    """

    name: str
    net: pd.Series
    tranches: tuple[Simulation, ...]
    start: int
    turnover: float | None
    cost: float | None


def play(
    panel: ReturnPanel,
    spec: BacktestSpec,
    terms: Terms,
    *,
    first: int | None = None,
    decisions: Rows | None = None,
) -> Played:
    """Return what the specified strategy earned on the panel, which ends where it should end.

    Args:
        panel: all bars, those before the start too: signals look back on them.
        spec: what is played.
        terms: of the market; `cost_bps` of the specification comes before its cost.
        first: the row to buy in on; None: the last that earns from `spec.start` on, or the first
            at which the signal is known.
        decisions: rows to decide on, ascending, where those are not the ends of periods; what is
            held is then one portfolio, whatever the specification says of offsets.

    Raises:
        CallerError: an unknown signal, or one that is not known early enough to earn a bar.
    """
    scores = signal_scores(spec.signal, panel)
    row = first_row(panel, spec, scores) if first is None else first
    if spec.signal == MARKET:
        return _market(panel, row + spec.lag_bars + 1)
    tranches = tuple(
        _tranche(panel, spec, terms, scores, rows)
        for rows in _calendars(panel, spec, first=row, decisions=decisions)
    )
    start = tranches[0].start
    bars = np.stack([earned(tranche) for tranche in tranches])
    years = bars.shape[1] / panel.bars_a_year
    return Played(
        name=spec.signal,
        net=pd.Series(combined(bars), index=panel.dates[start:], name=spec.signal),
        tranches=tranches,
        start=start,
        turnover=float(np.mean([t.traded[1:].sum() for t in tranches])) / 2.0 / years,
        cost=float(np.mean([t.ledger.paid.sum() for t in tranches])) / years,
    )


def first_row(panel: ReturnPanel, spec: BacktestSpec, scores: Scores) -> int:
    """Return the row everything is bought in on.

    Raises:
        CallerError: no bar is left to earn.
    """
    known = np.flatnonzero(scores.known)
    begun = 0 if spec.start is None else int(panel.dates.searchsorted(pd.Timestamp(spec.start)))
    row = max(int(known[0]) if len(known) else len(panel.dates), begun - 1 - spec.lag_bars)
    if row + spec.lag_bars + BARS_SHOWN >= len(panel.dates):
        known_from = panel.dates[row].date() if row < len(panel.dates) else "no bar"
        raise CallerError(
            f"signal {spec.signal!r} is known from {known_from} on and the data end on "
            f"{panel.dates[-1].date()}, which leaves fewer than {BARS_SHOWN} bars: give more data, "
            "an earlier --start or a later --end"
        )
    return row


def cost_of(spec: BacktestSpec, terms: Terms) -> Cost:
    """Return the specification's flat cost, or the market's own."""
    if spec.cost_bps is None:
        return terms.cost
    if spec.cost_bps * BPS >= 1.0:
        raise CallerError(f"cost of {spec.cost_bps:g} bp a side: must be below 10,000")
    return flat_cost(spec.cost_bps, len(terms.cost.buy))


def combined(bars: Matrix) -> Vector:
    """Return what portfolios of equal parts at the start earn together, tranches x bars in."""
    wealth = np.cumprod(1.0 + bars, axis=1).mean(axis=0)
    whole: Vector = wealth / np.concatenate([[1.0], wealth[:-1]]) - 1.0
    return whole


def shares(bars: Matrix) -> Matrix:
    """Return each portfolio's part of the money at the start of each bar, tranches x bars."""
    wealth = np.cumprod(1.0 + bars, axis=1)
    before = np.hstack([np.ones((len(bars), 1)), wealth[:, :-1]])
    parts: Matrix = before / before.sum(axis=0)
    return parts


def earned(done: Simulation) -> Vector:
    """Return the bars that earn, the first one also paying for buying in."""
    bars = done.net[done.start :].copy()
    bars[0] = (1.0 + done.net[done.start - 1]) * (1.0 + bars[0]) - 1.0
    return bars


def _calendars(
    panel: ReturnPanel, spec: BacktestSpec, *, first: int, decisions: Rows | None
) -> list[Rows]:
    """Return the rows each portfolio is decided on."""
    if decisions is not None:
        return [decisions[(decisions >= first) & (decisions < len(panel.dates))]]
    offsets = bars_between(spec.rebalance, panel.frequency) if spec.offsets == "all" else 1
    return [
        decision_rows(panel.dates, spec.rebalance, first=first, offset=k) for k in range(offsets)
    ]


def _tranche(
    panel: ReturnPanel, spec: BacktestSpec, terms: Terms, scores: Scores, rows: Rows
) -> Simulation:
    listed = ~np.isnan(panel.values[rows])
    wanted = targets(scores.values[rows], listed, shape=scores.shape, top=spec.top)
    _require_listed(panel, rows, np.where(listed, 0.0, wanted))
    return simulate(
        panel.values,
        smoothed(wanted, spec.smoothing),
        rows,
        cost=cost_of(spec, terms),
        lag=spec.lag_bars,
        fillable=terms.fillable,
        settlement=terms.settlement,
        band=spec.band,
    )


def _require_listed(panel: ReturnPanel, rows: Rows, unlisted: Matrix) -> None:
    wrong = np.argwhere(unlisted > 0.0)
    if len(wrong):
        row, column = wrong[0]
        raise CallerError(
            f"{panel.sectors[column]} is given a weight on {panel.dates[rows[row]].date()}, before "
            "it has a return"
        )


def _market(panel: ReturnPanel, start: int) -> Played:
    if panel.market is None:
        raise CallerError("there is no market series; name one by --market")
    net = panel.market.iloc[start:].rename(MARKET)
    return Played(name=MARKET, net=net, tranches=(), start=start, turnover=None, cost=None)
