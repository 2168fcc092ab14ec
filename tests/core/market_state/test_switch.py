import numpy as np
import pandas as pd
import pytest
from numpy.typing import NDArray

from core.backtest.metrics import performance
from core.market_state.switch import COST_BPS, de_risking
from core.market_state.warning import WarningStates

CALM, WATCH, WARNING = 0, 1, 2
DAYS = pd.bdate_range("2015-01-01", "2019-12-31").as_unit("us")
N = len(DAYS)


def before(day: str) -> NDArray[np.bool_]:
    return DAYS.to_numpy() < np.datetime64(day)


def states(codes: object = WARNING) -> WarningStates:
    filled = np.broadcast_to(np.asarray(codes), (N,)).astype(np.int64)
    return WarningStates(filled, filled, DAYS)


def crash() -> pd.Series:
    """Return a benchmark that rises, loses a third in 2018's second half, and rises again."""
    steps = np.full(N, 0.0004)
    steps[before("2019-01-01") & ~before("2018-07-01")] = -0.003
    steps[~before("2019-01-01")] = 0.003
    return pd.Series(100 * np.cumprod(1 + steps), index=DAYS)


def test_it_leaves_a_falling_market_under_warning_and_comes_back() -> None:
    row = de_risking(states(), crash())
    assert row is not None
    assert row.switches_count == 2
    assert row.switch_state == "invested"
    assert row.drawdown_with_pct > row.drawdown_without_pct
    assert row.cagr_difference_pp > 0
    middle = crash().loc[:"2018-12-31"]
    n = len(middle)
    held = WarningStates(states().codes[:n], states().signs[:n], DAYS[:n])
    fallen = de_risking(held, middle)
    assert fallen is not None
    assert fallen.switch_state == "de_risk"
    assert fallen.switch_since.isoformat() in ("2018-07-31", "2018-08-31")
    assert fallen.trend_distance_pct < -1.0


def test_a_falling_market_without_a_warning_is_not_left() -> None:
    row = de_risking(states(CALM), crash())
    assert row is not None
    assert (row.switches_count, row.time_out_fraction) == (0, 0.0)
    assert row.cagr_difference_pp == 0.0


def test_a_warning_without_a_falling_trend_changes_nothing() -> None:
    rising = pd.Series(100 * 1.0004 ** np.arange(N), index=DAYS)
    row = de_risking(states(), rising)
    assert row is not None
    assert (row.switch_state, row.switches_count) == ("invested", 0)


def test_once_out_it_stays_out_until_the_trend_is_back() -> None:
    codes = np.where(before("2018-10-01"), WARNING, CALM)
    kept = de_risking(states(codes), crash())
    always = de_risking(states(), crash())
    assert kept is not None
    assert always is not None
    assert kept.time_out_fraction == always.time_out_fraction


def test_the_record_fills_a_session_after_the_close_it_was_decided_at() -> None:
    level = crash()
    row = de_risking(states(), level)
    assert row is not None
    ends = level.groupby([DAYS.year, DAYS.month]).tail(1)
    distance = ends / ends.rolling(10).mean() - 1
    held, out = {}, False
    for day, value in distance.dropna().items():
        out = False if value > 0.01 else True if value < -0.01 else out
        held[day] = float(out)
    left = pd.Series(held).reindex(DAYS).ffill().shift(2)
    plain = level.pct_change()[left.notna()]
    left = left.dropna()
    turned = left.diff().abs().fillna(left.iloc[0])
    ruled = plain * (1 - left) - turned * COST_BPS / 1e4
    expected = performance(ruled, "ruled", bars_a_year=252)
    assert row.cagr_with_pct == pytest.approx(100 * expected.cagr)
    assert row.drawdown_with_pct == pytest.approx(100 * expected.max_drawdown)
    assert row.time_out_fraction == pytest.approx(left.mean())


def test_a_running_month_decides_nothing() -> None:
    level = crash()
    cut = int(DAYS.searchsorted(pd.Timestamp("2018-07-18")))
    part = WarningStates(states().codes[:cut], states().signs[:cut], DAYS[:cut])
    shaken = level.iloc[:cut].copy()
    shaken.iloc[-8:] *= 0.7
    whole, other = (de_risking(part, series) for series in (level.iloc[:cut], shaken))
    assert whole is not None
    assert other is not None
    assert whole.switch_state == other.switch_state == "invested"


def test_a_record_needs_a_year() -> None:
    assert de_risking(states(np.where(before("2019-02-01"), -1, WARNING)), crash()) is None
    assert de_risking(states(-1), crash()) is None
