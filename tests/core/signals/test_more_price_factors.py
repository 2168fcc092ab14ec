"""Hand-computed values of highs, seasons, market lines, volume trends and lead-lag."""

import numpy as np
import pandas as pd
import pytest

from core.panel import MarketPanels
from core.signals.catalogue import FACTORS, factor_history, factor_values
from core.signals.lead_lag import LEAST_WEEKS, PRIOR_R2
from core.signals.long_form import COLUMNS, decision_dates, long_form
from core.signals.trailing import week_ends
from tests.core.market import days_of, framed, market, prices, small


def last(panels: MarketPanels, factor: str) -> pd.Series:
    dates = pd.DatetimeIndex(panels.sectors.closes.index[-1:])
    family = next(spec.family for spec in FACTORS if spec.id == factor)
    return factor_history(panels, dates, families=(family,))[factor].iloc[0]


def test_six_months_are_126_sessions() -> None:
    closes = framed({"a": [90.0] + [100.0] * 125 + [110.0], "b": [5.0] * 127})
    assert last(small(prices(closes)), "excess_6m")["a"] == pytest.approx(50 * (110 / 90 - 1))


def test_a_high_is_the_best_close_of_the_year_and_no_older() -> None:
    path = [200.0] + [100.0] * 100 + [125.0] + [100.0] * 151
    assert len(path) == 253
    row = last(small(prices(framed({"a": path, "b": [1.0] * 253}))), "high_52w")
    assert row["a"] == pytest.approx(-20.0)
    assert row["b"] == 0.0


def test_four_fifths_of_a_year_make_a_high() -> None:
    closes = framed({"a": [2.0] * 202, "b": [np.nan] + [2.0] * 201})
    row = last(small(prices(closes)), "high_52w")
    assert row["a"] == 0.0
    assert np.isnan(row["b"])


def test_a_season_is_the_month_after_this_day_in_five_years_or_more() -> None:
    index = pd.DatetimeIndex(pd.date_range("2010-01-04", "2016-06-30", freq="B", unit="us"))
    path = np.full(len(index), 100.0)
    for year in range(2010, 2017):
        winter = int(index.searchsorted(pd.Timestamp(year, 1, 1)))
        path[winter + 3 :] *= 1.0 + 0.02 * (year - 2012)
    for year in range(2010, 2016):
        start = int(index.searchsorted(pd.Timestamp(year, 6, 30), side="right")) - 1
        path[start + 1 :] *= 1.0 + 0.01 * (year - 2009)
    closes = pd.DataFrame({"a": path, "b": 50.0}, index=index)
    panels = small(prices(closes))
    months = [1.0, 2.0, 3.0, 4.0, 5.0, 6.0]
    assert last(panels, "seasonality_1m")["a"] == pytest.approx(np.mean(months) / 2)
    day = pd.DatetimeIndex(["2015-12-31"])
    seen, cut = (factor_history(p, day)["seasonality_1m"] for p in (
        panels, panels.until(day[0].date())))  # fmt: skip
    pd.testing.assert_frame_equal(seen, cut, check_exact=True)
    assert np.isfinite(seen["a"].iloc[0])
    young = small(prices(closes.loc["2011-07-05":]))
    assert np.isnan(last(young, "seasonality_1m")["a"])


def test_beta_and_own_risk_are_of_the_least_squares_line() -> None:
    rng = np.random.default_rng(2)
    market_returns = rng.normal(0.0, 0.01, 253)
    own = 1.5 * market_returns + rng.normal(0.0, 0.004, 253)
    paths = {"all": 10.0 * np.cumprod(1 + market_returns), "a": np.cumprod(1 + own)}
    closes = framed({name: path.tolist() for name, path in paths.items()})
    panels = small(prices(closes[["a"]].assign(b=1.0)))
    panels = MarketPanels(panels.universe, panels.sectors, prices(closes[["all"]]))
    x, y = (closes[name].pct_change().to_numpy()[1:] for name in ("all", "a"))
    assert last(panels, "beta_252d")["a"] == pytest.approx(np.polyfit(x, y, 1)[0])
    slope, level = np.polyfit(x[-60:], y[-60:], 1)
    residual = y[-60:] - slope * x[-60:] - level
    wanted = 100 * np.sqrt(252 * (residual**2).sum() / 58)
    assert last(panels, "idiosyncratic_60d")["a"] == pytest.approx(wanted)
    assert last(panels, "beta_252d")["b"] == pytest.approx(0.0)


def test_volume_trend_and_share_of_all_that_traded() -> None:
    closes = framed({"a": [10.0] * 120, "b": [10.0] * 120})
    volumes = framed({"a": [100.0] * 100 + [220.0] * 20, "b": [7.0] * 120})
    values = framed({"a": [1.0] * 100 + [3.0] * 20, "b": [1.0] * 120})
    panels = small(prices(closes, volumes=volumes, values=values))
    assert last(panels, "volume_trend")["a"] == pytest.approx(np.log(220 / 120))
    share = last(panels, "turnover_share_20d")
    assert (share["a"], share["b"]) == pytest.approx((75.0, 25.0))
    bare = {v.sector: v.reason for v in factor_values(small(prices(closes)), as_of=panels.last)
            if v.factor == "volume_trend"}  # fmt: skip
    assert set(bare.values()) == {"no_data"}


def _leaders(n_weeks: int) -> pd.DataFrame:
    """Return closes in which b does each week what a did the week before; c and d are noise."""
    rng = np.random.default_rng(11)
    weekly = rng.normal(0.0, 0.02, (n_weeks, 4))
    weekly[1:, 1] = weekly[:-1, 0]
    steps = np.repeat(np.log1p(weekly) / 5, 5, axis=0)
    closes = 50.0 * np.exp(np.cumsum(steps, axis=0))
    return pd.DataFrame(closes, index=days_of(5 * n_weeks), columns=list("abcd"))


def test_lead_lag_is_the_ridge_without_a_sectors_own_moves() -> None:
    closes = _leaders(130)
    found = last(small(prices(closes)), "lead_lag_1w")

    def excess(back: int) -> np.ndarray:
        moves = 100 * (closes / closes.shift(back) - 1)
        return moves.sub(moves.mean(axis=1), axis=0).to_numpy()

    moves = np.hstack([excess(5), excess(21)])
    ends = week_ends(pd.DatetimeIndex(closes.index))
    weekly = closes.to_numpy()[ends]
    returns = 100 * (weekly[1:] / weekly[:-1] - 1)
    returns -= returns.mean(axis=1, keepdims=True)
    x, y = np.nan_to_num(moves[ends[:-2]]), returns[:-1]
    penalty = (1 - PRIOR_R2) / PRIOR_R2 * (x**2).sum() / len(x)
    for sector in range(4):
        others = [place for place in range(8) if place % 4 != sector]
        z = x[:, others]
        slopes = np.linalg.solve(z.T @ z + penalty * np.eye(6), z.T @ y[:, sector])
        assert found.iloc[sector] == pytest.approx(moves[-1, others] @ slopes)


def test_lead_lag_finds_who_follows_whom_and_waits_two_years() -> None:
    closes = _leaders(400)
    frame = factor_history(small(prices(closes)), pd.DatetimeIndex(closes.index))["lead_lag_1w"]
    weekly = closes.iloc[4::5]
    ahead = (weekly.shift(-1) / weekly - 1)["b"]
    told = frame.iloc[4::5]["b"]
    assert told.first_valid_index() == closes.index[5 * (LEAST_WEEKS + 1) + 4]
    assert told.corr(ahead) > 0.7


def test_the_long_form_holds_every_known_value_once() -> None:
    panels = market()
    dates = decision_dates(panels)[-3:]
    table = long_form(panels, dates, signals=("excess_1m", "roe"))
    assert tuple(table.columns) == COLUMNS
    assert not table.duplicated(["date", "sector", "signal"]).any()
    frames = factor_history(panels, dates)
    for name in ("excess_1m", "roe"):
        wide = table[table["signal"] == name].pivot(index="date", columns="sector", values="value")
        wanted = frames[name][sorted(frames[name].columns)].dropna(axis=1, how="all")
        assert np.array_equal(wide.to_numpy(), wanted.to_numpy(), equal_nan=True)
    mean = table[table["signal"] == "excess_1m"].groupby("date")["z"].mean()
    assert mean.to_numpy() == pytest.approx(0.0, abs=1e-9)
    assert (table["known_at"] <= table["date"]).all()
