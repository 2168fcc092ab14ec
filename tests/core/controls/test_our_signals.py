"""Everything we compute from history passes the audit we offer for others' signals."""

from collections.abc import Callable
from dataclasses import replace
from datetime import date
from functools import cache

import numpy as np
import pandas as pd
import pytest

from app.files.universes import load_universes
from core.audit.cuts import audit_cuts
from core.audit.factors import factor_signal
from core.audit.leaks import leaks
from core.backtest.return_panel import ReturnPanel
from core.backtest.strategies import signal_scores
from core.forecast.units import unit_sets
from core.markets.basket import sector_baskets
from core.panel import MarketPanels
from core.rotation.bars import to_bars
from core.rotation.rrg import relative_rotation
from core.signals.trailing import week_ends
from tests.core.market import Spec, market
from tools.sources.demo import demo_frames
from tools.storage.panels import panels_from_frames

Signal = Callable[[MarketPanels], pd.DataFrame]


@cache
def toy() -> MarketPanels:
    return market()


@cache
def demo() -> MarketPanels:
    universe = load_universes()["demo"]
    return panels_from_frames(universe, demo_frames(universe))


def cuts_of(panels: MarketPanels, count: int, seed: int = 0) -> tuple[date, ...]:
    index = panels.sectors.closes.index
    return audit_cuts(panels, count=count, seed=seed, since=index[len(index) // 3].date())


def member_features(panels: MarketPanels) -> pd.DataFrame:
    """Return what learners see of every unit on each week's last session."""
    index = pd.DatetimeIndex(panels.sectors.closes.index)
    rows = week_ends(index)
    parts = []
    for units in unit_sets(panels, rows):
        cells = units.x.reshape(len(rows), -1)
        columns = [f"{units.kind} {place}" for place in range(cells.shape[1])]
        weights = pd.DataFrame(units.weight, index=index[rows]).add_prefix(f"{units.kind} weight ")
        parts += [pd.DataFrame(cells, index=index[rows], columns=columns), weights]
    return pd.concat(parts, axis=1)


def baskets(panels: MarketPanels) -> pd.DataFrame:
    assert panels.stocks is not None
    assert panels.members is not None
    built = sector_baskets(panels.stocks, panels.members, panels.universe)
    return pd.concat([built.sectors.closes, built.benchmark.closes, built.weights], axis=1)


def weekly_rotation(panels: MarketPanels) -> pd.DataFrame:
    closes = to_bars(panels.sectors.closes, "weekly", as_of=panels.last).closes
    mark = to_bars(panels.benchmark.closes, "weekly", as_of=panels.last).closes.iloc[:, 0]
    frames = relative_rotation(closes, mark)
    return pd.concat(
        [frames.rs_ratio.add_prefix("ratio "), frames.rs_momentum.add_prefix("momentum ")], axis=1
    )


def strategies(panels: MarketPanels) -> pd.DataFrame:
    """Return the scores of every rule a backtest knows by name."""
    closes = panels.sectors.closes.ffill()
    returns = ReturnPanel(closes.pct_change(fill_method=None).iloc[1:])
    names = ("momentum:12-1", "momentum:1", "combo", "volatility:3", "reversal:1", "leading")
    parts = [
        pd.DataFrame(
            signal_scores(name, returns).values, index=returns.dates, columns=returns.sectors
        ).add_prefix(f"{name} ")
        for name in names
    ]
    return pd.concat(parts, axis=1)


SIGNALS: dict[str, Signal] = {
    "member features": member_features,
    "baskets": baskets,
    "weekly rotation": weekly_rotation,
    "strategies": strategies,
}


def test_no_factor_sees_the_future() -> None:
    cuts = cuts_of(toy(), 4)
    assert leaks(factor_signal(toy(), cuts=cuts), toy(), cuts=cuts) == ()


@pytest.mark.parametrize("name", SIGNALS)
def test_nothing_else_we_compute_sees_the_future(name: str) -> None:
    assert leaks(SIGNALS[name], toy(), cuts=cuts_of(toy(), 6)) == ()


@pytest.mark.prove
@pytest.mark.timeout(1800)
@pytest.mark.parametrize("seed", [1, 2])
def test_no_factor_sees_the_future_at_many_cuts(seed: int) -> None:
    panels = market(Spec(seed=seed, gap_share=0.03))
    cuts = cuts_of(panels, 60, seed)
    assert leaks(factor_signal(panels, cuts=cuts), panels, cuts=cuts) == ()


@pytest.mark.prove
@pytest.mark.timeout(1800)
@pytest.mark.parametrize("name", SIGNALS)
def test_nothing_else_sees_the_future_at_many_cuts_of_the_demo(name: str) -> None:
    assert leaks(SIGNALS[name], demo(), cuts=cuts_of(demo(), 40)) == ()


@pytest.mark.prove
@pytest.mark.timeout(1800)
def test_no_factor_sees_the_future_of_the_demo() -> None:
    cuts = cuts_of(demo(), 40)
    assert leaks(factor_signal(demo(), cuts=cuts), demo(), cuts=cuts) == ()


def test_the_store_builds_the_past_from_what_was_known_then() -> None:
    """Panels built of the rows known at a date are the panels cut there, cell by cell."""
    universe = load_universes()["demo"]
    frames = demo_frames(universe)
    cut = demo().sectors.closes.index[900].date()
    known = {
        name: rows[rows["known_at"] <= pd.Timestamp(cut)] if "known_at" in rows else rows
        for name, rows in frames.items()
    }
    early, whole = panels_from_frames(universe, known), demo().until(cut)
    assert early.stocks is not None
    assert whole.stocks is not None
    for was, now in (
        (early.sectors, whole.sectors),
        (early.benchmark, whole.benchmark),
        (early.stocks, whole.stocks),
    ):
        pd.testing.assert_frame_equal(was.closes, now.closes, check_exact=True)
    late = replace(demo(), macro=early.macro)
    assert late.macro is not None
    assert whole.macro is not None
    assert np.array_equal(late.macro.rows["value"].to_numpy(), whole.macro.rows["value"].to_numpy())
