"""The demo's planted drifts are found: as well as by a filter that knows how they were drawn."""

from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from app.data import open_store, prepare
from app.files.universes import load_universes
from app.settings import Settings
from core.forecast.dataset import HORIZON_SESSIONS
from core.forecast.skill import rank_ic
from core.records.universe import Horizon
from tools.sources.demo import SEED
from tools.sources.demo_market import (
    DRIFT_SD,
    PERSISTENCE,
    SECTOR_SD,
    STOCK_SD,
    demo_market,
)
from tools.storage.models import ModelStore
from tools.storage.panels import market_panels

STOCKS_EACH = 5
"""Of a sector on average; a sector's own noise is that of its basket."""


@dataclass(frozen=True)
class Found:
    """Mean IC of the forecast, of the drift itself, and of the best filter of returns."""

    forecast: float
    drift: float
    filtered: float


def found(home: Path, horizon: Horizon) -> Found:
    universe = load_universes()["demo"]
    panels = market_panels(open_store(Settings(home=home)), universe)
    model = ModelStore(home).load("demo")
    assert model is not None
    outcomes = [row for row in model.outcomes if row.horizon == horizon]
    market = demo_market(universe, np.random.Generator(np.random.PCG64(SEED)))
    closes = panels.sectors.closes[list(universe.sector_ids)]
    index = pd.DatetimeIndex(closes.index)
    rows = index.get_indexer(pd.DatetimeIndex([row.decided for row in outcomes]))
    after = closes.to_numpy()[rows + HORIZON_SESSIONS[horizon]] / closes.to_numpy()[rows] - 1.0
    planted = market.drifts[market.sessions.searchsorted(index[rows])]
    return Found(
        forecast=float(np.mean([row.ic for row in outcomes])),
        drift=float(np.nanmean(rank_ic(planted, after))),
        filtered=float(np.nanmean(rank_ic(_filtered(closes)[rows], after))),
    )


def _filtered(closes: pd.DataFrame) -> np.ndarray:
    """Return the steady-state filter of Kalman (1960) of a drift of the planted size and memory."""
    returns = closes.pct_change().fillna(0.0).to_numpy()
    excess = returns - returns.mean(axis=1, keepdims=True)
    noise = SECTOR_SD**2 + STOCK_SD**2 / STOCKS_EACH
    shock = DRIFT_SD**2 * (1.0 - PERSISTENCE**2)
    spread, gain = shock, 0.0
    for _ in range(1000):
        gain = spread / (spread + noise)
        spread = PERSISTENCE**2 * spread * (1.0 - gain) + shock
    state, states = np.zeros(excess.shape[1]), np.zeros(excess.shape)
    for row, seen in enumerate(excess):
        state = PERSISTENCE * state + gain * (seen - PERSISTENCE * state)
        states[row] = state
    return states


@pytest.fixture(scope="module")
def packaged_home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A home with the synthetic market, fitted with all that is packaged."""
    home = tmp_path_factory.mktemp("packaged")
    settings = Settings(home=home, views="packaged")
    prepare(settings, load_universes()["demo"], tell=lambda _: None)
    return home


@pytest.mark.parametrize("horizon", ["1W", "1M"])
def test_the_forecast_finds_what_was_planted(packaged_home: Path, horizon: Horizon) -> None:
    ics = found(packaged_home, horizon)
    assert ics.filtered > 0.05
    assert 0.8 * ics.filtered < ics.forecast < ics.drift
