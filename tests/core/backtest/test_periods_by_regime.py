import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.backtest.regimes import in_regimes, market_states, rolling_excess
from core.certainty import newey_west_lag, newey_west_t


def _daily(seed: int, bars: int = 900, scale: float = 0.01) -> pd.Series:
    rng = np.random.default_rng(seed)
    index = pd.bdate_range("2010-01-01", periods=bars)
    return pd.Series(rng.normal(0.0003, scale, bars), index=index)


def test_each_label_has_its_own_bars() -> None:
    own, base = _daily(1, 100), _daily(2, 100)
    labels = pd.Series(["b"] * 60 + ["a"] * 40, index=own.index)
    found = in_regimes(own, base, labels, bars_a_year=252.0)
    assert [(row.regime, row.bars_count) for row in found] == [("a", 40), ("b", 60)]
    active = (own - base).iloc[:60].to_numpy()
    assert found[1].mean == pytest.approx(float(own.iloc[:60].mean()) * 252.0)
    assert found[1].excess == pytest.approx(float(active.mean()) * 252.0)
    assert found[1].t == newey_west_t(active, newey_west_lag(60))


def test_a_bar_without_a_label_is_in_none() -> None:
    own = _daily(1, 50)
    labels = pd.Series(["a"] * 20 + [None] * 30, index=own.index, dtype=object)
    (row,) = in_regimes(own, None, labels, bars_a_year=252.0)
    assert row.bars_count == 20
    assert row.excess is None
    assert row.t == newey_west_t(own.iloc[:20].to_numpy(), newey_west_lag(20))


def test_few_bars_have_no_t() -> None:
    own = _daily(1, 10)
    (row,) = in_regimes(own, None, pd.Series("a", index=own.index), bars_a_year=252.0)
    assert row.t is None


def test_labels_of_other_dates_are_refused() -> None:
    own = _daily(1, 10)
    with pytest.raises(ValueError, match=r"^labels: must have"):
        in_regimes(own, None, pd.Series("a", index=own.index[1:]), bars_a_year=252.0)


def test_a_market_rises_falls_and_storms() -> None:
    calm, wild = np.full(600, 0.001), np.tile([0.05, -0.05], 40)
    calm[::2] = 0.0008
    values = np.concatenate([calm, wild, -calm])
    market = pd.Series(values, index=pd.bdate_range("2010-01-01", periods=len(values)))
    states = market_states(market, bars_a_year=252.0)
    assert states.iloc[590] == "rising"
    assert states.iloc[640] == "stormy"
    assert states.iloc[-1] == "falling"
    assert states.iloc[:252].isna().all()


@given(seed=st.integers(0, 200), cut=st.integers(400, 899))
def test_the_future_changes_no_state(seed: int, cut: int) -> None:
    market = _daily(seed)
    whole = market_states(market, bars_a_year=252.0).iloc[: cut + 1]
    changed = market.copy()
    changed.iloc[cut:] = -0.5 * changed.iloc[cut:] - 0.02
    assert whole.equals(market_states(changed, bars_a_year=252.0).iloc[: cut + 1])


def test_monthly_bars_have_states_too() -> None:
    market = pd.Series(np.random.default_rng(1).normal(0.005, 0.04, 120),
                       index=pd.date_range("2000-01-31", periods=120, freq="ME"))  # fmt: skip
    states = market_states(market, bars_a_year=12.0)
    assert set(states.dropna()) == {"rising", "falling", "stormy"}
    assert states.notna().sum() > 90


@pytest.mark.parametrize("bars_a_year", [12.0, 252.0])
def test_the_band_is_newey_and_wests_of_each_window(bars_a_year: float) -> None:
    own, base = _daily(1, 800), _daily(2, 800)
    found = rolling_excess(own, base, bars_a_year=bars_a_year, years=1.0)
    window = round(bars_a_year)
    assert found.index[0] == own.index[window - 1]
    for place in (0, 7, len(found) - 1):
        active = (own - base).to_numpy()[place : place + window]
        row = found.iloc[place]
        assert row["excess"] == pytest.approx(active.mean() * bars_a_year)
        if window < 20:
            continue
        t = newey_west_t(active, newey_west_lag(window))
        assert t is not None
        error = (row["high"] - row["low"]) / (2.0 * 1.96)
        assert row["excess"] / error == pytest.approx(t, abs=1e-6)


def test_fewer_bars_than_a_window_give_no_rows() -> None:
    found = rolling_excess(_daily(1, 500), _daily(2, 500), bars_a_year=252.0)
    assert found.empty
    assert list(found.columns) == ["excess", "low", "high"]


def test_the_same_series_has_no_excess_and_no_band() -> None:
    found = rolling_excess(_daily(1), _daily(1), bars_a_year=252.0, years=1.0)
    assert (found.to_numpy() == 0.0).all()
