from importlib.resources import files

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.backtest.costs import Cost, flat_cost, left_over, market_cost, market_rule, parse_costs
from core.errors import DataError

TABLE = parse_costs(files("core.backtest").joinpath("costs.toml").read_text(encoding="utf-8"))


def test_the_shipped_table_says_who_says_so() -> None:
    for market in TABLE.markets.values():
        for rule in (market, *market.tickers.values()):
            assert 0.0 < rule.buy_bps <= rule.sell_bps < 100.0
            assert len(rule.source) > 20


def test_costs_are_by_ticker_and_side() -> None:
    cost = market_cost(TABLE, "world", ["IXN", "JXI"])
    assert cost.buy.tolist() == pytest.approx([0.0010, 0.0015])
    vietnam = market_cost(TABLE, "vn", ["BANKS"])
    assert vietnam.sell[0] - vietnam.buy[0] == pytest.approx(0.0010), "the tax on sales"
    assert market_rule(TABLE, "vn").sale_after_sessions == 2


def test_a_universe_without_a_table_costs_as_paper_does() -> None:
    assert market_cost(TABLE, "mine", ["A"]).buy.tolist() == pytest.approx([0.0010])


@pytest.mark.parametrize(
    ("text", "word"),
    [("[paper", "cannot be read"), ("[us]\nbuy_bps = 1", "cannot be read"), ("", "paper")],
)
def test_a_broken_table_is_refused(text: str, word: str) -> None:
    with pytest.raises(DataError, match=word):
        parse_costs(text)


def test_rates_outside_a_whole_are_refused() -> None:
    for bps in (-1.0, 10_000.0):
        with pytest.raises(ValueError, match="below 1"):
            flat_cost(bps, 3)
    with pytest.raises(ValueError, match="as many"):
        Cost(np.zeros(2), np.zeros(3))


@given(st.integers(0, 10_000), st.floats(0.0, 0.9))
def test_what_is_left_pays_for_getting_there(seed: int, most: float) -> None:
    rng = np.random.default_rng(seed)
    before, targets = (
        cells / cells.sum(axis=1, keepdims=True) * rng.random((6, 1))
        for cells in rng.random((2, 6, 4))
    )
    cost = Cost(rng.random(4) * most, rng.random(4) * most)
    left = left_over(before, targets, cost)
    change = targets * left[:, None] - before
    paid = (np.where(change > 0.0, cost.buy, -cost.sell) * change).sum(axis=1)
    assert left + paid == pytest.approx(np.ones(6), abs=1e-13)
    assert ((left > 0.0) & (left <= 1.0)).all()
