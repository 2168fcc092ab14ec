from datetime import date

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from core.records.universe import Frequency
from core.rotation.quadrants import rotations
from core.rotation.spells import RotationTale, rotation_tales

SINCE = date(2020, 6, 1)
UP = ("LEADING", "IMPROVING")


def market(seed: int, n_days: int = 400, missing: float = 0.0) -> tuple[pd.DataFrame, pd.Series]:
    rng = np.random.default_rng(seed)
    levels = 80 * np.exp(rng.normal(0.0, 0.02, (n_days, 4)).cumsum(axis=0))
    levels[:, :3][rng.random((n_days, 3)) < missing] = np.nan
    dates = pd.bdate_range("2020-01-01", periods=n_days)
    closes = pd.DataFrame(levels[:, :3], index=dates, columns=["a", "b", "c"])
    return closes, pd.Series(levels[:, 3], index=dates)


def tales(
    closes: pd.DataFrame,
    benchmark: pd.Series,
    *,
    as_of: date | None = None,
    frequency: Frequency = "daily",
    since: date = SINCE,
) -> dict[str, RotationTale]:
    last = as_of or closes.index[-1].date()
    return rotation_tales(closes, benchmark, frequency=frequency, since=since, as_of=last)


def of_strength(strength: np.ndarray, since_bar: int = 0) -> RotationTale:
    dates = pd.bdate_range("2020-01-01", periods=len(strength))
    closes = pd.DataFrame({"tech": strength}, index=dates)
    one = pd.Series(1.0, index=dates)
    return tales(closes, one, since=dates[since_bar].date())["tech"]


@given(seed=st.integers(0, 10_000), missing=st.sampled_from([0.0, 0.02]))
@settings(max_examples=40)
def test_stays_tell_every_bar_that_has_a_quadrant_once_and_in_order(
    seed: int, missing: float
) -> None:
    for tale in tales(*market(seed, missing=missing)).values():
        assert sum(spell.bars_count for spell in tale.spells) == len(tale.path)
        ends = [(spell.entered, spell.left) for spell in tale.spells]
        assert ends == sorted(ends)
        assert all(point.period >= SINCE for point in tale.path)
        if not missing:
            pairs = zip(tale.spells, tale.spells[1:], strict=False)
            assert all(one.quadrant != other.quadrant for one, other in pairs)


@given(seed=st.integers(0, 10_000))
@settings(max_examples=40)
def test_a_peak_is_the_furthest_bar_on_the_quadrants_own_side(seed: int) -> None:
    for tale in tales(*market(seed)).values():
        for spell in tale.spells:
            stay = [p for p in tale.path if spell.entered <= p.period <= spell.left]
            momenta = [point.rs_momentum_index for point in stay]
            extreme = max(momenta) if spell.quadrant in UP else min(momenta)
            assert spell.momentum_peak_index == extreme
            assert stay[momenta.index(extreme)].period == spell.momentum_peak_period
            later = [p for p in stay if p.period > spell.momentum_peak_period]
            if not later:
                assert (spell.momentum_turn_index, spell.momentum_turn_period) == (None, None)
                continue
            nearest = min(later, key=lambda point: abs(point.rs_momentum_index - 100.0))
            assert spell.momentum_turn_period == nearest.period
            assert spell.momentum_turn_index == nearest.rs_momentum_index
            ratios = [point.rs_ratio_index for point in stay]
            assert (spell.ratio_low_index, spell.ratio_high_index) == (min(ratios), max(ratios))
            assert (spell.ratio_last_index, spell.momentum_last_index) == (ratios[-1], momenta[-1])


@pytest.mark.parametrize("frequency", ["daily", "weekly", "monthly"])
def test_the_last_stay_is_where_the_map_shows_the_sector(frequency: Frequency) -> None:
    closes, benchmark = market(3, 1200)
    day = closes.index[-2].date()
    placed = rotations(closes, benchmark, frequency=frequency, as_of=day)
    for sector, tale in tales(closes, benchmark, as_of=day, frequency=frequency).items():
        spot, last = placed[sector], tale.spells[-1]
        assert spot is not None
        assert last.running
        assert not any(spell.running for spell in tale.spells[:-1])
        assert (last.quadrant, last.left) == (spot.quadrant, spot.period)
        assert last.bars_count == spot.dwell_count
        assert tale.path[-8:] == spot.tail


@given(seed=st.integers(0, 10_000), cut=st.integers(150, 399))
@settings(max_examples=30)
def test_a_told_past_never_changes_with_what_came_later(seed: int, cut: int) -> None:
    closes, benchmark = market(seed, missing=0.01)
    day = closes.index[cut - 1].date()
    assert tales(closes[:cut], benchmark[:cut], as_of=day) == tales(closes, benchmark, as_of=day)


def test_a_gap_ends_a_stay_and_none_runs_on_after_it() -> None:
    strength = np.exp(np.linspace(0.0, 0.4, 80) ** 2)
    whole = of_strength(strength)
    assert [spell.running for spell in whole.spells] == [True]
    strength[-1] = np.nan
    (cut,) = of_strength(strength).spells
    assert not cut.running
    assert cut.bars_count == whole.spells[0].bars_count - 1


def test_a_span_cuts_the_stay_it_begins_in() -> None:
    strength = np.exp(np.linspace(0.0, 0.4, 80) ** 2)
    (whole,), (late,) = of_strength(strength).spells, of_strength(strength, 70).spells
    assert (late.bars_count, late.left) == (10, whole.left)
    assert late.entered > whole.entered


def test_a_series_that_is_too_short_has_no_tale() -> None:
    assert of_strength(np.ones(37)) == RotationTale(path=(), spells=())
    assert len(of_strength(np.ones(38)).path) == 1
