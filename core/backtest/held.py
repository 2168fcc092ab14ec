"""Decides what several tranches held together, for attribution; it attributes nothing."""

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from core.backtest.attempt import Attempt
from core.backtest.attribution import Held
from core.backtest.engine import Simulation
from core.backtest.play import Played, earned, shares

Matrix = NDArray[np.float64]


def held(tried: Attempt) -> Held | None:
    """Return the strategy's weights and costs beside equal weight's weights, bars x sectors.

    Weights are of the whole wealth at a bar's start. Equal weight is taken before its own costs.
    None for the market, which is in no sector.
    """
    if not tried.strategy.tranches:
        return None
    dates, names = tried.strategy.net.index, tried.panel.returns.columns

    def framed(cells: Matrix) -> pd.DataFrame:
        return pd.DataFrame(cells, index=dates, columns=names)

    parts = shares(np.stack([earned(tranche) for tranche in tried.strategy.tranches]))
    costs = [_costs(tranche) for tranche in tried.strategy.tranches]
    return Held(
        weights=framed(weights_held(tried.strategy)),
        reference=framed(weights_held(tried.equal)),
        returns=framed(tried.panel.values[tried.strategy.start :]),
        costs=framed(np.einsum("tb,tbs->bs", parts, np.stack(costs))),
    )


def weights_held(played: Played) -> Matrix:
    """Return the weights at each bar's start, bars x sectors, of all tranches together."""
    parts = shares(np.stack([earned(tranche) for tranche in played.tranches]))
    weights = np.stack([tranche.weights()[tranche.start :] for tranche in played.tranches])
    together: Matrix = np.einsum("tb,tbs->bs", parts, weights)
    return together


def _costs(done: Simulation) -> Matrix:
    """Return each bar's cost by sector, a fraction of the wealth at its start.

    The first bar's is what buying in cost too, so that weights times returns less costs is what
    the bar earned.
    """
    fees = np.zeros((len(done.gross), done.ledger.fees.shape[1]))
    fees[done.ledger.rows] = done.ledger.fees
    bought_in = fees[done.start - 1]
    bars = fees[done.start :].copy()
    bars[0] = bought_in + (1.0 - bought_in.sum()) * bars[0]
    charged: Matrix = bars * (1.0 + done.gross[done.start :])[:, None]
    return charged
