"""Decides what stands beside a strategy: baselines, later fills, other days, and dearer trading."""

from typing import Final

import numpy as np
import pandas as pd
from scipy.optimize import brentq

from core.backtest.attempt import Attempt
from core.backtest.costs import BPS
from core.backtest.metrics import performance
from core.backtest.periods import decay
from core.backtest.play import Played, earned
from core.backtest.quadrants import CHARTED
from core.backtest.strategies import EQUAL_WEIGHT, MARKET, signal_scores
from core.records.backtest import Lagged, Offset, Performance, Rebalance

MOMENTA = ("momentum:12", "momentum:12-1", "momentum:1")
"""A year, a year without its last month, and the reactive one."""

QUADRANTS = ("leading", "improving")

LEAST_KNOWN = 0.5
"""Share of the bars a baseline must be known in; before that it holds equal weight."""

DELAYS: Final[dict[Rebalance, tuple[int, ...]]] = {
    "daily": (0, 1, 2, 5, 10, 21), "weekly": (0, 1, 2, 4), "monthly": (0, 1, 2, 3),
    "quarterly": (0, 1),
}  # fmt: skip
"""Bars by which a fill is put off, by the bars' frequency."""

DEAREST_BPS = 1000.0
"""Nothing that still pays at this cost a side is said to break even anywhere."""


def baselines(tried: Attempt) -> tuple[Played, ...]:
    """Return the baselines the panel can work out, equal weight first; not the strategy itself."""
    charted = tried.panel.frequency in CHARTED
    others: list[tuple[str, int | None]] = (
        [(MARKET, None)] if tried.panel.market is not None else []
    )
    others += [(signal, tried.spec.top) for signal in MOMENTA]
    others += [(signal, None) for signal in QUADRANTS if charted]
    return (
        tried.equal,
        *(
            tried.beside(signal, top=top)
            for signal, top in others
            if signal != tried.spec.signal and _is_known(tried, signal)
        ),
    )


def measured(played: Played, *, bars_a_year: int) -> Performance:
    """Return what a played strategy was worth."""
    return performance(
        played.net,
        played.name,
        bars_a_year=bars_a_year,
        turnover=played.turnover,
        cost=played.cost,
    )


def delays(tried: Attempt) -> tuple[Lagged, ...]:
    """Return the strategy filled at its lag and later, over the bars they share."""
    by_lag: dict[int, pd.Series] = {}
    room = len(tried.strategy.net) // 2
    for more in DELAYS[tried.panel.frequency]:
        if more == 0:
            by_lag[tried.spec.lag_bars] = tried.strategy.net
        elif more < room:
            lag = tried.spec.lag_bars + more
            later = tried.spec.model_copy(update={"lag_bars": lag})
            by_lag[lag] = tried.played(later).net
    common = min(len(net) for net in by_lag.values())
    cut = {lag: net.iloc[-common:] for lag, net in by_lag.items()}
    return decay(cut, bars_a_year=tried.panel.bars_a_year)


def offsets(tried: Attempt) -> tuple[Offset, ...]:
    """Return each tranche on its own."""
    rows = []
    for number, tranche in enumerate(tried.strategy.tranches):
        net = pd.Series(earned(tranche), index=tried.strategy.net.index)
        made = performance(net, str(number), bars_a_year=tried.panel.bars_a_year)
        rows.append(Offset(offset=number, cagr=made.cagr, sharpe=made.sharpe))
    return tuple(rows)


def break_even_bps(tried: Attempt) -> float | None:
    """Return the cost a side at which the strategy's wealth is that of equal weight.

    Both pay it on what they traded; that costs themselves change what is traded is left out, a
    thousandth of it. 0 where it is behind before any cost; None where it trades no more than equal
    weight, or is ahead at 1,000 bp still.
    """
    if not tried.strategy.tranches:
        return None

    def lead(bps: float) -> float:
        return _log_wealth(tried.strategy, bps) - _log_wealth(tried.equal, bps)

    traded = [float(t.traded.sum()) for t in tried.strategy.tranches]
    if max(traded) == 0.0 or (lead(0.0) > 0.0 and lead(DEAREST_BPS) > 0.0):
        return None
    if lead(0.0) <= 0.0:
        return 0.0
    return float(brentq(lead, 0.0, DEAREST_BPS))


def _is_known(tried: Attempt, signal: str) -> bool:
    if signal in (EQUAL_WEIGHT, MARKET):
        return True
    known = signal_scores(signal, tried.panel).known[tried.first :]
    return float(known.mean()) >= LEAST_KNOWN


def _log_wealth(played: Played, bps: float) -> float:
    """Return the log of what the tranches grew to together, had trading cost so much."""
    grown = [
        np.log1p(tranche.gross[tranche.start :]).sum() + np.log1p(-bps * BPS * tranche.traded).sum()
        for tranche in played.tranches
    ]
    return float(np.logaddexp.reduce(grown) - np.log(len(grown)))
