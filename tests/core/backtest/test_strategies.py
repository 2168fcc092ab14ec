import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.backtest.quadrants import quadrant_distances
from core.backtest.return_panel import ReturnPanel
from core.backtest.strategies import FAMILIES, momentum, require_signal, signal_scores, volatility
from core.errors import CallerError
from core.records.universe import Frequency
from core.rotation.bars import to_bars
from core.rotation.quadrants import QUADRANTS, quadrant_codes
from core.rotation.rrg import relative_rotation
from tests.core.backtest.drawn_markets import frame

RNG = np.random.default_rng(5)
MONTHS = ReturnPanel(frame(RNG.normal(0.01, 0.05, (40, 4)), freq="ME"))
DAYS = ReturnPanel(frame(RNG.normal(0.0005, 0.01, (420, 4))))

RANKED = ("momentum:3", "momentum:12-1", "combo", "reversal:1", "volatility:6")
CHARTED = ("leading", "weakening", "lagging", "improving")


def test_momentum_is_the_return_of_so_many_months() -> None:
    cells = MONTHS.values
    found = signal_scores("momentum:3", MONTHS).values
    assert found[10] == pytest.approx(np.prod(1.0 + cells[8:11], axis=0) - 1.0)
    assert np.isnan(found[:2]).all()
    assert np.isfinite(found[2]).all()


def test_momentum_may_leave_its_last_month_out() -> None:
    cells = MONTHS.values
    found = signal_scores("momentum:12-1", MONTHS).values
    assert found[20] == pytest.approx(np.prod(1.0 + cells[9:20], axis=0) - 1.0)


def test_a_month_is_21_daily_bars() -> None:
    assert np.array_equal(
        signal_scores("momentum:2", DAYS).values, momentum(DAYS.values, 42), equal_nan=True
    )


def test_combo_is_the_mean_of_five_windows() -> None:
    parts = [signal_scores(f"momentum:{n}", MONTHS).values for n in (1, 3, 6, 9, 12)]
    assert signal_scores("combo", MONTHS).values[30] == pytest.approx(np.mean(parts, axis=0)[30])


def test_reversal_is_momentum_upside_down_and_low_volatility_is_good() -> None:
    assert np.array_equal(
        signal_scores("reversal:1", MONTHS).values,
        -signal_scores("momentum:1", MONTHS).values,
        equal_nan=True,
    )
    cells = MONTHS.values[20:26]
    assert signal_scores("volatility:6", MONTHS).values[25] == pytest.approx(
        -cells.std(axis=0, ddof=1)
    )


def test_a_sector_is_scored_once_it_has_the_history() -> None:
    cells = MONTHS.values.copy()
    cells[:10, 2] = np.nan
    found = momentum(cells, 3)
    assert np.isnan(found[:12, 2]).all()
    assert np.isfinite(found[12:, 2]).all()
    assert np.isnan(volatility(cells, 3)[:12, 2]).all()
    panel = ReturnPanel(frame(cells, freq="ME"))
    held = signal_scores("equal_weight", panel).values
    assert np.isnan(held[9, 2])
    assert held[10, 2] == 0.0


@given(st.sampled_from(RANKED + CHARTED), st.integers(250, 400))
def test_later_bars_change_no_bit_of_a_score(signal: str, cut: int) -> None:
    early = ReturnPanel(DAYS.returns.iloc[:cut])
    whole, cut_off = signal_scores(signal, DAYS), signal_scores(signal, early)
    assert np.array_equal(whole.values[:cut], cut_off.values, equal_nan=True)


@given(st.sampled_from(RANKED + CHARTED), st.permutations(range(4)))
def test_a_score_is_a_sectors_own_whatever_the_order(signal: str, order: list[int]) -> None:
    panel = ReturnPanel(DAYS.returns, market=DAYS.returns.mean(axis=1))
    turned = ReturnPanel(DAYS.returns.iloc[:, order], market=panel.market)
    first, second = (signal_scores(signal, item).values for item in (panel, turned))
    assert np.array_equal(first[:, order], second, equal_nan=True)


def test_quadrants_are_those_of_the_weekly_rotation_map() -> None:
    market = DAYS.returns.mean(axis=1)
    distances, _ = quadrant_distances(ReturnPanel(DAYS.returns, market=market))
    closes, level = (1.0 + DAYS.returns).cumprod(), (1.0 + market).cumprod().to_frame()
    weekly: Frequency = "weekly"
    for row in (300, 377, 419):
        day = DAYS.dates[row].date()
        bars = to_bars(closes, weekly, as_of=day).closes
        frames = relative_rotation(bars, to_bars(level, weekly, as_of=day).closes.iloc[:, 0])
        codes = quadrant_codes(frames)[-1]
        for code, name in enumerate(QUADRANTS):
            assert np.array_equal(np.isfinite(distances[name][row]), codes == code)


def test_every_charted_sector_is_in_one_quadrant() -> None:
    distances, known = quadrant_distances(DAYS)
    placed = np.stack([np.isfinite(cells) for cells in distances.values()]).sum(axis=0)
    assert np.array_equal(placed, known.astype(int))
    assert known[-1].all()
    assert not known[180].any()


def test_monthly_bars_make_no_weekly_chart() -> None:
    with pytest.raises(CallerError, match="monthly bars do not make one"):
        signal_scores("leading", MONTHS)


def test_values_from_outside_count_from_their_date_and_while_they_are_fresh() -> None:
    given_rows = pd.DataFrame({"s0": [1.0, 3.0], "s3": [2.0, np.nan]}, index=DAYS.dates[[10, 30]])
    panel = ReturnPanel(DAYS.returns, given={"own:mine+1": given_rows})
    found = signal_scores("own:mine+1", panel)
    assert np.isnan(found.values[9]).all()
    assert found.values[10, [0, 3]].tolist() == [1.0, 2.0]
    assert np.isnan(found.values[30, 3])
    assert found.values[69, 0] == 3.0
    assert np.isnan(found.values[75]).all()


def test_weights_from_outside_hold_until_the_next_ones() -> None:
    rows = pd.DataFrame({"s0": [0.4], "s1": [0.6]}, index=DAYS.dates[:1])
    panel = ReturnPanel(DAYS.returns, given={"weights:mine+1": rows})
    found = signal_scores("weights:mine+1", panel)
    assert found.shape == "weights"
    assert found.values[-1, :2].tolist() == [0.4, 0.6]


def test_a_stale_price_is_not_ranked_by() -> None:
    stale = pd.DataFrame(False, index=DAYS.dates, columns=DAYS.returns.columns)
    stale.iloc[300:, 1] = True
    panel = ReturnPanel(DAYS.returns, stale=stale)
    found = signal_scores("momentum:3", panel).values
    assert np.isnan(found[300:, 1]).all()
    assert np.isfinite(found[300:, 0]).all()


@pytest.mark.parametrize(
    "name", ["momentum", "momentum:", "momentum:0", "momentum:12-", "rsi:14", "Leading", ""]
)
def test_an_unknown_signal_lists_the_known_ones(name: str) -> None:
    with pytest.raises(CallerError, match="momentum:12") as told:
        require_signal(name)
    assert all(family.form in str(told.value) for family in FAMILIES)


def test_what_makes_no_sense_is_refused() -> None:
    with pytest.raises(CallerError, match="must skip fewer"):
        signal_scores("momentum:3-3", MONTHS)
    with pytest.raises(CallerError, match="do not tell a volatility"):
        signal_scores("volatility:2", MONTHS)
    with pytest.raises(CallerError, match="no market series"):
        signal_scores("market", MONTHS)
    with pytest.raises(CallerError, match="nothing gave its values"):
        signal_scores("own:mine+1", MONTHS)
