from dataclasses import replace

import numpy as np
import pytest

from tests.core.market import market
from tools.measures.common import member_weights, sector_of_member


def test_the_fractions_of_a_sector_sum_to_one_although_a_member_did_not_trade() -> None:
    panels = market()
    stocks = panels.stocks
    assert stocks is not None
    whole = member_weights(panels)
    halted = whole[whole < 1.0].idxmax()
    frames = [frame.copy() for frame in (stocks.closes, stocks.volumes, stocks.values)]
    for frame in frames:
        frame.loc[frame.index[-1], halted] = np.nan
    closes, volumes, values = frames
    thin = replace(stocks, closes=closes, volumes=volumes, values=values)
    weights = member_weights(replace(panels, stocks=thin))
    assert halted in weights.index
    sums = weights.groupby(weights.index.map(sector_of_member(panels))).sum()
    assert sums.tolist() == pytest.approx([1.0] * len(sums))
