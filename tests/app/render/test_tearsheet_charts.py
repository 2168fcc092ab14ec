import re

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.render.tear.axes import POINTS, decimal_years, log_scale, thinned, value_scale, year_scale
from app.render.tear.bars import by_factor, by_sector, yearly
from app.render.tear.lines import wealth
from app.render.tear.strips import break_even_strip
from app.render.tear.words import TearWords
from core.records.backtest import Effect, FactorEffect
from tests.app.render.sample_backtest import sample

WORDS = TearWords("en", {})
NUMBERS = st.lists(st.floats(-500.0, 500.0, allow_subnormal=False), min_size=1, max_size=30)


@given(NUMBERS)
def test_an_axis_holds_its_values_between_round_ticks(values: list[float]) -> None:
    scale = value_scale(np.array(values))
    slack = 1e-9 * (scale.high - scale.low)
    assert scale.low - slack <= min(*values, 0.0)
    assert scale.high + slack >= max(*values, 0.0)
    assert 2 <= len(scale.ticks) <= 8
    assert any(abs(tick) < 1e-9 for tick in scale.ticks)


@given(st.floats(0.01, 10.0), st.floats(1.01, 1e5))
def test_a_logarithmic_axis_has_ticks_inside(low: float, ratio: float) -> None:
    scale = log_scale(np.array([low, low * ratio]))
    assert scale.low < low
    assert scale.high > low * ratio
    assert all(scale.low <= tick <= scale.high for tick in scale.ticks)
    assert len(scale.ticks) <= 8


@given(st.integers(1920, 2020), st.integers(0, 100), st.integers(3, 14))
def test_years_are_whole_and_few(first: int, length: int, room: int) -> None:
    scale = year_scale(first + 0.3, first + 0.3 + length, room=room)
    assert all(tick == int(tick) for tick in scale.ticks)
    assert len(scale.ticks) <= room + 1


@given(st.integers(0, 10_000), st.integers(2, 3000))
def test_thinning_keeps_the_ends_and_the_lowest(seed: int, count: int) -> None:
    values = np.random.default_rng(seed).normal(size=count)
    last, low = thinned(values), thinned(values, lowest=True)
    for kept in (last, low):
        assert len(kept) <= POINTS + 1
        assert (kept[0], kept[-1]) == (0, count - 1)
        assert (np.diff(kept) > 0).all()
    assert values[low].min() == values.min()


def test_a_date_is_its_share_of_the_year() -> None:
    found = decimal_years(pd.DatetimeIndex(["2020-01-01", "2020-12-31"]))
    assert found == pytest.approx([2020.003, 2021.002], abs=1e-3)


def test_the_strategy_is_drawn_last_and_widest() -> None:
    each = sample(bars=600)
    svg = wealth(each.series, "It", WORDS, wide=True).svg
    widths = re.findall(r'stroke="(#\w+)" stroke-width="([\d.]+)"', svg)
    assert widths[-1] == ("#1f4e9c", "2.2")


def test_a_bar_of_the_year_is_blue_where_ahead() -> None:
    each = sample(bars=1400)
    ahead = [s.reference is not None and s.strategy >= s.reference for s in each.result.years]
    svg = yearly(each.result.years, WORDS).svg
    fills = re.findall(r'fill="(#1f4e9c|#d9601a)"', svg)
    assert fills == ["#1f4e9c" if good else "#d9601a" for good in ahead]


def test_sectors_stand_in_the_order_of_their_sums() -> None:
    effects = [
        Effect(sector=name, allocation=a, selection=0.0, cost=-0.001, static=a / 2)
        for name, a in (("low", -0.02), ("high", 0.03), ("mid", 0.01))
    ]
    picture = by_sector(effects, WORDS)
    names = re.findall(r">(low|mid|high)<", picture.svg)
    assert names == ["high", "mid", "low"]
    assert [legend.label for legend in picture.legend] == ["standing bet", "timing", "cost"]
    assert "+2.90" in picture.svg
    assert "−2.10" in picture.svg


def test_effects_without_a_standing_part_are_whole_allocations() -> None:
    effects = [Effect(sector="a", allocation=0.01, selection=0.002, cost=0.0)]
    labels = [legend.label for legend in by_sector(effects, WORDS).legend]
    assert labels == ["allocation", "selection"]


def test_what_no_factor_asked_for_stands_last() -> None:
    rows = [("limits", 0.05), ("small", 0.01), ("large", 0.02)]
    effects = [FactorEffect(factor=name, effect=effect) for name, effect in rows]
    names = re.findall(r">(Limits and drift|Small|Large)<", by_factor(effects, WORDS).svg)
    assert names == ["Large", "Small", "Limits and drift"]


def test_the_cost_that_takes_the_lead_is_named() -> None:
    labels = [legend.label for legend in break_even_strip(12.0, 30.5, WORDS).legend]
    assert labels == ["charged 12.0 bp a side", "lead gone at 30.5 bp"]
