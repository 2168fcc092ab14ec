import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.backtest.attribution import UNINVESTED, Held, bar_effects, effects, linking

QUARTERS = pd.to_datetime(["2016-03-31", "2016-06-30", "2016-09-30", "2016-12-31"])
REGIONS = ["uk", "japan", "us"]

BACON_WEIGHTS = [[0.4, 0.3, 0.3], [0.7, 0.2, 0.1], [0.3, 0.5, 0.2], [0.3, 0.5, 0.2]]
BACON_REFERENCE = [[0.4, 0.2, 0.4], [0.4, 0.3, 0.3], [0.5, 0.4, 0.1], [0.4, 0.4, 0.2]]
BACON_RETURNS = [[0.2, -0.05, 0.06], [-0.05, 0.03, -0.05], [-0.2, 0.08, -0.15], [0.1, -0.07, 0.25]]
BACON_BASE = [[0.1, -0.04, 0.08], [-0.07, 0.04, -0.1], [-0.25, 0.05, -0.2], [0.05, -0.05, 0.1]]
"""Bacon, Practical Portfolio Performance Measurement and Attribution (2008), tables 5.4 and 8.1."""


def _frame(rows: list[list[float]]) -> pd.DataFrame:
    return pd.DataFrame(rows, index=QUARTERS, columns=REGIONS)


@pytest.fixture(scope="module")
def bacon() -> Held:
    frames = (_frame(rows) for rows in (BACON_WEIGHTS, BACON_REFERENCE, BACON_RETURNS, BACON_BASE))
    return Held(*frames)


def _markets(draw: st.DrawFn) -> Held:
    bars, sectors = draw(st.integers(1, 40)), draw(st.integers(1, 6))
    rng = np.random.default_rng(draw(st.integers(0, 2**32 - 1)))
    index = pd.date_range("2020-01-31", periods=bars, freq="ME")
    names = [f"s{place}" for place in range(sectors)]
    own, base = (rng.normal(0.0, draw(st.sampled_from([1e-6, 0.01, 0.2])), (bars, sectors))
                 for _ in range(2))  # fmt: skip
    cash = draw(st.sampled_from([0.0, 0.0, 0.3]))
    weights = rng.dirichlet(np.ones(sectors + 1), bars)[:, :sectors]
    weights = weights if cash else weights / weights.sum(axis=1, keepdims=True)
    reference = rng.dirichlet(np.ones(sectors), bars)
    frames = [np.clip(own, -0.9, None), np.clip(base, -0.9, None), rng.uniform(0, 0.002, own.shape)]
    own_frame, base_frame, costs = (pd.DataFrame(f, index=index, columns=names) for f in frames)
    held, other = (pd.DataFrame(f, index=index, columns=names) for f in (weights, reference))
    single = draw(st.booleans())
    return Held(held, other, own_frame, None if single else base_frame, costs)


markets = st.composite(_markets)()


def _excess(held: Held) -> tuple[float, float]:
    """Return the difference of total returns, and the size of the larger wealth."""
    bars = bar_effects(held)
    own, base = float(np.prod(1.0 + bars.strategy)), float(np.prod(1.0 + bars.reference))
    return own - base, max(own, base, 1.0)


def test_each_bars_effects_are_bacons(bacon: Held) -> None:
    bars = bar_effects(bacon)
    assert bars.allocation == pytest.approx(
        np.array([[0.0, -0.0104, -0.0016], [-0.0072, -0.0086, 0.0108],
                  [0.025, 0.0175, -0.0075], [-0.003, -0.007, 0.0]]), abs=1e-12,
    )  # fmt: skip
    assert bars.selection == pytest.approx(
        np.array([[0.04, -0.003, -0.006], [0.014, -0.002, 0.005],
                  [0.015, 0.015, 0.01], [0.015, -0.01, 0.03]]), abs=1e-12,
    )  # fmt: skip


def test_four_quarters_link_to_bacons_table_8_2(bacon: Held) -> None:
    found = effects(bacon)
    assert [effect.sector for effect in found] == REGIONS
    assert [effect.allocation for effect in found] == pytest.approx(
        [0.0165, -0.0060, 0.0015], abs=1e-4
    )
    assert [effect.selection for effect in found] == pytest.approx(
        [0.0804, 0.0018, 0.0385], abs=1e-4
    )


@given(held=markets)
def test_effects_sum_to_the_excess(held: Held) -> None:
    found = effects(held)
    total = sum(effect.allocation + effect.selection + effect.cost for effect in found)
    excess, size = _excess(held)
    assert total == pytest.approx(excess, abs=1e-12 * size)


@given(held=markets, bars_a_year=st.sampled_from([12.0, 52.0, 252.0]))
def test_effects_a_year_sum_to_the_difference_of_compound_rates(
    held: Held, bars_a_year: float
) -> None:
    bars = bar_effects(held)
    power = bars_a_year / len(bars.strategy)
    rates = [float(np.prod(1.0 + part)) ** power for part in (bars.strategy, bars.reference)]
    total = sum(
        effect.allocation + effect.selection + effect.cost
        for effect in effects(held, bars_a_year=bars_a_year)
    )
    assert total == pytest.approx(rates[0] - rates[1], rel=1e-9, abs=1e-11 * max(1.0, *rates))


@given(held=markets)
def test_holding_the_reference_has_no_effect_but_cost(held: Held) -> None:
    same = Held(held.reference, held.reference, held.base, None, held.costs)
    for effect in effects(same):
        assert effect.allocation == effect.selection == 0.0
        assert effect.cost <= 0.0


@given(held=markets)
def test_bets_that_never_vary_leave_nothing_to_timing(held: Held) -> None:
    bets = held.weights.iloc[0] - held.reference.iloc[0]
    still = Held(held.reference + bets, held.reference, held.returns, held.reference_returns)
    for effect in effects(still):
        assert effect.static is not None
        assert effect.allocation == pytest.approx(effect.static, abs=1e-12)


def test_a_bet_that_changes_sides_is_timing() -> None:
    index = pd.date_range("2020-01-31", periods=2, freq="ME")
    returns = pd.DataFrame({"a": [0.1, -0.1], "b": [-0.1, 0.1]}, index=index)
    weights = pd.DataFrame({"a": [1.0, 0.0], "b": [0.0, 1.0]}, index=index)
    found = effects(Held(weights, weights * 0.0 + 0.5, returns))
    assert [effect.static for effect in found] == pytest.approx([0.0, 0.0], abs=1e-15)
    assert sum(effect.allocation for effect in found) == pytest.approx(1.1**2 - 1.0)


def test_the_standing_part_is_what_the_mean_bet_earned() -> None:
    index = pd.date_range("2020-01-31", periods=2, freq="ME")
    returns = pd.DataFrame({"a": [0.2, 0.1], "b": [0.0, 0.0]}, index=index)
    weights = pd.DataFrame({"a": [0.9, 0.5], "b": [0.1, 0.5]}, index=index)
    held = Held(weights, weights * 0.0 + 0.5, returns)
    bars = bar_effects(held)
    link = linking(bars.strategy, bars.reference, bars_a_year=None)
    found = effects(held)
    assert found[0].static == pytest.approx(0.2 * (link[0] * 0.1 + link[1] * 0.05))
    assert found[0].allocation == pytest.approx(0.4 * link[0] * 0.1)


def test_a_sector_that_is_one_series_has_no_selection(bacon: Held) -> None:
    single = Held(bacon.weights, bacon.reference, bacon.base)
    assert [effect.selection for effect in effects(single)] == [0.0, 0.0, 0.0]


def test_the_order_of_bars_changes_nothing(bacon: Held) -> None:
    back = Held(
        *(f.iloc[::-1] for f in (bacon.weights, bacon.reference, bacon.returns, bacon.base))
    )
    first, second = (effects(each) for each in (bacon, back))
    for one, other in zip(first, second, strict=True):
        assert one.allocation == pytest.approx(other.allocation, abs=1e-15)


def test_what_is_not_invested_is_a_bet_of_its_own() -> None:
    index = pd.DatetimeIndex(["2020-01-31"])
    frames = [pd.DataFrame({"a": [x], "b": [y]}, index=index) for x, y in
              ((0.5, 0.0), (0.5, 0.5), (-0.2, -0.1))]  # fmt: skip
    found = {effect.sector: effect for effect in effects(Held(*frames))}
    assert list(found) == ["a", "b", UNINVESTED]
    assert found[UNINVESTED].allocation == pytest.approx(0.5 * 0.15)
    assert found["b"].allocation == pytest.approx(-0.5 * (-0.1 + 0.15))
    assert found["a"].allocation == 0.0


def test_a_sector_before_its_listing_has_no_effect() -> None:
    index = pd.date_range("2020-01-31", periods=2, freq="ME")
    returns = pd.DataFrame({"a": [0.1, 0.2], "b": [np.nan, 0.1]}, index=index)
    weights = pd.DataFrame({"a": [1.0, 0.4], "b": [0.0, 0.6]}, index=index)
    reference = pd.DataFrame({"a": [1.0, 0.5], "b": [0.0, 0.5]}, index=index)
    bars = bar_effects(Held(weights, reference, returns))
    assert bars.allocation[0] == pytest.approx([0.0, 0.0])
    assert bars.allocation[1] == pytest.approx([-0.1 * 0.05, 0.1 * -0.05])
    assert bars.leads[0].tolist() == [0.0, 0.0]


@pytest.mark.parametrize("name", ["reference", "returns", "costs"])
def test_frames_that_do_not_align_are_refused(bacon: Held, name: str) -> None:
    wrong = bacon.weights.iloc[1:]
    frames = {"reference": bacon.reference, "returns": bacon.returns, name: wrong}
    with pytest.raises(ValueError, match=rf"^{name}: must have the bars"):
        Held(weights=bacon.weights, **frames)


def test_a_holding_without_a_return_is_named(bacon: Held) -> None:
    returns = bacon.returns.copy()
    returns.iloc[2, 1] = np.nan
    with pytest.raises(ValueError, match="japan is held on 2016-09-30"):
        Held(bacon.weights, bacon.reference, returns)


def test_a_weight_that_is_missing_is_refused(bacon: Held) -> None:
    with pytest.raises(ValueError, match=r"^weights: must not be NaN"):
        Held(bacon.weights * np.nan, bacon.reference, bacon.returns)


def test_a_total_loss_cannot_be_linked() -> None:
    with pytest.raises(ValueError, match="every return above -1"):
        linking(np.array([-1.0]), np.array([0.0]), bars_a_year=None)


def test_no_bars_cannot_be_linked() -> None:
    with pytest.raises(ValueError, match="at least one bar"):
        linking(np.array([]), np.array([]), bars_a_year=None)
