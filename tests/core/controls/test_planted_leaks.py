"""Every planted look-ahead is found by the test that is there for it; honest signals raise none."""

from datetime import date
from functools import cache

import numpy as np
import pandas as pd
import pytest

from core.audit.cuts import audit_cuts
from core.audit.leaks import leaks
from core.panel import MarketPanels
from core.records.audit import LeakKind
from tests.core.controls.planted import HONEST, LEAKS, Planted
from tests.core.market import market

CUTS = 12
GAP_SHOWN = {"back-fill", "interpolation"}
"""What shows at a missing cell alone."""


@cache
def toy() -> MarketPanels:
    return market()


def index() -> pd.DatetimeIndex:
    return pd.DatetimeIndex(toy().sectors.closes.index)


def together(panels: MarketPanels) -> pd.DataFrame:
    """Return every signal's columns beside each other, so that a cut is drawn once for all."""
    frames = [made.signal(panels).add_prefix(f"{made.name}:") for made in (*LEAKS, *HONEST)]
    return pd.concat(frames, axis=1)


def found_at(cuts: tuple[date, ...]) -> dict[str, set[LeakKind]]:
    found: dict[str, set[LeakKind]] = {made.name: set() for made in (*LEAKS, *HONEST)}
    for leak in leaks(together, toy(), cuts=cuts):
        found[leak.column.split(":")[0]].add(leak.kind)
    return found


@cache
def found() -> dict[str, set[LeakKind]]:
    return found_at(audit_cuts(toy(), count=CUTS, since=index()[130].date()))


@pytest.mark.parametrize("planted", LEAKS, ids=lambda planted: planted.name)
def test_a_planted_look_ahead_is_found(planted: Planted) -> None:
    assert found()[planted.name] == planted.kinds


@pytest.mark.parametrize("honest", HONEST, ids=lambda planted: planted.name)
def test_an_honest_signal_raises_no_alarm(honest: Planted) -> None:
    assert found()[honest.name] == set()


def test_a_cut_away_from_gaps_misses_what_is_filled_backwards() -> None:
    missing = toy().sectors.closes.isna().any(axis=1).to_numpy()
    quiet = ~(missing | np.roll(missing, 1) | np.roll(missing, -1))
    quiet[: len(quiet) // 3 + 1] = False
    rows = np.flatnonzero(quiet)[:: max(int(quiet.sum()) // CUTS, 1)]
    away = found_at(tuple(stamp.date() for stamp in index()[rows]))
    assert {name for name in GAP_SHOWN if away[name]} == set()
    others = {made.name for made in LEAKS} - GAP_SHOWN
    assert {name for name in others if away[name]} == others


@pytest.mark.prove
@pytest.mark.parametrize("seed", range(5))
def test_planted_leaks_are_found_and_honest_signals_pass_at_any_seed(seed: int) -> None:
    cuts = audit_cuts(toy(), count=40, seed=seed, since=index()[130].date())
    again = found_at(cuts)
    assert {made.name: again[made.name] for made in (*LEAKS, *HONEST)} == {
        made.name: set(made.kinds) for made in (*LEAKS, *HONEST)
    }
