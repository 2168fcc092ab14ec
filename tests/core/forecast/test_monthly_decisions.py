import numpy as np
import pandas as pd
import pytest

from core.forecast.dataset import monthly_decision_set
from core.forecast.unit_features import Bars, unit_features

N_MONTHS, LISTED = 60, 24
EARLY, LATE = ("a", "b", "c"), "z"


def returns() -> pd.DataFrame:
    """Monthly returns of three sectors from the start and one listed later."""
    cells = np.random.default_rng(5).normal(0.01, 0.05, (N_MONTHS, 4))
    cells[:LISTED, 3] = np.nan
    dates = pd.date_range("2001-01-31", periods=N_MONTHS, freq="ME")
    return pd.DataFrame(cells, index=dates, columns=[*EARLY, LATE])


def test_a_sector_has_no_feature_before_it_is_listed() -> None:
    decisions = monthly_decision_set(returns())
    units = decisions.units[0]
    # Row LISTED is the month end before the first return, whose level is the base.
    assert np.isnan(units.x[:LISTED, 3]).all()
    assert np.isfinite(units.x[LISTED:, 3]).max(axis=1).all()
    assert not units.known[: LISTED + 3, 3].any()
    assert units.known[LISTED + 3 :, 3].all()
    assert np.isnan(decisions.labels["1M"].excess[:LISTED, 3]).all()


def test_the_first_return_counts() -> None:
    told = returns()
    decisions = monthly_decision_set(told)
    assert decisions.dates[0] == pd.Timestamp("2000-12-31")
    assert decisions.labels["1M"].ends[0] == np.datetime64("2001-01-31")
    assert decisions.steps[0, :3] == pytest.approx(told.iloc[0, :3].to_numpy())
    first = told.iloc[LISTED]
    assert decisions.labels["1M"].excess[LISTED] == pytest.approx(100.0 * (first - first.mean()))
    units = decisions.units[0]
    assert np.isfinite(units.x[3, :3, units.features.index("momentum_3")]).all()


def test_levels_are_the_returns_put_together() -> None:
    told = returns()
    decisions = monthly_decision_set(told[[LATE, *reversed(EARLY)]])
    assert decisions.sectors == (*EARLY, LATE)
    closes = decisions.units[0].closes
    assert np.isnan(closes[:LISTED, 3]).all()
    assert closes[LISTED, 3] == 1.0
    assert closes[1:] / closes[:-1] - 1.0 == pytest.approx(told.to_numpy(), nan_ok=True)
    plain = unit_features(Bars(closes, month=1, week=0), np.arange(N_MONTHS))
    grown = float(np.prod(1.0 + told[EARLY[0]].to_numpy()[:12])) - 1.0
    assert plain["momentum_12"][12, 0] == pytest.approx(grown)


def test_later_months_change_no_decision() -> None:
    told = returns()
    whole, part = monthly_decision_set(told), monthly_decision_set(told.iloc[:40])
    assert np.array_equal(whole.units[0].x[:40], part.units[0].x, equal_nan=True)
