import numpy as np
import pandas as pd
import pytest

from core.backtest.attempt import attempt
from core.backtest.beside import baselines
from core.backtest.costs import flat_cost
from core.backtest.engine import simulate
from core.backtest.play import play
from core.backtest.return_panel import ReturnPanel, Terms
from core.backtest.schedule import decision_rows
from core.backtest.study import study
from core.records.backtest import BacktestSpec
from tests.core.backtest.drawn_markets import frame

RNG = np.random.default_rng(5)
RETURNS = frame(RNG.normal(0.0004, 0.01, (700, 4)))
MARKET = frame(RNG.normal(0.0003, 0.009, (700, 1)))["s0"]
ROWS = np.array([260, 263, 300, 377, 450])
TERMS = Terms(flat_cost(20.0, 4))
GIVEN = "weights:reports+1"
SPEC = BacktestSpec(signal=GIVEN, rebalance="monthly", offsets="first")


def _weights() -> pd.DataFrame:
    parts = np.random.default_rng(2).random((len(ROWS), 4))
    cells = parts / parts.sum(axis=1, keepdims=True)
    return pd.DataFrame(cells, index=RETURNS.index[ROWS], columns=RETURNS.columns)


PANEL = ReturnPanel(RETURNS, MARKET, given={GIVEN: _weights()})


def test_what_is_decided_on_days_of_ones_own_is_traded_after_them_and_on_no_other_day() -> None:
    done = play(PANEL, SPEC, TERMS, decisions=ROWS)
    [held] = done.tranches
    assert held.decided.tolist() == ROWS.tolist()
    assert held.ledger.rows.tolist() == (ROWS + 1).tolist()
    by_hand = simulate(PANEL.values, _weights().to_numpy(), ROWS, cost=flat_cost(20.0, 4), lag=1)
    assert np.array_equal(held.net, by_hand.net)
    assert done.net.index[0] == PANEL.dates[262]


def test_the_ends_of_periods_given_as_days_are_the_periods() -> None:
    spec = SPEC.model_copy(update={"signal": "momentum:3", "top": 2})
    usual = play(PANEL, spec, TERMS, first=100)
    given = play(
        PANEL, spec, TERMS, first=100, decisions=decision_rows(PANEL.dates, "monthly", first=100)
    )
    assert usual.net.equals(given.net)


def test_baselines_trade_on_the_same_days() -> None:
    tried = attempt(PANEL, SPEC, TERMS, decisions=ROWS)
    rows = [row for row in baselines(tried) if row.tranches]
    assert {row.name for row in rows} >= {"equal_weight", "momentum:12-1", "leading"}
    assert all(row.tranches[0].decided.tolist() == ROWS.tolist() for row in rows)
    whole = study(tried, universe="drawn", data_sha256="0" * 64).result
    assert [len(whole.offsets), len(whole.decay) > 1] == [1, True]


def test_days_after_the_end_are_not_seen() -> None:
    end = PANEL.dates[400].date()
    spec = SPEC.model_copy(update={"end": end})
    tried = attempt(PANEL, spec, TERMS, decisions=ROWS)
    assert tried.strategy.tranches[0].decided.tolist() == [260, 263, 300, 377]
    whole = attempt(PANEL, SPEC, TERMS, decisions=ROWS)
    shared = whole.strategy.net.iloc[: len(tried.strategy.net)]
    assert tried.strategy.net.to_numpy() == pytest.approx(shared.to_numpy(), abs=1e-15)
