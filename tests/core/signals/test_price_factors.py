"""Hand-computed values of the factors made from sector prices."""

import numpy as np
import pandas as pd
import pytest

from core.rotation.bars import to_bars
from core.rotation.rrg import relative_rotation
from core.signals.catalogue import FACTORS, factor_history
from tests.core.market import framed, market, prices, small


def last(panels_closes: pd.DataFrame, factor: str) -> pd.Series:
    panels = small(prices(panels_closes))
    dates = pd.DatetimeIndex(panels_closes.index[-1:])
    family = next(spec.family for spec in FACTORS if spec.id == factor)
    return factor_history(panels, dates, families=(family,))[factor].iloc[0]


def test_excess_momentum_is_a_return_less_the_equal_weighted_mean() -> None:
    closes = framed({"a": [100.0] * 5 + [110.0], "b": [50.0] * 5 + [50.0], "c": [9.0] * 5 + [9.9]})
    row = last(closes, "excess_1w")
    assert row["a"] == pytest.approx(10.0 - 20.0 / 3)
    assert row["b"] == pytest.approx(-20.0 / 3)


def test_twelve_minus_one_leaves_the_last_month_out() -> None:
    path = [100.0] * 232 + [300.0] * 21
    path[231] = 120.0
    closes = framed({"a": path, "b": [100.0] * 253})
    assert last(closes, "momentum_12_1")["a"] == pytest.approx(10.0)
    assert last(closes, "momentum_12m")["a"] == pytest.approx(100.0)


def test_a_close_is_carried_five_sessions_and_no_longer() -> None:
    path = [100.0, 101.0, 102.0, 103.0, 104.0, 110.0]
    nan = float("nan")
    five = framed({"a": [*path, *[nan] * 5], "b": [*path, *[100.0] * 5], "c": [*path, *[90.0] * 5]})
    six = framed({"a": [*path, *[nan] * 6], "b": [*path, *[100.0] * 6], "c": [*path, *[90.0] * 6]})
    assert np.isfinite(last(five, "excess_1w")["a"])
    assert np.isnan(last(six, "excess_1w")["a"])


def test_volatility_and_downside_of_alternating_returns() -> None:
    path = [100.0]
    for step in range(60):
        path.append(path[-1] * (1.02 if step % 2 else 0.99))
    row = last(framed({"a": path, "b": [5.0] * 61}), "volatility_60d")
    returns = np.array([-0.01, 0.02] * 30)
    assert row["a"] == pytest.approx(100 * np.sqrt(252) * returns.std(ddof=1))
    assert row["b"] == 0.0
    down = last(framed({"a": path, "b": [5.0] * 61}), "downside_60d")
    assert down["a"] == pytest.approx(100 * np.sqrt(252 * 0.01**2 / 2))


def test_volume_anomaly_is_the_log_of_five_days_over_sixty() -> None:
    closes = framed({"a": [10.0] * 60, "b": [10.0] * 60})
    volumes = framed({"a": [100.0] * 55 + [400.0] * 5, "b": [0.0] * 60})
    panels = small(prices(closes, volumes=volumes))
    row = factor_history(panels, pd.DatetimeIndex(closes.index[-1:]))["volume_anomaly"].iloc[0]
    assert row["a"] == pytest.approx(np.log(400 / 125))
    assert np.isnan(row["b"])


def test_turnover_share_is_measured_against_all_sectors() -> None:
    closes = framed({"a": [10.0] * 120, "b": [10.0] * 120})
    values = framed({"a": [1.0] * 100 + [3.0] * 20, "b": [1.0] * 120})
    panels = small(prices(closes, values=values))
    dates = pd.DatetimeIndex(closes.index[-1:])
    row = factor_history(panels, dates)["turnover_share_change"].iloc[0]
    usual = 160 / 120
    assert row["a"] == pytest.approx(np.log(3 / usual) - np.log(4 / (usual + 1)))
    assert row["b"] == pytest.approx(np.log(1) - np.log(4 / (usual + 1)))


@pytest.mark.parametrize("row", [401, 402, 403, 404, 405, 611])
def test_weekly_rotation_is_what_a_weekly_chart_of_the_day_shows(row: int) -> None:
    panels = market()
    stamp = panels.sectors.closes.index[row]
    level = panels.benchmark.closes["all"]
    bars = to_bars(panels.sectors.closes, "weekly", as_of=stamp.date()).closes
    reference = to_bars(level.to_frame(), "weekly", as_of=stamp.date()).closes["all"]
    chart = relative_rotation(bars, reference)
    mine = factor_history(panels, pd.DatetimeIndex([stamp]))
    for name, frame in (
        ("rs_ratio_weekly", chart.rs_ratio),
        ("rs_momentum_weekly", chart.rs_momentum),
    ):
        wanted = frame.iloc[-1].to_numpy() - 100.0
        assert np.array_equal(mine[name].iloc[0].to_numpy(), wanted, equal_nan=True)
