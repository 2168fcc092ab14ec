import math
from datetime import date

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.records.sectors import Rotation
from core.rotation.quadrants import MISSING, quadrant_codes, quadrant_history, rotations
from core.rotation.rrg import RotationFrames, relative_rotation

AS_OF = date(2024, 12, 31)


def frames(nodes: list[tuple[float, float]]) -> RotationFrames:
    dates = pd.bdate_range("2024-01-01", periods=len(nodes))
    ratio, momentum = zip(*nodes, strict=True)
    return RotationFrames(
        pd.DataFrame({"tech": ratio}, index=dates, dtype=np.float64),
        pd.DataFrame({"tech": momentum}, index=dates, dtype=np.float64),
    )


def market(seed: int, n_days: int, n_sectors: int = 3) -> tuple[pd.DataFrame, pd.Series]:
    steps = np.random.default_rng(seed).normal(0.0, 0.02, (n_days, n_sectors + 1))
    levels = 80 * np.exp(steps.cumsum(axis=0))
    dates = pd.bdate_range(end=AS_OF, periods=n_days)
    sectors = [f"sector{n}" for n in range(n_sectors)]
    return (
        pd.DataFrame(levels[:, :-1], index=dates, columns=sectors),
        pd.Series(levels[:, -1], index=dates),
    )


def of_strength(strength: np.ndarray, *, tail_bars: int = 8) -> Rotation | None:
    dates = pd.bdate_range(end=AS_OF, periods=len(strength))
    closes = pd.DataFrame({"tech": strength}, index=dates)
    one = pd.Series(1.0, index=dates)
    return rotations(closes, one, frequency="daily", as_of=AS_OF, tail_bars=tail_bars)["tech"]


@pytest.mark.parametrize(
    ("node", "quadrant"),
    [
        ((101, 101), "LEADING"),
        ((101, 99), "WEAKENING"),
        ((99, 99), "LAGGING"),
        ((99, 101), "IMPROVING"),
        ((100, 100), "LEADING"),
        ((100, 99), "WEAKENING"),
        ((99, 100), "IMPROVING"),
        ((100 - 1e-12, 100 - 1e-12), "LEADING"),
        ((100 - 1e-8, 100 - 1e-8), "LAGGING"),
    ],
)
def test_the_four_quadrants_and_their_ties(node: tuple[float, float], quadrant: str) -> None:
    assert quadrant_history(frames([node]))["tech"].tolist() == [quadrant]


def test_a_bar_with_one_axis_missing_has_no_quadrant() -> None:
    found = frames([(101, math.nan), (math.nan, 101), (99, 99)])
    assert quadrant_codes(found)[:, 0].tolist() == [MISSING, MISSING, 2]
    assert quadrant_history(found)["tech"].isna().tolist() == [True, True, False]


def test_the_position_is_that_of_the_last_bar_to_nine_places() -> None:
    closes, benchmark = market(1, 120)
    full = relative_rotation(closes, benchmark)
    found = rotations(closes, benchmark, frequency="daily", as_of=AS_OF)["sector1"]
    assert found is not None
    assert found.rs_ratio_index == round(full.rs_ratio["sector1"].iloc[-1], 9)
    assert found.rs_momentum_index == round(full.rs_momentum["sector1"].iloc[-1], 9)
    assert found.period == closes.index[-1].date()
    assert found.frequency == "daily"
    assert not found.provisional


def test_heading_and_velocity_are_those_of_the_last_step() -> None:
    closes, benchmark = market(2, 120)
    found = rotations(closes, benchmark, frequency="daily", as_of=AS_OF)["sector0"]
    assert found is not None
    before, last = found.tail[-2:]
    east = last.rs_ratio_index - before.rs_ratio_index
    north = last.rs_momentum_index - before.rs_momentum_index
    assert found.velocity_index == pytest.approx(math.hypot(east, north), abs=1e-8)
    assert found.heading_deg is not None
    assert found.velocity_index is not None
    angle = math.radians(found.heading_deg)
    assert math.sin(angle) * found.velocity_index == pytest.approx(east, abs=1e-8)
    assert math.cos(angle) * found.velocity_index == pytest.approx(north, abs=1e-8)


def test_an_accelerating_leader_heads_north_east() -> None:
    found = of_strength(np.exp((np.arange(80.0) / 80) ** 4))
    assert found is not None
    assert found.quadrant == "LEADING"
    assert found.heading_deg is not None
    assert 0 <= found.heading_deg <= 90


def test_a_series_that_moves_with_the_benchmark_has_no_heading() -> None:
    found = of_strength(np.ones(60))
    assert found is not None
    assert (found.rs_ratio_index, found.rs_momentum_index) == (100.0, 100.0)
    assert found.heading_deg is None
    assert found.velocity_index == 0.0
    assert found.dwell_count == 23


def test_the_first_position_has_no_step_yet() -> None:
    assert of_strength(np.linspace(1, 2, 37)) is None
    first = of_strength(np.linspace(1, 2, 38))
    assert first is not None
    assert first.heading_deg is None
    assert first.velocity_index is None
    assert first.early_warning is None
    assert first.dwell_count == len(first.tail) == 1


def test_the_length_of_the_tail_changes_nothing_but_the_tail() -> None:
    closes, benchmark = market(3, 300)
    short, long = (
        rotations(closes, benchmark, frequency="daily", as_of=AS_OF, tail_bars=n)["sector2"]
        for n in (1, 250)
    )
    assert short is not None
    assert long is not None
    assert (len(short.tail), len(long.tail)) == (1, 250)
    assert short.model_copy(update={"tail": long.tail}) == long


def test_a_tail_without_nodes_is_refused() -> None:
    with pytest.raises(ValueError, match="tail_bars: must be at least 1, got 0"):
        of_strength(np.ones(50), tail_bars=0)


def test_dwell_counts_the_bars_since_the_quadrant_was_entered() -> None:
    closes, benchmark = market(4, 400)
    names = quadrant_history(relative_rotation(closes, benchmark))
    for sector, found in rotations(closes, benchmark, frequency="daily", as_of=AS_OF).items():
        assert found is not None
        path = names[sector].tolist()
        assert path[-1] == found.quadrant
        assert set(path[-found.dwell_count :]) == {found.quadrant}
        assert path[-found.dwell_count - 1] != found.quadrant


def test_a_warning_comes_when_one_more_step_crosses_one_hundred() -> None:
    wave = 1 + 0.05 * np.sin(2 * np.pi * np.arange(400) / 80)
    warned = {"momentum_crossing_up": 0, "momentum_crossing_down": 0}
    for stop in range(200, 360):
        now, after = of_strength(wave[:stop]), of_strength(wave[: stop + 1])
        assert now is not None
        assert after is not None
        up_now, up_after = (r.rs_momentum_index >= 100 for r in (now, after))
        if now.early_warning:
            warned[now.early_warning] += 1
            assert up_now == (now.early_warning == "momentum_crossing_down")
        assert (up_now != up_after) == (now.early_warning is not None)
    assert warned == {"momentum_crossing_up": 2, "momentum_crossing_down": 2}


def test_a_wave_around_the_benchmark_turns_clockwise() -> None:
    closes = pd.DataFrame(
        {"tech": 1 + 0.05 * np.sin(2 * np.pi * np.arange(400) / 80)},
        index=pd.bdate_range(end=AS_OF, periods=400),
    )
    one = pd.Series(1.0, index=closes.index)
    path = quadrant_history(relative_rotation(closes, one))["tech"].dropna()
    entered = path[path != path.shift()].tolist()
    ring = ["LEADING", "WEAKENING", "LAGGING", "IMPROVING"]
    start = ring.index(entered[1])
    assert len(entered) > 16
    assert entered[1:] == [ring[(start + n) % 4] for n in range(len(entered) - 1)]


def test_a_sector_not_listed_or_with_a_recent_gap_has_no_rotation() -> None:
    closes, benchmark = market(5, 200, 4)
    closes["sector0"] = np.nan
    closes.iloc[-38, 1] = np.nan
    closes.iloc[-39, 2] = np.nan
    found = rotations(closes, benchmark, frequency="daily", as_of=AS_OF)
    assert found["sector0"] is None
    assert found["sector1"] is None
    assert found["sector2"] is not None
    assert len(found["sector2"].tail) == found["sector2"].dwell_count == 1
    assert found["sector3"] is not None
    assert list(found) == list(closes.columns)


def test_before_the_first_session_nobody_has_a_rotation() -> None:
    closes, benchmark = market(6, 200)
    found = rotations(closes, benchmark, frequency="weekly", as_of=date(1999, 1, 1))
    assert found == dict.fromkeys(closes.columns)


def test_a_running_week_is_provisional_and_dated_by_its_last_session() -> None:
    closes, benchmark = market(7, 400)
    tuesday = rotations(closes, benchmark, frequency="weekly", as_of=AS_OF)["sector0"]
    friday = rotations(closes, benchmark, frequency="weekly", as_of=date(2024, 12, 27))["sector0"]
    assert tuesday is not None
    assert friday is not None
    assert (tuesday.period, tuesday.provisional) == (AS_OF, True)
    assert (friday.period, friday.provisional) == (date(2024, 12, 27), False)
    assert tuesday.tail[-2] == friday.tail[-1]


@given(seed=st.integers(0, 10_000), back=st.integers(0, 120))
def test_a_rotation_never_sees_the_future(seed: int, back: int) -> None:
    closes, benchmark = market(seed, 330, 2)
    closes = closes.mask(np.random.default_rng(seed).random(closes.shape) < 0.004)
    as_of = closes.index[-1 - back].date()
    for frequency in ("daily", "weekly"):
        whole = rotations(closes, benchmark, frequency=frequency, as_of=as_of)
        past = rotations(
            closes.loc[: str(as_of)], benchmark.loc[: str(as_of)], frequency=frequency, as_of=as_of
        )
        assert whole == past


@given(seed=st.integers(0, 10_000), order=st.permutations(["sector0", "sector1", "sector2"]))
def test_sectors_do_not_influence_each_other(seed: int, order: list[str]) -> None:
    closes, benchmark = market(seed, 60)
    whole = rotations(closes, benchmark, frequency="daily", as_of=AS_OF)
    moved = rotations(closes[order], benchmark, frequency="daily", as_of=AS_OF)
    assert moved == whole
    alone = rotations(closes[[order[0]]], benchmark, frequency="daily", as_of=AS_OF)
    assert alone[order[0]] == whole[order[0]]
