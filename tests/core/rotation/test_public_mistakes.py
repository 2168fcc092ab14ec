"""Mistakes found in public code, each shown to break a property that ours keeps."""

from collections.abc import Callable
from datetime import date

import numpy as np
import pandas as pd
import pytest

from core.rotation.bars import to_bars
from core.rotation.rrg import relative_rotation

Axis = Callable[[pd.Series], pd.Series]
DATES = pd.bdate_range("2015-01-01", periods=800)
NOISE = np.random.default_rng(7).normal(0.0, 0.02, len(DATES))
WALK = pd.Series(np.exp(NOISE.cumsum()), index=DATES)
WAVE = pd.Series(1 + 0.05 * np.sin(2 * np.pi * np.arange(len(DATES)) / 80), index=DATES)
FLAT = pd.Series(1.0, index=DATES)


def ours_ratio(strength: pd.Series) -> pd.Series:
    one = pd.Series(1.0, index=strength.index)
    return relative_rotation(strength.to_frame("x"), one).rs_ratio["x"]


def ours_momentum(strength: pd.Series) -> pd.Series:
    one = pd.Series(1.0, index=strength.index)
    return relative_rotation(strength.to_frame("x"), one).rs_momentum["x"]


def z14(values: pd.Series) -> pd.Series:
    window = values.rolling(14)
    return (values - window.mean()) / window.std(ddof=0)


def full_sample(strength: pd.Series) -> pd.Series:
    return 100 + (strength - strength.mean()) / strength.std()


def plus_one(strength: pd.Series) -> pd.Series:
    return 100 + z14(strength) + 1


def centred_on_101(strength: pd.Series) -> pd.Series:
    ratio = 100 + z14(strength)
    return 101 + z14(100 * (ratio / ratio.dropna().iloc[0] - 1))


def is_future_blind(axis: Axis) -> bool:
    return np.allclose(axis(WALK)[:500], axis(WALK[:500]), rtol=0, atol=1e-9, equal_nan=True)


def is_centred(axis: Axis) -> bool:
    """Over whole waves around the benchmark, a series is as often ahead as behind."""
    return abs(float(axis(WAVE).to_numpy()[-640:].mean()) - 100) < 0.2


@pytest.mark.parametrize("axis", [ours_ratio, ours_momentum])
def test_both_axes_are_blind_to_the_future(axis: Axis) -> None:
    assert is_future_blind(axis)
    assert not is_future_blind(full_sample)


@pytest.mark.parametrize("axis", [ours_ratio, ours_momentum])
@pytest.mark.parametrize("mistaken", [plus_one, centred_on_101])
def test_both_axes_are_centred_on_one_hundred(axis: Axis, mistaken: Axis) -> None:
    assert is_centred(axis)
    assert not is_centred(mistaken)


def test_momentum_is_not_the_ratio_said_twice() -> None:
    ratio = 100 + z14(WALK)
    against_fixed_bar = z14(100 * (ratio / ratio.dropna().iloc[0] - 1))
    np.testing.assert_allclose(against_fixed_bar, z14(ratio), rtol=0, atol=1e-6, equal_nan=True)
    both = pd.concat([z14(ours_ratio(WALK)), z14(ours_momentum(WALK))], axis=1).dropna()
    assert np.corrcoef(both.to_numpy().T)[0, 1] < 0.95


def test_momentum_leads_the_ratio() -> None:
    ratio, momentum = (axis(WAVE).iloc[-160:-80] for axis in (ours_ratio, ours_momentum))
    lead = int(np.argmax(ratio)) - int(np.argmax(momentum))
    assert 10 <= lead % 80 <= 30


@pytest.mark.parametrize("axis", [ours_ratio, ours_momentum])
def test_a_series_that_moves_with_its_benchmark_is_at_one_hundred(axis: Axis) -> None:
    np.testing.assert_allclose(axis(FLAT).dropna(), 100.0, rtol=0, atol=1e-9)
    assert not np.isfinite(100 + z14(FLAT)).any()


def test_no_bar_carries_a_date_of_the_future() -> None:
    as_of = date(2015, 1, 6)
    past = WALK.to_frame("x").loc[: str(as_of)]
    assert to_bars(past, "weekly", as_of=as_of).closes.index[-1] == pd.Timestamp(as_of)
    assert past.resample("W-FRI").last().index[-1] > pd.Timestamp(as_of)


def test_a_dividend_on_one_side_only_is_not_strength() -> None:
    yield_a_week = 0.02 / 52
    total = WALK * (1 + yield_a_week) ** np.arange(len(WALK))
    mixed = relative_rotation(total.to_frame("x"), WALK).rs_ratio["x"].dropna()
    alike = relative_rotation(total.to_frame("x"), total).rs_ratio["x"].dropna()
    assert (mixed - 100).mean() == pytest.approx(0.385, abs=0.01)
    np.testing.assert_allclose(alike, 100.0, rtol=0, atol=1e-9)
