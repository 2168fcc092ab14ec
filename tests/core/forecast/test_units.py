from dataclasses import replace

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from core.forecast.unit_features import Bars, unit_features
from core.forecast.units import ranks, series_units, unit_sets
from core.panel import PricePanel, Table
from core.signals.membership import NO_SECTOR
from core.signals.trailing import week_ends
from tests.core.market import Spec, market


def _walk(n_bars: int, n_units: int, seed: int = 3) -> np.ndarray:
    steps = np.random.default_rng(seed).normal(0.0, 0.01, (n_bars, n_units))
    return np.asarray(100.0 * np.exp(np.cumsum(steps, axis=0)))


def test_features_are_what_their_formulas_say() -> None:
    closes = _walk(900, 4)
    values = np.random.default_rng(5).uniform(1.0, 9.0, closes.shape)
    bars = Bars(closes, month=21, week=5, values=values, nets=0.1 * values)
    row = 880
    found = {name: cells[0] for name, cells in unit_features(bars, np.array([row])).items()}
    returns = closes[1:] / closes[:-1] - 1.0
    year = returns[row - 252 : row]
    wanted = {
        "momentum_1": closes[row] / closes[row - 21] - 1.0,
        "momentum_12": closes[row] / closes[row - 252] - 1.0,
        "momentum_12_1": closes[row - 21] / closes[row - 252] - 1.0,
        "momentum_week": closes[row] / closes[row - 5] - 1.0,
        "reversal_36_12": closes[row - 252] / closes[row - 756] - 1.0,
        "volatility_12": year.std(axis=0),
        "high_12": closes[row] / closes[row - 251 : row + 1].max(axis=0),
        "trend": closes[row - 20 : row + 1].mean(axis=0) / closes[row - 251 : row + 1].mean(axis=0),
        "volume_anomaly": np.log(
            values[row - 4 : row + 1].mean(axis=0) / values[row - 62 : row + 1].mean(axis=0)
        ),
        "foreign_21": np.full(4, 0.1),
    }
    wanted["calm_momentum"] = wanted["momentum_12"] / wanted["volatility_12"]
    common = year.mean(axis=1)
    wanted["beta"] = (year * common[:, None]).mean(axis=0) / (common**2).mean()
    for name, value in wanted.items():
        assert found[name] == pytest.approx(value, rel=1e-9), name


def test_a_season_is_the_mean_of_the_coming_month_in_earlier_years() -> None:
    closes = _walk(6 * 12 + 2, 3)
    row = 6 * 12
    found = unit_features(Bars(closes, month=1, week=0), np.array([row]))["season"][0]
    past = [closes[row - 12 * k + 1] / closes[row - 12 * k] - 1.0 for k in range(1, 6)]
    assert found == pytest.approx(np.mean(past, axis=0))


@settings(max_examples=15, deadline=None)
@given(row=st.integers(300, 890), seed=st.integers(0, 5))
def test_later_bars_change_no_bit_of_a_feature(row: int, seed: int) -> None:
    closes = _walk(900, 3, seed)
    closes[400:420, 1] = np.nan
    values = np.random.default_rng(seed).uniform(0.0, 9.0, closes.shape)
    whole = unit_features(Bars(closes, 21, 5, values=values, nets=values), np.array([row]))
    cut = slice(0, row + 1)
    early = Bars(closes[cut], 21, 5, values=values[cut], nets=values[cut])
    for name, cells in unit_features(early, np.array([row])).items():
        assert np.array_equal(cells, whole[name], equal_nan=True), name


def test_ranks_are_centred_and_missing_cells_stay_missing() -> None:
    found = ranks(np.array([[3.0, 1.0, np.nan, 1.0]]))
    assert found[0] == pytest.approx([1 / 3, -1 / 6, np.nan, -1 / 6], nan_ok=True)


def test_a_sector_is_the_weighted_mean_of_its_members() -> None:
    panels = market(Spec(n_sessions=400))
    rows = week_ends(pd.DatetimeIndex(panels.sectors.closes.index))[-3:]
    members = unit_sets(panels, rows)[1]
    values = np.random.default_rng(1).normal(size=members.codes.shape)
    found = members.by_sector(values)
    for place in range(len(members.sectors)):
        inside = members.codes[-1] == place
        weight = members.weight[-1][inside]
        assert found[-1, place] == pytest.approx(np.average(values[-1][inside], weights=weight))


def test_a_stock_outside_every_sector_has_no_rank_and_no_outcome() -> None:
    panels = market(Spec(n_sessions=400))
    rows = week_ends(pd.DatetimeIndex(panels.sectors.closes.index))[-20:-10]
    members = unit_sets(panels, rows)[1]
    outside = members.codes == NO_SECTOR
    assert np.isnan(members.x[outside]).all()
    assert np.isnan(members.outcomes(5)[outside]).all()


def test_an_outcome_needs_the_close_it_ends_on() -> None:
    closes = _walk(300, 3)
    rows = np.arange(280, 300)
    dates = pd.bdate_range("2020-01-01", periods=300)[rows]
    units = series_units(Bars(closes, 21, 5), dates, ("a", "b", "c"), rows)
    outcomes = units.outcomes(10)
    assert np.isfinite(outcomes[:10]).all()
    assert np.isnan(outcomes[10:]).all()
    wanted = np.argsort(np.argsort(closes[290] / closes[280]))
    assert outcomes[0] == pytest.approx((wanted + 0.5) / 3 - 0.5)


def test_a_stock_that_joins_later_changes_no_bit_of_the_others_past() -> None:
    panels = market(Spec(n_sessions=700))
    index = pd.DatetimeIndex(panels.sectors.closes.index)
    assert panels.members is not None
    rows = panels.members.rows
    late = rows["symbol"].isin(["AU1", "BA2"])
    moved = rows.assign(start=rows["start"].mask(late, index[600]))
    joined = replace(panels, members=Table("members", moved))
    weeks = week_ends(index[:500])[:-1]
    whole, early = (
        unit_sets(known, weeks)[1] for known in (joined, joined.until(index[499].date()))
    )
    shared = [name for name in early.names if name in whole.names]
    assert "AU1" not in early.names
    places = [[units.names.index(name) for name in shared] for units in (whole, early)]
    assert np.array_equal(whole.x[:, places[0]], early.x[:, places[1]], equal_nan=True)


def test_a_stock_that_lists_later_changes_no_bit_of_the_others_past() -> None:
    """Its sector is known from the classification long before anybody can trade it."""
    panels = market(Spec(n_sessions=700))
    assert panels.stocks is not None
    index = pd.DatetimeIndex(panels.sectors.closes.index)
    frames = {
        name: getattr(panels.stocks, name).copy()
        for name in ("closes", "volumes", "values", "put_throughs")
    }
    for frame in frames.values():
        frame.loc[: index[599], ["AU1", "BA2"]] = np.nan
    young = replace(panels, stocks=PricePanel(**frames))
    assert young.stocks is not None
    weeks = week_ends(index[:500])[:-1]
    absent = young.stocks.only([str(n) for n in young.stocks.closes if n not in {"AU1", "BA2"}])
    whole, early = (unit_sets(known, weeks)[1] for known in (young, replace(young, stocks=absent)))
    assert set(whole.names) - set(early.names) == {"AU1", "BA2"}
    places = [whole.names.index(name) for name in early.names]
    assert np.array_equal(whole.x[:, places], early.x, equal_nan=True)
    assert np.isnan(whole.x[:, whole.names.index("AU1")]).all()


def test_months_before_a_listing_are_no_months_without_trading() -> None:
    panels = market(Spec(n_sessions=700))
    assert panels.stocks is not None
    closes, values = panels.stocks.closes.copy(), panels.stocks.values.copy()
    closes.iloc[:600, 0], values.iloc[:600, 0] = np.nan, np.nan
    young = replace(panels, stocks=replace(panels.stocks, closes=closes, values=values))
    index = pd.DatetimeIndex(panels.sectors.closes.index)
    members = unit_sets(young, week_ends(index)[-3:-1])[1]
    column = members.names.index(str(closes.columns[0]))
    assert np.isnan(members.x[:, column, members.features.index("volume_trend")]).all()
