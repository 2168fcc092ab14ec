"""Decides what the other sectors' last moves foretell of each sector's next week.

A sector's own last move is momentum's matter and has no part in it.
"""

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from core.panel import MarketPanels
from core.signals.cross_section import excess
from core.signals.factor import FactorFamily, FactorSpec, Frames, too_short
from core.signals.momentum import SESSIONS_MONTH, SESSIONS_WEEK
from core.signals.sensitivity import sector_weeks
from core.signals.trailing import Matrix, at, carried, lagged

LEAST_WEEKS = 104

PRIOR_R2 = 0.01
"""Share of a week's variance that all leaders together are expected to explain before any is seen;
Rapach, Strauss, Tu and Zhou (2019) report about that much."""


def history(panels: MarketPanels, dates: pd.DatetimeIndex) -> Frames:
    """Return each sector's expected excess return of the week to come, percent; dates x sectors.

    Slopes are learned on the weeks finished before a date's own; the moves are the date's.
    """
    closes = panels.sectors.closes
    index = pd.DatetimeIndex(closes.index)
    found = np.full((len(dates), closes.shape[1]), np.nan)
    if len(index) and len(dates):
        weeks = sector_weeks(panels)
        moves = _moves(carried(closes))
        learned = _Learned(np.nan_to_num(moves[weeks.ends[:-1]]), weeks.returns[1:])
        session = np.maximum(index.searchsorted(dates, side="right") - 1, 0)
        finished = np.searchsorted(weeks.ends, session) - 1
        for count in np.unique(finished[finished >= LEAST_WEEKS]).tolist():
            rows = finished == count
            found[rows] = _expected(moves[session[rows]], learned.slopes(count))
        enough = np.cumsum(~np.isnan(weeks.returns), axis=0)[np.maximum(finished, 0)]
        found = np.where(enough >= LEAST_WEEKS, found, np.nan)
        found = found + at(0.0 * carried(closes), index, dates)
    return {SPEC.id: pd.DataFrame(found, index=dates, columns=closes.columns)}


def _moves(closes: Matrix) -> Matrix:
    """Return sessions x (weeks of all sectors, months of all sectors): excess returns, percent."""
    spans = (SESSIONS_WEEK, SESSIONS_MONTH)
    return np.hstack([excess(100.0 * (closes / lagged(closes, span) - 1.0)) for span in spans])


def _expected(moves: Matrix, slopes: Matrix) -> Matrix:
    """Return rows x sectors: leaders' moves times slopes, added up leader by leader."""
    expected = np.zeros((len(moves), slopes.shape[1]))
    for leader, weights in enumerate(slopes):
        expected += np.nan_to_num(moves[:, leader, None]) * weights
    return expected


class _Learned:
    """Sums of products over pairs of a week's moves and the next week's returns, pair by pair."""

    def __init__(self, moves: Matrix, returns: Matrix) -> None:
        known = np.nan_to_num(returns)
        self.squares = np.cumsum(moves[:, :, None] * moves[:, None, :], axis=0)
        self.products = np.cumsum(moves[:, :, None] * known[:, None, :], axis=0)

    def slopes(self, n_pairs: int) -> Matrix:
        """Return leaders x sectors: ridge slopes of the first pairs, 0 on a sector's own moves.

        The penalty is that of a prior in which all leaders explain PRIOR_R2. A pair a sector has no
        return in counts as a return of 0, which shrinks a young sector's slopes the more. Leaving a
        sector's own moves out is a constraint on the full solution: w = Pc - P_o (P_oo)^-1 (Pc)_o
        with P the inverse of the penalised squares and o the places of its own moves.
        """
        squares, products = self.squares[n_pairs - 1], self.products[n_pairs - 1]
        n_leaders, n_sectors = products.shape
        penalty = (1.0 - PRIOR_R2) / PRIOR_R2 * np.trace(squares) / n_pairs
        if not penalty > 0.0:
            return np.zeros(products.shape)
        inverse = np.linalg.inv(squares + penalty * np.eye(n_leaders))
        slopes: Matrix = inverse @ products
        for sector in range(n_sectors):
            own: NDArray[np.int64] = np.array([sector, n_sectors + sector])
            excluded = np.linalg.solve(inverse[np.ix_(own, own)], slopes[own, sector])
            slopes[:, sector] -= inverse[:, own] @ excluded
            slopes[own, sector] = 0.0
        return slopes


SPEC = FactorSpec(
    id="lead_lag_1w",
    family="lead_lag",
    dataset="prices",
    formula=(
        "sum over the other sectors of slope * excess return of 5 and of 21 sessions; ridge slopes "
        "of weekly excess return on those moves a week before, all finished weeks, penalty (1 - "
        "R2) / R2 * tr(X'X) / n with R2 = 1 %, in %"
    ),
    unit="% a week",
    lag="none",
    nan_policy="NaN under 104 weeks of the sector; a leader without a move adds nothing",
    source="after Rapach, Strauss, Tu and Zhou (2019)",
    positive="what led it before has moved its way",
)

FAMILY = FactorFamily(specs=(SPEC,), history=history, absence=too_short)
