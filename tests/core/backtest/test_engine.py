import warnings
from importlib import import_module
from itertools import pairwise
from typing import Any

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.optimize import brentq

from core.backtest.costs import Cost
from core.backtest.engine import simulate
from core.backtest.fills import banded, takes_of
from core.errors import CallerError
from tests.core.backtest.drawn_markets import Market, frame, market, markets

DEAR = Cost(np.array([0.002, 0.0, 0.01, 0.005]), np.array([0.003, 0.001, 0.01, 0.0]))


def left_by_bisection(before: np.ndarray, targets: np.ndarray, cost: Cost) -> float:
    def gap(left: float) -> float:
        change = targets * left - before
        return left + float((np.where(change > 0, cost.buy, -cost.sell) * change).sum()) - 1.0

    return float(brentq(gap, 0.5, 1.0, xtol=1e-15)) if gap(1.0) > 0 else 1.0


def by_the_day(drawn: Market, cost: Cost, lag: int) -> np.ndarray:
    """The definition, a day at a time: drift, then trade to the targets of what costs leave."""
    n_assets = drawn.returns.shape[1]
    weights, earned = np.zeros(n_assets), np.zeros(len(drawn.returns))
    due = {int(row) + lag: wanted for row, wanted in zip(drawn.rows, drawn.targets, strict=True)}
    for bar, moves in enumerate(drawn.returns):
        values = weights * (1.0 + moves)
        total = values.sum() + 1.0 - weights.sum()
        weights, earned[bar] = values / total, total - 1.0
        if bar in due:
            left = left_by_bisection(weights, due[bar], cost)
            earned[bar] = (1.0 + earned[bar]) * left - 1.0
            weights = due[bar]
    return earned


@pytest.mark.parametrize("lag", [0, 1, 3])
@pytest.mark.parametrize("seed", range(4))
def test_it_earns_what_the_definition_earns_a_day_at_a_time(seed: int, lag: int) -> None:
    drawn = market(seed)
    done = simulate(drawn.returns, drawn.targets, drawn.rows, cost=DEAR, lag=lag)
    assert np.abs(done.net - by_the_day(drawn, DEAR, lag)).max() < 1e-14


def test_a_decision_earns_from_the_bar_after_its_fill() -> None:
    returns = np.array([[0.0], [0.5], [0.2], [0.1], [0.0]])
    targets, rows = np.ones((1, 1)), np.array([0])
    assert simulate(returns, targets, rows, cost=0.0, lag=1).net.tolist() == pytest.approx(
        [0.0, 0.0, 0.2, 0.1, 0.0]
    )
    assert simulate(returns, targets, rows, cost=0.0, lag=0).net.tolist() == pytest.approx(
        [0.0, 0.5, 0.2, 0.1, 0.0]
    )


def test_costs_by_hand() -> None:
    """Half in each of two; the first doubles; back to halves at 1 % a side."""
    returns = np.array([[0.0, 0.0], [1.0, 0.0], [0.0, 0.0], [0.0, 0.0]])
    targets, rows = np.full((2, 2), 0.5), np.array([0, 1])
    done = simulate(returns, targets, rows, cost=0.01, lag=0)
    bought_in = 1.0 / 1.01
    assert 1.0 - done.paid[0] == pytest.approx(bought_in, abs=1e-15)
    left = 1.0 - 0.01 / 3.0  # x + 0.01 ((2/3 - x/2) + (x/2 - 1/3)) = 1
    assert 1.0 - done.paid[1] == pytest.approx(left, abs=1e-15)
    assert done.traded[1] == pytest.approx(1.0 / 3.0, abs=1e-15)
    assert done.net[1] == pytest.approx(1.5 * (1.0 - done.paid[1]) - 1.0, abs=1e-15)


@given(markets, st.floats(min_value=0.0, max_value=0.05))
def test_cost_never_helps_and_weights_are_the_targets_whatever_it_is(
    drawn: Market, cost: float
) -> None:
    free = simulate(drawn.returns, drawn.targets, drawn.rows, cost=0.0)
    paid = simulate(drawn.returns, drawn.targets, drawn.rows, cost=cost)
    assert np.prod(1.0 + paid.net) <= np.prod(1.0 + free.net) + 1e-12
    assert np.abs(paid.gross - free.net).max() < 1e-12
    assert np.abs(paid.ledger.after - drawn.targets[: len(paid.ledger.after)]).max() < 1e-12


@given(markets)
def test_weights_are_a_portfolio_and_wealth_stays_positive(drawn: Market) -> None:
    done = simulate(drawn.returns, drawn.targets, drawn.rows, cost=DEAR)
    weights = done.weights()
    assert (weights >= 0.0).all()
    assert (weights.sum(axis=1) <= 1.0 + 1e-12).all()
    assert (np.cumprod(1.0 + done.net) > 0.0).all()
    whole = drawn.targets.sum(axis=1) > 1.0 - 1e-12
    if whole.all():
        assert np.abs(weights[done.start :].sum(axis=1) - 1.0).max() < 1e-12
    earned = (weights * np.nan_to_num(drawn.returns)).sum(axis=1)
    assert np.abs(earned - done.gross).max() < 1e-12


@given(markets, st.permutations(range(4)))
def test_the_order_of_assets_changes_nothing(drawn: Market, order: list[int]) -> None:
    done = simulate(drawn.returns, drawn.targets, drawn.rows, cost=DEAR)
    turned = simulate(
        drawn.returns[:, order],
        drawn.targets[:, order],
        drawn.rows,
        cost=Cost(DEAR.buy[order], DEAR.sell[order]),
    )
    assert np.abs(done.net - turned.net).max() < 1e-12


@given(markets, st.integers(min_value=20, max_value=55))
def test_later_bars_change_no_bit_of_earlier_ones(drawn: Market, cut: int) -> None:
    whole = simulate(drawn.returns, drawn.targets, drawn.rows, cost=DEAR)
    early = simulate(drawn.returns[:cut], drawn.targets, drawn.rows, cost=DEAR)
    assert np.array_equal(whole.gross[:cut], early.gross)
    assert np.array_equal(whole.net[: cut - 1], early.net[:-1])


@given(markets)
def test_a_market_that_takes_every_order_needs_no_order_book(drawn: Market) -> None:
    free = simulate(drawn.returns, drawn.targets, drawn.rows, cost=DEAR)
    booked = simulate(drawn.returns, drawn.targets, drawn.rows, cost=DEAR, band=1e-300)
    assert np.abs(free.net - booked.net).max() < 1e-12
    assert np.abs(free.traded - booked.traded).max() < 1e-10
    assert booked.unfilled.max() < 1e-12


def test_a_locked_purchase_waits_for_the_first_open_close() -> None:
    returns = np.array([[0.0], [0.07], [0.07], [0.02], [0.01]])
    marks = np.array([[0.0], [1.0], [1.0], [0.0], [0.0]])
    targets, rows = np.ones((1, 1)), np.array([0])
    done = simulate(returns, targets, rows, cost=0.0, fillable=takes_of(marks))
    assert done.net.tolist() == pytest.approx([0.0, 0.0, 0.0, 0.0, 0.01])
    assert done.ledger.rows.tolist() == [1, 2, 3]


def test_a_locked_sale_keeps_falling_and_what_it_was_to_buy_waits_for_its_money() -> None:
    returns = np.zeros((6, 2))
    returns[3:5, 0] = -0.07
    marks = np.zeros((6, 2))
    marks[3, 0] = -1.0
    targets, rows = np.array([[1.0, 0.0], [0.0, 1.0]]), np.array([0, 2])
    done = simulate(returns, targets, rows, cost=0.0, fillable=takes_of(marks))
    assert done.net[3:5].tolist() == pytest.approx([-0.07, -0.07])
    assert done.ledger.after[-1].tolist() == pytest.approx([0.0, 1.0])
    assert (done.ledger.after.sum(axis=1) <= 1.0 + 1e-12).all()


def test_what_never_fills_is_told() -> None:
    returns = np.zeros((6, 1))
    marks = np.ones((6, 1))
    done = simulate(returns, np.ones((1, 1)), np.array([0]), cost=0.0, fillable=takes_of(marks))
    assert done.unfilled.tolist() == [1.0]
    assert done.traded.tolist() == [0.0]


def test_what_was_bought_cannot_be_sold_before_it_settles() -> None:
    targets = np.array([[1.0, 0.0], [0.0, 1.0]])
    done = simulate(np.zeros((8, 2)), targets, np.array([0, 1]), cost=0.0, settlement=2)
    held = done.ledger.after[:, 0]
    assert done.ledger.rows.tolist() == [1, 2, 3]
    assert held.tolist() == pytest.approx([1.0, 1.0, 0.0])


def test_a_band_leaves_near_weights_alone() -> None:
    weights, targets = np.array([0.36, 0.32, 0.32]), np.array([0.30, 0.35, 0.35])
    assert banded(weights, targets, 0.1).tolist() == weights.tolist()
    moved = banded(weights, np.array([0.0, 0.35, 0.65]), 0.05)
    assert moved.tolist() == pytest.approx([0.0, 0.32, 0.68])


@given(markets, st.floats(min_value=0.0, max_value=0.3))
def test_a_band_trades_no_more_than_none_from_the_same_weights(drawn: Market, band: float) -> None:
    """From other weights it may: what it left where it was is further from a later target."""
    plain = simulate(drawn.returns, drawn.targets, drawn.rows, cost=0.0)
    calm = simulate(drawn.returns, drawn.targets, drawn.rows, cost=0.0, band=band)
    assert (calm.ledger.after.sum(axis=1) <= 1.0 + 1e-9).all()
    assert calm.traded[0] == pytest.approx(plain.traded[0])
    for weights, targets in pairwise(drawn.targets):
        moved = np.abs(banded(weights, targets, band) - weights).sum()
        assert moved <= np.abs(targets - weights).sum() + 1e-12


def test_a_sector_is_not_held_where_it_has_no_return() -> None:
    returns = np.zeros((6, 2))
    returns[:4, 1] = np.nan
    with pytest.raises(CallerError, match="asset 1 is held in bar 2"):
        simulate(returns, np.full((1, 2), 0.5), np.array([0]), cost=0.0)


@pytest.mark.parametrize(
    ("targets", "words"),
    [([[0.7, 0.7]], "borrow"), ([[-0.1, 0.5]], "shorts"), ([[np.nan, 0.5]], "guesses")],
)
def test_targets_that_are_no_portfolio_are_refused(targets: list[list[float]], words: str) -> None:
    with pytest.raises(CallerError, match=words):
        simulate(np.zeros((6, 2)), np.array(targets), np.array([0]), cost=0.0)


def test_a_decision_without_a_bar_to_earn_in_is_left_out() -> None:
    returns, targets = np.zeros((5, 1)), np.ones((2, 1))
    assert simulate(returns, targets, np.array([0, 3]), cost=0.0).decided.tolist() == [0]
    with pytest.raises(CallerError, match="give more bars"):
        simulate(returns, targets, np.array([3, 4]), cost=0.0)


def bt_levels(drawn: Market, cost: Cost, lag: int) -> np.ndarray:
    """The same trades made by `bt`, which keeps its own books; quantities by bisection."""
    bt = oracle()
    prices = 100.0 * (1.0 + frame(drawn.returns)).cumprod()
    names = list(prices.columns)
    due = dict(zip(prices.index[drawn.rows + lag], drawn.targets, strict=True))
    rates = dict(zip(names, zip(cost.buy, cost.sell, strict=True), strict=True))
    trading = {"name": ""}

    def fee(quantity: float, price: float) -> float:
        buy, sell = rates[trading["name"]]
        return abs(quantity) * price * float(buy if quantity > 0 else sell)

    def trade(target: Any) -> bool:
        if target.now not in due:
            return True
        value, wanted = target.value, due[target.now]
        held = [target.children[name].value if name in target.children else 0.0 for name in names]
        before = np.array(held) / value
        change = wanted * left_by_bisection(before, wanted, cost) - before
        for place in np.argsort(change, kind="stable"):
            trading["name"] = names[place]
            price = float(prices.loc[target.now, names[place]])
            target.transact(change[place] * value / price, names[place])
        return True

    levels: np.ndarray = run_bt(bt, [trade], prices, commissions=fee)
    return levels


def oracle() -> Any:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        return import_module("bt")


def run_bt(bt: Any, algos: list[Any], prices: pd.DataFrame, **options: Any) -> np.ndarray:
    test = bt.Backtest(
        bt.Strategy("drawn", algos), prices, integer_positions=False, progress_bar=False, **options
    )
    test.run()
    levels: np.ndarray = test.strategy.prices.reindex(prices.index).to_numpy(dtype=np.float64)
    return levels


@pytest.mark.parametrize("cost", [Cost(np.zeros(4), np.zeros(4)), DEAR], ids=["free", "dear"])
@pytest.mark.parametrize("lag", [0, 1])
@pytest.mark.parametrize("seed", [1, 2])
def test_bt_keeps_the_same_books(seed: int, lag: int, cost: Cost) -> None:
    drawn = market(seed)
    done = simulate(drawn.returns, drawn.targets, drawn.rows, cost=cost, lag=lag)
    levels = bt_levels(drawn, cost, lag)
    ours = np.cumprod(1.0 + done.net)
    assert np.abs(levels / levels[0] - ours / ours[0]).max() < 1e-9


@pytest.mark.parametrize("seed", [3, 4])
def test_bts_own_rebalancing_earns_the_same_without_commissions(seed: int) -> None:
    bt, drawn = oracle(), market(seed)
    prices = 100.0 * (1.0 + frame(drawn.returns)).cumprod()
    dated = pd.DataFrame(drawn.targets, index=prices.index[drawn.rows + 1], columns=prices.columns)
    algos = [bt.algos.RunOnDate(*dated.index), bt.algos.WeighTarget(dated), bt.algos.Rebalance()]
    levels = run_bt(bt, algos, prices)
    done = simulate(drawn.returns, drawn.targets, drawn.rows, cost=0.0)
    ours = np.cumprod(1.0 + done.net)
    assert np.abs(levels / levels[0] - ours).max() < 1e-9
