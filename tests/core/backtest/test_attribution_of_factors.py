import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st
from numpy.typing import NDArray

from core.backtest.attribution import Held, effects
from core.backtest.factor_bets import LIMITS, factor_effects, in_force

FACTORS = ("momentum", "value", "flow")


def _row(*values: float) -> pd.DataFrame:
    """Return one bar of so many sectors."""
    index = pd.DatetimeIndex(["2020-01-31"])
    return pd.DataFrame([values], index=index, columns=list("abc")[: len(values)])


def _made(seed: int, *, sectors: int = 5, bars: int = 30) -> tuple[Held, dict[str, pd.DataFrame]]:
    """Return bets that are half the centred score, and the score's parts."""
    rng = np.random.default_rng(seed)
    index = pd.date_range("2020-01-31", periods=bars, freq="ME")
    names = [f"s{place}" for place in range(sectors)]

    def frame(values: NDArray[np.float64]) -> pd.DataFrame:
        return pd.DataFrame(values, index=index, columns=names)

    parts = {name: frame(rng.normal(0.0, 0.1, (bars, sectors))) for name in FACTORS}
    score = sum(parts.values(), frame(np.zeros((bars, sectors))))
    reference = frame(np.full((bars, sectors), 1.0 / sectors))
    weights = reference + 0.5 * score.sub(score.mean(axis=1), axis=0)
    return Held(weights, reference, frame(rng.normal(0.0, 0.05, (bars, sectors)))), parts


def _allocation(held: Held) -> float:
    return sum(effect.allocation for effect in effects(held))


@given(seed=st.integers(0, 2**32 - 1))
def test_bets_linear_in_the_score_are_split_exactly(seed: int) -> None:
    held, parts = _made(seed)
    found = {effect.factor: effect.effect for effect in factor_effects(held, parts)}
    assert found[LIMITS] == pytest.approx(0.0, abs=1e-12)
    assert sum(found.values()) == pytest.approx(_allocation(held), abs=1e-12)


@given(seed=st.integers(0, 2**32 - 1), top=st.integers(1, 4))
def test_whatever_the_bets_the_parts_sum_to_the_allocation(seed: int, top: int) -> None:
    held, parts = _made(seed)
    score = sum(parts.values(), held.weights * 0.0)
    best = (score.rank(axis=1, ascending=False) <= top).astype(float) / top
    chosen = Held(best, held.reference, held.returns)
    total = sum(effect.effect for effect in factor_effects(chosen, parts))
    assert total == pytest.approx(_allocation(chosen), abs=1e-12)


def test_the_factor_behind_the_bets_gets_their_effect() -> None:
    held, parts = _made(7)
    alone = {**{name: parts[name] * 0.0 for name in FACTORS}, "value": parts["value"]}
    half = 0.5 * parts["value"].sub(parts["value"].mean(axis=1), axis=0)
    bets = Held(held.reference + half, held.reference, held.returns)
    found = {effect.factor: effect.effect for effect in factor_effects(bets, alone)}
    assert found["value"] == pytest.approx(_allocation(bets), abs=1e-12)
    assert found["momentum"] == found["flow"] == 0.0


def test_a_factor_that_bets_the_wrong_way_is_charged() -> None:
    held = Held(_row(0.6, 0.4), _row(0.5, 0.5), _row(0.10, 0.0))
    parts = {"right": _row(0.3, -0.3), "wrong": _row(-0.2, 0.2)}
    found = {effect.factor: effect.effect for effect in factor_effects(held, parts)}
    assert found["right"] == pytest.approx(0.03)
    assert found["wrong"] == pytest.approx(-0.02)
    assert found[LIMITS] == pytest.approx(0.0, abs=1e-15)


def test_bets_without_scores_are_all_limits() -> None:
    held, parts = _made(3)
    blank = {name: frame * np.nan for name, frame in parts.items()}
    found = {effect.factor: effect.effect for effect in factor_effects(held, blank)}
    assert found[LIMITS] == pytest.approx(_allocation(held), abs=1e-15)
    assert not any(found[name] for name in FACTORS)


def test_a_sector_without_scores_does_not_move_the_mean_of_the_others() -> None:
    held = Held(_row(0.5, 0.2, 0.3), _row(0.35, 0.35, 0.3), _row(0.1, 0.0, 0.2))
    found = factor_effects(held, {"momentum": _row(0.4, 0.2, np.nan)})
    assert found[0].effect == pytest.approx(_allocation(held))
    assert found[1].effect == pytest.approx(0.0, abs=1e-15)


def test_a_decision_is_in_force_from_the_bar_after_its_fill() -> None:
    bars = pd.date_range("2020-01-01", periods=6, freq="D")
    decided = pd.DataFrame({"a": [1.0, 2.0]}, index=bars[[0, 3]])
    assert in_force(decided, bars, lag_bars=1)["a"].to_list()[2:] == [1.0, 1.0, 1.0, 2.0]
    assert in_force(decided, bars, lag_bars=1)["a"].isna().sum() == 2
    assert in_force(decided, bars, lag_bars=0)["a"].to_list()[1:] == [1.0, 1.0, 1.0, 2.0, 2.0]


def test_a_missing_contribution_stays_missing_until_the_next_decision() -> None:
    bars = pd.date_range("2020-01-01", periods=4, freq="D")
    decided = pd.DataFrame({"a": [1.0, np.nan]}, index=bars[[0, 2]])
    assert in_force(decided, bars, lag_bars=0)["a"].isna().to_list() == [True, False, False, True]


def test_a_decision_between_bars_is_refused() -> None:
    bars = pd.date_range("2020-01-01", periods=3, freq="D")
    decided = pd.DataFrame({"a": [1.0]}, index=[pd.Timestamp("2019-12-31")])
    with pytest.raises(ValueError, match="at one of the bars"):
        in_force(decided, bars, lag_bars=0)


def test_contributions_of_other_sectors_are_refused() -> None:
    held, parts = _made(1)
    with pytest.raises(ValueError, match=r"^momentum: must have the bars and sectors"):
        factor_effects(held, {"momentum": parts["momentum"].iloc[:, 1:]})
