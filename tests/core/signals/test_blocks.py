"""Block sessions: what they are, and how little of them counts."""

from dataclasses import replace

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.panel import FlowPanel, MarketPanels
from core.signals.blocks import block_sessions
from core.signals.catalogue import factor_history
from core.signals.foreign_flow import FlowParts, winsorised_intensity
from tests.core.market import framed, members_table, prices, small

N_DAYS = 100


def column(values: list[float]) -> np.ndarray:
    return np.array(values)[:, None]


def test_a_block_session_keeps_what_it_trades_without_the_excess() -> None:
    """Usual share 20 %: of 20 matched and 180 put through, 20 / 0.8 = 25 of 200 are left."""
    matched = column([80.0] * 60 + [20.0])
    put_through = column([20.0] * 60 + [180.0])
    found = block_sessions(matched, put_through)
    assert found.block[:, 0].tolist() == [False] * 60 + [True]
    assert found.kept[-1, 0] == pytest.approx(25.0 / 200.0)
    assert (found.kept[:-1] == 1.0).all()


def test_a_session_of_nothing_but_a_block_keeps_nothing() -> None:
    matched, put_through = column([80.0] * 60 + [0.0]), column([20.0] * 60 + [500.0])
    assert block_sessions(matched, put_through).kept[-1, 0] == 0.0


def test_intensity_is_cut_at_blocks_and_then_at_thirty_percent() -> None:
    """Twenty sessions: 19 of 100 with net 1, one block of 200 with net 160, cut to 25 with 20."""
    net = column([1.0] * 60 + [160.0])
    parts = FlowParts(net, column([100.0] * 60 + [200.0]), column([20.0] * 60 + [180.0]))
    found = winsorised_intensity(parts, 20)[-1, 0]
    assert found == pytest.approx(100.0 * (19.0 + 20.0) / (1900.0 + 25.0))
    week = winsorised_intensity(parts, 2)[-1, 0]
    assert week == pytest.approx(100.0 * 21.0 / 125.0)
    bare = FlowParts(net, parts.traded, parts.put_through * np.nan)
    assert winsorised_intensity(bare, 1)[-1, 0] == 30.0


@given(
    st.lists(st.floats(0.0, 1e6), min_size=N_DAYS, max_size=N_DAYS),
    st.lists(st.floats(0.0, 1e6), min_size=N_DAYS, max_size=N_DAYS),
    st.integers(30, N_DAYS),
)
def test_what_is_kept_is_a_fraction_and_does_not_see_the_future(
    matched: list[float], put_through: list[float], cut: int
) -> None:
    whole = block_sessions(column(matched), column(put_through))
    past = block_sessions(column(matched[:cut]), column(put_through[:cut]))
    assert ((whole.kept >= 0.0) & (whole.kept <= 1.0)).all()
    assert (whole.kept[~whole.block] == 1.0).all()
    assert (whole.kept[:cut] == past.kept).all()


def market(block: float) -> MarketPanels:
    """Return one sector of one stock that trades 80 + 20 a day, and a block on the last."""
    names = {"A1": "a"}
    matched = framed({"A1": [80.0] * (N_DAYS - 1) + [20.0]})
    through = framed({"A1": [20.0] * (N_DAYS - 1) + [block]})
    one = framed({"A1": [1.0] * N_DAYS})
    stocks = replace(prices(one), values=matched, put_throughs=through)
    flows = FlowPanel(
        buys=one + framed({"A1": [0.0] * (N_DAYS - 1) + [block]}),
        sells=one * 0.0,
        traded=matched + through,
        room_full=one * 0.0,
        proprietary_net=one * np.nan,
    )
    flat = framed({name: [10.0] * N_DAYS for name in ("a", "b", "c")})
    return small(prices(flat), stocks=stocks, members=members_table(names), flows=flows)


def test_the_factor_does_not_take_a_block_for_a_flow() -> None:
    panels = market(block=1980.0)
    dates = pd.DatetimeIndex(panels.sectors.closes.index[-1:])
    found = factor_history(panels, dates)["foreign_intensity_20d"]["a"].iloc[0]
    kept = 25.0 / 2000.0
    assert found == pytest.approx(100.0 * (19.0 + kept * 1981.0) / (1900.0 + 25.0))
