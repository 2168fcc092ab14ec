from dataclasses import replace

import numpy as np
import pandas as pd
import pytest

from tests.core.market import market
from tools.measures.common import exact_total, member_weights, sector_of_member


def test_columns_of_stocks_yet_to_be_listed_change_no_bit_of_a_total() -> None:
    naive: list[bool] = []
    for seed in range(10):
        drawn = np.random.default_rng(seed)
        known = drawn.lognormal(3.0, 2.0, (20, 41))
        wide = np.full((20, 97), np.nan)
        wide[:, drawn.permutation(97)[:41]] = known
        naive.append(bool(np.nansum(wide) == np.nansum(known)))

        assert exact_total(wide) == exact_total(known) == exact_total(pd.DataFrame(known.T))
    assert not all(naive), "a plain sum would do"
    assert exact_total(np.full((2, 2), np.nan)) == 0.0


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
